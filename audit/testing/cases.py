"""Recorded cases: what a checker asked, what came back, and what it should read from it.

Layout of one case: ``<recordings>/<checker id>/<case>/``

- ``case.json``: ``shows`` ("listed" or "not-listed") and ``queries`` (organisation, service, location, words, profiles)
- ``NN-name.json``, one per answer: ``visit``, ``status``, ``headers`` and ``body`` (the file beside it that holds
  the bytes) or ``records`` (for a data set)
- ``expected.json``: by answer, the items to be read; written by `accept`, reviewed by a person
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from audit.checker import Checker
from audit.model import Address, Item, Location, Organisation, Query, Service, ServiceAtLocation, Subject, Via, Visit
from audit.page import Page

LISTED, NOT_LISTED = "listed", "not-listed"
_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Recorded:
    """One answer of a case; ``name`` is its file without the ending."""

    name: str
    page: Page


@dataclass(frozen=True)
class Case:
    """A checker put to recorded answers. ``shows`` says what the whole chain must come to."""

    checker: Checker
    folder: Path
    shows: str
    queries: tuple[Query, ...]
    answers: tuple[Recorded, ...]

    def __str__(self) -> str:
        return f"{self.checker.id}/{self.folder.name}"

    @property
    def expected(self) -> dict[str, Any]:
        """The accepted items by answer, as plain data; empty while nothing was accepted."""
        path = self.folder / "expected.json"
        return dict(_json(path)) if path.exists() else {}

    def answer(self, visit: Visit) -> Recorded | None:
        """The recorded answer to exactly this visit, or None."""
        return next((answer for answer in self.answers if answer.page.visit == visit), None)


def cases(folder: Path, checkers: Iterable[Checker]) -> list[Case]:
    """All cases of all checkers, in order of id and name. Raises ValueError that names the file at fault."""
    return [
        load(checker, path.parent)
        for checker in sorted(checkers, key=lambda c: c.id)
        for path in sorted((folder / checker.id).glob("*/case.json"))
    ]


def load(checker: Checker, folder: Path) -> Case:
    """One case. Raises ValueError that names the file at fault."""
    told = _json(folder / "case.json")
    if told.get("shows") not in (LISTED, NOT_LISTED):
        raise ValueError(f"{folder / 'case.json'}: shows must be {LISTED!r} or {NOT_LISTED!r}")
    queries = tuple(_query(checker, one) for one in told.get("queries", []))
    names = sorted(path for path in folder.glob("*.json") if path.name not in ("case.json", "expected.json"))
    return Case(checker, folder, told["shows"], queries, tuple(_recorded(path) for path in names))


def accept(case: Case, items: Mapping[str, list[Item]]) -> Path:
    """Writes what is read now as ``expected.json``; a person reviews it before it counts."""
    path = case.folder / "expected.json"
    told = {name: [plain(item) for item in found] for name, found in items.items()}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def plain(thing: Any) -> Any:
    """A noun as plain data: only the fields that differ from their defaults, times in ISO 8601."""
    if isinstance(thing, tuple | list):
        return [plain(one) for one in thing]
    if isinstance(thing, Enum):
        return str(thing.value)
    if isinstance(thing, date):
        return thing.isoformat()
    if hasattr(thing, "__dataclass_fields__"):
        values = {field.name: (getattr(thing, field.name), field.default) for field in fields(thing)}
        return {key: plain(value) for key, (value, usual) in values.items() if key == "item" or value != usual}
    return thing


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"{path}: expected a JSON object")
    return value


def _recorded(path: Path) -> Recorded:
    told = _json(path)
    if not isinstance(told.get("visit"), dict) or "url" not in told["visit"]:
        raise ValueError(f"{path}: visit with its url is missing")
    body = (path.parent / told["body"]).read_bytes() if told.get("body") else b""
    visit = _visit(told["visit"])
    page = Page(
        visit=visit,
        at=_AT,
        url=told.get("url", visit.url),
        status=told.get("status", 200),
        headers=tuple((key.lower(), value) for key, value in told.get("headers", {}).items()),
        body=body,
        records=tuple(told.get("records", ())),
    )
    return Recorded(path.stem, page)


def _visit(told: Mapping[str, Any]) -> Visit:
    values: dict[str, Any] = {key: value for key, value in told.items() if key != "item"}
    values |= {key: tuple(_pairs(told[key])) for key in ("params", "headers") if key in told}
    return Visit(**(values | {"via": Via(told.get("via", Via.HTTP))}))


def _pairs(told: Mapping[str, str] | list[list[str]]) -> Iterator[tuple[str, str]]:
    """Pairs as an object, or as a list of pairs where a name comes twice."""
    for key, value in told.items() if isinstance(told, Mapping) else told:
        yield str(key), str(value)


def _query(checker: Checker, told: Mapping[str, Any]) -> Query:
    """A query in short: what is not said gets the plainest value, the run began at noon UTC of 2026-11-23."""
    organisation = Organisation(**{"id": "muster", "name": "Musterverein", **told.get("organisation", {})})
    where = dict(told.get("location", {}))
    address = Address(**{f.name: where.pop(f.name) for f in fields(Address) if f.name in where})
    place = Location(**{"id": "ort", "address": address, **where}) if told.get("location") else None
    offered = None
    if told.get("service"):
        service = Service(**{"id": "dienst", "kind": "", "name": "Dienst", **told["service"]})
        offered = ServiceAtLocation(service=service, location=place or Location(id="ort"))
    subject = Subject(
        about=checker.asks_about, organisation=organisation, offered=offered, location=None if offered else place
    )
    words, profiles = tuple(told.get("words", ())), tuple(told.get("profiles", ()))
    return Query(subject=subject, words=words, profiles=profiles, at=_AT)
