"""The attacks of the tests in their long form: every fault on every way alone, kills, hostile audits by the thousand.

``python benchmarks/attacks.py [SECONDS] [SEED]`` runs each campaign for so many seconds (300) from that seed (0)
and prints what it found. It ends with 1 where a promise of docs/security.md was broken: the seed repeats it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from measuring import table

from audit.looking import stored_result
from audit.model import Result
from reports.data import dumps
from tests import test_resume as resuming
from tests.attacks import FAULTS, WAYS, cells_of, missing, town
from tests.hostile import NUMBERS, TEXTS, Outcome, audited, deep, unfounded

SHARES = (0.002, 0.005, 0.01, 0.03, 0.1, 0.3)
Found = Counter[str]
_TRIED = "kills in the middle"  # how much was tried, no fault


def faults() -> tuple[int, Found]:
    """Each fault on each way alone: nothing missing, and all other ways as they were."""
    found: Found = Counter()
    healthy = town()
    for way, fault in ((way, fault) for way in WAYS for fault in FAULTS):
        struck = town({way: fault})
        found["called missing"] += len(missing(cells_of(struck, way)))
        for other in WAYS:
            same = said(struck, other) == said(healthy, other)
            found["other ways changed"] += other != way and not same
    return len(WAYS) * len(FAULTS), found


def said(result: Any, way: str) -> list[tuple[Any, ...]]:
    """What the cells of a way say, without what depends on the time of looking."""
    return [(cell.id, cell.state, cell.reason, cell.findability, cell.accuracy) for cell in cells_of(result, way)]


def hostile(seconds: float, seed: int) -> tuple[int, Found]:
    """Audits whose every answer has hostile parts."""
    return campaign(seconds, seed, lambda one: audited(one, SHARES[one % len(SHARES)]))


def replaced(seconds: float, seed: int) -> tuple[int, Found]:
    """Audits in which every answer is the same made-up JSON."""
    return campaign(seconds, seed, lambda one: audited(one, 0.0, json.dumps(made(Random(one), 4)).encode()))  # noqa: S311


def made(chance: Random, levels: int) -> Any:
    """Some JSON with the members that readers look for."""
    kinds: list[Callable[[], Any]] = [lambda: chance.choice(TEXTS), lambda: chance.choice(NUMBERS)]
    if levels:
        kinds += [
            lambda: [made(chance, levels - 1) for _ in range(chance.randrange(4))],
            lambda: {chance.choice(_MEMBERS): made(chance, levels - 1) for _ in range(chance.randrange(7))},
        ] * 2
    return chance.choice(kinds)() if chance.random() > 0.02 else deep(800)


_MEMBERS = (
    "items", "elements", "events", "resultType", "title", "id", "name", "html", "anzahlMehrTreffer", "error",
    "poweredby", "list_type", "items_by_category", "descendants", "account", "url", "acct", "fields", "value",
    "note", "created_at", "in_reply_to_id", "mentions", "content", "visibility", "display_name", "osm_type",
    "osm_id", "lat", "lon", "address", "extratags", "tags", "type", "center", "availability", "reason", "date_range",
    "event_url", "subevent",
)  # fmt: skip


def campaign(seconds: float, seed: int, attack: Callable[[int], Outcome]) -> tuple[int, Found]:
    """Attack after attack until the time is over; crashes are printed once of each kind."""
    found: Found = Counter(
        {"crashes": 0, "called missing of nothing": 0, "judged again otherwise": 0, "slower than 10 s": 0}
    )
    done = 0
    for one in _until(seconds, seed):
        began = time.perf_counter()
        try:
            outcome = attack(one)
        except Exception as problem:  # noqa: BLE001 - a crash is what is looked for
            found["crashes"] += 1
            found[f"  {type(problem).__name__}: {problem}"[:100]] += 1
            if found[f"  {type(problem).__name__}: {problem}"[:100]] == 1:
                print(f"seed {one}:\n{traceback.format_exc()}", file=sys.stderr)  # noqa: T201
        else:
            found["called missing of nothing"] += bool(unfounded(outcome))
            found["judged again otherwise"] += dumps(outcome.again) != outcome.json
        found["slower than 10 s"] += time.perf_counter() - began > 10
        done += 1
    return done, found


def _until(seconds: float, seed: int) -> Iterator[int]:
    end = time.monotonic() + seconds
    for number in count(seed):
        if time.monotonic() > end:
            return
        yield number


def kills(times: int, seed: int) -> tuple[int, Found]:
    """Audits killed (SIGKILL) at random moments, a torn record left behind, until one is let finish."""
    found: Found = Counter({"findings lost": 0, "committed visits repeated": 0, "more than one in flight a lane": 0})
    with tempfile.TemporaryDirectory() as folder:
        with resuming.served() as house:
            root = resuming.folder_for(house, Path(folder) / "undisturbed")
            resuming.audit(root)
            whole = stored_result(root / "findbar.db")
        for number in range(times):
            found.update(_killed(Path(folder) / str(number), Random(f"{seed}/{number}"), whole))  # noqa: S311
    return times, found


def _killed(folder: Path, chance: Random, whole: Result) -> Found:
    earlier: list[Counter[str]] = []
    before: set[str] = set()
    with resuming.served(latency=0.02) as house:
        root = resuming.folder_for(house, folder)
        database = root / "findbar.db"
        for _ in range(2):
            process = resuming.start(root)
            time.sleep(chance.uniform(0.3, 2.0))
            process.kill()
            process.communicate()
            if not database.exists() or not resuming.query(database, "SELECT id FROM runs WHERE state = 'running'"):
                earlier, before = [], set()  # it had not begun, or it had ended: the next one is another run
            else:
                before |= {url for _, url, reason in resuming.committed(database) if reason is None}
                earlier.append(Counter(house.asked))
            if (root / "findbar.evidence").exists() and chance.random() < 0.5:
                resuming.tear(root / "findbar.evidence")
            house.asked.clear()
        resuming.audit(root)
        asked = Counter(house.asked)
    result = stored_result(database)
    lost = sum(a != b for a, b in zip(resuming.timeless(result), resuming.timeless(whole), strict=True))
    again = [url for url in (key.split(" ")[1] for key in asked) if url in before and "?" not in url]
    twice = {key for key in asked if any(key in one for one in earlier)} - set(_inconclusive(root, asked))
    lanes = Counter(urlsplit(key.split(" ")[1]).netloc for key in twice if "robots.txt" not in key)
    return Counter({
        "findings lost": lost, "committed visits repeated": len(again),
        "more than one in flight a lane": sum(count > len(earlier) for count in lanes.values()),
        _TRIED: len(earlier),
    })  # fmt: skip


def _inconclusive(root: Path, asked: Counter[str]) -> list[str]:
    """Requests whose visit came to nothing: those are made again on purpose."""
    failed = {url for _, url, reason in resuming.committed(root / "findbar.db") if reason}
    return [key for key in asked if any(key.split(" ")[1] == url.partition("?")[0] or url in key for url in failed)]


def main() -> int:
    """All campaigns; 1 where anything was found."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    broken = 0
    campaigns: dict[str, Callable[[], tuple[int, Found]]] = {
        "every fault on every way": faults,
        "kills at random moments": lambda: kills(20, seed),
        "hostile parts in every answer": lambda: hostile(seconds, seed),
        "made-up JSON in place of every answer": lambda: replaced(seconds, seed),
    }
    for name, run in campaigns.items():
        done, found = run()
        table(f"{name}: {done:,} whole audits", [(what, f"{number:,}") for what, number in found.items()])
        broken += sum(number for what, number in found.items() if what != _TRIED)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
