"""Help desks over their APIs (input): read-only, page by page, with a key from the environment.

Zammad's ticket list and Zendesk's ticket metrics hold times without texts; FreeScout and OTRS or Znuny are asked for no
more than tells when somebody asked and who of the house answered. What is read goes through the same guard as every
visit: only public hosts and those that the settings allow, no key to another host.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from audit.model import Reason, Visit
from audit.page import Page
from audit.sources.gathered import SourceProblemError
from audit.sources.helpdesk import READERS, records, time_of
from audit.sources.rows import parsed
from audit.sources.tickets import Ticket
from audit.visiting.getting import Getter, Limits, Unreachable

MOST_PAGES = 5_000
_PAGE = 100
_FEW = 25  # where texts come along that nobody asked for
_TRIES = 3
_LONGEST_PAUSE = 60.0
_KEY = re.compile(r"[A-Z][A-Z0-9_]{2,63}\Z")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Ask = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Desk:
    """A help desk: its system, the base of its API, a user's name where it needs one, and what narrows what is read.

    ``key`` is the name of the environment variable that holds its token or password.
    """

    system: str
    base: str
    user: str
    key: str
    narrowed: tuple[tuple[str, str], ...] = ()

    @property
    def host(self) -> str:
        """The only host that may see the key."""
        return urlsplit(self.base).hostname or ""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """How the key is shown, with its mark in place of its value."""
        mark = f"{{{self.key}}}"
        told = {
            "zammad": ("authorization", f"Token token={mark}"),
            "freescout": ("x-freescout-api-key", mark),
            "zendesk": ("authorization", f"{'Basic' if self.user else 'Bearer'} {mark}"),
        }
        return (told[self.system],) if self.system in told else ()

    def value(self, secret: str) -> str:
        """What stands for the mark: the secret, or Zendesk's pair of user and API token."""
        if self.system == "zendesk" and self.user:
            return base64.b64encode(f"{self.user}/token:{secret}".encode()).decode()
        return secret


@dataclass
class Read:
    """What was read, and whether the end was reached."""

    tickets: list[Ticket]
    lost: bool = False


def is_desk(source: str) -> bool:
    """Whether a source is the address of a help desk (``zammad+https://...``)."""
    return source.partition("+")[0] in READERS and "://" in source


def desk(source: str, environment: Mapping[str, str], key: str) -> Desk:
    """The help desk of ``zammad+https://host``. Raises `SourceProblemError` where something is missing or unsafe."""
    system, _, address = source.partition("+")
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise SourceProblemError(f"A help desk is written {system}+https://host: a key is sent encrypted only.")
    if not parts.hostname or parts.password:
        raise SourceProblemError(f"A help desk is written {system}+https://host, without a password in it.")
    if not _KEY.match(key):
        raise SourceProblemError(
            "Name the environment variable of the token (--token-env), in capital letters: HELPDESK_TOKEN."
        )
    if not environment.get(key):
        raise SourceProblemError(f"The environment variable {key} is empty. Put the help desk's token there.")
    port = f":{parts.port}" if parts.port else ""
    base = f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}"
    user = unquote(parts.username or "")
    if system == "otrs" and not user:
        raise SourceProblemError("OTRS and Znuny want a user: otrs+https://user@host/.../Webservice/NAME")
    return Desk(system, base, user, key, tuple(parse_qsl(parts.query)))


async def read(desk: Desk, getter: Getter, since: date | None = None) -> Read:
    """The tickets of a help desk. Raises `SourceProblemError` where not even the first page can be read.

    A page that fails is asked for again, at most twice, after the pause that the server wishes; then what was read
    counts.
    """
    done = Read([])
    line = _Line(desk, getter)
    try:
        async for value in _WALKS[desk.system](line.ask, desk, since):
            done.tickets += READERS[desk.system](value)
            if line.asked > MOST_PAGES:
                return Read(done.tickets, lost=True)
    except Unreachable as error:
        if not line.read:
            raise SourceProblemError(_told(desk, error)) from error
        done.lost = True
    return done


def _told(desk: Desk, error: Unreachable) -> str:
    """Why nothing could be read, for a person; never what the server wrote."""
    if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"{desk.host} refused the token of {desk.key}. Is it right, and may it read tickets?"
    if error.reason is Reason.LAYOUT_CHANGED:
        return f"{desk.base} does not answer like {desk.system} (status {error.status}). Check the address."
    if error.reason is Reason.ADDRESS_REFUSED:
        return (
            f"{desk.host} may not be asked ({error.detail}). A server of the house stands under allow in findbar.toml."
        )
    return f"{desk.base} cannot be read ({error.reason.value}). Check the address, and try again later."


