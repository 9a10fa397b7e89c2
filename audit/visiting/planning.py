"""What would be visited, and what cannot be: pure, so that ``findbar plan`` makes no request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from urllib.parse import urlsplit

from audit.checker import Checker, Key
from audit.model import About, Access, Ask, Kind, Link, Organisation, Query, Reason, Subject, Via
from audit.saying import Remarks, english, say
from audit.settings import Settings

Words = Callable[[str], tuple[str, ...]]
_MOST_WORDS = 4


@dataclass(frozen=True)
class Planned:
    """The asks of one way. ``reason`` is set where the whole way is unavailable."""

    checker: Checker
    asks: tuple[Ask, ...] = ()
    skipped: tuple[tuple[str, Reason], ...] = ()
    reason: Reason | None = None
    detail: str = ""
    said: Remarks = ()

    @property
    def subjects(self) -> frozenset[str]:
        """The keys of all subjects that are asked about."""
        return frozenset(query.subject.key for ask in self.asks for query in ask.queries)


@dataclass(frozen=True)
class Means:
    """What this machine has: keys of the environment by name, a browser, and whether it may go online."""

    keys: frozenset[str] = frozenset()
    browser: bool = False
    offline: bool = False


def subjects(organisation: Organisation, about: About) -> list[Subject]:
    """All subjects of one kind. Services that ended are not asked about; their entries are found anyway."""
    active = [offered for offered in organisation.offered if offered.service.status == "active"]
    if about is About.SERVICE_AT_LOCATION:
        return [Subject(about=about, organisation=organisation, offered=offered) for offered in active]
    if about is About.LOCATION:
        return [Subject(about=about, organisation=organisation, location=place) for place in organisation.locations]
    return [Subject(about=about, organisation=organisation)]


def queries(
    checker: Checker, organisation: Organisation, words: Words, links: Iterable[Link], at: datetime | None = None
) -> list[Query]:
    """One query per subject, with search words, the addresses known on this platform and the run's beginning."""
    return [
        Query(subject=subject, words=_words(subject, words), profiles=_profiles(checker, subject, links), at=at)
        for subject in subjects(organisation, checker.asks_about)
    ]


def _words(subject: Subject, words: Words) -> tuple[str, ...]:
    if subject.offered:
        return words(subject.offered.service.kind)
    kinds = dict.fromkeys(service.kind for service in subject.organisation.services)
    return tuple(dict.fromkeys(word for kind in kinds for word in words(kind)[:_MOST_WORDS]))


def _profiles(checker: Checker, subject: Subject, links: Iterable[Link]) -> tuple[str, ...]:
    """Declared profiles first, then those found on the own website."""
    platform, offered = checker.platform.id, subject.offered
    declared = [
        profile.url
        for profile in subject.organisation.profiles
        if profile.platform == platform
        and (not profile.service or not offered or profile.service in (offered.service.id, offered.id))
    ]
    found = [link.target for link in links if link.platform == platform]
    return tuple(dict.fromkeys(declared + found))


def unavailable(checker: Checker, settings: Settings, means: Means) -> tuple[Reason, Remarks] | None:
    """Why a way cannot be used at all on this machine, with the cure; None where it can."""
    switched = settings.platforms.get(checker.platform.id, checker.default_on)
    missing = [key for key in checker.keys if key not in means.keys]
    dataset = getattr(checker, "dataset", "")
    hindrances = (
        (
            not switched,
            Reason.SWITCHED_OFF,
            say("cure-switch", checker.platform.id),
        ),
        (checker.access is Access.ASSISTED, Reason.NEEDS_PERSON, say("cure-person")),
        (bool(missing), Reason.NEEDS_KEY, tuple(chain.from_iterable(map(_told, missing)))),
        (
            bool(dataset) and dataset not in settings.datasets,
            Reason.NEEDS_DATASET,
            say("cure-dataset", dataset),
        ),
        (
            checker.access is Access.BROWSER and not means.browser,
            Reason.NO_BROWSER,
            say("cure-browser"),
        ),
        (means.offline and not dataset, Reason.NOT_RUN, say("cure-offline")),
    )
    return next(((reason, cure) for hinders, reason, cure in hindrances if hinders), None)


def _told(key: str) -> Remarks:
    """The name of a key, and where it is given out."""
    known = isinstance(key, Key) and key.get_url
    return say("cure-key-from", str(key), known) if known else say("cure-key", str(key))


def plan_way(checker: Checker, asked: Sequence[Query], settings: Settings, means: Means) -> Planned:
    """The asks of one way. A checker that raises in ``plan`` or ``search`` is unknown, not a crash."""
    keys = [query.subject.key for query in asked]
    if hindrance := unavailable(checker, settings, means):
        reason, said = hindrance
        return Planned(checker, (), tuple((key, reason) for key in keys), reason, english(said), said)
    try:
        asks = tuple(checker.plan(asked))
    except Exception as problem:  # noqa: BLE001 - isolation point "platform" (DESIGN 2.7)
        detail = f"{checker.id}.plan: {type(problem).__name__}: {problem}"
        broken = Reason.CHECKER_BROKEN
        return Planned(checker, (), tuple((key, broken) for key in keys), broken, detail)
    planned = Planned(checker, asks)
    answered = planned.subjects
    addressed = checker.asks_about is About.PROFILE or checker.platform.kind is Kind.WEBSITE
    silent = Reason.PROFILE_UNKNOWN if addressed else Reason.NOT_RUN
    return replace(planned, skipped=tuple((key, silent) for key in keys if key not in answered))


@dataclass(frozen=True)
class LaneForecast:
    """One host's share of a plan: visits, seconds between them, and how long that takes."""

    host: str
    visits: int
    pace: float

    @property
    def seconds(self) -> float:
        """Least duration: the pace between visits and about a second for each answer."""
        return max(self.visits - 1, 0) * self.pace + self.visits


def forecast(plans: Iterable[Planned], pace: Mapping[str, float]) -> list[LaneForecast]:
    """Visits and duration by host, the longest first (the bottleneck). Follow-ups come on top."""
    visits: dict[str, int] = {}
    paces: dict[str, float] = {}
    for planned in plans:
        for ask in planned.asks:
            if ask.visit.via is Via.DATA:
                continue
            host = urlsplit(ask.visit.url).netloc
            visits[host] = visits.get(host, 0) + 1
            paces[host] = max(paces.get(host, 0.0), planned.checker.pace, pace.get(host, 0.0))
    lanes = [LaneForecast(host, count, paces[host]) for host, count in visits.items()]
    return sorted(lanes, key=lambda lane: (-lane.seconds, lane.host))
