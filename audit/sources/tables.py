"""The general way in: CSV and JSON Lines of exchanges (docs/enquiries.md). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from audit.model import Exchange
from audit.sources.gathered import Gathered, SourceProblemError, fault_of
from audit.sources.hashing import Salt
from audit.sources.rows import Row, csv_rows, json_lines, word
from audit.sources.times import NoSuchTimeError, instant

Place = Callable[[str], str | None]


def from_csv(text: str, place: Place, channel: str, salt: Salt, now: datetime) -> Gathered:
    """Exchanges of a CSV with a head line. Raises `SourceProblemError` for a list that is none."""
    gathered = Gathered()
    return _gather(csv_rows(text, "exchange", ("asked_at",), gathered.skipped), gathered, place, channel, salt, now)


def from_json_lines(text: str, place: Place, channel: str, salt: Salt, now: datetime) -> Gathered:
    """Exchanges of JSON Lines, one object a line. Raises `SourceProblemError` for a list of another house."""
    gathered = Gathered()
    return _gather(json_lines(text, "exchange", gathered.skipped), gathered, place, channel, salt, now)


def _gather(rows: Iterable[Row], gathered: Gathered, place: Place, channel: str, salt: Salt, now: datetime) -> Gathered:
    """``place`` gives the id of the service that a row's word means, None where the organisation has none such."""
    same: Counter[tuple[str, ...]] = Counter()
    seen: set[str] = set()
    for row in rows:
        exchange = _exchange(row, gathered.skipped, place, channel, now)
        if exchange is None:
            continue
        told = row.get("id", "")
        parts = (exchange.service, exchange.channel, exchange.asked_at.isoformat(), exchange.kind)
        same[parts] += 1
        id_ = salt.of("row", told) if told else salt.of("row", *parts, str(same[parts]))
        if id_ in seen:
            gathered.skipped["duplicate"] += 1
            continue
        seen.add(id_)
        gathered.exchanges.append(replace(exchange, id=id_))
    if not gathered.exchanges and gathered.skipped["unknown-service"]:
        raise SourceProblemError(
            "None of the services in this list is in the organisation's file. Is it the list of another house? "
            "Say --service ID where the list is about one service."
        )
    return gathered


def _exchange(row: Row, skipped: Counter[str], place: Place, channel: str, now: datetime) -> Exchange | None:
    service = place(row.get("service", ""))
    told = word("channel", row["channel"]) if row.get("channel") else channel
    kind = word("kind", row.get("kind", ""))
    try:
        asked = instant(row.get("asked_at", ""))
        answered = instant(row.get("answered_at", ""), asked)
    except NoSuchTimeError:
        skipped["no-such-time"] += 1
        return None
    except (ValueError, OverflowError):
        skipped["no-date"] += 1
        return None
    fault = fault_of(asked, answered, now) or _fault(service, told, kind)
    if fault or asked is None or service is None:
        skipped[fault or "no-date"] += 1
        return None
    answered = max(answered, asked) if answered else None
    return Exchange(
        id="", asked_at=asked, answered_at=answered, channel=told, source="imported", kind=kind, service=service
    )


def _fault(service: str | None, channel: str, kind: str) -> str:
    if service is None:
        return "unknown-service"
    return "unknown-channel" if not channel else "" if kind else "unknown-kind"
