"""Gaps as tasks for other systems: title, facts and date, in words. The same gap gives the same task every night."""

from __future__ import annotations

from audit.model import Gap, Result, Task
from reports.shield import one_line, safe_url
from reports.texts import Texts
from reports.views import View
from reports.wording import cure, worded


def tasks(result: Result, unit: str, lang: str) -> list[Task]:
    """The tasks of a result (of one unit, or all), the most pressing first."""
    texts, view = Texts(lang), View(worded(result, lang))
    return [_task(gap, view, texts) for gap in view.gaps() if unit in ("", gap.unit)]


def comments(lang: str) -> dict[str, str]:
    """What is written when a task is closed (closed, disputed) or opened again (open)."""
    texts = Texts(lang)
    return {state: texts.say(f"task_comment_{state}") for state in ("closed", "disputed", "open")}


def title_of(gap: Gap, view: View, texts: Texts) -> str:
    """Platform, what is wrong, and where."""
    names, more = view.subjects(gap, 2)
    where = "; ".join(names) + (f" {texts.say('more', n=more)}" if more else "")
    return one_line(f"{view.platform(gap.platform)}: {texts.gap(gap.kind).title} ({where})", 250)


def _task(gap: Gap, view: View, texts: Texts) -> Task:
    facts = (
        (texts.say("unit"), view.unit(gap.unit) or texts.say("no_unit"), False),
        (texts.say("minutes"), texts.effort(gap.minutes), False),
        (texts.say("fix"), cure(gap, texts), False),
        (texts.say("link"), safe_url(gap.edit_url), False),
        (texts.say("shown"), gap.shown, True),
        (texts.say("stated"), gap.stated, True),
        (texts.say("paste"), gap.paste, True),
    )
    return Task(
        gap=gap.id,
        title=title_of(gap, view, texts),
        facts=tuple(fact for fact in facts if fact[1]),
        due=gap.target_date,
    )
