"""How two weeks of opening hours differ, in words of a closed set, so that reports can translate them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from audit.model import Window

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WINDOW = {Window.EVENING: "Evening (Monday to Friday 18-22)", Window.WEEKEND: "weekend (8-22)"}
_SPECIAL = {"PH": "public holidays", "SH": "school holidays"}

Spans = tuple[tuple[int, int], ...]


class Week(NamedTuple):
    """Open and uncertain spans per day, in minutes of the day."""

    open: tuple[Spans, ...]
    uncertain: tuple[Spans, ...]


def differences(shown: Week, stated: Week) -> str:
    """Every day that differs: "Tuesday: shown 09:00-12:00, stated 09:00-13:00 (1 h less)"."""
    told: dict[str, list[int]] = {}
    for day in range(len(shown.open)):
        if shown.open[day] != stated.open[day]:
            told.setdefault(_difference(shown, stated, day), []).append(day)
    return "; ".join(f"{_days(days)}: {words}" for words, days in told.items())


def special_day(kind: str, shown: Week, stated: Week) -> str:
    """How public ("PH") or school ("SH") holidays differ; "" where they do not."""
    if shown.open[0] == stated.open[0]:
        return ""
    return f"{_SPECIAL[kind]}: {_difference(shown, stated, 0)}"


def offered_words(minutes: Mapping[Window, tuple[int, int]]) -> str:
    """Open minutes a week that are shown and stated in the evening and at the weekend."""
    return "; ".join(f"{_WINDOW[window]}: {_offered(*pair)}" for window, pair in minutes.items())


def _offered(shown: int, stated: int) -> str:
    if shown == stated:
        return length(shown)
    return f"shown {length(shown)}, stated {length(stated)}"


def _difference(shown: Week, stated: Week, day: int) -> str:
    more = sum(end - begin for begin, end in shown.open[day]) - sum(end - begin for begin, end in stated.open[day])
    by = f"{length(abs(more))} {'more' if more > 0 else 'less'}" if more else "same length"
    return f"shown {_spans(shown, day)}, stated {_spans(stated, day)} ({by})"


def _spans(week: Week, day: int) -> str:
    if week.open[day]:
        return " and ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in week.open[day])
    return "by appointment" if week.uncertain[day] else "closed"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def length(minutes: int) -> str:
    """Minutes as people say them: "1 h 30 min"."""
    parts = [f"{minutes // 60} h"] * (minutes >= 60) + [f"{minutes % 60} min"] * bool(minutes % 60)
    return " ".join(parts) or "none"


def _days(days: Iterable[int]) -> str:
    """Days by name, three or more in a row as a range."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = [
        f"{_NAMES[run[0]]} to {_NAMES[run[-1]]}" if len(run) > 2 else ", ".join(map(_NAMES.__getitem__, run))
        for run in runs
    ]
    return ", ".join(named)
