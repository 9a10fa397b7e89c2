"""Little servers that behave as GitLab, GitHub, Redmine and OpenProject document their interfaces, for tests."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

KEY = "schluessel-zum-gitter-42"


@dataclass
class Issue:
    """What a server keeps of a task, whatever it calls the parts."""

    title: str
    text: str
    due: str | None = None
    open: bool = True
    comments: list[str] = field(default_factory=list)
    version: int = 0


@dataclass
class Server:
    """A project; ``before`` may answer in the server's place, ``asked`` holds every request as method and path."""

    base: str
    issues: dict[int, Issue] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before: Callable[[Request], Response | None] = lambda request: None

    @property
    def written(self) -> list[str]:
        """The requests that change something."""
        return [line for line in self.asked if not line.startswith("GET")]

    def answer(self, request: Request) -> Response:
        """Look at the key, then do what is asked."""
        self.asked.append(f"{request.method} {request.path}")
        if instead := self.before(request):
            return instead
        if not self.knows(request):
            return Response("no", status=401)
        parts = [part for part in request.path.split("/") if part]
        found = self.serve(request, parts, request.get_json() if request.data else {})
        if isinstance(found, int):
            return Response("", status=found)
        return Response(json.dumps(found), status=201 if request.method == "POST" else 200)

    def add(self, title: str, text: str, due: str | None) -> int:
        """A new issue; its number."""
        number = max(self.issues, default=0) + 1
        self.issues[number] = Issue(title, text, due)
        return number

    def knows(self, request: Request) -> bool:
        """Whether the key is right."""
        raise NotImplementedError

    def serve(self, request: Request, parts: list[str], given: Any) -> Any:
        """What comes back as JSON, or a status."""
        raise NotImplementedError


class GitLab(Server):
    """/api/v4/projects/GROUP%2FPROJECT/issues"""

    def knows(self, request: Request) -> bool:
        return request.headers.get("PRIVATE-TOKEN") == KEY

    def serve(self, request: Request, parts: list[str], given: Any) -> Any:
        _, _, *where, last = parts if parts[-1].isdecimal() or parts[-1] == "notes" else [*parts, ""]
        match (request.method, last):
            case ("GET", ""):
                assert request.args["labels"] == "findbar"
                assert request.args["state"] == "all"
                return page(request, [self._shown(n) for n in sorted(self.issues, reverse=True)])
            case ("POST", ""):
                assert given["labels"] == "findbar"
                return self._shown(self.add(given["title"], given["description"], given["due_date"]))
            case ("POST", "notes"):
                self.issues[int(where[-1])].comments.append(given["body"])
                return {}
        if int(last) not in self.issues:
            return 404
        issue = self.issues[int(last)]
        issue.title, issue.text = given.get("title", issue.title), given.get("description", issue.text)
        issue.open = {"close": False, "reopen": True}.get(given.get("state_event", ""), issue.open)
        return self._shown(int(last))

    def _shown(self, number: int) -> Any:
        one = self.issues[number]
        return {"iid": number, "description": one.text, "state": "opened" if one.open else "closed"}


