"""Writes what makes a machine run findbar every night: files for a scheduler. Installs nothing.

Formats: systemd.service(5), systemd.exec(5) and systemd.timer(5), crontab(5), the Task Scheduler's schema 1.2, and the
workflow files of GitHub and GitLab, as documented on 2026-11-24. I/O: reads its templates, writes the files.
"""

from __future__ import annotations

import getpass
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from string import Template
from types import MappingProxyType
from xml.sax.saxutils import escape

from audit.nights import clock_of
from audit.settings import Settings

_TEMPLATES = Path(__file__).with_name("schedules")
_REPORTS_TAKE, _APART = 45, 15  # minutes from a night's end on, and between two jobs (timers are up to ten late)


@dataclass(frozen=True)
class Kind:
    """One scheduler: its files, how texts are written in them, the commands that install them, their encoding.

    ``again``: it can start a second job a day, from the same files under another name; where it cannot, ``after`` is
    what hands gaps over within the same one.
    """

    files: tuple[str, ...]
    written: Callable[[str], str]
    install: tuple[str, ...]
    encoding: str = "utf-8"
    again: bool = True
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When findbar runs, and what else the files must say; times of day are HH:MM.

    ``notify`` is when what quiet hours held back is told (empty: no second job), ``writable`` are further folders that
    a run writes into, ``variables`` the environment variables that hold secrets, ``extras`` of the package, ``tasks``
    systems that gaps are handed over to.
    """

    at: str
    until: str
    notify: str = ""
    writable: tuple[Path, ...] = ()
    variables: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


def plan_of(settings: Settings, at: str, until: str, notify: str, *, tasks: bool = False) -> Plan:
    """The plan for a working folder with these settings. Raises `NoTasksError`."""
    if tasks and not settings.tasks:
        raise NoTasksError
    run, told = settings.run, settings.notify
    named = [run.heartbeat_env, *(one.token_env for one in settings.tasks.values())]
    if told:
        named += [told.mail.password_env if told.mail else "", *(one.url_env for one in told.channels.values())]
    folders = dict.fromkeys(path.parent for path in (run.log, run.metrics) if path)
    return Plan(
        at=at, until=until, notify=notify, writable=tuple(folders), variables=tuple(sorted(set(filter(None, named)))),
        extras=("alerts",) if told and told.channels else (), tasks=tuple(settings.tasks) if tasks else (),
    )  # fmt: skip


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
         "sudo systemctl enable --now {timers}", "systemctl list-timers {timers}"),
    ),
    "cron": Kind(("findbar.cron",), _cron, ("(crontab -l; cat {files}) | crontab -",)),
    "windows": Kind(("findbar-task.xml",), escape, ("schtasks /Create /TN {name} /XML {file}",), "utf-16"),
    "github": Kind(
        ("github.yml",), str, ("mkdir -p .github/workflows", "cp {files} .github/workflows/findbar.yml"), again=False,
        after="      - run: findbar gaps export --to {system}\n        if: success() || failure()\n",
    ),
    "gitlab": Kind(
        ("gitlab.yml",), str, ("cp {files} .gitlab-ci.yml",), again=False,
        after="    - findbar gaps export --to {system}\n",
    ),
})  # fmt: skip


class UnwritableError(ValueError):
    """A folder whose name no scheduler's file can hold."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{str(folder)!r} holds a line break or a control character. Rename the folder first.")


class OnceADayError(ValueError):
    """A scheduler whose file starts one job."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"A pipeline of {kind} has one job here: leave --notify out, and quiet hours in findbar.toml.")


class NoTasksError(ValueError):
    """Nobody keeps tasks."""

    def __init__(self) -> None:
        super().__init__("findbar.toml names no system that keeps tasks: [tasks.gitlab] or another. Leave --tasks out.")


def write_schedule(kind: str, folder: Path, into: Path, plan: Plan) -> list[Path]:
    """Write the files of one scheduler for the working folder and return where they are.

    Raises `NoTimeOfDayError`, `UnwritableError` and `OnceADayError`.
    """
    if plan.notify and not KINDS[kind].again:
        raise OnceADayError(kind)
    jobs = dict(_jobs(kind, plan))
    for path in (folder, *plan.writable):
        if not str(path).isprintable():
            raise UnwritableError(path)
    into.mkdir(parents=True, exist_ok=True)
    given = _given(kind, folder, plan)
    return [path for job, (at, arguments) in jobs.items() for path in _write(kind, job, at, arguments, given, into)]


def _jobs(kind: str, plan: Plan) -> Iterator[tuple[str, tuple[time, str]]]:
    """Name, time and arguments of each; tasks follow the night, or what quiet hours held back, one system at a time."""
    until = clock_of(plan.until)
    yield "findbar", (clock_of(plan.at), f"audit --scheduled --until {until:%H:%M}")
    after = _later(until, _REPORTS_TAKE)
    if plan.notify:
        after = clock_of(plan.notify)
        yield "findbar-notify", (after, "notify")
    for number, system in enumerate(plan.tasks if KINDS[kind].again else (), 1):
        yield f"findbar-tasks-{system}", (_later(after, number * _APART), f"gaps export --to {system}")


def _later(at: time, minutes: int) -> time:
    return (datetime.combine(date.min, at) + timedelta(minutes=minutes)).time()


def _given(kind: str, folder: Path, plan: Plan) -> dict[str, str]:
    """What the files of every job say alike."""
    how, root = KINDS[kind], folder.resolve()
    outside = [path.resolve() for path in plan.writable if not path.resolve().is_relative_to(root)]
    return {
        "folder": how.written(str(root)), "user": getpass.getuser(), "command": _command(kind, how),
        "writable": " ".join(_quoted(how.written(str(path))) for path in (root, *outside)),
        "package": f"'findbar[{','.join(plan.extras)}]'" if plan.extras else "findbar",
        "after_script": "  after_script: # whatever the night came to\n" if plan.tasks else "",
        "tasks": "".join(how.after.format(system=system) for system in plan.tasks),
        "variables": "".join(f"      {name}: ${{{{ secrets.{name} }}}}\n" for name in plan.variables),
    }  # fmt: skip


def install_lines(kind: str, written: Sequence[Path]) -> list[str]:
    """The commands with which a person installs the files."""
    quote = _double if kind == "windows" else shlex.quote
    every = {
        "files": " ".join(quote(str(path)) for path in written),
        "timers": " ".join(path.name for path in written if path.suffix == ".timer"),
    }
    each = [{"name": path.stem.removesuffix("-task"), "file": quote(str(path))} for path in written]
    lines = [line.format(**every, **one) for line in KINDS[kind].install for one in each]
    return list(dict.fromkeys(lines))


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


def _write(
    kind: str, job: str, at: time, arguments: str, given: Mapping[str, str], into: Path
) -> Iterator[Path]:  # fmt: skip
    """The files of one job, each from its template."""
    when = {"at": f"{at:%H:%M}", "hour": str(at.hour), "minute": str(at.minute), "arguments": arguments}
    for name in KINDS[kind].files:
        text = Template((_TEMPLATES / name).read_text(encoding="utf-8")).substitute(given, **when)
        path = into / name.replace("findbar", job, 1)
        path.write_text(text, encoding=KINDS[kind].encoding)
        yield path
