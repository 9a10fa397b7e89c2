"""Writes what makes a machine run findbar every night: files for a scheduler. Installs nothing.

Formats: systemd.service(5), systemd.exec(5) and systemd.timer(5), crontab(5), the Task Scheduler's schema 1.2, and the
workflow files of GitHub and GitLab, as documented on 2026-11-24. I/O: reads its templates, writes the files.
"""

from __future__ import annotations

import getpass
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from types import MappingProxyType
from xml.sax.saxutils import escape

from audit.nights import clock_of

_TEMPLATES = Path(__file__).with_name("schedules")


@dataclass(frozen=True)
class Kind:
    """One scheduler: its files, how texts are written in them, the commands that install them, their encoding."""

    files: tuple[str, ...]
    written: Callable[[str], str]
    install: tuple[str, ...]
    encoding: str = "utf-8"


def _systemd(text: str) -> str:
    """In unit files a percent sign begins a specifier."""
    return text.replace("%", "%%")


def _cron(text: str) -> str:
    """In a crontab an unescaped percent sign ends the command."""
    return shlex.quote(text).replace("%", r"\%")


KINDS: Mapping[str, Kind] = MappingProxyType({
    "systemd": Kind(
        ("findbar.service", "findbar.timer"), _systemd,
        ("sudo cp {files} /etc/systemd/system/", "sudo systemctl daemon-reload",
         "sudo systemctl enable --now findbar.timer", "systemctl list-timers findbar.timer"),
    ),
    "cron": Kind(("findbar.cron",), _cron, ("(crontab -l; cat {files}) | crontab -",)),
    "windows": Kind(("findbar-task.xml",), escape, ("schtasks /Create /TN findbar /XML {files}",), "utf-16"),
    "github": Kind(("github.yml",), str, ("mkdir -p .github/workflows", "cp {files} .github/workflows/findbar.yml")),
    "gitlab": Kind(("gitlab.yml",), str, ("cp {files} .gitlab-ci.yml",)),
})  # fmt: skip


class UnwritableError(ValueError):
    """A folder whose name no scheduler's file can hold."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{str(folder)!r} holds a line break or a control character. Rename the folder first.")


def write_schedule(kind: str, folder: Path, into: Path, *, at: str, until: str) -> list[Path]:
    """Write the files of one scheduler for the working folder and return where they are.

    ``at`` and ``until`` are times of day (HH:MM). Raises `NoTimeOfDayError` and `UnwritableError`.
    """
    begin, end = clock_of(at), clock_of(until)
    if not str(folder).isprintable():
        raise UnwritableError(folder)
    how = KINDS[kind]
    place = how.written(str(folder.resolve()))
    given = {
        "folder": place, "quoted": _quoted(place), "user": getpass.getuser(), "command": _command(kind, how),
        "at": f"{begin:%H:%M}", "until": f"{end:%H:%M}", "hour": str(begin.hour), "minute": str(begin.minute),
    }  # fmt: skip
    into.mkdir(parents=True, exist_ok=True)
    return [_write(name, into, given, how.encoding) for name in how.files]


def install_lines(kind: str, written: Sequence[Path]) -> list[str]:
    """The commands with which a person installs the files."""
    quote = _double if kind == "windows" else shlex.quote
    return [line.format(files=" ".join(quote(str(path)) for path in written)) for line in KINDS[kind].install]


def _double(text: str) -> str:
    return f'"{text}"'


def _command(kind: str, how: Kind) -> str:
    """How findbar is called: by its full path where it is installed, quoted for the file."""
    found = how.written(shutil.which("findbar") or "findbar")
    return _quoted(found).replace("$", "$$") if kind == "systemd" else found


def _quoted(text: str) -> str:
    """A word of a unit file that may hold blanks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write(name: str, into: Path, given: Mapping[str, str], encoding: str) -> Path:
    text = Template((_TEMPLATES / name).read_text(encoding="utf-8")).substitute(given)
    path = into / name
    path.write_text(text, encoding=encoding)
    return path