class GitHub(Server):
    """/repos/OWNER/REPOSITORY/issues"""

    def knows(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {KEY}"

    def serve(self, request: Request, parts: list[str], given: Any) -> Any:
        rest = parts[4:]
        if request.method == "GET":
            pull = {"number": 999, "body": "findbar: somebody's", "state": "open", "pull_request": {}}
            return page(request, [*(self._shown(n) for n in sorted(self.issues, reverse=True)), pull])
        if not rest:
            return self._shown(self.add(given["title"], given["body"], None))
        if int(rest[0]) not in self.issues:
            return 404
        issue = self.issues[int(rest[0])]
        if rest[1:] == ["comments"]:
            issue.comments.append(given["body"])
            return {}
        assert request.method == "PATCH"
        issue.title, issue.text = given.get("title", issue.title), given.get("body", issue.text)
        issue.open = given.get("state", "open" if issue.open else "closed") == "open"
        return self._shown(int(rest[0]))

    def _shown(self, number: int) -> Any:
        one = self.issues[number]
        return {"number": number, "body": one.text, "state": "open" if one.open else "closed"}


class Redmine(Server):
    """/issues.json and /issue_statuses.json; changes are answered with nothing."""

    def knows(self, request: Request) -> bool:
        return request.headers.get("X-Redmine-API-Key") == KEY

    def serve(self, request: Request, parts: list[str], given: Any) -> Any:
        if parts == ["issue_statuses.json"]:
            return {"issue_statuses": [{"id": 1, "is_closed": False}, {"id": 5, "is_closed": True}]}
        if request.method == "GET":
            assert request.args["status_id"] == "*"
            first, most = int(request.args["offset"]), int(request.args["limit"])
            return {"issues": [self._shown(n) for n in sorted(self.issues)][first : first + most]}
        issue = given["issue"]
        if request.method == "POST":
            return {"issue": self._shown(self.add(issue["subject"], issue["description"], issue["due_date"]))}
        number = int(parts[1].removesuffix(".json"))
        if number not in self.issues:
            return 404
        kept = self.issues[number]
        kept.title, kept.text = issue.get("subject", kept.title), issue.get("description", kept.text)
        kept.open = issue.get("status_id", 1 if kept.open else 5) == 1
        kept.comments += [issue["notes"]] if "notes" in issue else []
        return 204

    def _shown(self, number: int) -> Any:
        one = self.issues[number]
        return {"id": number, "description": one.text, "status": {"id": 1 if one.open else 5}}


class OpenProject(Server):
    """/api/v3; a change must name the version it is made on."""

    def knows(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Basic {b64encode(f'apikey:{KEY}'.encode()).decode()}"

    def serve(self, request: Request, parts: list[str], given: Any) -> Any:
        match parts[2:]:
            case ["statuses"]:
                return {"_embedded": {"elements": [{"id": 1, "isClosed": False}, {"id": 12, "isClosed": True}]}}
            case ["projects", *_, "work_packages"] if request.method == "GET":
                assert json.loads(request.args["filters"]) == [{"status": {"operator": "*", "values": []}}]
                every = [self._shown(n) for n in sorted(self.issues)]
                first = (int(request.args["offset"]) - 1) * int(request.args["pageSize"])
                return {"_embedded": {"elements": every[first : first + int(request.args["pageSize"])]}}
            case ["projects", *_, "work_packages"]:
                return self._shown(self.add(given["subject"], given["description"]["raw"], given["dueDate"]))
        number = int(parts[3])
        if number not in self.issues:
            return 404
        if request.method == "PATCH":
            return self._patch(self.issues[number], given, number)
        if parts[4:] == ["activities"]:
            self.issues[number].comments.append(given["comment"]["raw"])
        return self._shown(number)

    def _patch(self, issue: Issue, given: Any, number: int) -> Any:
        if given["lockVersion"] != issue.version:
            return 409
        issue.version += 1
        issue.title, issue.text = (
            given.get("subject", issue.title),
            given.get("description", {"raw": issue.text})["raw"],
        )
        if status := given.get("_links", {}).get("status"):
            issue.open = status["href"] == "/api/v3/statuses/1"
        return self._shown(number)

    def _shown(self, number: int) -> Any:
        one = self.issues[number]
        status = {"href": f"/api/v3/statuses/{1 if one.open else 12}"}
        return {
            "id": number,
            "lockVersion": one.version,
            "description": {"raw": one.text},
            "_links": {"status": status},
        }


def page(request: Request, every: list[Any]) -> list[Any]:
    """One page of a list."""
    size = int(request.args["per_page"])
    first = (int(request.args["page"]) - 1) * size
    return every[first : first + size]


SERVERS: dict[str, type[Server]] = {
    "gitlab": GitLab, "github": GitHub, "redmine": Redmine, "openproject": OpenProject,
}  # fmt: skip


def serve(kind: str, http: HTTPServer) -> Server:
    """A project of that kind on a running server."""
    made = SERVERS[kind](f"http://127.0.0.1:{http.port}")
    http.expect_request(re.compile("/.*")).respond_with_handler(made.answer)
    return made
