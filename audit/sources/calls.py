"""Call logs: answered, missed, called back. A missed call starts the clock, the call back stops it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from audit.model import Exchange
from audit.sources.gathered import Gathered, Known, SourceProblemError, fault_of
from audit.sources.hashing import Salt
from audit.sources.rows import Row, csv_rows, word
from audit.sources.tables import Place
from audit.sources.times import NoSuchTimeError, instant


@dataclass(frozen=True, slots=True)
class _Call:
    at: datetime
    status: str
    number: str  # salted hash; "" for a caller who shows none
    service: str


Lines = Mapping[str, str]
_WHOLE = 6  # digits from which on a number is no extension inside the house


def from_call_log(text: str, place: Place, lines: Lines, salt: Salt, known: Known, now: datetime) -> Gathered:
    """Exchanges of a call log (CSV). Raises `SourceProblemError` where it has no column of times or results.

    ``lines`` gives the service of each of the house's own numbers (as `bare` writes them; "": the whole house), where a
    row names none.
    """
    gathered = Gathered()
    calls = list(_calls(csv_rows(text, "call", ("at", "status"), gathered.skipped), gathered, place, lines, salt, now))
    if not calls and gathered.skipped["unknown-service"]:
        raise SourceProblemError("None of the services in this call log is in the organisation's file.")
    open_: dict[str, int] = {}
    seen: set[tuple[datetime, str, str]] = set()
    for call in sorted(calls, key=lambda call: (call.at, call.status != "missed")):
        if (call.at, call.number, call.status) in seen and call.number:
            gathered.skipped["duplicate"] += 1
            continue
        seen.add((call.at, call.number, call.status))
        _take(call, gathered, open_, known, salt)
    return gathered


def _calls(
    rows: Iterable[Row], gathered: Gathered, place: Place, lines: Lines, salt: Salt, now: datetime
) -> Iterable[_Call]:
    for row in rows:
        status, service = _status(row), _service(row, lines, place)
        gathered.noted["other-line"] += _is_other(row, lines)
        at, fault = _at(row["at"])
        fault = fault or fault_of(at, None, now)
        if fault or at is None or not status or service is None:
            reason = fault or ("unknown-service" if service is None else "unknown-status")
            gathered.skipped[reason] += 1
        elif status == "running":
            gathered.skipped["running"] += 1
        else:
            number = bare(row.get("to", "") if status == "called_back" and row.get("to") else row.get("number", ""))
            yield _Call(at, status, salt.of("number", number) if number else "", service)


def _status(row: Row) -> str:
    if row.get("direction") and word("direction", row["direction"]) == "outgoing":
        return "called_back" if word("status", row["status"]) in ("answered", "called_back") else "running"
    return word("status", row["status"])


def _at(text: str) -> tuple[datetime | None, str]:
    try:
        return instant(text), ""
    except NoSuchTimeError:
        return None, "no-such-time"
    except (ValueError, OverflowError):
        return None, "no-date"


def _service(row: Row, lines: Lines, place: Place) -> str | None:
    """What the row names, what is wished, or whose number was called (often without country or area code)."""
    told = place(row.get("service", ""))
    own = bare(row.get("own") or row.get("to", ""))
    if told != "" or len(own) < 4:
        return told
    found = {id_ for number, id_ in lines.items() if number.endswith(own)}
    return found.pop() if len(found) == 1 else ""


def _is_other(row: Row, lines: Lines) -> bool:
    """Whether a number was called that nobody stated: the log of another house would hold no other."""
    own = bare(row.get("own") or row.get("to", ""))
    incoming = _status(row) != "called_back"
    return bool(
        incoming and lines and len(own) >= _WHOLE and not any(n.endswith(own) or own.endswith(n) for n in lines)
    )


def bare(number: str) -> str:
    """A number by its last digits: with country code, area code or a leading zero it is the same caller."""
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("0049").removeprefix("49" if number.strip().startswith("+49") else "\0").lstrip("0")


def _take(call: _Call, gathered: Gathered, open_: dict[str, int], known: Known, salt: Salt) -> None:
    waiting = open_.get(call.number) if call.number else None
    before = known.get(call.number)
    earlier = before if before and before.asked_at < call.at and not _answered_by(before, call.at) else None
    if call.status == "missed":
        if waiting is None and earlier is None:
            _open(call, gathered, open_, salt)
        else:
            gathered.noted["called-again"] += 1
    elif waiting is not None:
        gathered.exchanges[waiting] = replace(gathered.exchanges[waiting], answered_at=call.at)
        del open_[call.number]
    elif earlier is not None:
        gathered.answer(earlier.id, call.at)
    elif call.status == "answered":
        gathered.exchanges.append(_exchange(call, gathered, salt, call.at))
    else:
        gathered.skipped["own-call"] += 1


def _answered_by(exchange: Exchange, at: datetime) -> bool:
    return exchange.answered_at is not None and exchange.answered_at < at


def _open(call: _Call, gathered: Gathered, open_: dict[str, int], salt: Salt) -> None:
    exchange = _exchange(call, gathered, salt, None)
    gathered.exchanges.append(exchange)
    if call.number:
        open_[call.number] = len(gathered.exchanges) - 1
        gathered.links[call.number] = exchange.id


def _exchange(call: _Call, gathered: Gathered, salt: Salt, answered: datetime | None) -> Exchange:
    # callers of one second who show no number are told apart by their order
    same = sum(1 for e in gathered.exchanges[-20:] if e.asked_at == call.at) if not call.number else 0
    id_ = salt.of("call", call.number, call.at.isoformat(), call.service, str(same))
    return Exchange(
        id=id_, asked_at=call.at, answered_at=answered, channel="phone", source="imported", service=call.service
    )
