"""Controls: before a way is believed, it finds an entry it surely holds and nothing of a made-up name (DESIGN 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from audit.checker import Checker, Known
from audit.clock import Clock
from audit.judging.baring import is_bare
from audit.model import Answer, Query, Reason, WayObserved
from audit.page import Page
from audit.saying import Remarks, english, say
from audit.settings import Settings
from audit.visiting.planning import Means, plan_way
from audit.visiting.walking import Walker

Proven = Callable[[Checker], tuple[str, Remarks, datetime] | None]


Save = Callable[[Checker, Page], str]


def _never(_: Checker) -> None:
    """Where no earlier run is known."""


def _nowhere(_: Checker, __: Page) -> str:
    """Where no page is saved."""
    return ""


@dataclass
class Controls:
    """Makes the control requests of ways. ``proven`` tells of a control that held within the last day.

    ``save`` keeps a control's page that was not understood, for the repair of its reader, and says where.
    """

    walker: Walker
    settings: Settings
    means: Means
    clock: Clock
    proven: Proven = _never
    save: Save = _nowhere

    async def of(self, way: WayObserved, checker: Checker) -> WayObserved:
        """The way with the verdict on its controls; where every request costs, one that held within a day will do."""
        moved = any(host in self.settings.base_urls for host in checker.hosts)
        if checker.keys and not moved and (before := self.proven(checker)):
            return replace(way, control_note=before[0], control_said=before[1], control_at=before[2])
        at = self.clock.now()
        reason, said = await self._verdict(checker)
        odd = self.walker.odd.get(checker.id)
        if reason and odd and not is_bare(checker) and (where := self.save(checker, odd)):
            said += say("control-page", where)
        return replace(way, control=reason, control_note=english(said), control_said=said, control_at=at)

    async def _verdict(self, checker: Checker) -> tuple[Reason | None, Remarks]:
        known = self.known(checker)
        if known is None:
            return None, say("control-none", checker.control.none_because)
        from audit.judging import controls  # noqa: PLC0415 - matching is loaded when it is met

        present = await self.answer(checker, controls.question(checker, known))
        if present is None:
            return None, say("control-empty")
        absent = await self.answer(checker, controls.question(checker, controls.made_up(known)))
        return controls.verdict(checker, known, present, absent)

    def known(self, checker: Checker) -> Known | None:
        """The configured known entry, where a base URL leads to other data, else the declared one."""
        if own := self.settings.controls.get(checker.id):
            return Known(**own.model_dump())
        return checker.control.known

    async def answer(self, checker: Checker, query: Query) -> Answer | None:
        """The answer to one question, asked anew: a control is a proof of this day."""
        asks = plan_way(checker, [query], self.settings, self.means).asks
        answers = [await self.walker.follow(checker, ask, anew=True) for ask in asks]
        if not answers:
            return None
        chain = tuple(seen for answer in answers for seen in answer.chain)
        return replace(answers[0], chain=chain, reason=next((a.reason for a in answers if a.reason), None))
