"""Redmine 6: issues and their statuses, as its REST API was documented on 2026-11-24."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from audit.notifying.trackers.base import MOST_PAGES, PAGE, Base, Text


class Redmine(Base):
    """Issues of a Redmine project; ``url`` is the server's. Both Textile and Markdown know pre blocks."""

    fence = ("<pre>", "</pre>")

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """All issues of the project: there is no label to ask for."""
        for number in range(MOST_PAGES):
            span, of = {"limit": PAGE, "offset": number * PAGE}, self.settings.project
            page = self.wire.call("GET", "/issues.json", project_id=of, status_id="*", **span)["issues"]
            for one in page:
                yield str(one["id"]), one.get("description") or "", one["status"]["id"] in self._closed_ones
            if len(page) < PAGE:
                return

    def create(self, text: Text) -> str:
        """An issue in the project's first tracker, or the one the settings name."""
        tracker = {"tracker_id": self.settings.type} if self.settings.type else {}
        wanted = {"project_id": self.settings.project, **tracker, **_redmine(text)}
        return str(self.wire.call("POST", "/issues.json", {"issue": wanted})["issue"]["id"])

    def update(self, task: str, text: Text) -> None:
        """Everything else stays."""
        self._put(task, _redmine(text))

    def close(self, task: str, comment: str) -> None:
        """The status that ends an issue, with a note."""
        self._put(task, {"status_id": self.settings.closed or min(self._closed_ones), "notes": comment})

    def reopen(self, task: str, comment: str) -> None:
        """The first status that does not end one, with a note."""
        first = next(one["id"] for one in self._statuses if not one.get("is_closed"))
        self._put(task, {"status_id": first, "notes": comment})

    def _put(self, task: str, content: Mapping[str, Any]) -> None:
        self.wire.call("PUT", f"/issues/{task}.json", {"issue": dict(content)})

    @cached_property
    def _statuses(self) -> list[dict[str, Any]]:
        return list(self.wire.call("GET", "/issue_statuses.json")["issue_statuses"])

    @cached_property
    def _closed_ones(self) -> frozenset[int]:
        return frozenset(one["id"] for one in self._statuses if one.get("is_closed"))


def _redmine(text: Text) -> dict[str, Any]:
    due = text.due.isoformat() if text.due else ""
    return {"subject": text.title[:255], "description": text.body, "due_date": due}
