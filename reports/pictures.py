"""What the pictures of the report show, as bars on one scale and as the table behind each."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model import Kind, State, Wait, Window
from reports.figures import PillarWords
from reports.texts import Texts
from reports.views import View

TARGET = 24.0  # clock hours: half the points of the response curve of mail, form and public questions (DESIGN 10)
STEPS = (24.0, 48.0, 72.0, 96.0, 168.0, 336.0, 720.0)  # hours a scale of waits may end at
ORDER = (State.COMPLETE, State.GAPS, State.MISSING, State.UNKNOWN)
Piece = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: pieces are what they show, from and to (0 to 100); ``tick`` is a mark on it, or None."""

    name: str
    value: str
    pieces: tuple[Piece, ...]
    tick: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture: its bars, its scale (place 0 to 100 and label), words for it, and the figures as a table."""

    id: str
    explain: str
    alt: str
    bars: tuple[Bar, ...]
    scale: tuple[tuple[float, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def pictures(view: View, pillars: list[PillarWords], texts: Texts) -> list[Picture]:
    """Pillars with ranges, coverage by kind of platform, waits against the target; only those with figures."""
    drawn = (_pillars(pillars, texts), _coverage(view, texts), _waits(view.result.score.waits, texts))
    return [picture for picture in drawn if picture.bars]


def _pillars(pillars: list[PillarWords], texts: Texts) -> Picture:
    known = [pillar for pillar in pillars if pillar.value is not None]
    return picture(
        "picture_pillars",
        texts,
        bars=[
            Bar(p.name, p.figure, (("track", 0, 100), ("fill", 0, p.low), ("maybe", p.low, p.high)), p.value)
            for p in known
        ],
        scale=[(at, texts.number(at)) for at in (0, 25, 50, 75, 100)],
        heads=[texts.say("pillar"), texts.say("value"), texts.say("low"), texts.say("high")],
        rows=[(p.name, p.figure, texts.number(p.low), texts.number(p.high)) for p in known],
    )


def _coverage(view: View, texts: Texts) -> Picture:
    bars, rows = [], []
    for group in view.groups:
        counts = view.states(group.kind)
        whole = sum(counts[state] for state in ORDER)
        if whole:
            checked = f"{texts.number(whole - counts[State.UNKNOWN])} / {texts.number(whole)}"
            bars.append(Bar(_name(group.kind, texts), checked, _shares([counts[state] for state in ORDER])))
            rows.append((_name(group.kind, texts), *(texts.number(counts[state]) for state in ORDER)))
    return picture(
        "picture_coverage",
        texts,
        bars=bars,
        scale=[(at, texts.percent(at / 100)) for at in (0, 50, 100)],
        heads=[texts.say("kind"), *(texts.state(state) for state in ORDER)],
        rows=rows,
    )


def _waits(waits: tuple[Wait, ...], texts: Texts) -> Picture:
    known = [wait for wait in waits if wait.median_hours is not None and wait.window is not Window.NIGHT]
    longest = max([TARGET, *(wait.median_hours or 0 for wait in known)])
    end = next((step for step in STEPS if step >= longest), longest)
    return picture(
        "picture_waits",
        texts,
        bars=[_wait(wait, end, texts) for wait in known],
        scale=[(at, texts.number(end * at / 100)) for at in (0, 25, 50, 75, 100)],
        heads=[texts.say("window"), texts.say("source"), texts.say("median"), texts.say("enquiries")],
        rows=[
            (texts.window(w.window), texts.source(w.source), texts.wait(w.median_hours or 0), texts.number(w.count))
            for w in known
        ],
        hours=texts.count("hour", TARGET),
    )


def _wait(wait: Wait, end: float, texts: Texts) -> Bar:
    hours = wait.median_hours or 0.0
    reached = hours / end * 100
    sort = "fill" if hours <= TARGET else "late"
    name = f"{capital(texts.when(wait.window))} ({texts.source(wait.source)})"
    return Bar(name, texts.wait(hours), (("track", 0, 100), (sort, 0, reached)), TARGET / end * 100)


def _shares(counts: list[int]) -> tuple[Piece, ...]:
    """Pieces of a whole, one after the other."""
    whole, at, pieces = sum(counts), 0, []
    for state, count in zip(ORDER, counts, strict=True):
        pieces.append((state.value, at / whole * 100, (at + count) / whole * 100))
        at += count
    return tuple(pieces)


def picture(
    id_: str,
    texts: Texts,
    *,
    bars: list[Bar],
    scale: list[tuple[float, str]],
    heads: list[str],
    rows: list[tuple[str, ...]],
    **values: str,
) -> Picture:
    """A picture of bars; the catalogue has its title (``id_``) and what explains it (``id_``_explain)."""
    alt = ". ".join([texts.say(id_), *(f"{bar.name}: {bar.value}" for bar in bars)])
    explain = texts.say(f"{id_}_explain", **values)
    return Picture(id=id_, explain=explain, alt=alt, bars=tuple(bars), scale=tuple(scale), heads=tuple(heads),
                   rows=tuple(rows))  # fmt: skip


def _name(kind: Kind, texts: Texts) -> str:
    return capital(texts.kind(kind))


def capital(word: str) -> str:
    """A word as the first one of a sentence."""
    return word[:1].upper() + word[1:]
