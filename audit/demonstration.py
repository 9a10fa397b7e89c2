"""The demonstration: a fictional association and the little web that shows it, without any network.

The same archive is answered in process (``findbar demo``) and over loopback HTTP
(``findbar demo --serve``): one source, two ways to reach it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from audit.auditing import Workshop
from audit.clock import SystemClock
from audit.enquiries import import_into, wish_of
from audit.judging.promptness import BERLIN
from audit.model import Via
from audit.serving import base_urls, serve
from audit.visiting.archive import FAULTS, Archive
from audit.visiting.replay import ReplayGetter
from audit.visiting.templates import fill_times
from audit.working import UnknownNameError, WorkingFolder, open_folder, workshop_for

FIRST = "hilfsbund-quellstadt.toml"
_SERVED = "findbar-served.toml"


def source() -> Path:
    """The folder of the demonstration as it is shipped."""
    return Path(str(files("demo")))


def archive() -> Archive:
    """The little web; its times are relative to now, in the seekers' own zone."""
    return Archive(source() / "web", SystemClock().now().astimezone(BERLIN))


def prepare(into: Path, *, federation: bool = False) -> WorkingFolder:
    """A working folder with the demonstration's settings and association; what is there already is kept.

    ``federation``: with the umbrella body above it and the other members, too.
    """
    (into / "organisations").mkdir(parents=True, exist_ok=True)
    every = sorted(f"organisations/{file.name}" for file in (source() / "organisations").glob("*.toml"))
    for name in ("findbar.toml", *(every if federation else [f"organisations/{FIRST}"])):
        if not (into / name).exists():
            shutil.copyfile(source() / name, into / name)
    return open_folder(into)


def count_enquiries(folder: WorkingFolder, shop: Workshop) -> None:
    """Import the lists of enquiries that some of the demonstration's members keep; one of them shares its waits."""
    kept = folder.root / "enquiries"
    kept.mkdir(exist_ok=True)
    for file in sorted((source() / "enquiries").glob("*.csv")):
        mine = kept / file.name
        if not mine.exists():
            mine.write_bytes(fill_times(file.read_bytes(), shop.clock.now().astimezone(BERLIN)))
        import_into(folder, shop, file.stem, wish_of(source=str(mine), kind="csv", since=None))


def workshop(folder: WorkingFolder, platforms: ModuleType) -> Workshop:
    """A workshop whose only way out is the archive: nothing waits, nothing leaves the machine."""
    shop = workshop_for(folder, platforms)
    replay = ReplayGetter(archive(), shop.clock.now, wait=False)
    shop.getters, shop.pace, shop.environment = {Via.HTTP: replay}, 0.0, {}
    return shop


def serve_forever(folder: WorkingFolder, port: int, latency: float, fault: str, say: Callable[[str], None]) -> None:
    """Serve the archive until interrupted, and write settings that lead every host of it to the server."""

    if fault and fault not in FAULTS:
        raise UnknownNameError("fault", fault, FAULTS)

    async def serving() -> None:
        web = archive()
        async with serve(web, port=port, latency=latency, fault=fault) as base:
            served = folder.root / _SERVED
            served.write_text(settings_for(folder.root / "findbar.toml", web, base), encoding="utf-8")
            say(f"The demonstration's web is served at {base} until Ctrl-C. In another terminal:")
            say(f"  findbar --config {served} audit {folder.organisations}")
            await asyncio.Event().wait()

    asyncio.run(serving())


def settings_for(original: Path, web: Archive, base: str) -> str:
    """The demonstration's settings with every host of the archive led to the loopback server."""
    host = base.removeprefix("http://")
    leads = "\n".join(f'"{name}" = "{url}"' for name, url in sorted(base_urls(web, base).items()))
    return f'allow = ["{host}"]\n{original.read_text(encoding="utf-8")}\n[base_urls]\n{leads}\n'
