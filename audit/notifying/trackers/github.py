"""GitHub: issues and comments of its REST API 2022-11-28, as documented on 2026-11-24."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audit.notifying.trackers.base import Base, Text


class GitHub(Base):
    """Issues of a GitHub repository, which know no date.

    ``url`` is https://api.github.com, or https://HOST/api/v3 of a server of one's own.
    """

    def _path(self, *more: str) -> str:
        return "/".join(("/repos", self.settings.project, "issues", *more))

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """Issues with our label; pull requests are listed among them and left out."""
        for one in self.pages(self._path(), labels=self.settings.label, state="all"):
            if "pull_request" not in one:
                yield str(one["number"]), one["body"] or "", one["state"] == "closed"

    def create(self, text: Text) -> str:
        """An issue with our label."""
        wanted = {"title": text.title, "body": text.body, "labels": [self.settings.label]}
        return str(self.wire.call("POST", self._path(), wanted)["number"])

    def update(self, task: str, text: Text) -> None:
        """Labels that people added stay."""
        self.wire.call("PATCH", self._path(task), {"title": text.title, "body": text.body})

    def close(self, task: str, comment: str) -> None:
        """Closed as completed, then a comment."""
        self._turn(task, comment, {"state": "closed", "state_reason": "completed"})

    def reopen(self, task: str, comment: str) -> None:
        """Open, then a comment."""
        self._turn(task, comment, {"state": "open"})

    def _turn(self, task: str, comment: str, state: Mapping[str, str]) -> None:
        self.wire.call("PATCH", self._path(task), dict(state))
        self.wire.call("POST", self._path(task, "comments"), {"body": comment})
