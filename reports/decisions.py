"""The box "to decide": what no unit can do by itself, because somebody must first say yes."""

from __future__ import annotations

from audit.model import Gap, Reason, Remedy
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


def decisions(view: View, texts: Texts) -> list[str]:
    """Sentences, most pressing first; empty when there is nothing to decide."""
    found = [_flag(gap, view, texts) for gap in view.gaps() if gap.red_flag]
    homeless = view.homeless_gaps()
    if homeless:
        effort = texts.effort(sum(gap.minutes for gap in homeless))
        found.append(texts.say("decide_unit", gaps=texts.count("gap", len(homeless)), time=effort))
    found += [_remedy(remedy, view, texts) for remedy in view.remedies() if remedy.reason in SOMEBODY_DECIDES]
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


def _remedy(remedy: Remedy, view: View, texts: Texts) -> str:
    return texts.say(
        "decide_remedy",
        platform=view.platform(remedy.platform),
        reason=texts.reason(remedy.reason),
        time=texts.effort(remedy.minutes),
        gain=texts.percent(remedy.gain),
        cells=texts.count("cell", remedy.cells),
    )
