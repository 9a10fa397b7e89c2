"""Help desks: tickets of Zammad, FreeScout, Zendesk and OTRS or Znuny, as their APIs and exports write them. Pure.

Zammad: docs.zammad.org/en/latest/api/ticket. FreeScout: api-docs.freescout.net, field by field against the entities of
its PHP client (thelogicstudio/freescout-api-php, src/Conversations). Zendesk: developer.zendesk.com/rest_api/docs/core,
ticket_metrics. OTRS and Znuny: TicketGet of the generic interface, with the fields that its documentation lists
(znuny/Znuny, Kernel/GenericInterface/Operation/Ticket/TicketGet.pm). All read 2026-11-24. Clock times are computed
from stamps: what these systems call minutes until the first response is mostly working time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from audit.sources.gathered import SourceProblemError
from audit.sources.rows import parsed
from audit.sources.tickets import Ticket
from audit.sources.times import instant

Record = Mapping[str, Any]

# what a fresh Zammad numbers its senders and types of article with
_ZAMMAD_SENDERS = {1: "agent", 2: "customer", 3: "system"}
_ZAMMAD_TYPES = {1: "email", 2: "sms", 3: "chat", 5: "phone", 11: "web"}
_SPOKEN = frozenset({"email", "phone", "web", "chat", "sms", "twitter status", "facebook feed comment", ""})
_OTRS_CHANNELS = {"1": "email", "2": "phone", "4": "chat"}


def tickets(text: str, system: str = "") -> tuple[str, list[Ticket]]:
    """The system and the tickets of an export or an answer of an API; the system is told by its shape where "".

    Raises `SourceProblemError` where there are none.
    """
    value = parsed(text)
    if value is None:
        value = [one for line in text.splitlines() if isinstance(one := parsed(line), dict)]
    system = system or system_of(value)
    found = list(READERS[system](value))
    if not found:
        raise SourceProblemError(
            "This JSON holds no tickets: what the API of Zammad, FreeScout, Zendesk, OTRS or Znuny answers is needed."
        )
    return system, found


def system_of(value: Any) -> str:
    """Which help desk writes like this; Zammad where nothing tells another."""
    first = next(records(value, "tickets", "conversations", "ticket_metrics", "ticket_metric", "Ticket"), {})
    if "TicketID" in first or "TicketNumber" in first:
        return "otrs"
    if "createdAt" in first:
        return "freescout"
    return "zendesk" if "reply_time_in_minutes" in first or "metric_set" in first or "url" in first else "zammad"


def records(value: Any, *names: str) -> Iterator[Record]:
    """The objects of a list, or of the list that stands under one of the names, or the one object itself."""
    if isinstance(value, dict) and isinstance(value.get("_embedded"), dict):
        value = value["_embedded"]
    if isinstance(value, dict):
        value = next((value[name] for name in names if name in value), [value])
    value = [value] if isinstance(value, dict) else value
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _zammad(value: Any) -> Iterator[Ticket]:
    assets = value.get("assets") if isinstance(value, dict) else None
    if isinstance(assets, dict):
        value = list(assets["Ticket"].values()) if isinstance(assets.get("Ticket"), dict) else []
    for record in records(value, "tickets"):
        if "created_at" not in record or not ("id" in record or "number" in record):
            continue
        articles = record.get("articles")
        said = [time_of(a.get("created_at")) for a in records(articles) if _speaks(a)]
        yield Ticket(
            id=_id(record, "id", "number"),
            asked=time_of(record.get("created_at")),
            answers=tuple(said) if articles else (time_of(record.get("first_response_at")),),
            sender=_zammad_word(record, "create_article_sender", _ZAMMAD_SENDERS),
            way=_zammad_word(record, "create_article_type", _ZAMMAD_TYPES),
            group=_text(record.get("group")),
        )


def _speaks(article: Record) -> bool:
    preferences = article.get("preferences")
    automatic = isinstance(preferences, dict) and preferences.get("is-auto-response")
    spoken = _text(article.get("type")).casefold() in _SPOKEN
    sender = _zammad_word(article, "sender", _ZAMMAD_SENDERS)
    return sender == "agent" and not article.get("internal") and not automatic and spoken


def _zammad_word(record: Record, key: str, numbers: Mapping[int, str]) -> str:
    """The expanded word, or what a fresh Zammad means by its number."""
    number = record.get(f"{key}_id")
    return _text(record.get(key)).casefold() or numbers.get(number if isinstance(number, int) else 0, "")


def _freescout(value: Any) -> Iterator[Ticket]:
    for record in records(value, "conversations"):
        if "createdAt" not in record:
            continue
        # an answer of the API embeds the threads; a webhook's conversation holds them, and its mailbox with a name
        threads = [*records({"_embedded": record.get("_embedded")}, "threads"), *records(record.get("threads"))]
        via = _text(_part(record, "source").get("via")) or _text(_part(record, "createdBy").get("type"))
        kept = record.get("state") not in ("draft", "deleted") and record.get("status") != "spam"
        yield Ticket(
            id=_id(record, "id", "number"),
            asked=time_of(record.get("createdAt")),
            answers=tuple(time_of(t.get("createdAt")) for t in threads if _is_reply(t)),
            sender={"customer": "customer", "user": "agent"}.get(via, "") if kept else "dropped",
            way=_text(record.get("type")),
            group=_text(_part(record, "mailbox").get("name")),
        )


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _is_reply(thread: Record) -> bool:
    return thread.get("type") == "message" and thread.get("state", "published") == "published"


def _zendesk(value: Any) -> Iterator[Ticket]:
    metrics = {_id(m, "ticket_id"): m for m in records(value, "metric_sets")} if isinstance(value, dict) else {}
    for record in records(value, "ticket_metrics", "ticket_metric", "tickets"):
        if "created_at" not in record:
            continue
        id_ = _id(record, "ticket_id", "id")
        metric = record.get("metric_set") or metrics.get(id_) or record
        asked = time_of(record.get("created_at"))
        yield Ticket(
            id=id_,
            asked=asked,
            answers=(_later(asked, metric),),
            sender=_zendesk_sender(record),
            way=_text(_part(record, "via").get("channel")),
        )


def _later(asked: datetime | None, metric: Any) -> datetime | None:
    """The first reply by calendar minutes, or the seconds that messaging tickets have instead: business time leaves
    nights and weekends out."""
    units = {"reply_time_in_minutes": 60, "reply_time_in_seconds": 1} if isinstance(metric, dict) else {}
    for name, seconds in units.items():
        told = _part(metric, name).get("calendar")
        if asked and isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**9:
            return asked + timedelta(seconds=told * seconds)
    return None


def _zendesk_sender(record: Record) -> str:
    """An agent who writes for somebody else submits a ticket that another person requests."""
    requester, submitter = record.get("requester_id"), record.get("submitter_id")
    return "" if requester is None or submitter is None else "customer" if requester == submitter else "agent"


def _otrs(value: Any) -> Iterator[Ticket]:
    for record in records(value, "Ticket"):
        if not ("TicketID" in record or "TicketNumber" in record):
            continue
        articles = [(at, a) for a in records({"Article": record.get("Article")}, "Article") if (at := _written(a))]
        first: Record = min(articles, key=lambda one: one[0], default=(None, {}))[1]
        told = tuple(at for at, article in articles if _is_seen_answer(article))
        yield Ticket(
            id=_id(record, "TicketID", "TicketNumber"),
            asked=_utc(record.get("Created")),
            answers=told if articles else (_utc(record.get("FirstResponse")),),
            sender=_text(first.get("SenderType")),
            way=_OTRS_CHANNELS.get(str(first.get("CommunicationChannelID")), ""),
            group=_text(record.get("Queue")).rpartition("::")[2],
        )


def _is_seen_answer(article: Record) -> bool:
    """OTRS up to 5 tells by the type of an article what Znuny tells by a flag."""
    visible = str(article.get("IsVisibleForCustomer", "")) == "1"
    external = _text(article.get("ArticleType")) in ("email-external", "phone", "webrequest")
    return article.get("SenderType") == "agent" and (visible or external)


def _written(article: Record) -> datetime | None:
    """When an article was written: its stamp, or the epoch of its arrival, which alone is documented."""
    epoch = str(article.get("IncomingTime", ""))
    stamped = _utc(article.get("CreateTime") or article.get("Created"))
    return stamped or (time_of(epoch) if epoch.isdecimal() and len(epoch) < 12 else None)


READERS: Mapping[str, Callable[[Any], Iterator[Ticket]]] = {
    "zammad": _zammad,
    "freescout": _freescout,
    "zendesk": _zendesk,
    "otrs": _otrs,
}


def _id(record: Record, *names: str) -> str:
    return next((str(record[name])[:100] for name in names if isinstance(record.get(name), str | int)), "")


def _utc(value: Any) -> datetime | None:
    """OTRS and Znuny write their own zone, which is UTC unless OTRSTimeZone says another."""
    return time_of(f"{_text(value)}+00:00") if value else None


def time_of(value: Any) -> datetime | None:
    """The moment that a value tells, None where it tells none."""
    try:
        return instant(_text(value))
    except (ValueError, OverflowError):
        return None


def _text(value: Any) -> str:
    return value[:100] if isinstance(value, str) else ""
