"""A national list of 25,000 facilities: drafted, read, planned as one night; and the report of a federation.

The report is told from stored results, of a fifth of the number: reading their text alone is the baseline, and memory
must not grow with them.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from measuring import cpu, cpu_of, table

import platforms
from audit.auditing import Workshop, run_audit
from audit.demonstration import prepare, workshop
from audit.drafting import draft, write
from audit.federating import the_federation
from audit.model import Organisation, Result
from audit.nights import nights
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import Read, read_all
from audit.organisation.importing import Stated
from audit.store import Store
from audit.store.codec import dump
from audit.visiting.planning import forecast
from audit.working import open_folder, request_for, workshop_for

ROWS = 25_000
HEADER = ["Träger", "Einrichtung", "Straße", "Hausnummer", "PLZ", "Ort", "Telefon", "E-Mail", "Website", "lat", "lon"]
KINDS = ("Kindertagesstätte", "Ambulanter Pflegedienst", "Tagespflege", "Schuldnerberatung", "Suchtberatung")
FIRSTS, LASTS = ("Stein", "Mühl", "Birken", "Auen", "Quell", "Lind", "Ahorn", "Rot"), ("stadt", "brunn", "furt", "rode")
STREETS = ("Lindenstraße", "Bahnhofstraße", "Am Markt", "Gartenweg", "Schulstraße", "Mühlgasse", "Kirchplatz")
MEMBER = "sozialwerk-steinwerda.toml"
SIZES = (1, 1, 2, 3, 5, 8, 13, 40)  # facilities of one carrier


def main() -> None:
    """Print seconds of CPU and the most memory so far."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        table(f"a national list of {rows:,} facilities", [*_of_list(Path(folder), rows)])
    for number in (rows // 25, rows // 5):
        with tempfile.TemporaryDirectory() as folder:
            table(f"the report of a federation of {number:,} organisations", [*_of_report(Path(folder), number)])


def _of_list(folder: Path, rows: int) -> list[tuple[str, str]]:
    (folder / "findbar.toml").write_text('contact = "someone@association.example"\n', "utf-8")
    place, told = open_folder(folder), []
    shop = workshop_for(place, platforms)
    _write(folder / "list.csv", rows)
    began = cpu()
    written = write(draft(str(folder / "list.csv"), shop, Stated()), place.organisations)
    told.append((f"findbar init, {len(written.new):,} files", _since(began)))
    began = cpu()
    read = read_all(place.organisations, shop.catalogue)
    told.append(("the files read", _since(began)))
    return [*told, *_of_plan(shop, read)]


def _of_plan(shop: Workshop, read: Read) -> list[tuple[str, str]]:
    began = cpu()
    plans = shop.plan(request_for(read.organisations, shop.registry)).plans()
    shown = _since(began)
    found = nights(forecast(plans, shop.settings.pace), 8.0)
    visits = sum(len(plan.asks) for plan in plans)
    passed = f"{found.nights} nights, longest {found.host}" if found else "nothing"
    return [("one plan for them all", shown), ("its visits", f"{visits:,}"), ("a full pass", passed)]


def _write(path: Path, rows: int) -> None:
    dice = random.Random(7)  # noqa: S311 - repeatable, no secret
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER)
        carrier, left = 0, 0
        for number in range(rows):
            if not left:
                carrier, left = carrier + 1, dice.choice(SIZES)
            left -= 1
            writer.writerow(_row(number, carrier, dice))


def _row(number: int, carrier: int, dice: random.Random) -> list[object]:
    town = f"{dice.choice(FIRSTS)}{dice.choice(LASTS)}"
    site = f"traeger-{carrier}.example"
    return [
        f"Verein {carrier} e. V.", f"{dice.choice(KINDS)} {dice.choice(('Nord', 'am Park', 'Regenbogen'))}",
        dice.choice(STREETS), dice.randint(1, 120), f"{10000 + number % 80000:05}", town, f"030 {1000000 + number}",
        f"info{number}@{site}", f"https://{site}/",
        round(dice.uniform(47.5, 54.5), 5), round(dice.uniform(6.5, 14.5), 5),
    ]  # fmt: skip


def _of_report(folder: Path, rows: int) -> list[tuple[str, str]]:
    place = prepare(folder, federation=True)
    shop = workshop(place, platforms)
    read = read_all(place.organisations / MEMBER, shop.catalogue)
    (result,) = run_audit(shop, request_for(read.organisations, shop.registry), place.database)
    _store(place.database, read.organisations[0], result, rows)
    command = [sys.executable, __file__, "report", str(place.database)]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - this very script
    whole, told = report.strip().split(" ", 1)
    plain = cpu_of(lambda: _read(place.database))
    figures = (f"results of {len(result.cells)} cells each, rolled up", told)
    return [figures, ("ratio to reading them as JSON", f"{float(whole) / plain:.1f}")]


def report(database: Path) -> None:
    """Roll up in a process of its own, so that its memory alone is counted."""
    began = cpu()
    seconds = cpu_of(lambda: the_federation(database, load_catalogue(), "national"))
    print(seconds, _since(began))  # noqa: T201 - that is what a benchmark is for


def _store(database: Path, organisation: Organisation, result: Result, rows: int) -> None:
    """The same result for everybody, in a tree of three levels."""
    stated = dump(Organisation, organisation).decode()
    text = dump(Result, result).decode()
    with closing(Store(database)) as store:
        db = store.tables
        ids = [f"o{number}" for number in range(rows)]
        parents = ["" if not n else "o0" if n <= 40 else f"o{1 + n % 40}" for n in range(rows)]
        every = ",".join(_renamed(stated, organisation.id, id_, up) for id_, up in zip(ids, parents, strict=True))
        db.execute(
            """INSERT INTO runs
               SELECT 'national', state, started, finished, method, manifest, scope, ?, vantage FROM runs""",
            [f"[{every}]"],
        )
        values = (("national", id_, text.replace(organisation.id, id_), "{}", 1.0) for id_ in ids)
        db.conn.executemany(
            "INSERT INTO results (run, organisation, result, memory, coverage) VALUES (?, ?, ?, ?, ?)", values
        )
        db.conn.commit()


def _renamed(stated: str, old: str, new: str, parent: str) -> str:
    return json.dumps({**json.loads(stated.replace(old, new)), "parent": parent})


def _read(database: Path) -> None:
    with closing(Store(database, writing=False)) as store:
        for (text,) in store.tables.execute("SELECT result FROM results WHERE run = 'national'"):
            json.loads(text)


def _since(began: float) -> str:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{cpu() - began:.1f} s of CPU, at most {most:.0f} MB so far"


if __name__ == "__main__":
    if sys.argv[1:2] == ["report"]:
        report(Path(sys.argv[2]))
    else:
        main()
