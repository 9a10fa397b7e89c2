"""GitLab: issues and notes of its REST API v4, as documented on 2026-11-24."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from audit.notifying.trackers.base import Base, Text


class GitLab(Base):
    """Issues of a GitLab project; ``url`` is the server's."""

    def _path(self, *more: str) -> str:
        return "/".join(("/api/v4/projects", quote(self.settings.project, safe=""), "issues", *more))

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """Issues with our label."""
        for one in self.pages(self._path(), labels=self.settings.label, state="all"):
            yield str(one["iid"]), one["description"] or "", one["state"] == "closed"

    def create(self, text: Text) -> str:
        """An issue with our label."""
        return str(self.wire.call("POST", self._path(), {**_gitlab(text), "labels": self.settings.label})["iid"])

    def update(self, task: str, text: Text) -> None:
        """Labels that people added stay."""
        self.wire.call("PUT", self._path(task), _gitlab(text))

    def close(self, task: str, comment: str) -> None:
        """A note, then closed."""
        self._turn(task, comment, "close")

    def reopen(self, task: str, comment: str) -> None:
        """A note, then open."""
        self._turn(task, comment, "reopen")

    def _turn(self, task: str, comment: str, event: str) -> None:
        self.wire.call("PUT", self._path(task), {"state_event": event})
        self.wire.call("POST", self._path(task, "notes"), {"body": comment})


def _gitlab(text: Text) -> dict[str, Any]:
    due = text.due.isoformat() if text.due else None
    return {"title": text.title, "description": text.body, "due_date": due}
