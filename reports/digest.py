"""A digest for a unit: what became certain, and the next things to do. In words, for a mail or a chat.

Nothing crawled is in it but names of platforms and a link to where the entry is changed: what an entry shows stays in
the report.
"""

from __future__ import annotations

from collections.abc import Sequence

from audit.model import Change, Gap, Result, Turn
from reports.shield import one_line, safe_url, scrub
from reports.tasks import title_of
from reports.texts import Texts
from reports.views import View
from reports.wording import worded

MOST = 15  # changes named, the rest is counted


def digest(result: Result, changes: Sequence[Change], unit: str, lang: str, todo: int = 3) -> tuple[str, str]:
    """Subject and text for a unit's id (empty: the whole organisation); ``todo`` is how many things to do it names."""
    texts, view = Texts(lang), View(worded(result, lang))
    name = view.unit(unit) or view.result.organisation_name
    subject = texts.say("digest_subject", changes=texts.count("change", len(changes)), name=name)
    whose = " · ".join(dict.fromkeys((view.result.organisation_name, name)))
    lines = [whose, texts.say("digest_until", at=texts.moment(result.finished))]
    lines += _changed([scrub(change) for change in changes], view, texts)
    lines += _todo(unit, todo, view, texts)
    lines += ["", texts.say("digest_more")]
    return one_line(subject, 150), "\n".join(map(_tidy, lines)) + "\n"


def _tidy(line: str) -> str:
    """One line, cleaned, with the blanks it begins with."""
    return line[: len(line) - len(line.lstrip())] + one_line(line, 300)


def _changed(changes: Sequence[Change], view: View, texts: Texts) -> list[str]:
    lines, left = [], MOST
    for turn in Turn:
        some = [change for change in changes if change.turn is turn]
        if some:
            lines += ["", f"{texts.turn(turn)} ({texts.number(len(some))})"]
            lines += [_line(change, view, texts) for change in some[:left]]
            lines += [f"- {texts.say('more', n=len(some) - left)}"] if len(some) > left else []
            left = max(0, left - len(some))
    return lines


def _line(change: Change, view: View, texts: Texts) -> str:
    where = f"{view.platform(change.platform)}: {view.subject(change.subject)}, {texts.criterion(change.criterion)}"
    return f"- {where} ({texts.mover(change.mover)}, {texts.say('changes_since', date=texts.day_of(change.since))})"


def _todo(unit: str, most: int, view: View, texts: Texts) -> list[str]:
    mine = [gap for gap in view.gaps() if unit in ("", gap.unit)]
    first = mine[:most]
    if not first:
        return []
    effort = texts.effort(sum(gap.minutes for gap in first))
    title = texts.say("digest_next", n=len(first), gaps=texts.count("gap", len(mine)), time=effort)
    lines = ["", title]
    for number, gap in enumerate(first, start=1):
        lines += _thing(number, gap, view, texts)
    return lines


def _thing(number: int, gap: Gap, view: View, texts: Texts) -> list[str]:
    title = f"{number}. {title_of(gap, view, texts)}, {texts.effort(gap.minutes)}"
    return [title, *(f"   {text}" for text in (texts.gap(gap.kind).fix, safe_url(gap.edit_url)) if text)]
