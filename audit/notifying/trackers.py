"""Systems that keep tasks, each with the same five verbs; what is specific to one stands in its class and nowhere else.

As documented on 2026-11-24: GitLab's REST API v4 (issues, notes), GitHub's REST API 2022-11-28 (issues, comments),
Redmine 6's REST API (issues, issue statuses), OpenProject's API v3 (work packages, activities, statuses).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Protocol
from urllib.parse import quote, urlsplit

from audit.notifying.wire import Wire, WireProblemError
from audit.settings import TasksSettings

_PAGE = 100
_MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class Text:
    """A task as it is to stand there: its title, its text, and when it is due."""

    title: str
    body: str
    due: date | None


class Tracker(Protocol):
    """A project in a system. Every verb raises `WireProblemError`; ids are the system's numbers as text."""

    settings: TasksSettings
    wire: Wire
    fence: ClassVar[tuple[str, str]]  # what stands around text that must not be read as markup

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """Id, text and whether it is closed, of every task that may be ours."""

    def create(self, text: Text) -> str:
        """Make a task; its id."""

    def update(self, task: str, text: Text) -> None:
        """Replace title, text and date."""

    def close(self, task: str, comment: str) -> None:
        """Close it and say why."""

    def reopen(self, task: str, comment: str) -> None:
        """Open it again and say why."""


@dataclass
class _Base:
    settings: TasksSettings
    wire: Wire
    fence: ClassVar[tuple[str, str]] = ("```text", "```")

    def pages(self, path: str, first: int = 1, **params: str | int) -> Iterator[Any]:
        """Pages of a list until one is not full."""
        for number in range(first, first + _MOST_PAGES):
            page = self.wire.call("GET", path, per_page=_PAGE, page=number, **params)
            yield from page
            if len(page) < _PAGE:
                return


class GitLab(_Base):
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


class GitHub(_Base):
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


class Redmine(_Base):
    """Issues of a Redmine project; ``url`` is the server's. Both Textile and Markdown know pre blocks."""

    fence = ("<pre>", "</pre>")

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """All issues of the project: there is no label to ask for."""
        for number in range(_MOST_PAGES):
            span, of = {"limit": _PAGE, "offset": number * _PAGE}, self.settings.project
            page = self.wire.call("GET", "/issues.json", project_id=of, status_id="*", **span)["issues"]
            for one in page:
                yield str(one["id"]), one.get("description") or "", one["status"]["id"] in self._closed_ones
            if len(page) < _PAGE:
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


class OpenProject(_Base):
    """Work packages of an OpenProject project; ``url`` is the server's."""

    def existing(self) -> Iterator[tuple[str, str, bool]]:
        """All work packages of the project, whatever their status."""
        every = json.dumps([{"status": {"operator": "*", "values": []}}])
        path = f"/api/v3/projects/{quote(self.settings.project, safe='')}/work_packages"
        for number in range(1, _MOST_PAGES):
            page = self.wire.call("GET", path, filters=every, pageSize=_PAGE, offset=number)["_embedded"]["elements"]
            for one in page:
                status = _number(one["_links"]["status"]["href"])
                yield str(one["id"]), (one["description"] or {}).get("raw") or "", status in self._closed_ones
            if len(page) < _PAGE:
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


_KINDS: Mapping[str, type[GitLab] | type[GitHub] | type[Redmine] | type[OpenProject]] = {
    "gitlab": GitLab, "github": GitHub, "redmine": Redmine, "openproject": OpenProject,
}  # fmt: skip


def fence_of(kind: str) -> tuple[str, str]:
    """What stands around text in a system."""
    return _KINDS[kind].fence


def headers_of(kind: str, token: str) -> dict[str, str]:
    """How a system is told who asks."""
    match kind:
        case "gitlab":
            return {"PRIVATE-TOKEN": token}
        case "github":
            accept = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
            return {"Authorization": f"Bearer {token}", **accept}
        case "redmine":
            return {"X-Redmine-API-Key": token}
        case _:
            return {"Authorization": f"Basic {b64encode(f'apikey:{token}'.encode()).decode()}"}


def tracker_of(kind: str, settings: TasksSettings, wire: Wire) -> Tracker:
    """The project that the settings name."""
    return _KINDS[kind](settings, wire)
