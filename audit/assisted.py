"""Platforms as rows of a table, without any Python: a person looks, or (``how = "visit"``) the link is visited first.

A row is a TOML table (``[[platform]]``); the shipped ones are ``platforms/assisted*.toml`` and ``links*.toml``,
further ones lie in the working folder's ``platforms.d``. What a person records is an ordinary listing.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from audit import linked
from audit.checker import FIELDS, Checker, Control, Platform, Terms
from audit.model import About, Access, Action, EditedBy, Item, Kind, Query, Standing, Visit
from audit.page import Page

_PLACES = frozenset({"name", "city", "query"})
_TEXTS = ("id", "name", "kind", "link", "ask_de", "ask_en", "edited_by", "policy_url", "why")
_OPTIONAL = (
    "how", "shows", "edit_url", "edit_days", "weight", "actions", "asks_about", "per_service", "attribution",
    "reply_label",
)  # fmt: skip
SHIPPED = ("assisted*.toml", "links*.toml")


class AssistedChecker(Checker):
    """A platform that no machine asks: it offers a link to look at and says what to look for."""

    access = Access.ASSISTED
    standing = Standing.DOCUMENTED_ONLY
    control = Control(none_because="a person looks, and says when nothing is there")
    governed_by_robots = False
    template: ClassVar[str]
    why: ClassVar[str]
    questions: ClassVar[Mapping[str, str]]
    labels_replies: ClassVar[bool] = False  # whether it may say how soon somebody answers

    def search(self, query: Query) -> Iterable[Visit]:  # noqa: ARG002 - the signature of every checker
        """Nothing: no machine goes there."""
        return ()

    def read(self, page: Page) -> Iterable[Item]:
        """Never called for a page of the platform; there is none."""
        raise NotImplementedError(f"{self.id} is looked at by a person ({page.url})")

    def link(self, query: Query) -> str:
        """Where a person should look: a known profile, or the search with name, town or both put in."""
        if query.profiles:
            return query.profiles[0]
        words = {"name": query.name, "city": query.city, "query": f"{query.name} {query.city}".strip()}
        return self.template.format(**{key: quote(value, safe="") for key, value in words.items()})

    def question(self, lang: str) -> str:
        """What a person looks for, in ``de`` or ``en`` (any other language: English)."""
        return self.questions.get(lang, self.questions["en"])


@cache
def load_shipped(folder: Path) -> tuple[Checker, ...]:
    """The rows that ship beside the platform files, table by table; read once, as they do not change meanwhile.

    Raises ValueError as `load_assisted`.
    """
    tables = [path for pattern in SHIPPED for path in sorted(folder.glob(pattern))]
    return tuple(checker for table in tables for checker in load_assisted(table))


def is_row(checker: Checker) -> bool:
    """Whether a checker is a row of a table: it declares, and its reading is the same for all rows."""
    return isinstance(checker, AssistedChecker | linked.LinkChecker)


def load_folder(folder: Path) -> list[Checker]:
    """The checkers of all ``*.toml`` of a folder, in order of file name. Raises ValueError as `load_assisted`."""
    return [checker for path in sorted(folder.glob("*.toml")) for checker in load_assisted(path)]


def load_assisted(path: Path) -> list[Checker]:
    """One checker per row, two where its link is visited first.

    Raises ValueError naming file, row and everything that is wrong with it.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as TOML: {error}") from error
    rows = table.get("platform")
    if not isinstance(rows, list) or set(table) != {"platform"}:
        raise ValueError(f"{path}: expected rows headed [[platform]] and nothing else")
    checkers, problems, ids = list[Checker](), list[str](), set[str]()
    for number, row in enumerate(rows, 1):
        wrong = list(_problems(row, ids))
        label = row.get("id", "without id") if isinstance(row, dict) else "no table"
        problems += [f"{path}: row {number} ({label}): {problem}" for problem in wrong]
        if not wrong:
            ids.add(row["id"])
            checkers += _checkers(row)
    if problems:
        raise ValueError("\n".join(problems))
    return checkers


