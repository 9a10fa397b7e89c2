"""The command line in a working folder, and loopback servers that stand for the internet."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Ended

import cli
import platforms
from audit import working
from audit.auditing import Workshop
from audit.judging.promptness import BERLIN
from audit.model import Cell, Result
from audit.serving import base_urls, serve
from audit.store import Store
from audit.visiting.archive import Archive

CONTACT = "digital@verband.example"


def findbar(folder: Path, *arguments: object, status: int = 0) -> Ended:
    """Run one command in a folder, in English, without any key or browser; its exit status must be ``status``."""
    with contextlib.chdir(folder):
        said = CliRunner().invoke(
            cli.main,
            ["--lang", "en", *map(str, arguments)],
            env={"FINDBAR_CHROMIUM": str(folder / "no-browser"), **dict.fromkeys(_keys())},
            catch_exceptions=False,
        )
    assert said.exit_code == status, f"{arguments}: exit {said.exit_code}\n{said.output}"
    return said


@cache
def _keys() -> set[str]:
    return {key for checker in working.registry_for(platforms, Path()).checkers for key in checker.keys}


def configure(folder: Path, *lines: str, served: tuple[Archive, str] | None = None) -> Path:
    """A working folder with a contact, further lines, and every host of an archive led to its server."""
    folder.mkdir(parents=True, exist_ok=True)
    text = [f'contact = "{CONTACT}"']
    if served:
        archive, base = served
        text.append(f'allow = ["{base.removeprefix("http://")}"]')
    text += lines
    if served:
        text += ["[base_urls]", *(f'"{host}" = "{url}"' for host, url in base_urls(archive, base).items())]
    (folder / "findbar.toml").write_text("\n".join(text) + "\n", encoding="utf-8")
    return folder


def dataset(file: Path, *lines: str) -> str:
    """The table of an OpenStreetMap data set, however old it is by now."""
    return "\n".join(["[datasets.openstreetmap]", f"file = {json.dumps(str(file))}", *lines])


def archive_of(folder: Path, now: datetime | None = None) -> Archive:
    """The archive of a folder of visits; times in it count from now."""
    return Archive(folder, now or datetime.now(BERLIN))


@contextlib.contextmanager
def served(archive: Archive) -> Iterator[str]:
    """The base address of a loopback server on a thread of its own, for as long as the context lasts."""
    loop, ready, base = asyncio.new_event_loop(), threading.Event(), ""
    stop = asyncio.Event()

    async def serving() -> None:
        nonlocal base
        async with serve(archive) as base:
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serving(),), daemon=True)
    thread.start()
    try:
        assert ready.wait(10), "the loopback server does not start"
        yield base
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def results(folder: Path) -> list[Result]:
    """What the latest run of a working folder's database says."""
    store = Store(folder / "findbar.db", writing=False)
    try:
        return store.results(store.latest_run() or "")
    finally:
        store.close()


def cells(folder: Path, platform: str = "") -> list[Cell]:
    """All cells of the latest run, or those of one platform."""
    return [cell for result in results(folder) for cell in result.cells if platform in ("", cell.platform)]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback servers need no mercy: the pause between two visits is left out, and nothing else."""
    make = working.workshop_for

    def without_pauses(*given: Any) -> Workshop:
        shop = make(*given)
        shop.pace = 0.0
        return shop

    monkeypatch.setattr(working, "workshop_for", without_pauses)


@pytest.fixture
def no_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name has an address here: only numbers of this machine lead anywhere."""
    ask = socket.getaddrinfo

    def offline(host: Any, *rest: Any, **named: Any) -> Any:
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return ask(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", offline)


def put(folder: Path, host: str, answers: dict[str, str | bytes], *, method: str = "GET", **further: object) -> None:
    """Add answers of one host to an archive's folder: a body by its path, all with the same further keys."""
    (folder / host).mkdir(parents=True, exist_ok=True)
    table = folder / host / "visits.toml"
    entries = [table.read_text("utf-8")] if table.exists() else []
    for path, body in answers.items():
        file = f"{len(list((folder / host).iterdir()))}{_ending(path, method)}"
        (folder / host / file).write_bytes(body if isinstance(body, bytes) else body.encode())
        keys = {"path": path, "file": file, "method": method, **further}
        entries.append("[[visit]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
        table.write_text("\n".join(entries), encoding="utf-8")


def _ending(path: str, method: str) -> str:
    """The kind of file an answer is, so that it is served as one: pages have no ending of their own."""
    return (Path(path).suffix or ".html") if method == "GET" else ".json"
