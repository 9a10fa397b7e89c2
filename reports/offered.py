"""What is offered, in words: who can be reached in the evening and at the weekend, ranked, and promised reply times."""

from __future__ import annotations

from datetime import date

from audit.model import Offer, Promise, Result, Swiftness
from reports.texts import Texts

MOST = 3


def ranking(result: Result, texts: Texts) -> list[str]:
    """Who offers evenings, the most first, and how many offer none. Nothing where nothing is known of anybody.

    To offer no evening is the normal case in Germany, so what stands out is whoever does.
    """
    offers = result.score.offers
    if not offers:
        return []
    names = {row.subject: row.service_name for row in result.rows}
    with_evening = sorted((o for o in offers if o.evening or o.evening_slots), key=_rank)
    words = [_place(place, offer, names, texts) for place, offer in enumerate(with_evening[:MOST], 1)]
    if len(with_evening) > MOST:
        words.append(texts.say("rank_more", services=texts.count("service", len(with_evening) - MOST)))
    if none := len(offers) - len(with_evening):
        words.append(texts.say("rank_none", services=texts.count("service", none), of=texts.number(len(offers))))
    return words


def _rank(offer: Offer) -> tuple[float, ...]:
    return (-offer.evening, -offer.evening_slots, -offer.weekend, -offer.weekend_slots)


def _place(place: int, offer: Offer, names: dict[str, str], texts: Texts) -> str:
    told = {"evening": texts.percent(offer.evening), "weekend": texts.percent(offer.weekend)}
    return texts.say("rank_place", place=texts.number(place), name=names.get(offer.subject, offer.subject), **told)


def promises(result: Result, texts: Texts) -> list[str]:
    """One sentence for each promise or label, with the day on which it stood there."""
    columns = {column.id: column.name for column in result.columns}
    return [_promise(one, columns, result.finished.date(), texts) for one in result.score.promises]


def _promise(one: Promise, columns: dict[str, str], today: date, texts: Texts) -> str:
    where = texts.say("promise_own") if one.source == "promised" else columns.get(one.source, one.source)
    who = _seen(texts.count("service", len(one.services)), one.seen, today, texts)
    channel = f", {texts.channel(one.channel)}" if one.channel else ""
    if one.badge or one.hours is None:
        return texts.say("promise_badge", where=where, badge=one.badge, meaning=meant(one, texts), services=who)
    return texts.say("promise_hours", where=f"{where}{channel}", hours=texts.after(one.hours), services=who)


def meant(one: Promise, texts: Texts) -> str:
    """What a label means; one that findbar does not understand stands in its own words alone."""
    if one.hours is not None:
        return texts.say("promise_within", hours=texts.after(one.hours))
    if one.swiftness is None:
        return texts.say("promise_not_understood")
    words = texts.swiftness(one.swiftness)
    return words if one.swiftness is Swiftness.UNTIMED else texts.say("promise_swiftness", swiftness=words)


def _seen(services: str, seen: date | None, today: date, texts: Texts) -> str:
    if seen is None:
        return services
    days = (today - seen).days
    key, age = ("promise_seen", texts.count("day_since", days)) if days > 0 else ("promise_seen_today", "")
    return texts.say(key, services=services, date=texts.date(seen), age=age)
