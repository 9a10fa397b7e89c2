"""The box "to decide": what no unit can do by itself, because somebody must first say yes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from audit.model import Gap, Reason, Remedy, Window
from reports.headline import waiting
from reports.texts import Texts
from reports.views import View

SOMEBODY_DECIDES = frozenset(
    {
        Reason.NEEDS_KEY,
        Reason.NEEDS_PERSON,
        Reason.NEEDS_DATASET,
        Reason.SWITCHED_OFF,
        Reason.NO_BROWSER,
        Reason.PROFILE_UNKNOWN,
        Reason.UNCLEAR_MATCH,
    }
)
NAMES = 5  # names shown before "and n more"
UNCOVERED = (Window.EVENING, Window.WEEKEND)


def decisions(view: View, texts: Texts) -> list[str]:
    """Sentences, most pressing first; empty when there is nothing to decide."""
    found = [_flag(gap, view, texts) for gap in view.gaps() if gap.red_flag]
    homeless = view.homeless_gaps()
    if homeless:
        what = tuple(dict.fromkeys(name for gap in homeless for name in view.services(gap)))
        effort = texts.effort(sum(gap.minutes for gap in homeless))
        names = listed(what, texts, 3)
        found.append(texts.say("decide_unit", names=names, gaps=texts.count("gap", len(homeless)), time=effort))
    found += [sentence for window in UNCOVERED if (sentence := _cover(window, view, texts))]
    found += [_remedies(reason, cures, view, texts) for reason, cures in _by_reason(view.remedies())]
    strict = view.result.score.strict
    if strict.not_in_file:
        found.append(texts.say("decide_forgotten", names=listed(strict.not_in_file, texts)))
    if strict.recommended_not_key:
        found.append(texts.say("decide_recommended", names=listed(strict.recommended_not_key, texts)))
    return found


def listed(names: tuple[str, ...], texts: Texts, most: int = NAMES) -> str:
    """ "a, b, c" with at most ``most`` names and how many more; "none" for no names."""
    if not names:
        return texts.say("none")
    text = ", ".join(names[:most])
    return text if len(names) <= most else f"{text} {texts.say('more', n=len(names) - most)}"


def _flag(gap: Gap, view: View, texts: Texts) -> str:
    names, more = view.subjects(gap, 1)
    where = f"{', '.join(names)} ({view.platform(gap.platform)})"
    where += f" {texts.say('more', n=more)}" if more else ""
    return texts.say("decide_red", title=texts.gap(gap.kind).title, where=where)


def _cover(window: Window, view: View, texts: Texts) -> str:
    """Who answers when nobody is offered, or when people wait longest; empty where there is cover."""
    offers = view.result.score.offers
    bare = sum(1 for offer in offers if getattr(offer, window.value) == 0)
    slow = waiting(view.result.score.waits, window, texts)
    when = texts.when(window)
    if bare and slow:
        return texts.say("decide_cover_both", when=when, bare=bare, services=len(offers), wait=slow)
    if bare:
        return texts.say("decide_cover", when=when, bare=bare, services=len(offers))
    return texts.say("decide_cover_slow", when=when, wait=slow) if slow else ""


def _by_reason(remedies: Iterable[Remedy]) -> list[tuple[Reason, list[Remedy]]]:
    """One decision for each reason, the one that gains most first."""
    grouped: defaultdict[Reason, list[Remedy]] = defaultdict(list)
    for remedy in remedies:
        if remedy.reason in SOMEBODY_DECIDES:
            grouped[remedy.reason].append(remedy)
    return sorted(grouped.items(), key=lambda item: -sum(remedy.gain for remedy in item[1]))


def _remedies(reason: Reason, cures: list[Remedy], view: View, texts: Texts) -> str:
    most_first = sorted(cures, key=lambda remedy: -remedy.gain)
    return texts.decision(
        reason,
        names=listed(tuple(view.platform(remedy.platform) for remedy in most_first), texts, 3),
        time=texts.effort(sum(remedy.minutes for remedy in cures)),
        gain=texts.percent(sum(remedy.gain for remedy in cures)),
    )
