"""How long people wait, in words first: one block per group, channel and source, for every kind of report."""

from __future__ import annotations

from dataclasses import dataclass

from audit.model import Answering, AskedHour, Result, Window, WindowWait
from reports.texts import Texts

SHOWN = 3  # enquiries needed to show a wait (DESIGN 9)


@dataclass(frozen=True)
class Line:
    """One window: a sentence, the verdict against the target, and the figures beside it."""

    wait: WindowWait
    sentence: str
    verdict: str
    details: str


@dataclass(frozen=True)
class Square:
    """One hour of the week in the picture; ``mark`` is quick, slow or few."""

    weekday: int
    hour: int
    mark: str
    words: str


@dataclass(frozen=True)
class Block:
    """One group: title, where the figures come from, what it is measured against, its windows and its backlog."""

    title: str
    source: str
    target: str
    pooled: str
    lines: tuple[Line, ...]
    backlog: str
    silent: str
    picture: tuple[Square, ...]
    picture_words: str


def blocks(result: Result, texts: Texts) -> list[Block]:
    """A block per row of the score, in its order."""
    return [_block(row, texts, dict(result.units)) for row in result.score.answering]


def unmeasured(result: Result, texts: Texts) -> list[tuple[str, str, str]]:
    """What could not be measured: name, why, and what would make it measurable."""
    return [(one.name, *texts.unmeasured(one.why, one.count)) for one in result.score.unmeasured]


def _block(row: Answering, texts: Texts, units: dict[str, str]) -> Block:
    told = texts.say("answering_source", source=texts.source(row.source), enquiries=texts.count("enquiry", row.count))
    unit = texts.say("answering_unit", unit=units[row.unit]) if row.unit in units else ""
    return Block(
        title=f"{row.name} · {texts.channel(row.channel)}",
        source=", ".join(filter(None, (told, unit))),
        target=texts.say("answering_target", hours=texts.after(row.target_hours)),
        pooled="" if row.level == "service" else texts.pooled(row.level, len(row.services)),
        lines=tuple(_line(wait, row, texts) for wait in row.windows),
        backlog=_backlog(row, texts),
        silent=_silent(row, texts),
        picture=tuple(_square(hour, row, texts) for hour in row.hours),
        picture_words=_picture_words(row, texts) if row.hours else "",
    )


def _line(wait: WindowWait, row: Answering, texts: Texts) -> Line:
    return Line(
        wait=wait, sentence=_sentence(wait, texts), verdict=_verdict(wait, row, texts), details=_details(wait, texts)
    )


def _sentence(wait: WindowWait, texts: Texts) -> str:
    """The seeker's clock, and the office's beside it."""
    when = texts.when(wait.window)
    if wait.count < SHOWN:
        return texts.say("answering_few", when=when, enquiries=texts.count("enquiry", wait.count))
    if wait.median_hours is None:
        open_ = texts.count("enquiry", wait.count - wait.answered)
        return texts.say("answering_open", when=when, enquiries=open_)
    words = texts.say("answering_wait", when=when, hours=texts.wait(wait.median_hours))
    if wait.office_hours is None:
        return words
    return f"{words} {texts.say('answering_office', hours=texts.wait(wait.office_hours))}"


def _verdict(wait: WindowWait, row: Answering, texts: Texts) -> str:
    if wait.count < SHOWN:  # the sentence says it
        return ""
    if wait.median_hours is None and not wait.due:
        return texts.say("answering_unknown")
    late = wait.median_hours is None or wait.median_hours > row.target_hours
    return texts.say("answering_late" if late else "answering_good")


def _details(wait: WindowWait, texts: Texts) -> str:
    parts = [
        texts.say("answering_count", enquiries=texts.count("enquiry", wait.count), answered=texts.number(wait.answered))
    ]
    if wait.within is not None and wait.within_low is not None and wait.within_high is not None:
        between = texts.say("interval", low=texts.percent(wait.within_low), high=texts.percent(wait.within_high))
        parts.append(texts.say("answering_within", share=texts.percent(wait.within), interval=between))
    if wait.median_hours is not None:
        parts.append(texts.say("answering_band", band=_band(wait, texts)))
    if wait.p90_hours is not None:
        parts.append(texts.say("answering_p90", hours=texts.after(wait.p90_hours)))
    return "; ".join(parts)


def _band(wait: WindowWait, texts: Texts) -> str:
    low = texts.wait(wait.median_low) if wait.median_low is not None else texts.say("answering_no_bound")
    high = texts.wait(wait.median_high) if wait.median_high is not None else texts.say("answering_no_bound")
    return texts.say("interval", low=low, high=high)


def _backlog(row: Answering, texts: Texts) -> str:
    if not row.open or row.oldest_hours is None:
        return texts.say("answering_no_backlog")
    return texts.say(
        "answering_backlog", enquiries=texts.count("enquiry", row.open), hours=texts.after(row.oldest_hours)
    )


def _silent(row: Answering, texts: Texts) -> str:
    """The windows nobody asked in: nothing is known of them."""
    asked = {wait.window for wait in row.windows}
    silent = [texts.when(window) for window in (Window.OFFICE, Window.EVENING, Window.WEEKEND) if window not in asked]
    return texts.say("answering_silent", windows=", ".join(silent)) if silent else ""


def _square(hour: AskedHour, row: Answering, texts: Texts) -> Square:
    mark = "few" if hour.median_hours is None else "slow" if hour.median_hours > row.target_hours else "quick"
    when = f"{texts.weekday(hour.weekday)} {hour.hour}–{hour.hour + 1}"
    told = texts.wait(hour.median_hours) if hour.median_hours is not None else texts.say("too_few")
    return Square(hour.weekday, hour.hour, mark, f"{when}: {texts.count('enquiry', hour.count)}, {told}")


def _picture_words(row: Answering, texts: Texts) -> str:
    """The picture for those who do not see it: when most enquiries come, and how many come outside office hours."""
    busiest = max(row.hours, key=lambda hour: (hour.count, -hour.weekday, -hour.hour))
    outside = sum(w.count for w in row.windows if w.window is not Window.OFFICE)
    return texts.say(
        "answering_picture_alt",
        enquiries=texts.count("enquiry", row.count),
        busiest=f"{texts.weekday(busiest.weekday)} {busiest.hour}–{busiest.hour + 1}",
        outside=texts.number(outside),
    )
