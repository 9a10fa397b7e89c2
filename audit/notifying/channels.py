"""The ways to people: a unit's mailbox over SMTP, anything else by Apprise. The only place that knows Apprise.

Apprise 2.3, its documentation read on 2026-11-24. Its URLs hold secrets: they come from the environment, and neither
they nor what Apprise or a server says of them is ever shown or kept.
"""

from __future__ import annotations

import importlib
import logging
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from audit.enquiring.mailing import EnquiryProblemError, Outbox, Outcome, password_of
from audit.settings import ChannelSettings, PostSettings


class NotifyProblemError(RuntimeError):
    """Nobody can be told; the message says why and what to do."""


@dataclass
class Mailbox:
    """Units by mail: connects when the first one is written to; what goes wrong then holds for all."""

    post: PostSettings
    environment: Mapping[str, str] = field(repr=False)
    context: ssl.SSLContext | None = None
    _outbox: Outbox | None = field(default=None, init=False, repr=False)
    _down: str = field(default="", init=False)

    def send(self, to: str, subject: str, body: str, at: datetime, zone: str) -> Outcome:
        """One digest to a functional mailbox."""
        if not self._outbox and not self._down:
            self._connect()
        if self._outbox is None:
            return Outcome("failed", self._down)
        return self._outbox.send(self._mail(to, subject, body, at, zone), self.post.sender, to)

    def _connect(self) -> None:
        try:
            self._outbox = Outbox(self.post, password_of(self.post, self.environment), self.context).__enter__()
        except EnquiryProblemError as problem:
            self._down = str(problem).removesuffix(" Nothing was sent.")

    def _mail(self, to: str, subject: str, body: str, at: datetime, zone: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = Address(addr_spec=self.post.sender), Address(addr_spec=to)
        mail["Subject"] = subject
        mail["Date"] = at.astimezone(ZoneInfo(zone))
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: nobody's absence note answers it
        mail.set_content(body, cte="quoted-printable")
        return mail

    def __enter__(self) -> Self:
        """Nothing is opened before there is something to send."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye where a connection was opened."""
        if self._outbox:
            self._outbox.__exit__(kind, value, trace)


def send_by_apprise(url: str, variable: str, subject: str, body: str) -> Outcome:
    """One digest to whatever the address leads to; ``variable`` is where the address came from."""
    if not url:
        return Outcome("failed", f"the environment variable {variable} is empty")
    with _unheard() as heard:
        try:
            library = _library()
            notifier = library.Apprise(asset=library.AppriseAsset(app_id="findbar", app_desc="findbar"))
            if not notifier.add(url):
                return Outcome("failed", f"{variable} holds no address that Apprise understands")
            done = notifier.notify(body=body, title=subject, body_format=library.NotifyFormat.TEXT)
        except ImportError:
            return Outcome("failed", "channels need the extra 'alerts': pip install 'findbar[alerts]'")
        except Exception as error:  # noqa: BLE001 - more than a hundred foreign services, none may break an audit
            return Outcome("failed", f"the service's module failed ({type(error).__name__})")
    if done:
        return Outcome("sent")
    late = any("Read timed out" in text for text in heard)  # it was sent, only the answer is missing
    return Outcome("uncertain", "no answer in time") if late else Outcome("failed", "the service did not take it")


def address_of(channel: ChannelSettings, environment: Mapping[str, str]) -> str:
    """A channel's address, from the environment."""
    return environment.get(channel.url_env, "").strip()


def _library() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its modules use what newer Pythons deprecate
        library = importlib.import_module("apprise")
        library.Apprise().add("json://127.0.0.1")  # loads all of them
    return library


class _Ears(logging.Handler):
    """Hears what a library logs, for its kind of failure alone; nothing is kept."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Into the list."""
        self.texts.append(record.getMessage())


@contextmanager
def _unheard() -> Iterator[list[str]]:
    """What Apprise and its libraries log in here reaches nobody: it may hold an address."""
    ears = _Ears()
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    before = [(one.level, one.propagate, one.handlers) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.propagate, one.handlers = False, [ears]
    try:
        yield ears.texts
    finally:
        for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
            one.setLevel(level)
            one.propagate, one.handlers = propagate, handlers
