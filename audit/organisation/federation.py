"""Several organisation files together: unique ids, known parents, no loops."""

from __future__ import annotations

from collections.abc import Sequence

from audit.model import Organisation
from audit.organisation.folding import nearest
from audit.organisation.problems import Notes, Problem


def federation_problems(read: Sequence[tuple[Organisation, Notes]], *, complete: bool) -> list[Problem]:
    """What is wrong between files. With an unreadable file (not ``complete``) parents may be in it."""
    parents = {organisation.id: organisation.parent for organisation, _ in read}
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for organisation, notes in read:
        other = Notes(notes.file, notes.lines, notes.data)
        if organisation.id in first:
            message = f"{organisation.id!r} is already the id of the organisation in {first[organisation.id]}"
            other.problem(("id",), message, "give each an id of its own")
        first.setdefault(organisation.id, notes.file)
        parent = organisation.parent
        if parent and parent not in parents and complete:
            close = nearest(parent, parents)
            hint = f"did you mean {close[0]}?" if close else ""
            other.problem(("parent",), f"names {parent!r}, and no file of the folder has that id", hint)
        elif loop := _loop(organisation.id, parents):
            other.problem(("parent",), f"goes round in a circle: {' > '.join(loop)}")
        problems += other.problems
    return problems


def _loop(start: str, parents: dict[str, str]) -> list[str]:
    """The way back to the start along the parents, or nothing."""
    way, at = [start], parents.get(start, "")
    while at and at not in way:
        way.append(at)
        at = parents.get(at, "")
    return [*way, at] if at == start else []
