"""Real opening hours against opening_hours.js: which are understood, and which give the same intervals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.judging.comparing.opening import intervals
from audit.organisation.values import state_of
from audit.readers import repaired

Told = tuple[str, str, bool]  # begin, end (local time to the minute), whether it is uncertain


@dataclass
class Measured:
    """What came of a file of values. ``read`` are those that the oracle reads itself: only they can be equal."""

    values: int = 0
    read: int = 0
    equal: int = 0
    not_understood: list[str] = field(default_factory=list)
    different: list[tuple[str, list[Told], list[Told]]] = field(default_factory=list)

    @property
    def understood(self) -> float:
        """The share of all values that are understood."""
        return 1 - len(self.not_understood) / self.values

    @property
    def same(self) -> float:
        """The share of the values the oracle reads whose intervals are the same."""
        return self.equal / self.read


def measure(file: Path) -> Measured:
    """Reads a file with ``window`` (two times) and ``items`` (value, state, js_parses, open_intervals)."""
    told = json.loads(file.read_text("utf-8"))
    first, last = (datetime.fromisoformat(at) for at in told["window"])
    found = Measured()
    for item in told["items"]:
        _count(found, item, first, last)
    return found


def _count(found: Measured, item: dict[str, Any], first: datetime, last: datetime) -> None:
    value = item["value"]
    ours = intervals(repaired(value), first.date(), (last - first).days, state_of(item["state"]))
    found.values += 1
    found.read += bool(item["js_parses"])
    if ours is None:
        found.not_understood.append(value)
    if not item["js_parses"]:
        return
    theirs = joined([(begin, end, unsure) for begin, end, unsure in item["open_intervals"]])
    mine = joined([(one.begin.strftime(_TO), one.end.strftime(_TO), one.state == "unknown") for one in ours or ()])
    if ours is not None and mine == theirs:
        found.equal += 1
    else:
        found.different.append((value, mine, theirs))


_TO = "%Y-%m-%dT%H:%M"


def joined(times: list[Told]) -> list[Told]:
    """Times that touch and are equally certain as one."""
    whole: list[Told] = []
    for begin, end, unsure in times:
        if whole and whole[-1][1:] == (begin, unsure):
            begin = whole.pop()[0]  # noqa: PLW2901 - the longer one takes its place
        whole.append((begin, end, unsure))
    return whole
