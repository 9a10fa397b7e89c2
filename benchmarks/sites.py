"""A federation's site and a large report: seconds, peak memory and size; reading the same results is the baseline.

``--facilities 25000`` is a whole federation, 25 facilities an organisation.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from measuring import ROOT, cpu, seconds_of, table
from organisations import AT, judged, organisation

import platforms
from audit.advancing import advancing
from audit.federating import the_federation
from audit.model import Organisation, Result
from audit.organisation.catalogue import load_catalogue
from audit.registry import find
from audit.store import Store, contents
from audit.store.codec import dump
from reports.html import render
from reports.site.writing import SiteFolder

RUN, EACH, MODELS, TOPS = "20261124T110000Z-bench", 25, 10, 20
BEFORE = [(f"20261024T110000Z-bench-{weeks}", AT - timedelta(weeks=weeks)) for weeks in (12, 8, 4)]


def make(database: Path, facilities: int) -> None:
    """A database with four complete runs; a few organisations are judged, the others are theirs under other names."""
    registry = find(platforms, [])
    models = [(organisation(n, EACH), judged(n, EACH, registry, RUN)) for n in range(min(MODELS, facilities // EACH))]
    number = facilities // EACH
    store = Store(database)
    stated = [renamed(dump(Organisation, models[n % len(models)][0]), n % len(models), n) for n in range(number)]
    tops = [Organisation(id=f"verband-top-{n}", name=f"Bezirk {n}", parent="verband-land") for n in range(TOPS)]
    tops.append(Organisation(id="verband-land", name="Landesverband"))
    results, db = [dump(Result, result) for _, result in models], store.tables
    with db.atomic():
        told = {top.id: contents.put(db, dump(Organisation, top)).hex() for top in tops}
        for n, text in enumerate(stated):
            facts = json.dumps({**json.loads(text), "parent": f"verband-top-{n % TOPS}"})
            told[f"verband-{n:04}"] = contents.put(db, facts.encode()).hex()
        runs = [*BEFORE, (RUN, AT)]
        for run, at in runs:
            db.execute(
                """INSERT INTO runs (id, state, started, finished, method, manifest, scope, organisations)
                   VALUES (?, 'complete', ?, ?, 1, '{}', '{}', ?)""",
                [run, at.isoformat(), at.isoformat(), json.dumps(told)],
            )
        for n in range(number):
            key = contents.put(db, renamed(results[n % len(models)], n % len(models), n).encode())
            for run, _ in runs:
                db.execute(
                    "INSERT INTO results (run, organisation, result, memory, coverage) VALUES (?, ?, ?, ?, 0.5)",
                    [run, f"verband-{n:04}", key, key],
                )
    store.close()


def renamed(text: bytes, model: int, number: int) -> str:
    """The JSON of one organisation as that of another."""
    told = text.decode().replace(f"verband-{model:04}", f"verband-{number:04}")
    return told.replace(f"Verband {model} e. V.", f"Verband {number} e. V.")


def build(database: Path, folder: Path, *, write: bool) -> None:
    """The site, or only its figures; prints seconds, seconds of CPU and peak memory (MB) for its parent."""
    catalogue = load_catalogue()

    def work() -> None:
        if not write:
            the_federation(database, catalogue)
            return
        with advancing(database) as past:
            site = SiteFolder(folder, "de", field_of=catalogue.field_of, since=past.pace, advances=past.advances)
            site.finish(the_federation(database, catalogue, each=site.take))

    used = cpu()
    spent, used = seconds_of(work), cpu() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(spent, used, peak)  # noqa: T201 - read by the process that measures


def measured(database: Path, folder: Path, what: str) -> tuple[float, ...]:
    """Seconds, those of CPU, and peak memory of one build in a process of its own."""
    asked = [sys.executable, __file__, "--build", what, str(database), str(folder)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - this very file
    return tuple(map(float, done.stdout.split()))


def large() -> tuple[Result, int]:
    """A report of 500 facilities on 60 platforms: organisations judged apart, as one."""
    registry = find(platforms, [])
    parts = [judged(n, EACH, registry) for n in range(20)]
    rows = [replace(row, location=f"{part.organisation}-{row.location}") for part in parts for row in part.rows]
    cells, gaps = [cell for part in parts for cell in part.cells], [gap for part in parts for gap in part.gaps]
    columns, first = list(parts[0].columns), parts[0].columns
    while len(columns) < 60:
        old = first[len(columns) % len(first)]
        new = replace(old, id=f"{old.id}-{len(columns)}", name=f"{old.name} {len(columns)}")
        columns.append(new)
        cells += [replace(c, platform=new.id) for part in parts for c in part.cells if c.platform == old.id]
    whole = replace(parts[0], rows=tuple(rows), cells=tuple(cells), gaps=tuple(gaps), columns=tuple(columns))
    return whole, len(render(whole, "de").encode())


def main() -> None:
    """Print what was measured."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--facilities", type=int, default=2500)
    asked.add_argument("--build", nargs=3, metavar=("WHAT", "DATABASE", "FOLDER"))
    given = asked.parse_args()
    if given.build:
        what, database, folder = given.build
        build(Path(database), Path(folder), write=what == "site")
        return
    with tempfile.TemporaryDirectory() as place:
        database, folder = Path(place) / "findbar.db", Path(place) / "site"
        make(database, given.facilities)
        _, figures, figures_peak = measured(database, folder, "figures")
        seconds, used, peak = measured(database, folder, "site")
        files = [file for file in folder.rglob("*") if file.is_file()]
        sizes, held = [file.stat().st_size for file in files], database.stat().st_size
    table(
        f"site of {given.facilities:,} facilities in {given.facilities // EACH:,} organisations",
        [
            ("database", f"{held / 1e6:,.0f} MB"),
            ("rolling up alone", f"{figures:.1f} s of CPU, {figures_peak:.0f} MB at most"),
            ("the site", f"{used:.1f} s of CPU ({seconds:.1f} s), {peak:.0f} MB at most"),
            ("ratio", f"{used / figures:.2f}"),
            ("folder", f"{len(files):,} files, {sum(sizes) / 1e6:.1f} MB, the largest {max(sizes) / 1e6:.2f} MB"),
        ],
    )
    result, size = large()
    table("one report", [(f"{len(result.rows)} facilities x {len(result.columns)} platforms", f"{size / 1e6:.2f} MB")])


if __name__ == "__main__":
    main()
