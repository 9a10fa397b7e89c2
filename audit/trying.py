"""Trying a way live: its two control requests and no more. What is not understood is saved for repair."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from audit.auditing import Workshop
from audit.checker import Checker
from audit.judging.baring import is_bare
from audit.model import Access, Reason, Seen, Trial, Tried, WayObserved
from audit.page import Page
from audit.requesting import Request
from audit.saying import Remarks, english, say
from audit.store.oddities import save_page
from audit.testing.cases import Case, cases
from audit.testing.outlining import describe, differences
from audit.visiting.planning import unavailable
from audit.working import UnknownNameError


def try_live(workshop: Workshop, way: str, output: Path, recordings: Path) -> Trial:
    """The control requests of one way, made now, through robots, lane and guard as in an audit.

    ``output`` is where pages that were not understood are saved (never those that may not be kept),
    ``recordings`` where recorded cases lie, if there are any. Raises `UnknownNameError`, and
    `ContactMissingError` where nobody would be named.
    """
    known = {checker.id: checker for checker in workshop.registry.checkers}
    if way not in known:
        raise UnknownNameError("platform way", way, known)
    checker = known[way]
    workshop.agent  # noqa: B018 - nobody is visited anonymously, not even once
    if checker.access is Access.ASSISTED:
        return _trial(way, Reason.NEEDS_PERSON, say("trial-person"))
    if not checker.control.known and way not in workshop.settings.controls:
        return _trial(way, None, say("trial-no-control") + say("control-none", checker.control.none_because))
    if refused := unavailable(checker, workshop.settings, workshop.means()):
        return _trial(way, *refused)
    return asyncio.run(_tried(workshop, checker, output, _recorded(recordings, checker)))


def _trial(way: str, reason: Reason | None, said: Remarks) -> Trial:
    return Trial(way=way, reason=reason, note=english(said), said=said)


def _recorded(folder: Path, checker: Checker) -> list[Case]:
    try:
        return cases(folder, [checker])
    except (AttributeError, OSError, TypeError, ValueError):
        return []


async def _tried(workshop: Workshop, checker: Checker, output: Path, recorded: list[Case]) -> Trial:
    made: list[tuple[Seen, Page | None]] = []
    async with AsyncExitStack() as stack:
        audit = workshop.plan(Request(organisations=()), workshop.open_getters(stack))
        audit.walker.keep = lambda _, seen, page: made.append((seen, page))
        way = await audit.controls.of(WayObserved(way=checker.id), checker)
    wrong = way.control is not None
    told = tuple(_told(checker, seen, page, output if wrong else None, recorded) for seen, page in made)
    return Trial(way=checker.id, reason=way.control, note=way.control_note, requests=told, said=way.control_said)


def _told(checker: Checker, seen: Seen, page: Page | None, output: Path | None, recorded: list[Case]) -> Tried:
    if page is None:
        return Tried(seen=seen)
    told = Tried(seen=seen, came=describe(page))
    if output is None or is_bare(checker) or seen.reason not in (None, Reason.LAYOUT_CHANGED):
        return told
    same = [answer.page for case in recorded for answer in case.answers if answer.page.visit.step == page.visit.step]
    differs = differences([each for each in same if each.body], page) if seen.reason else ()
    return replace(told, differs=differs, file=save_page(output, checker.id, page))
