"""Mail of invented people, as bytes and as mbox and Maildir."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from audit.model import Organisation, Service

OURS = "beratung@haus.example"
NAMES = ("Ilse Geheim", "ilse.geheim", "Mietschulden dringend", "Liebes Team")


def organisation(**more: object) -> Organisation:
    """A house with an open service and one of the kind that is confidential."""
    services = (
        Service(id="kita", kind="child-care", name="Kita", email="kita@haus.example", team_size=9),
        Service(id="schulden", kind="debt", name="Schuldnerberatung", email="schulden@haus.example", confidential=True),
    )
    words = {"id": "haus", "name": "Haus", "email": OURS, "services": services, **more}
    return Organisation(**words)  # type: ignore[arg-type]


def mail(
    id_: str, at: datetime | str, sender: str = "Ilse Geheim <ilse.geheim@privat.example>", to: str = OURS,
    *, subject: str = "Mietschulden dringend", reply_to: str = "", **headers: str,
) -> bytes:  # fmt: skip
    """One message with a private text below its headers."""
    lines = {"Message-ID": f"<{id_}>", "From": sender, "To": to, "Subject": subject}
    lines["Date"] = at if isinstance(at, str) else format_datetime(at)
    if reply_to:
        lines["In-Reply-To"] = lines["References"] = f"<{reply_to}>"
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "\r\n".join(f"{name}: {value}" for name, value in lines.items())
    return f"{head}\r\n\r\nLiebes Team, ich bin Ilse Geheim.\r\n".encode()


def mbox(path: Path, messages: Iterable[bytes]) -> Path:
    """Messages as an mbox."""
    with path.open("wb") as stream:
        for message in messages:
            stream.write(b"From x@y.example Mon Nov 23 07:43:21 2026\n" + message.replace(b"\r\n", b"\n") + b"\n")
    return path


def maildir(path: Path, messages: Iterable[bytes]) -> Path:
    """Messages as a Maildir."""
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True)
    for number, message in enumerate(messages):
        (path / "cur" / f"17954{number:05d}.M1.host:2,S").write_bytes(message)
    return path
