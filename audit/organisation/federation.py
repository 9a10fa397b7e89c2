"""Several organisation files together: what is unambiguous goes on, what is not is named.

Two files with one id: neither is taken, as nobody can tell which is meant. A parent that goes round in a circle is
left out, one that no file has is kept, so that its members stay together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.model import Organisation
from audit.organisation.folding import nearest
from audit.organisation.problems import Notes, Problem

_SHOWN = 6  # of a ring of parents


@dataclass(frozen=True)
class Settled:
    """The organisations to go on with; ``problems`` left one out, ``warnings`` did not."""

    organisations: tuple[Organisation, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def settle(read: Sequence[tuple[Organisation, Notes]], *, complete: bool) -> Settled:
    """What of the files of one folder can be used. With an unreadable file (not ``complete``) parents may be in it."""
    files: dict[str, list[str]] = {}
    for organisation, notes in read:
        files.setdefault(organisation.id, []).append(notes.file)
    single = [(organisation, notes) for organisation, notes in read if len(files[organisation.id]) == 1]
    problems = [_twice(o, notes, files[o.id]) for o, notes in read if len(files[o.id]) > 1]
    loops = _loops({organisation.id: organisation.parent for organisation, _ in single})
    warnings = [_in_a_circle(notes, loops[o.id]) for o, notes in single if o.id in loops]
    warnings += [_nowhere(o, notes, files) for o, notes in single if complete and o.parent and o.parent not in files]
    kept = tuple(replace(o, parent="") if o.id in loops else o for o, _ in single)
    return Settled(kept, tuple(problems), tuple(warnings))


def _twice(organisation: Organisation, notes: Notes, files: Sequence[str]) -> Problem:
    others = ", ".join(file for file in files if file != notes.file)
    message = f"{organisation.id!r} is also the id of the organisation in {others}: neither is used"
    return notes.told(("id",), message, "give each an id of its own")


def _in_a_circle(notes: Notes, ring: Sequence[str]) -> Problem:
    way = " > ".join([*ring[:_SHOWN], *(["..."] if len(ring) > _SHOWN else []), ring[0]])
    message = f"goes round in a circle, so it is not used: {way}"
    return notes.told(("parent",), message, "take the parent out of the topmost one")


def _nowhere(organisation: Organisation, notes: Notes, known: Mapping[str, object]) -> Problem:
    close = nearest(organisation.parent, known)
    hint = f"did you mean {close[0]}?" if close else "add a file with that id and the name of the association"
    return notes.told(("parent",), f"names {organisation.parent!r}, and no file of the folder has that id", hint)


def _loops(parents: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Each organisation whose parents lead back to it, with the ring from the one where it was entered."""
    done: set[str] = set()
    loops: dict[str, Sequence[str]] = {}
    for start in parents:
        way: dict[str, None] = {}
        at = start
        while at in parents and at not in done and at not in way:
            way[at] = None
            at = parents[at]
        if at in way:
            ring = list(way)[list(way).index(at) :]
            loops |= dict.fromkeys(ring, ring)
        done |= way.keys()
    return loops
