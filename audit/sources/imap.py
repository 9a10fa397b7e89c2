"""A mailbox over IMAP (input): read-only, header fields only, going on where the last import stopped.

Folders are opened with EXAMINE and read with BODY.PEEK: no message is marked as read (RFC 3501, 6.4.5).
The time of arrival is the server's INTERNALDATE. imap-tools is used here only.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from audit.sources.gathered import SourceProblemError
from audit.sources.headers import table

_BATCH = 500
_TRIES = 3
_SECONDS = 60.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LOST = (imaplib.IMAP4.abort, OSError)
_UID = re.compile(rb"UID (\d{1,10})")

State = dict[str, list[int]]  # folder -> UIDVALIDITY and the last UID that was read


@dataclass(frozen=True)
class Account:
    """Where a mailbox is and how it is opened; exactly one of password and token is there."""

    host: str
    port: int
    user: str
    tls: bool = True
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass
class Walk:
    """What was read of a mailbox, and how far."""

    state: State
    lost: bool = False
    messages: int = 0


def account(source: str, environment: Mapping[str, str], password: str = "", token: str = "") -> Account:
    """The account of ``imaps://user@host``; ``password`` or ``token`` names an environment variable.

    Raises `SourceProblemError` where something is missing, or where the way there is not encrypted.
    """
    parts = urlsplit(source)
    host, user = parts.hostname or "", unquote(parts.username or "")
    tls = parts.scheme == "imaps"
    if not host or not user:
        raise SourceProblemError("A mailbox is written imaps://user@host (an @ in the user's name as %40).")
    if parts.password:
        raise SourceProblemError(
            "No password in the address: put it into the environment and name it (--password-env)."
        )
    if not tls and host not in _LOOPBACK:
        raise SourceProblemError(f"{host}: mailboxes are opened over TLS only. Write imaps:// instead of imap://.")
    name = password or token
    if not name:
        raise SourceProblemError("Name the environment variable of the app password (--password-env) or token.")
    if not environment.get(name):
        raise SourceProblemError(f"The environment variable {name} is empty. Put the mailbox's secret there.")
    secret = {"password" if password else "token": environment[name]}
    return Account(host, parts.port or (993 if tls else 143), user, tls, **secret)


def messages(
    account: Account, folders: Sequence[str], walk: Walk, *, subject: bool, since: date | None = None
) -> Iterator[tuple[bytes, datetime | None]]:
    """Header blocks with their arrival, newer than the walk's state; the state is kept up to date.

    A connection lost in the middle is opened again and goes on; after three losses without progress the walk is
    ``lost`` and what was read counts. Raises `SourceProblemError` where the mailbox cannot be opened at all.
    """
    tries, box = 0, _open(account)
    from imap_tools.errors import ImapToolsError  # noqa: PLC0415 - an extra

    wanted: list[str] = []
    while True:
        before = walk.messages
        try:
            wanted = wanted or _folders(box, folders)
            for folder in wanted:
                yield from _folder(box, folder, walk, subject=subject, since=since)
            box.logout()
            return
        except _LOST:
            tries = 1 if walk.messages > before else tries + 1
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise SourceProblemError(f"{account.host} refused what it was asked ({_told(error)}).") from error
        if tries >= _TRIES or (box := _again(account)) is None:
            walk.lost = True
            return


def _again(account: Account) -> Any:
    try:
        return _open(account)
    except SourceProblemError:
        return None


def _open(account: Account) -> Any:
    try:
        import imap_tools  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SourceProblemError('Mailboxes over IMAP need one more package: pip install "findbar[mail]"') from error
    where = f"{account.host}:{account.port}"
    try:
        box = (
            imap_tools.MailBox(account.host, account.port, timeout=_SECONDS, ssl_context=ssl.create_default_context())
            if account.tls
            else imap_tools.MailBoxUnencrypted(account.host, account.port, timeout=_SECONDS)
        )
    except ssl.SSLEOFError as error:
        raise SourceProblemError(f"{where} cannot be reached (the connection broke). Check host and port.") from error
    except ssl.SSLError as error:
        told = getattr(error, "verify_message", "") or error.reason or "no TLS there"
        raise SourceProblemError(
            f"{where}: no trusted TLS connection ({told}). Nothing was sent. Check host, port and certificate."
        ) from error
    except _LOST as error:
        raise SourceProblemError(f"{where} cannot be reached ({_told(error)}). Check host and port.") from error
    return _logged_in(box, account)


def _logged_in(box: Any, account: Account) -> Any:
    from imap_tools.errors import MailboxLoginError  # noqa: PLC0415 - an extra

    try:
        if account.token:
            return box.xoauth2(account.user, account.token, initial_folder=None)
        return box.login(account.user, account.password, initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        raise SourceProblemError(
            f"{account.host} refused user name or secret. Is it an app password, and is IMAP switched on?"
        ) from error
    except OSError as error:
        raise SourceProblemError(f"{account.host}: the connection broke while logging in.") from error


def _folders(box: Any, wanted: Sequence[str]) -> list[str]:
    """The folders named, else the inbox and what the server marks as sent."""
    there = {info.name: info.flags for info in box.folder.list()}
    if missing := [name for name in wanted if name not in there]:
        known = ", ".join(sorted(there)[:20])
        raise SourceProblemError(f"The mailbox has no folder {missing[0]!r}. It has: {known}.")
    if wanted:
        return list(wanted)
    sent = [n for n, f in there.items() if "\\Sent" in f or n.rpartition("/")[2].casefold() in _SENT]
    return ["INBOX", *sent]


_SENT = frozenset({"sent", "gesendet", "gesendete objekte", "sent items", "gesendete elemente", "sent messages"})


def _folder(
    box: Any, folder: str, walk: Walk, *, subject: bool, since: date | None
) -> Iterator[tuple[bytes, datetime | None]]:
    box.folder.set(folder, readonly=True)
    validity = int(box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    known, last = walk.state.get(folder, [validity, 0])
    last = last if known == validity else 0  # the server numbers anew: everything is read again, and known again
    walk.state[folder] = [validity, last]
    uids = _uids(box.client, last, since)
    for start in range(0, len(uids), _BATCH):
        batch = uids[start : start + _BATCH]
        for block, arrived in _blocks(box.client, batch, subject=subject):
            walk.messages += 1
            yield block, arrived
        walk.state[folder] = [validity, batch[-1]]


def _uids(client: Any, last: int, since: date | None) -> list[int]:
    words = [f"UID {last + 1}:*"]
    if since:
        words.append(f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}")
    status, data = client.uid("SEARCH", *words)
    _expect(status)
    found = sorted({int(uid) for part in data if part for uid in part.split()})
    return [uid for uid in found if uid > last]  # "n:*" names the last message even where it is older


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _blocks(client: Any, uids: Sequence[int], *, subject: bool) -> list[tuple[bytes, datetime | None]]:
    names = [*table()["fields"], *(table()["subject"] if subject else [])]
    asked = f"(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS ({' '.join(names).upper()})])"
    status, data = client.uid("FETCH", ",".join(map(str, uids)), asked)
    _expect(status)
    parts = [part for part in data if isinstance(part, tuple) and len(part) == 2]
    return [(block, _arrived(about)) for about, block in parts if _UID.search(about) or block]


def _arrived(about: bytes) -> datetime | None:
    found = re.search(rb'INTERNALDATE "([^"]{1,40})"', about)
    try:
        told = found[1].decode("ascii").strip() if found else ""
        return datetime.strptime(told, "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None


def _expect(status: str) -> None:
    if status != "OK":
        raise imaplib.IMAP4.error("the server did not do what it was asked")


def _told(error: Exception) -> str:
    """The reason without anything the server says of a person."""
    return getattr(error, "strerror", "") or type(error).__name__
