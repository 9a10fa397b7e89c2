"""A receiver of mail on loopback with TLS and a login, for tests of what is sent."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST, USER, PASSWORD = "127.0.0.1", "pruefung", "geheim-und-lang"


@dataclass
class PostOffice:
    """What arrived, and what is to go wrong: ``on_mail`` and ``on_data`` run before the server answers."""

    port: int = 0
    arrived: list[bytes] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    refuse: str = ""
    on_mail: Callable[[SMTP], None] = lambda server: None
    on_data: Callable[[SMTP], None] = lambda server: None

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """After MAIL FROM: nothing of the text is known yet."""
        self.on_mail(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """After RCPT TO."""
        if address == self.refuse:
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """After the text: it has arrived, whatever the sender learns of it."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append(content)
        self.receivers += envelope.rcpt_tos
        self.on_data(server)
        return "250 OK"


@contextmanager
def post_office(folder: Path, *, implicit: bool = False) -> Iterator[tuple[PostOffice, Path]]:
    """A running server (STARTTLS, or TLS from the first byte), and the file of the authority that vouches for it."""
    authority, file = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(context)
    office = PostOffice()
    more: dict[str, Any] = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        office, hostname=HOST, port=_free_port(), auth_required=True, authenticator=_authenticate,
        auth_require_tls=not implicit, **more,
    )  # fmt: skip
    controller.start()
    office.port = controller.port
    try:
        yield office, file
    finally:
        controller.stop()


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def _free_port() -> int:
    import socket  # noqa: PLC0415 - only here

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
