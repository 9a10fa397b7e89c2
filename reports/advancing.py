"""How a federation moves, in words and pictures: its trend, the pace of its gaps, and targets on course."""

from __future__ import annotations

from audit.model import Advance
from reports.pacing import PaceWords, aim_in_words, curves_of, months, too_few
from reports.shield import scrub
from reports.texts import Texts


def together(advance: Advance, texts: Texts) -> PaceWords:
    """What the page of an organisation tells of everything below it."""
    shown = scrub(advance)
    pace, curves = shown.pace, curves_of(shown.pace, texts)
    return PaceWords(
        aims=[aim_in_words(aim, "", texts) for aim in pace.aims],
        now=texts.say("pace_now", open=texts.count("gap", pace.whole.open), first=texts.number(pace.at_first)),
        too_few="" if curves else too_few(pace, texts),
        curves=curves,
        months=months(pace.months, texts) if pace.runs > 1 else None,
        tables=[],
        due="",
        moved=_moved(shown, texts),
        notes=tuple(filter(None, (_courses(shown, texts), _members(shown, texts)))),
    )


def _moved(advance: Advance, texts: Texts) -> str:
    """Gaps that came and went in the months that are shown."""
    shown = advance.pace.months
    if advance.pace.runs < 2 or not shown:
        return ""
    opened, closed = sum(month.opened for month in shown), sum(month.closed for month in shown)
    since, numbers = texts.month(shown[0].month), (texts.number(opened), texts.number(closed))
    return texts.say("site_moved", month=since, opened=numbers[0], closed=numbers[1])


def _courses(advance: Advance, texts: Texts) -> str:
    """How the targets of all organisations stand."""
    on, off, open_ = advance.courses
    if not any(advance.courses):
        return texts.say("site_no_targets")
    numbers = dict(zip(("on", "off", "open"), map(texts.number, (on, off, open_)), strict=True))
    return texts.say("site_targets", targets=texts.count("target", on + off + open_), **numbers)


def _members(advance: Advance, texts: Texts) -> str:
    """Of how many organisations the trend is, where that changed."""
    first, last = advance.members
    if first == last or len(advance.pace.trend) < 2:
        return ""
    then, now = texts.number(first), texts.number(last)
    return texts.say("site_trend_members", date=texts.date(advance.pace.trend[0].at), first=then, last=now)
