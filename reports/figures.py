"""The pillars in words: value, what it rests on, range, grade and change; the same in every report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.model import Figures, Pillar, Result
from reports.texts import Texts
from reports.views import View

PILLARS = ("findability", "accuracy", "response", "offered")


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarWords:
    """One pillar ready for showing; ``value``, ``low`` and ``high`` are 0 to 100 for the picture."""

    id: str
    name: str
    explain: str
    figure: str
    sentence: str
    range: str
    grade: str
    change: str
    value: float | None
    low: float
    high: float


def pillars(
    result: Result, texts: Texts, previous: Result | None = None, before: Figures | None = None
) -> list[PillarWords]:
    """Findability, accuracy, response and offered reachability, compared with ``previous`` or ``before`` if given."""
    comparable = previous if previous and previous.method == result.method else None
    earlier = before if before and before.method == result.method else None
    words = []
    for id_ in PILLARS:
        pillar: Pillar = getattr(result.score, id_)
        named = texts.pillar(id_)
        then: float | None = getattr(comparable.score, id_).value if comparable else getattr(earlier, id_, None)
        day = comparable.finished if comparable else earlier.at if earlier else None
        words.append(
            PillarWords(
                id=id_,
                name=named.name,
                explain=named.explain,
                figure="–" if pillar.value is None else texts.number(pillar.value),
                sentence=_sentence(id_, pillar, texts),
                range=_range(pillar, texts),
                grade=_grade(pillar, texts),
                change=change(pillar.value, then, day, texts),
                value=pillar.value,
                low=_within(pillar.low if pillar.low is not None else pillar.value),
                high=_within(pillar.high if pillar.high is not None else pillar.value),
            )
        )
    return words


def effort_in_words(view: View, texts: Texts) -> str:
    """All gaps and the time they take, and how soon most of the points are won; empty without gaps."""
    effort = view.effort()
    gaps, time = texts.count("gap", effort.gaps), texts.effort(effort.minutes)
    if not effort.gaps:
        return ""
    if effort.part >= effort.minutes:
        return texts.say("effort_short", gaps=gaps, time=time)
    return texts.say("effort", gaps=gaps, time=time, part=texts.effort(effort.part), share=texts.percent(effort.share))


def total_in_words(result: Result, texts: Texts) -> str:
    """The total, or why there is none."""
    total = result.score.total
    return texts.say("total_none") if total is None else texts.say("total_value", value=texts.number(total))


def _sentence(id_: str, pillar: Pillar, texts: Texts) -> str:
    if pillar.value is None:
        if not pillar.applicable:
            return texts.say("checked_none_plain")
        return texts.say("checked_none", applicable=texts.count("cell", pillar.applicable))
    value = texts.number(pillar.value)
    if not pillar.applicable:
        return texts.say("checked_windows", share=texts.percent(pillar.coverage), value=value)
    key = {"offered": "checked_services", "response": "checked_response"}.get(id_, "checked_cells")
    known, applicable = texts.number(pillar.known), texts.number(pillar.applicable)
    return texts.say(key, known=known, applicable=applicable, value=value)


def _range(pillar: Pillar, texts: Texts) -> str:
    if pillar.low is None or pillar.high is None or pillar.high - pillar.low < 0.5:
        return ""
    return texts.say("range", low=texts.number(pillar.low), high=texts.number(pillar.high))


def _grade(pillar: Pillar, texts: Texts) -> str:
    if pillar.value is None:
        return ""
    if not pillar.grade:
        return texts.say("grade_none")
    return texts.say("grade_provisional" if pillar.provisional else "grade", grade=texts.grade(pillar.grade))


def change(now: float | None, then: float | None, at: datetime | None, texts: Texts) -> str:
    """How a figure moved since an earlier run ended; empty where one of the three is not known."""
    if now is None or then is None or at is None:
        return ""
    difference, day = round(now) - round(then), texts.date(at)
    if difference == 0:
        return texts.say("change_same", date=day)
    return texts.say("change_up" if difference > 0 else "change_down", n=texts.number(abs(difference)), date=day)


def _within(value: float | None) -> float:
    return min(100.0, max(0.0, value or 0.0))
