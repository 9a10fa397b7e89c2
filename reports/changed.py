"""What changed, in the parts that every report shows: confirmed by what it means, waiting, and the method's alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audit.model import Change, Changes, Mover, Turn
from reports.shield import scrub
from reports.texts import Texts
from reports.views import View
from reports.wording import german_hours, with_days


def parts(changes: Changes, texts: Texts) -> list[tuple[str, list[Change]]]:
    """Titles and the changes below each; parts without any are left out."""
    every = scrub(changes).changes
    counted = [change for change in every if change.mover is not Mover.METHOD]
    found = [(texts.turn(turn), [c for c in counted if c.confirmed and c.turn is turn]) for turn in Turn]
    found.append((texts.say("changes_waiting"), [c for c in counted if not c.confirmed]))
    found.append((texts.say("changes_method"), [c for c in every if c.mover is Mover.METHOD]))
    return [(title, some) for title, some in found if some]


def alike(some: Sequence[Change], view: View, texts: Texts, most: int = 3) -> list[tuple[Change, str]]:
    """What changed at several services in the same way once, with their names (the first ``most``)."""
    groups: dict[Change, list[str]] = {}
    for change in some:
        groups.setdefault(replace(change, subject=""), []).append(view.subject(change.subject))
    told = []
    for change, names in groups.items():
        shown = list(dict.fromkeys(names))
        more = f" {texts.say('more', n=len(shown) - most)}" if len(shown) > most else ""
        told.append((change, "; ".join(shown[:most]) + more))
    return told


def before_and_after(change: Change, texts: Texts) -> list[tuple[str, str]]:
    """What stood there before and what stands there now, each with its title; only what is known."""
    told = (("changes_before", change.before), ("changes_after", change.after))
    return [(texts.say(key), difference(text, texts)) for key, text in told if text]


def difference(text: str, texts: Texts) -> str:
    """What is stated and what is shown ("stated → shown", as spans keep it), as people write it."""
    stated, _, shown = (_written(piece.strip(), texts) for piece in text.partition("→"))
    if stated and shown:
        return texts.say("changes_both", shown=shown, stated=stated)
    return shown or stated


def _written(text: str, texts: Texts) -> str:
    dated = with_days(text, texts)
    return german_hours(dated) if texts.lang == "de" else dated