def _problems(row: Any, taken: set[str]) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "a row is a table headed [[platform]]"
        return
    missing = [key for key in _TEXTS if not (isinstance(row.get(key), str) and row[key].strip())]
    missing += [] if type(row.get("read_on")) is date else ["read_on (a date)"]
    if missing:
        yield f"these are missing: {', '.join(missing)}"
    visited = row.get("how", "look") == linked.VISIT
    if unknown := sorted(set(row) - {*_TEXTS, *_OPTIONAL, "read_on", *(linked.KEYS if visited else ())}):
        yield f"unknown keys: {', '.join(unknown)}"
    if missing or unknown:
        return
    if row["id"] in taken:
        yield f"the id {row['id']!r} is taken by an earlier row"
    yield from _bad_link(row["link"])
    for key, words in (("kind", Kind), ("edited_by", EditedBy), ("asks_about", About)):
        if key in row and row[key] not in list(words):
            yield f"{key} is {row[key]!r}, expected one of {', '.join(words)}"
    yield from _bad_optional(row)
    yield from linked.problems(row) if visited else ()


def _bad_link(link: str) -> Iterator[str]:
    if not link.startswith("https://"):
        yield f"link must begin with https://, got {link!r}"
    try:
        parts = list(string.Formatter().parse(link))
    except ValueError as error:
        yield f"link has a wrong bracket: {error}"
        return
    names = {name for _, name, *_ in parts if name is not None}
    if names - _PLACES or any(spec or conversion for _, _, spec, conversion in parts):
        yield f"link may hold only {{name}}, {{city}} and {{query}}, got {link!r}"


def _bad_optional(row: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(row.get("actions", []), list) or any(a not in list(Action) for a in row.get("actions", [])):
        yield f"actions is {row['actions']!r}, expected a list of {', '.join(Action)}"
    if row.get("how", "look") not in ("look", linked.VISIT):
        yield f"how is {row['how']!r}, expected look or {linked.VISIT}"
    if not isinstance(row.get("shows", []), list) or any(field not in FIELDS for field in row.get("shows", [])):
        yield f"shows is {row['shows']!r}, expected a list of {', '.join(sorted(FIELDS))}"
    kinds = {"edit_url": str, "edit_days": int, "per_service": bool, "attribution": str, "reply_label": bool}
    for key, kind in kinds.items():
        if key in row and not isinstance(row[key], kind):
            yield f"{key} is {row[key]!r}, expected a {kind.__name__}"
    if not isinstance(row.get("weight", 0.0), int | float):
        yield f"weight is {row['weight']!r}, expected a number"


def _checkers(row: Mapping[str, Any]) -> Iterator[Checker]:
    """A class of its own for the row, and one for the visit: a checker's declarations are class attributes."""
    platform, visited = _platform(row), row.get("how") == linked.VISIT
    terms = Terms(policy_url=row["policy_url"], read_on=row["read_on"], note=row["why"])
    yield from [linked.link_checker(row, platform, terms)] if visited else []
    usual = About.PROFILE if visited else About.SERVICE_AT_LOCATION
    declared = {
        "__doc__": f"{row['name']}, looked at by a person.",
        "__module__": __name__,
        "id": row["id"],
        "platform": platform,
        "home": row["link"].partition("{")[0],
        "terms": terms,
        "asks_about": About(row.get("asks_about", usual)),
        "proves": frozenset(row.get("shows", AssistedChecker.proves)),
        "attribution": row.get("attribution", ""),
        "template": row["link"],
        "why": row["why"],
        "questions": {"de": row["ask_de"], "en": row["ask_en"]},
        "labels_replies": row.get("reply_label", False),
    }
    yield type("Assisted", (AssistedChecker,), declared)()


def _platform(row: Mapping[str, Any]) -> Platform:
    return Platform(
        id=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        edited_by=EditedBy(row["edited_by"]),
        actions=frozenset(Action(action) for action in row.get("actions", [])),
        edit_url=row.get("edit_url", ""),
        edit_days=row.get("edit_days", 1),
        per_service=row.get("per_service", True),
        weight=float(row.get("weight", 0.0)),
    )
