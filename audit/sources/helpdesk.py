"""Help desk: tickets of Zammad as its API and export write them (JSON). Pure.

Fields of Zammad's REST API, docs.zammad.org/en/latest/api/ticket (read 2026-11-23). ``first_response_at`` is
working time of nobody: clock times are computed from the stamps, never from ``*_in_min``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from audit.model import Exchange
from audit.sources.gathered import SOON, Gathered, SourceProblemError, fault_of
from audit.sources.hashing import Salt
from audit.sources.rows import parsed, word
from audit.sources.times import instant

_SENDER = {1: "agent", 2: "customer", 3: "system"}  # ids of a fresh Zammad
_SPOKEN = frozenset({"email", "phone", "web", "chat", "sms", "twitter status", "facebook feed comment", ""})


def from_zammad(text: str, service: str, channel: str, salt: Salt, now: datetime) -> Gathered:
    """Tickets with their first human answer; an acknowledgement within a minute is none.

    Raises `SourceProblemError` where the JSON holds no tickets.
    """
    tickets = list(_tickets(parsed(text)))
    if not tickets:
        raise SourceProblemError("This JSON holds no tickets: a list of tickets as Zammad's API answers is needed.")
    gathered, seen = Gathered(), set[str]()
    for ticket in tickets:
        id_ = salt.of("ticket", str(ticket.get("id") or ticket.get("number")))
        if id_ in seen:
            gathered.skipped["duplicate"] += 1
            continue
        seen.add(id_)
        if exchange := _exchange(ticket, id_, service, channel, gathered, now):
            gathered.exchanges.append(exchange)
    return gathered


def _tickets(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        assets = value.get("assets")
        value = assets.get("Ticket") if isinstance(assets, dict) else value.get("tickets", value)
        if isinstance(value, dict):
            value = [value] if "created_at" in value else list(value.values())
    for ticket in value if isinstance(value, list) else ():
        if isinstance(ticket, dict) and "created_at" in ticket and ("id" in ticket or "number" in ticket):
            yield ticket


def _exchange(
    ticket: Mapping[str, Any], id_: str, service: str, channel: str, gathered: Gathered, now: datetime
) -> Exchange | None:
    if _sender(ticket, "create_article_sender") in ("agent", "system"):
        gathered.skipped["not-a-question"] += 1
        return None
    asked = _time(ticket.get("created_at"))
    answered = _answered(ticket, asked, gathered) if asked else None
    if fault := fault_of(asked, answered, now):
        gathered.skipped[fault] += 1
        return None
    return Exchange(
        id=id_,
        asked_at=asked or now,
        answered_at=answered,
        channel=word("channel", _text(ticket.get("create_article_type"))) or channel,
        source="imported",
        service=service,
    )


def _answered(ticket: Mapping[str, Any], asked: datetime, gathered: Gathered) -> datetime | None:
    articles = ticket.get("articles")
    if isinstance(articles, list) and articles:
        times = [_time(a.get("created_at")) for a in articles if isinstance(a, dict) and _is_answer(a)]
    else:
        times = [_time(ticket.get("first_response_at"))]
    later = sorted(at for at in times if at and at > asked)
    for at in later:
        if at - asked > SOON:
            return at
        gathered.noted["probably-automatic"] += 1
    return None


def _is_answer(article: Mapping[str, Any]) -> bool:
    preferences = article.get("preferences")
    automatic = isinstance(preferences, dict) and preferences.get("is-auto-response")
    spoken = _text(article.get("type")).casefold() in _SPOKEN
    return _sender(article, "sender") == "agent" and not article.get("internal") and not automatic and spoken


def _sender(record: Mapping[str, Any], key: str) -> str:
    """Who wrote, from the expanded word, or the id that a fresh Zammad gives."""
    number = record.get(f"{key}_id")
    return _text(record.get(key)).casefold() or _SENDER.get(number if isinstance(number, int) else 0, "")


def _time(value: Any) -> datetime | None:
    try:
        return instant(_text(value))
    except (ValueError, OverflowError):
        return None


def _text(value: Any) -> str:
    return value[:100] if isinstance(value, str) else ""
