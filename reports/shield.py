"""What must never reach a reader: control characters, and the address of a protected service.

Everything crawled is hostile until it has been through here. Every report, also JSON and CSV,
starts with `shield`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache, partial
from operator import is_
from typing import Any, TypeVar
from urllib.parse import urlsplit

from audit.model import Cell, Correction, Finding, Gap, Result, Stray

T = TypeVar("T")

# CSI and OSC sequences of terminals (ECMA-48, 5th edition, 1991), then every other control: C0
# and C1 except tab and line feed, bidi marks, embeddings and isolates (Unicode 17, UAX 9),
# zero-width signs, line and paragraph separators, lone surrogates, the byte order mark.
ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?")
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
PUBLIC_FIELDS = frozenset({"name", "phone", "email", "hours", "link"})  # may be shown of a protected service
_HARMLESS = frozenset({"wrong-phone", "wrong-email", "wrong-hours"})  # kinds of gaps that show such a field
LONGEST = 4000  # characters of one text; longer ones are cut, a report is no archive


def clean(text: str) -> str:
    """The text without terminal escapes, control and bidi characters, cut at 4,000 characters."""
    if len(text) <= LONGEST and text.isprintable():  # nearly always; no control and no format sign is printable
        return text
    kept = CONTROLS.sub("", ESCAPES.sub("", text[: 2 * LONGEST]))
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def safe_url(url: str) -> str:
    """The address if it is a plain http or https one with a host, else "" (never a script or file)."""
    try:
        parts = urlsplit(clean(url).strip())
        host = parts.hostname
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    return "" if not plain or re.search(r"[\s<>\"'`\\]", parts.geturl()) else parts.geturl()


def host_of(url: str) -> str:
    """The host of a safe address, for showing; "" if there is none."""
    return (urlsplit(safe_url(url)).hostname or "").removeprefix("www.")


def shield(result: Result) -> Result:
    """The result as it may be shown: texts cleaned, nothing that tells where a protected service is."""
    cleaned = scrub(result)
    hidden = {row.subject for row in cleaned.rows if row.protected}
    return replace(
        cleaned,
        cells=tuple(_cell(cell) if cell.subject in hidden or _betrays(cell) else cell for cell in cleaned.cells),
        gaps=tuple(map(partial(_gap, hidden=hidden), _in_full(cleaned.gaps, result.gaps))),
        disputed=tuple(map(partial(_gap, hidden=hidden), _in_full(cleaned.disputed, result.disputed))),
        strays=tuple(_stray(stray, hidden) for stray in cleaned.strays),
    )


def scrub(value: T) -> T:
    """The same data with every text in it cleaned; what is clean stays the same object."""
    done: Any = value
    kind: Any = type(value)
    if isinstance(value, str):
        done = value if isinstance(value, Enum) else clean(value)
    elif isinstance(value, tuple):
        parts = tuple(map(scrub, value))
        done = value if all(map(is_, parts, value)) else parts
    elif names := _names(kind):
        changed = {name: new for name in names if (new := scrub(old := getattr(value, name))) is not old}
        done = replace(done, **changed) if changed else value
    kept: T = done
    return kept


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _betrays(cell: Cell) -> bool:
    return cell.red_flag == "protected-address"


def _cell(cell: Cell) -> Cell:
    """A cell of a protected service: verdicts stay, the entry and what it shows of the place go."""
    return replace(cell, match=None, findings=tuple(map(_finding, cell.findings)))


def _finding(finding: Finding) -> Finding:
    if finding.criterion in PUBLIC_FIELDS - {"name", "link"}:
        return replace(finding, note="", said=())
    return replace(finding, shown="", note="", said=())


def _in_full(cleaned: Iterable[Gap], gaps: Iterable[Gap]) -> Iterator[Gap]:
    """The gaps with their texts to paste cleaned block by block: one mail may name very many services."""
    for gap, whole in zip(cleaned, gaps, strict=True):
        long = len(whole.paste) > LONGEST
        yield replace(gap, paste="\n\n".join(map(clean, whole.paste.split("\n\n")))) if long else gap


def _gap(gap: Gap, hidden: set[str]) -> Gap:
    if gap.kind == "protected-address":
        return replace(gap, shown="", stated="", paste="", edit_url=front_door(gap.edit_url))
    if hidden.isdisjoint(gap.subjects):
        return gap
    if gap.kind in _HARMLESS:
        return gap
    lines = tuple(line if hidden.isdisjoint(line.subjects) else _correction(line) for line in gap.corrections)
    return replace(gap, shown="", edit_url=front_door(gap.edit_url), corrections=lines)


def _correction(line: Correction) -> Correction:
    return replace(line, entry="", url="", shown=line.shown if line.kind in _HARMLESS else "")


def _stray(stray: Stray, hidden: set[str]) -> Stray:
    if stray.kind == "protected-address" or stray.subject in hidden:
        return replace(stray, name="", url="")
    return stray


def one_line(text: str, most: int = LONGEST) -> str:
    """Cleaned, on one line, at most ``most`` characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def front_door(url: str) -> str:
    """Only scheme and host: a path may name the street or the map position."""
    safe = safe_url(url)
    return f"{urlsplit(safe).scheme}://{urlsplit(safe).netloc}/" if safe else ""
