"""The rules of an OSM opening_hours value (wiki.openstreetmap.org, Key:opening_hours/specification, read 2026-11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """One range of times: points as OSM writes them ("08:00", "26:00", "(sunset-01:00)"); ``open_end`` is "+"."""

    start: str
    end: str = ""
    open_end: bool = False

    def __str__(self) -> str:
        return f"{self.start}{'-' if self.end else ''}{self.end}{'+' if self.open_end else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``joint`` says how it follows the one before: ";" replaces its days, "," adds, "||" fills the rest.

    ``wide`` are dates ("week 1-20", "Jan-Mar"), ``within`` holidays that narrow the days ("SH Mo-Fr"),
    ``days`` weekdays and holidays that add up, each as OSM writes it ("Mo-We", "Tu[1]", "PH -1 day").
    """

    joint: str = ";"
    wide: str = ""
    within: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    times: tuple[Span, ...] = ()
    state: str = ""
    note: str = ""

    @property
    def dated(self) -> bool:
        """Whether the rule names days at all."""
        return bool(self.wide or self.days)

    @property
    def kind(self) -> str:
        """open, unknown or off; a note without a word is unknown."""
        return self.state or ("unknown" if self.note else "open")

    def __str__(self) -> str:
        """The rule without its joint."""
        note = f'"{self.note}"' if self.note else ""
        state = self.kind if self.note or self.kind != "open" else ""
        parts = (self.wide, ",".join(self.within), ",".join(self.days), ",".join(map(str, self.times)))
        selectors = " ".join(part for part in parts if part)
        return " ".join(part for part in (selectors or (not state and "24/7") or "", state, note) if part)


def written(rules: Iterable[Rule]) -> str:
    """Rules as one OSM value."""
    joints = {";": "; ", ",": ", ", "||": " || "}
    return "".join(f"{joints[rule.joint] if index else ''}{rule}" for index, rule in enumerate(rules))
