"""A run judged again: the cells that changed, and what changed them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from audit.model import Cell, Finding
from reports.terminal.parts import QUIET, field, plain, say, sign, tidy
from reports.texts import Texts


def print_rejudged(rejudged: object, lang: str, console: Console) -> None:
    """A run judged again: ``run``, ``equal`` (byte for byte), ``changed``, pairs of cells before and after, and
    ``basis``, what verdicts rest on and is another now (name, before, after).
    """
    texts, changed = Texts(lang), list(getattr(rejudged, "changed", ()))
    key = "rejudged_equal" if getattr(rejudged, "equal", False) else "rejudged_differs"
    if changed:
        key = "rejudged_changed"
    with tidy(console):
        say(console, texts.say(key, run=field(rejudged, "run"), cells=texts.count("cell", len(changed))))
        for name, then, now in getattr(rejudged, "basis", ()):
            say(console, f"{name}: {then or '–'} → {now or '–'}", indent=3)
        for before, after in changed:
            line = Text.assemble(sign(console, before.state), " ", sign(console, after.state), " ")
            console.print(line.append_text(plain(console, after.id)))
            for told in _differences(before, after, texts):
                say(console, told, QUIET, indent=4)


def print_rescored(rescored: object, lang: str, console: Console) -> None:
    """A run scored again: ``run``, ``organisations``, and ``moved``, each (organisation, figure, before, after)."""
    texts, moved = Texts(lang), list(getattr(rescored, "moved", ()))
    of = {"run": field(rescored, "run"), "organisations": len(getattr(rescored, "organisations", ()))}
    with tidy(console):
        say(console, texts.say("rescored_changed" if moved else "rescored_equal", **of))
        for organisation, figure, before, after in moved:
            change = f"{_value(before, texts)} → {_value(after, texts)}"
            name = texts.say("coverage") if figure == "coverage" else texts.pillar(figure).name
            say(console, f"{organisation}: {name} {change}", indent=3)


def _differences(before: Cell, after: Cell, texts: Texts) -> Iterator[str]:
    """Findability, accuracy, and every criterion that is answered or worth otherwise."""
    for key, was, now in (
        ("findability_value", before.findability, after.findability),
        ("accuracy_value", before.accuracy, after.accuracy),
    ):
        if was != now:
            yield f"{texts.say(key, value=_value(was, texts))} → {_value(now, texts)}"
    earlier = {finding.criterion: finding for finding in before.findings}
    for finding in after.findings:
        then = earlier.pop(finding.criterion, None)
        if then is None or _answer(then, texts) != _answer(finding, texts):
            yield f"{texts.criterion(finding.criterion)}: {_answer(then, texts)} → {_answer(finding, texts)}"
    for criterion, gone in earlier.items():
        yield f"{texts.criterion(criterion)}: {_answer(gone, texts)} → –"


def _answer(finding: Finding | None, texts: Texts) -> str:
    if finding is None:
        return "–"
    worth = f" ({_value(finding.value, texts)})" if finding.value is not None else ""
    return f"{texts.outcome(finding.outcome)}{worth}"


def _value(value: float | None, texts: Texts) -> str:
    return "–" if value is None else texts.number(value, 2)
