"""From envelopes to exchanges: threads, the first question of each, and its first human answer. Pure.

One thread is one exchange: what a person writes after the answer is mostly thanks, and is no new enquiry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from audit.model import Exchange
from audit.sources.gathered import SKEW, SOON, Gathered, Known, fault_of
from audit.sources.hashing import Salt
from audit.sources.headers import Envelope


@dataclass
class _Joined:
    """Threads as sets that grow together (union-find)."""

    above: dict[str, str] = field(default_factory=dict)

    def root(self, id_: str) -> str:
        path = []
        while (up := self.above.get(id_, id_)) != id_:
            path.append(id_)
            id_ = up
        for one in path:
            self.above[one] = id_
        return id_

    def join(self, one: str, other: str) -> None:
        self.above.setdefault(other, other)
        self.above.setdefault(one, one)
        self.above[self.root(other)] = self.root(one)


def exchanges(
    envelopes: Iterable[Envelope | None], service: str, channel: str, salt: Salt, known: Known, now: datetime
) -> Gathered:
    """Exchanges of a mailbox; ``None`` stands for a message whose header block could not be read.

    ``service`` wins over the address a message was sent to. ``known`` are exchanges stored earlier, by the
    hashes of their messages.
    """
    gathered = Gathered()
    usable = _usable(envelopes, gathered, now)
    for thread in _threads(usable):
        _take(thread, gathered, service, channel, salt, known)
    return gathered


def _usable(envelopes: Iterable[Envelope | None], gathered: Gathered, now: datetime) -> list[Envelope]:
    seen: set[str] = set()
    found = []
    for one in envelopes:
        fault = "broken" if one is None else fault_of(one.at, None, now) or ("duplicate" if one.id in seen else "")
        if fault or one is None:
            gathered.skipped[fault] += 1
            continue
        seen.add(one.id)
        gathered.noted["odd-charset"] += one.odd
        found.append(one)
    return sorted(found, key=lambda one: (_time(one), one.id))


def _time(one: Envelope) -> datetime:
    if one.at is None:
        raise ValueError("a message without a time is left out before")
    return one.at


def _threads(envelopes: Sequence[Envelope]) -> list[list[Envelope]]:
    joined = _Joined()
    waiting: dict[str, str] = {}  # plus-address or topic -> the latest question written that way
    for one in envelopes:
        for parent in one.parents:
            joined.join(parent, one.id)
        keys = [*one.plus, one.topic] if one.topic else list(one.plus)
        if not one.parents and one.nature == "human":
            before = next((waiting[key] for key in keys if key in waiting), None)
            if before is not None:
                joined.join(before, one.id)
        if not one.ours and one.nature == "human":
            waiting.update(dict.fromkeys(keys, one.id))
        elif one.ours and one.nature == "human":
            for key in keys:
                waiting.pop(key, None)
    grouped: dict[str, list[Envelope]] = defaultdict(list)
    for one in envelopes:
        grouped[joined.root(one.id)].append(one)
    return list(grouped.values())


def _take(thread: Sequence[Envelope], gathered: Gathered, service: str, channel: str, salt: Salt, known: Known) -> None:
    stored = next((known[i] for one in thread for i in (one.id, *one.parents, *one.plus) if i in known), None)
    questions = [one for one in thread if not one.ours and one.nature == "human"]
    if stored is None and not _begins(thread, questions, gathered):
        return
    first = questions[0] if questions else None
    at = stored.asked_at if stored else _time(first) if first else None
    if at is None:
        return
    id_ = stored.id if stored else salt.of("exchange", first.id if first else "")
    gathered.links |= {one.id: id_ for one in thread}
    answered = _answered(thread, at, gathered)
    if stored is not None:
        gathered.noted["known"] += bool(first)
        if answered:
            gathered.answer(id_, answered)
    elif first is not None:
        gathered.exchanges.append(
            Exchange(
                id=id_,
                asked_at=at,
                answered_at=answered,
                channel="form" if first.form and channel == "mail" else channel,
                source="imported",
                service=service or first.service,
            )
        )


def _begins(thread: Sequence[Envelope], questions: Sequence[Envelope], gathered: Gathered) -> bool:
    """Whether the thread is an enquiry: somebody outside wrote first."""
    if not questions:
        for one in thread:
            gathered.skipped[_reason(one)] += 1
        return False
    asked = _time(questions[0])
    ours = next((one for one in thread if one.ours and one.nature == "human"), None)
    # our reply may be dated a little before the question it names, when two clocks differ
    names_it = ours is not None and questions[0].id in ours.parents and asked - _time(ours) <= SKEW
    if ours is not None and _time(ours) < asked and not names_it:
        gathered.skipped["we-wrote-first"] += len(thread)
        return False
    return True


def _reason(one: Envelope) -> str:
    if one.nature != "human":
        return one.nature
    return "own-message" if one.outside else "internal"


def _answered(thread: Sequence[Envelope], asked: datetime, gathered: Gathered) -> datetime | None:
    """The first human answer to somebody outside; automatic ones are counted only."""
    last = asked
    for one in thread:
        at = _time(one)
        if not one.ours:
            if one.nature == "human":
                last = max(last, at)
            else:
                gathered.skipped[one.nature] += 1
        elif one.nature != "human":
            gathered.noted["automatic"] += 1
        elif at < asked - SKEW:
            gathered.noted["answered-before-asked"] += 1
        elif not one.outside:
            gathered.noted["internal"] += 1
        elif asked <= at <= last + SOON:
            gathered.noted["probably-automatic"] += 1
        else:
            return max(at, asked)
    return None
