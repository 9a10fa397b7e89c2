"""Writes the skeleton of a new platform: a checker that meets the contract as it stands, to be made true."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

_QUERY = {
    "organisation": {"name": "Musterverein"},
    "service": {"kind": "debt-advice", "name": "Schuldnerberatung"},
    "location": {"street": "Lindenallee", "house_number": "7", "postcode": "12345", "city": "Musterstadt"},
    "words": ["Schuldnerberatung"],
}
_ENTRY = {
    "name": "Schuldnerberatung im Musterverein",
    "url": "https://$id.example/entry/17",
    "address": {"street": "Lindenallee", "house_number": "7", "postcode": "12345", "city": "Musterstadt"},
    "phones": ["+49 30 23125 017"],
    "websites": ["https://musterverein.example/schulden"],
    "actions": ["call", "visit-website"],
    "item": "listing",
}
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_NOTHING = {"because": "Keine Treffer", "item": "nothing"}


def write_skeleton(name: str, folder: Path, today: date | None = None) -> list[Path]:
    """The files of a new platform below ``folder``; returns their paths in the order to be filled.

    ``name`` is what people call the platform ("Stadtportal Musterstadt"); ids and names of files are
    made of it. In this project's own tree (with ``tests/test_contract.py``) the checker goes into
    ``platforms/`` and the contract test there covers it; elsewhere it is a module of its own, with a
    test and a ``pyproject.toml`` that makes it known (entry point ``findbar.checkers``). Raises
    ValueError where the name yields no id, or a file is there already; nothing is written then.
    """
    words = {"Title": name.strip(), **_names(name), **_day(today or date.today())}  # noqa: DTZ011 - a day to edit
    planned = dict(_files(words, covered=(folder / "tests" / "test_contract.py").exists()))
    there = [str(path) for path in planned if (folder / path).exists()]
    if there:
        raise ValueError(f"already there, nothing written: {', '.join(there)}")
    for path, text in planned.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return [folder / path for path in planned]


def _names(name: str) -> dict[str, str]:
    german = name.lower().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", german).encode("ascii", "ignore").decode()
    parts = re.findall(r"[a-z0-9]+", plain)
    if not parts or not parts[0][0].isalpha():
        raise ValueError(f"a platform needs a name that begins with a letter, got {name!r}")
    if any(sign in name for sign in '"\\\n\r$'):
        raise ValueError(f"quotes, backslashes, line breaks and $ cannot stand in a name, got {name!r}")
    return {"id": "-".join(parts), "Class": "".join(map(str.capitalize, parts)), "module": "_".join(parts)}


def _day(day: date) -> dict[str, str]:
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day)}


def _files(words: dict[str, str], covered: bool) -> Iterator[tuple[Path, str]]:
    module = f"{words['module']}.py"
    yield Path("platforms", module) if covered else Path(module), _fill("checker.py", words)
    for case, entries in (("listed", [_ENTRY]), ("not-listed", [_NOTHING])):
        for path, text in _case(case, entries, words):
            yield Path("tests", "recordings", words["id"], case, path), text
    if not covered:
        yield Path("tests", f"test_{module}"), _fill("test.py", words)
        yield Path("pyproject.toml"), _fill("pyproject.toml", words)


def _case(case: str, entries: list[dict[str, Any]], words: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "case.json", _told({"shows": case, "queries": [_QUERY]}, words)
    asked = ["Schuldnerberatung"] if case == "listed" else ["Schuldnerberatung", "Musterverein"]
    for number, what in enumerate(asked, 1):
        visit = {"url": "https://$id.example/search", "params": {"what": what, "where": "Musterstadt"}}
        answer = {"visit": visit, "headers": {"content-type": "text/html; charset=utf-8"}, "body": "search.html"}
        yield f"{number:02}-search.json", _told(answer, words)
    yield "search.html", _fill(f"{case}.html", words)
    yield "expected.json", _told({f"{number:02}-search": entries for number in range(1, len(asked) + 1)}, words)


def _told(value: Any, words: dict[str, str]) -> str:
    return Template(json.dumps(value, ensure_ascii=False, indent=1) + "\n").substitute(words)


def _fill(template: str, words: dict[str, str]) -> str:
    return Template((files("audit.testing") / "skeleton" / f"{template}.txt").read_text("utf-8")).substitute(words)
