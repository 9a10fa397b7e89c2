"""How each service answers, or each group of small teams: waits by window, against the target, on both clocks.

Nobody of a small team is shown alone (DESIGN 9): it is pooled with the other small teams of its place, then of its
field of work, and at last with the whole organisation. A team whose size is not stated is taken for a small one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.judging.clocks import BERLIN, office_hours
from audit.judging.promptness import curves, hours_waited, score_of, wilson, window
from audit.judging.survival import quantile
from audit.model import (
    Answering,
    AskedHour,
    Exchange,
    Organisation,
    Service,
    Unmeasured,
    Window,
    WindowWait,
)
from audit.organisation.catalogue import Catalogue

_Key = tuple[str, str]  # channel and source


@dataclass(frozen=True)
class Group:
    """Who is shown together: a level, its id and name, and the services in it."""

    level: str
    subject: str
    name: str
    services: tuple[str, ...]


def answering(
    exchanges: Iterable[Exchange], organisation: Organisation, catalogue: Catalogue, now: datetime
) -> tuple[Answering, ...]:
    """One row per group, channel and source, the largest groups first within the order of the file."""
    ids = frozenset(s.id for s in organisation.services)
    by_key: dict[_Key, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        if exchange.kind == "question" and exchange.asked_at <= now:
            by_key[exchange.channel, exchange.source].append(exchange)
    rows = []
    for (channel, source), mine in sorted(by_key.items()):
        for group in groups(organisation, catalogue, {service_of(e, ids) for e in mine}):
            inside = [e for e in mine if group.level == "organisation" or service_of(e, ids) in group.services]
            if len(inside) >= curves()["least"]["show"]:
                rows.append(_row(group, channel, source, inside, organisation, now))
    return tuple(rows)


def service_of(exchange: Exchange, ids: Container[str]) -> str:
    """The id of the service an exchange is about, "" where it is about no one of them."""
    told = exchange.service.partition("@")[0]
    return told if told in ids else ""


def groups(organisation: Organisation, catalogue: Catalogue, asked: Iterable[str]) -> list[Group]:
    """The groups of the services that were ``asked`` (ids, "" for none): each large team, pools of small ones.

    The last pool is the whole organisation with its large teams. Where so few are left over that subtraction would
    tell them, the smallest group that is shown steps back into the last pool as well.
    """
    services = {s.id: s for s in organisation.services}
    wanted = [services[id_] for id_ in services if id_ in set(asked)]
    found = [Group("service", s.id, s.name, (s.id,)) for s in wanted if is_large([s])]
    small = [s for s in wanted if not is_large([s])]
    for level, pools in (("place", _by_place(small, organisation)), ("field", _by_field(small, catalogue))):
        for (id_, name), pool in pools.items():
            left = [s for s in pool if s in small]
            if len(left) > 1 and is_large(left):
                found.append(Group(level, id_, name, tuple(s.id for s in left)))
                small = [s for s in small if s not in left]
    if found and small and not is_large(small):
        found.remove(min(found, key=lambda group: _people(services[id_] for id_ in group.services)))
    if small or "" in set(asked):
        found.append(Group("organisation", organisation.id, organisation.name, tuple(s.id for s in wanted)))
    return found


def is_large(team: Sequence[Service]) -> bool:
    """Whether so many people answer that no one of them is shown; who states no size counts as one person."""
    return _people(team) >= int(curves()["least"]["team"])


def _people(team: Iterable[Service]) -> int:
    return sum(s.team_size or 1 for s in team)


def _by_place(small: Sequence[Service], organisation: Organisation) -> dict[tuple[str, str], list[Service]]:
    pools: dict[tuple[str, str], list[Service]] = defaultdict(list)
    for service in small:
        places = {o.location.id: o.location for o in organisation.offered if o.service.id == service.id}
        if len(places) == 1 and not service.protected:
            place = next(iter(places.values()))
            pools[place.id, place.name or place.address.city or place.id].append(service)
    return pools


def _by_field(small: Sequence[Service], catalogue: Catalogue) -> dict[tuple[str, str], list[Service]]:
    pools: dict[tuple[str, str], list[Service]] = defaultdict(list)
    for service in small:
        if kind := catalogue.kinds.get(service.kind):
            pools[kind.field, catalogue.fields[kind.field].name_de].append(service)
    return pools


def target_of(organisation: Organisation, services: Sequence[str], channel: str) -> float:
    """The promised reply time in hours, the service's before the house's; else half the points of the curve."""
    points = [p for p in organisation.contact_points if p.channel == channel and p.reply_hours]
    own = [p.reply_hours for p in points if p.service and p.service in services]
    house = [p.reply_hours for p in points if not p.service]
    default: float = curves()["hours"].get(channel, curves()["hours"]["public"])[1]
    return max((h for h in own or house if h), default=default)


def _row(
    group: Group, channel: str, source: str, asked: Sequence[Exchange], organisation: Organisation, now: datetime
) -> Answering:
    target = target_of(organisation, group.services, channel)
    units = {s.unit for s in organisation.services if s.id in group.services}
    open_ = [hours_waited(e, now) for e in asked if e.answered_at is None]
    by_window: dict[Window, list[Exchange]] = defaultdict(list)
    for exchange in asked:
        by_window[window(exchange.asked_at, organisation.state)].append(exchange)
    return Answering(
        level=group.level,
        subject=group.subject,
        name=group.name,
        channel=channel,
        source=source,
        services=group.services,
        unit=units.pop() if len(units) == 1 else "",
        target_hours=target,
        count=len(asked),
        answered=len(asked) - len(open_),
        open=len(open_),
        oldest_hours=max(open_, default=None),
        windows=tuple(window_wait(w, by_window[w], target, organisation.state, now) for w in Window if w in by_window),
        hours=_hours(asked, now) if len(asked) >= curves()["least"]["grade"] else (),
    )


def window_wait(window_: Window, asked: Sequence[Exchange], target: float, state: str, now: datetime) -> WindowWait:
    """One window of a group; below the least number to show there are counts alone."""
    if len(asked) < curves()["least"]["show"]:
        return _counts_only(window_, asked, now, target)
    waited = [(hours_waited(e, now), e.answered_at is not None) for e in asked]
    desk = [(office_hours(e.asked_at, e.answered_at or now, state), e.answered_at is not None) for e in asked]
    median = quantile(waited, 0.5)
    due = [(hours, done) for hours, done in waited if done or hours >= target]
    quick = sum(1 for hours, done in due if done and hours <= target)
    low, high = wilson(quick, len(due)) if due else (None, None)
    return WindowWait(
        window=window_,
        count=len(asked),
        answered=sum(done for _, done in waited),
        due=len(due),
        median_hours=median.hours,
        median_low=median.low,
        median_high=median.high,
        p90_hours=quantile(waited, 0.9).hours,
        office_hours=quantile(desk, 0.5).hours,
        within=quick / len(due) if due else None,
        within_low=low,
        within_high=high,
        score=score_of(asked, now),
    )


def _counts_only(window_: Window, asked: Sequence[Exchange], now: datetime, target: float) -> WindowWait:
    return WindowWait(
        window=window_,
        count=len(asked),
        answered=sum(1 for e in asked if e.answered_at),
        due=sum(1 for e in asked if e.answered_at or hours_waited(e, now) >= target),
        median_hours=None,
        median_low=None,
        median_high=None,
        p90_hours=None,
        office_hours=None,
        within=None,
        within_low=None,
        within_high=None,
        score=None,
    )


def _hours(asked: Sequence[Exchange], now: datetime) -> tuple[AskedHour, ...]:
    """The week by hours, in the seeker's local time."""
    cells: dict[tuple[int, int], list[Exchange]] = defaultdict(list)
    for exchange in asked:
        local = exchange.asked_at.astimezone(BERLIN)
        cells[local.weekday(), local.hour].append(exchange)
    return tuple(
        AskedHour(weekday=day, hour=hour, count=len(mine), median_hours=_median(mine, now))
        for (day, hour), mine in sorted(cells.items())
    )


def _median(asked: Sequence[Exchange], now: datetime) -> float | None:
    if len(asked) < curves()["least"]["show"]:
        return None
    return quantile([(hours_waited(e, now), e.answered_at is not None) for e in asked], 0.5).hours


def unmeasured(
    exchanges: Iterable[Exchange], organisation: Organisation, rows: Sequence[Answering]
) -> tuple[Unmeasured, ...]:
    """Key services that are not shown by themselves, each with what stands in the way."""
    ids = frozenset(s.id for s in organisation.services)
    counts = Counter(service_of(e, ids) for e in exchanges if e.kind == "question")
    alone = {row.subject for row in rows if row.level == "service"}
    beside = {id_ for row in rows if row.level == "organisation" for id_ in row.services}
    missing = [s for s in organisation.services if s.key and s.status == "active" and s.id not in alone]
    return tuple(
        Unmeasured(service=s.id, name=s.name, why=_why(s, counts[s.id], s.id in beside), count=counts[s.id])
        for s in missing
    )


def _why(service: Service, count: int, pooled: bool) -> str:
    if not count:
        return "no-source"
    if is_large([service]):
        return "beside-small" if pooled and count >= int(curves()["least"]["show"]) else "too-few"
    return "small-team" if service.team_size else "team-size"
