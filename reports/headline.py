"""The one sentence that matters most: a red flag, else too little checked, else what is missing most."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from audit.model import Result, State, Wait, Window
from reports.texts import Texts

ENOUGH = 0.3  # share of the weight that must be checked before anything is said about what is missing
LONG = 24.0  # hours of median wait worth a half sentence
SHOWN = 3  # answers needed to show a wait (DESIGN 9)


@dataclass(slots=True)
class Tally:
    """The platforms on which a service was checked, is missing, or has gaps; and its states at all places there."""

    checked: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    gaps: set[str] = field(default_factory=set)
    places: list[State] = field(default_factory=list)

    @property
    def weight(self) -> tuple[int, ...]:
        """How bad it is: platforms first, then places."""
        return len(self.missing), self.places.count(State.MISSING), len(self.gaps), self.places.count(State.GAPS)


def headline(result: Result, texts: Texts) -> str:
    """One sentence (two where a long wait is known too), in the language of ``texts``."""
    if result.vantage:
        return texts.headline("vantage")
    flag = _red_flag(result, texts)
    if flag:
        return flag
    findable = result.score.findability
    if findable.applicable and result.score.coverage < ENOUGH:
        return texts.headline("unchecked", known=findable.known, applicable=findable.applicable)
    return _usual(result, texts)


def second(result: Result, texts: Texts) -> str:
    """Below a red flag, what would be said without it; empty where there is no flag, or nothing to tell."""
    enough = result.score.coverage >= ENOUGH
    return "" if result.vantage or not enough or not _red_flag(result, texts) else _usual(result, texts)


def in_figures(result: Result, texts: Texts) -> str:
    """Key services and their state, as a sentence."""
    strict = result.score.strict
    whole = strict.without_gap + strict.with_gaps + strict.not_fully_checked
    return texts.say(
        "strict_sentence",
        services=texts.count("key_service", whole),
        without=texts.number(strict.without_gap),
        gaps=texts.number(strict.with_gaps),
        open=texts.number(strict.not_fully_checked),
    )


def waiting(waits: tuple[Wait, ...], window: Window, texts: Texts) -> str:
    """The longest median wait of a window in words; empty where it is not long, or too few to tell."""
    known = [w.median_hours for w in waits if w.window is window and w.median_hours is not None and w.count >= SHOWN]
    hours = max(known, default=0.0)
    return texts.count("hour", hours) if hours >= LONG else ""


def _usual(result: Result, texts: Texts) -> str:
    parts = [_worst_service(result, texts), _longest_wait(result.score.waits, texts)]
    return "; ".join(part.rstrip(".") for part in parts if part) + "."


def _red_flag(result: Result, texts: Texts) -> str:
    names = {row.subject: row.service_name for row in result.rows}
    platforms = {column.id: column.name for column in result.columns}
    for kind, phrase in (("protected-address", "protected"), ("wrongly-closed", "closed")):
        for gap in result.gaps:
            if gap.kind == kind:
                services = dict.fromkeys(names.get(subject, subject) for subject in gap.subjects)
                where = platforms.get(gap.platform, gap.platform)
                return texts.headline(phrase, services=", ".join(services), platform=where)
    return ""


def _worst_service(result: Result, texts: Texts) -> str:
    """The key service missing on most platforms (everywhere it is offered counts as one)."""
    tallies = _tallies(result)
    if not tallies:
        return texts.headline("unchecked", known=0, applicable=result.score.findability.applicable)
    name, worst = max(tallies.items(), key=lambda item: (item[1].weight, item[0]))
    if len(worst.checked) == 1 and len(worst.places) > 1:
        return _at_places(name, worst, result, texts)
    if worst.missing:
        return texts.headline("missing", service=name, missing=len(worst.missing), checked=len(worst.checked))
    if worst.gaps:
        return texts.headline("conflicts", service=name, count=len(worst.gaps), checked=len(worst.checked))
    return texts.headline("good")


def _at_places(name: str, worst: Tally, result: Result, texts: Texts) -> str:
    """Of a service at several places, where one platform was checked: at how many of them."""
    where = next(column.name for column in result.columns if column.id in worst.checked)
    states = Counter(worst.places)
    for state, phrase in ((State.MISSING, "missing_places"), (State.GAPS, "conflicts_places")):
        if states[state]:
            said = {"service": name, "platform": where, "count": states[state], "checked": states.total()}
            return texts.headline(phrase, **said)
    return texts.headline("good")


def _tallies(result: Result) -> dict[str, Tally]:
    names = {row.subject: row.service_name for row in result.rows if row.key}
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for cell in result.cells:
        if cell.subject in names and cell.state not in {State.UNKNOWN, State.NOT_APPLICABLE}:
            tally = tallies[names[cell.subject]]
            tally.checked.add(cell.platform)
            tally.places.append(cell.state)
            if cell.state is State.MISSING:
                tally.missing.add(cell.platform)
            elif cell.state is State.GAPS:
                tally.gaps.add(cell.platform)
    return dict(tallies)


def _longest_wait(waits: tuple[Wait, ...], texts: Texts) -> str:
    known = [
        (wait.median_hours, wait.window)
        for wait in waits
        if wait.median_hours is not None and wait.count >= SHOWN and wait.window is not Window.NIGHT
    ]
    hours, window = max(known, default=(0.0, Window.OFFICE))
    return texts.headline("wait", when=texts.when(window), hours=texts.count("hour", hours)) if hours >= LONG else ""
