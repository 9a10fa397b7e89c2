"""The way out: SMTP over TLS. The only place that knows smtplib; it says for each mail what is certain of it.

Submission as RFC 6409 and RFC 8314 say: encrypted or not at all. Reasons are words and SMTP codes, never what a server
writes, and never the password.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from audit.settings import PostSettings

_SECONDS = 30.0


class EnquiryProblemError(RuntimeError):
    """Nothing was sent; the message says why and what to do."""


def password_of(mail: PostSettings, environment: Mapping[str, str]) -> str:
    """The password from the environment. Raises `EnquiryProblemError` where the variable is empty."""
    if not (found := environment.get(mail.password_env, "")):
        raise EnquiryProblemError(
            f"The environment variable {mail.password_env} is empty. Put the password of {mail.user} there "
            "(password_env in findbar.toml names another variable). Nothing was sent."
        )
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is certain of a mail: sent, refused (this address), failed (not sent) or uncertain; ``note`` says more."""

    state: str
    note: str = ""


@dataclass
class Outbox:
    """A server that takes mail, logged in. ``context`` decides whom to trust; default: the system's roots."""

    mail: PostSettings
    password: str = field(repr=False)
    context: ssl.SSLContext | None = None
    _client: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        """Connect and log in. Raises `EnquiryProblemError`; nothing was sent then."""
        where = f"{self.mail.host}:{self.mail.port}"
        try:
            self._client = self._open()
            self._client.login(self.mail.user, self.password)
        except ssl.SSLError as error:
            told = getattr(error, "verify_message", "") or error.reason or "no TLS there"
            self._fail(f"{where}: no trusted TLS connection ({told}). Check host, port, security and certificate.")
        except smtplib.SMTPAuthenticationError:
            self._fail(f"{where} refused user name or password. Is it an app password, and may it send?")
        except smtplib.SMTPNotSupportedError:
            self._fail(f"{where} offers no encryption or no login here. Check port and security in findbar.toml.")
        except (smtplib.SMTPException, OSError) as error:
            told = getattr(error, "strerror", "") or type(error).__name__
            self._fail(f"{where} cannot be reached or broke off ({told}). Check host and port.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; what was said before stands, whether or not it is heard."""
        self._close()

    def _open(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        host, port, name = self.mail.host, self.mail.port, self.mail.sender.rpartition("@")[2]
        if self.mail.security == "tls":
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=_SECONDS, context=context)
        client = smtplib.SMTP(host, port, local_hostname=name, timeout=_SECONDS)
        self._client = client
        client.starttls(context=context)
        return client

    def _fail(self, message: str) -> None:
        self._close()
        raise EnquiryProblemError(f"{message} Nothing was sent.") from None

    def _close(self) -> None:
        if self._client is not None:
            try:
                self._client.quit()
            except (smtplib.SMTPException, OSError):
                self._client.close()
            self._client = None

    def send(self, mail: EmailMessage, sender: str, to: str) -> Outcome:
        """Hand one mail over. Up to DATA a failure means that it was not sent; from there on it may have been."""
        if self._client is None:
            return Outcome("failed", "not connected")
        try:
            addressed = _addressed(self._client, sender, to)
        except (smtplib.SMTPException, OSError) as error:
            return Outcome("failed", f"connection lost before sending ({type(error).__name__})")
        outcome = addressed or _handed_over(self._client, mail.as_bytes())
        if outcome.state in ("refused", "failed"):
            self._begin_anew()
        return outcome

    def _begin_anew(self) -> None:
        """Make the server ready for the next mail; a connection that is gone shows itself then."""
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._client.rset()


def _addressed(client: smtplib.SMTP, sender: str, to: str) -> Outcome | None:
    """Sender and receiver named; what went wrong, if anything. Nothing is sent yet."""
    if (code := client.mail(sender)[0]) != 250:
        return Outcome("failed", f"sender refused ({code})")
    if (code := client.rcpt(to)[0]) not in (250, 251):
        return Outcome("refused", f"address refused ({code})")
    return None


def _handed_over(client: smtplib.SMTP, content: bytes) -> Outcome:
    """The text sent. A server that breaks off may have taken it all the same."""
    try:
        code = client.data(content)[0]
    except smtplib.SMTPDataError as error:
        return Outcome("failed", f"server took no data ({error.smtp_code})")
    except (smtplib.SMTPException, OSError) as error:
        return Outcome("uncertain", f"connection lost while sending ({type(error).__name__})")
    return Outcome("sent") if code == 250 else Outcome("failed", f"content refused ({code})")
