"""OpenProject: work packages, activities and statuses of its API v3, as documented on 2026-11-24."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from audit.notifying.trackers.base import MOST_PAGES, PAGE, Base, Text
from audit.notifying.wire import WireProblemError


class OpenProject(Base):
    """Work packages of an OpenProject project; ``url`` is the server's."""

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """All work packages of the project, whatever their status."""
        every = json.dumps([{"status": {"operator": "*", "values": []}}])
        path = f"/api/v3/projects/{quote(self.settings.project, safe='')}/work_packages"
        for number in range(1, MOST_PAGES):
            page = self.wire.call("GET", path, filters=every, pageSize=PAGE, offset=number)["_embedded"]["elements"]
            for one in page:
                status = _number(one["_links"]["status"]["href"])
                yield str(one["id"]), (one["description"] or {}).get("raw") or "", status in self._closed_ones
            if len(page) < PAGE:
                return

    def create(self, text: Text) -> str:
        """A work package of the project's first type, or the one the settings name."""
        kind = {"_links": {"type": self._link("types", self.settings.type)}} if self.settings.type else {}
        path = f"/api/v3/projects/{quote(self.settings.project, safe='')}/work_packages"
        return str(self.wire.call("POST", path, {**_openproject(text), **kind})["id"])

    def update(self, task: str, text: Text) -> None:
        """Everything else stays."""
        self._patch(task, _openproject(text))

    def close(self, task: str, comment: str) -> None:
        """The status that ends a work package, then a comment."""
        self._turn(task, comment, self.settings.closed or min(self._closed_ones))

    def reopen(self, task: str, comment: str) -> None:
        """The status of new ones, then a comment."""
        first = next(one["id"] for one in self._statuses if not one.get("isClosed"))
        self._turn(task, comment, first)

    def _turn(self, task: str, comment: str, status: int) -> None:
        self._patch(task, {"_links": {"status": self._link("statuses", status)}})
        self.wire.call("POST", f"/api/v3/work_packages/{task}/activities", {"comment": {"raw": comment}})

    def _patch(self, task: str, content: Mapping[str, Any]) -> None:
        """Changes name the version they are made on; where somebody was quicker, once more on theirs."""
        path = f"/api/v3/work_packages/{task}"
        try:
            self.wire.call("PATCH", path, {**content, "lockVersion": self.wire.call("GET", path)["lockVersion"]})
        except WireProblemError as problem:
            if problem.status != 409:
                raise
            self.wire.call("PATCH", path, {**content, "lockVersion": self.wire.call("GET", path)["lockVersion"]})

    def _link(self, what: str, number: int) -> dict[str, str]:
        return {"href": f"{urlsplit(self.settings.url).path.rstrip('/')}/api/v3/{what}/{number}"}

    @cached_property
    def _statuses(self) -> list[dict[str, Any]]:
        return list(self.wire.call("GET", "/api/v3/statuses")["_embedded"]["elements"])

    @cached_property
    def _closed_ones(self) -> frozenset[int]:
        return frozenset(one["id"] for one in self._statuses if one.get("isClosed"))


def _openproject(text: Text) -> dict[str, Any]:
    due = text.due.isoformat() if text.due else None
    description = {"format": "markdown", "raw": text.body}
    return {"subject": text.title[:255], "description": description, "dueDate": due}


def _number(href: str) -> int:
    return int(href.rpartition("/")[2])
