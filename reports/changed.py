"""What changed, in the parts that every report shows: confirmed by what it means, waiting, and the method's alone."""

from __future__ import annotations

from audit.model import Change, Changes, Mover, Turn
from reports.shield import scrub
from reports.texts import Texts


def parts(changes: Changes, texts: Texts) -> list[tuple[str, list[Change]]]:
    """Titles and the changes below each; parts without any are left out."""
    every = scrub(changes).changes
    counted = [change for change in every if change.mover is not Mover.METHOD]
    found = [(texts.turn(turn), [c for c in counted if c.confirmed and c.turn is turn]) for turn in Turn]
    found.append((texts.say("changes_waiting"), [c for c in counted if not c.confirmed]))
    found.append((texts.say("changes_method"), [c for c in every if c.mover is Mover.METHOD]))
    return [(title, some) for title, some in found if some]