@dataclass
class _Line:
    """Asks a help desk and counts."""

    desk: Desk
    getter: Getter
    asked: int = 0
    read: int = 0

    async def ask(self, path: str, *, body: str = "", **params: str | int) -> Any:
        """The JSON of one answer; what narrows the reading is put to every question for tickets."""
        narrowed = () if body else self.desk.narrowed
        told = (*((key, str(value)) for key, value in params.items()), *narrowed)
        headers = (*self.desk.headers(), ("accept", "application/json"))
        if body:
            headers = (*headers, ("content-type", "application/json"))
        visit = Visit(f"{self.desk.base}{path}", told, "POST" if body else "GET", headers, body)
        for last in (False,) * (_TRIES - 1) + (True,):
            self.asked += 1
            try:
                return self._value(await self.getter.get(visit, Limits(redirects=0)))
            except Unreachable as error:
                if last or error.reason not in (Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.TIMEOUT):
                    raise
                await asyncio.sleep(min(error.retry_after or 0.0, _LONGEST_PAUSE))
        raise AssertionError

    def _value(self, page: Page) -> Any:
        if page.status == HTTPStatus.TOO_MANY_REQUESTS or page.status >= 500:
            wait = page.header("retry-after")
            reason = Reason.RATE_LIMITED if page.status < 500 else Reason.SERVER_ERROR
            pause = float(wait) if wait.isdigit() else None
            raise Unreachable(reason, "busy", status=page.status, retry_after=pause)
        value = parsed(page.text) if page.status == HTTPStatus.OK else None
        if value is None:
            raise Unreachable(Reason.LAYOUT_CHANGED, "no JSON of a help desk", status=page.status)
        self.read += 1
        return value


async def _zammad(ask: Ask, desk: Desk, since: date | None) -> AsyncIterator[Any]:  # noqa: ARG001 - as all walks
    page, rows = 0, [None] * _PAGE
    while len(rows) == _PAGE:
        page += 1
        rows = await ask("/api/v1/tickets", page=page, per_page=_PAGE)
        yield rows
        rows = rows if isinstance(rows, list) else []


async def _freescout(ask: Ask, desk: Desk, since: date | None) -> AsyncIterator[Any]:  # noqa: ARG001 - as all walks
    page, pages = 0, 1
    narrowed = {"createdSince": f"{since.isoformat()}T00:00:00Z"} if since else {}
    while page < pages:
        page += 1
        value = await ask("/api/conversations", embed="threads", page=page, pageSize=_FEW, **narrowed)
        yield value
        told = value.get("page") if isinstance(value, dict) else None
        pages = told["totalPages"] if isinstance(told, dict) and isinstance(told.get("totalPages"), int) else 0


async def _zendesk(ask: Ask, desk: Desk, since: date | None) -> AsyncIterator[Any]:  # noqa: ARG001 - as all walks
    """Metrics, the newest first; the same for a ticket that is asked for twice."""
    after: dict[str, str] = {}
    while True:
        value = await ask("/api/v2/ticket_metrics", **{"page[size]": _PAGE, **after})
        yield value
        meta = value.get("meta") if isinstance(value, dict) else None
        told = (time_of(record.get("created_at")) for record in records(value, "ticket_metrics"))
        early = since is not None and any(at.date() < since for at in told if at)
        if early or not isinstance(meta, dict) or meta.get("has_more") is not True or not meta.get("after_cursor"):
            return
        after = {"page[after]": str(meta["after_cursor"])}


async def _otrs(ask: Ask, desk: Desk, since: date | None) -> AsyncIterator[Any]:
    """A session, the ids, then times alone: no article is asked for."""
    login = {"UserLogin": desk.user, "Password": f"{{{desk.key}}}"}
    opened = await ask("/Session", body=json.dumps(login))
    session = opened.get("SessionID") if isinstance(opened, dict) else None
    if not isinstance(session, str):
        raise Unreachable(Reason.LOGIN_WALL, "no session", status=HTTPStatus.UNAUTHORIZED)
    newer = {"TicketCreateTimeNewerDate": f"{since.isoformat()} 00:00:00"} if since else {}
    value = await ask("/Ticket", SessionID=session, Limit=100_000, **newer)
    told = value.get("TicketID", []) if isinstance(value, dict) else []
    ids = [str(one) for one in (told if isinstance(told, list) else [told])]
    for start in range(0, len(ids), _PAGE):
        some = ",".join(id_ for id_ in ids[start : start + _PAGE] if id_.isdigit())
        yield await ask(f"/Ticket/{some}", SessionID=session, Extended=1)


_WALKS: Mapping[str, Callable[[Ask, Desk, date | None], AsyncIterator[Any]]] = {
    "zammad": _zammad,
    "freescout": _freescout,
    "zendesk": _zendesk,
    "otrs": _otrs,
}
