"""400 look-ups on 400 loopback hosts at 50 to 500 ms: a whole audit beside sherlock and maigret, whole processes.

Every program starts anew, asks all 400 hosts without a pace, and finds the 200 that have the page. The peers ask for a
status only, as they do by default; findbar also asks for robots.txt first, reads and parses each body, deals and judges
the entry, and stores it all. The peers are installed from the package registry into an environment of their own at the
first run (PEERS names its folder; default: in the temporary folder). Linux only: 400 addresses of loopback.
``python benchmarks/peers.py [ROUNDS]`` (3).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from hosts import HOSTS, hosts
from measuring import ROOT, server, table

ROUNDS = 3
PEERS = ("sherlock-project", "maigret")
SERVER = f"""
import asyncio
HEAD = b"HTTP/1.1 %s\\r\\ncontent-type: text/html; charset=utf-8\\r\\ncontent-length: %d\\r\\n\\r\\n"
ENTRY = b'''<!doctype html><html lang="de"><title>Schuldnerberatung</title><body><h1>Schuldnerberatung</h1>
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NGO", "name": "Schuldnerberatung",
"telephone": "+49 3600 111", "email": "mail@hilfe.example", "url": "https://hilfe.example/", "address": {{"@type":
"PostalAddress", "streetAddress": "Marktplatz 4", "postalCode": "00930", "addressLocality": "Quellstadt"}}}}</script>
''' + b"<p>Montag bis Freitag von neun bis zwoelf Uhr, und nach Vereinbarung; rufen Sie uns gern an.</p>\\n" * 100
def serving(number):
    wait = 0.05 + 0.45 * ((37 * number) % {HOSTS}) / {HOSTS - 1}
    async def serve(reader, writer):
        try:
            while True:
                request = await reader.readuntil(b"\\r\\n\\r\\n")
                await asyncio.sleep(wait)
                there = number % 2 == 0 and b"/robots.txt" not in request
                body = ENTRY if there else b"Not here."
                head = HEAD % (b"200 OK" if there else b"404 Not Found", len(body))
                writer.write(head + (b"" if request.startswith(b"HEAD") else body))
        except (OSError, EOFError):
            writer.close()
    return serve
async def main():
    first = await asyncio.start_server(serving(0), "127.0.1.1", 0)
    port = first.sockets[0].getsockname()[1]
    for number in range(1, {HOSTS}):
        await asyncio.start_server(serving(number), f"127.0.{{1 + number // 200}}.{{1 + number % 200}}", port)
    print(port, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def environment() -> Path:
    """The folder of the peers' programs, made where it is not there yet."""
    folder = Path(os.environ.get("PEERS", Path(tempfile.gettempdir()) / "findbar-peers"))
    programs = folder / "bin"
    if not all((programs / name).exists() for name in ("sherlock", "maigret")):
        venv.create(folder, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "-q", *PEERS], check=True)  # noqa: S603 - ours
    return programs


def commands(programs: Path, port: int, folder: Path) -> dict[str, list[str]]:
    """How each program is started; the peers' lists of sites are written into the folder."""
    sites = {f"s{n}": f"http://{host}/u/" for n, host in enumerate(hosts(port))}
    sherlock = {
        name: {"errorType": "status_code", "url": url + "{}", "urlMain": url, "username_claimed": "x"}
        for name, url in sites.items()
    }
    maigret = {
        name: {
            "url": url + "{username}", "urlMain": url, "checkType": "status_code", "usernameClaimed": "x",
            "usernameUnclaimed": "y", "alexaRank": 1, "tags": ["de"],
        }
        for name, url in sites.items()
    }  # fmt: skip
    (folder / "sherlock.json").write_text(json.dumps(sherlock))
    (folder / "maigret.json").write_text(json.dumps({"sites": maigret, "engines": {}, "tags": ["de"]}))
    return {
        "findbar": [sys.executable, str(ROOT / "benchmarks" / "looking_up.py"), str(port), str(folder)],
        "sherlock": [str(programs / "sherlock"), "--json", "sherlock.json", "--ignore-exclusions", "--no-color",
                     "hilfe"],
        "maigret": [str(programs / "maigret"), "hilfe", "--db", "maigret.json", "--no-autoupdate", "-a",
                    "--no-recursion", "--no-color", "--no-progressbar"],
        "maigret -n 400": [str(programs / "maigret"), "hilfe", "--db", "maigret.json", "--no-autoupdate", "-a",
                           "--no-recursion", "--no-color", "--no-progressbar", "-n", "400", "--no-extracting"],
    }  # fmt: skip


def once(command: Sequence[str], folder: Path) -> tuple[float, float, int]:
    """Seconds, CPU seconds, and how many of the 400 were found, of one whole process."""
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=compiled, capture_output=True, text=True, check=False)  # noqa: S603 - named above
    spent, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    found = sum(line.startswith("[+]") and "http://127.0." in line for line in done.stdout.splitlines())
    return spent, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, found


def main() -> None:
    """Print seconds of each program, and how many times faster findbar is."""
    programs, rounds = environment(), int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name, server(SERVER) as port:
        folder = Path(name)
        started = commands(programs, int(port), folder)
        runs = {each: [once(command, folder)] for each, command in started.items()}  # and files are cached by now
        for _ in range(rounds - 1):
            for each, command in started.items():
                runs[each].append(once(command, folder))
    wall = {each: median(run[0] for run in done) for each, done in runs.items()}
    rows = [
        (
            each,
            f"{wall[each]:.2f} s, {median(run[1] for run in done):.2f} s of CPU, found {done[-1][2]} of {HOSTS // 2}",
        )
        for each, done in runs.items()
    ]
    ratio = min(seconds for each, seconds in wall.items() if each != "findbar") / wall["findbar"]
    table(
        f"peers: {HOSTS} look-ups on {HOSTS} hosts, whole processes, median of {rounds} in turn",
        [*rows, ("times faster than the quickest of them (aim: 4 or more)", f"{ratio:.2f}")],
    )


if __name__ == "__main__":
    main()
