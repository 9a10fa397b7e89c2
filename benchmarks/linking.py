"""A whole list against a large data set: time, memory and recall of `findbar data match`, on a made-up country.

`python benchmarks/linking.py` is the short form (1,000 rows, 40,000 entries); `--long` the long one
(25,000 rows, 1,000,000 entries). Index and linking run in processes of their own, so that the peak of memory
is theirs. Recall of the candidate search is measured twice: against the entry that is known to be the row's,
for every row; and against brute force, every pair of a sample weighed.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from made import write_country
from measuring import ROOT, cpu, shared, table

from audit.checker import data_keys
from audit.judging.facts import Facts, all_facts
from audit.judging.matching import MATCH, UNCLEAR, compare_fields, probability, weigh
from audit.model import Listing, Query, Subject
from audit.organisation.catalogue import load_catalogue
from audit.organisation.listed import read_list
from audit.readers.osm_answers import record_listing
from audit.visiting.records.index import Index
from audit.visiting.records.opening import opened
from audit.visiting.records.search import candidates

_INDEXING = """
import sys
from pathlib import Path
from audit.visiting.records.opening import opened
print(len(opened(Path(sys.argv[1]) / "map.json", Path(sys.argv[1]) / "kept").index))
"""
_LINKING = """
import sys
from pathlib import Path
from audit.linking import link_list
from audit.organisation.catalogue import load_catalogue
from reports.linked import write_linked
folder = Path(sys.argv[1])
linked = link_list(folder / "list.csv", folder / "map.json", load_catalogue(), kept=folder / "kept")
write_linked(linked, "en", folder / "links.jsonl")
print(len(linked.rows))
"""
_PEAK = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def main() -> None:
    """Print the table."""
    options = _options()
    folder = shared()
    if folder is None:
        raise SystemExit("linking: no folder of real data (set FINDBAR_SHARED)")
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        truth = write_country(folder, work, options.rows, options.entries)
        indexing, linking = _process(_INDEXING, work), _process(_LINKING, work)
        rows = [("index, once", indexing), ("link all, index kept", linking)]
        rows += _quality(work, truth) + _recall(work, truth, options.brute, options.among)
    table(f"linking: {options.rows:,} rows, {options.entries:,} entries", rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="25,000 rows, 1,000,000 entries")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--entries", type=int)
    parser.add_argument("--brute", type=int, default=40, help="rows of the sample for brute force")
    parser.add_argument("--among", type=int, default=10_000, help="entries of the sample for brute force")
    options = parser.parse_args()
    options.rows = options.rows or (25_000 if options.long else 1_000)
    options.entries = options.entries or (1_000_000 if options.long else 40_000)
    return options


def _process(script: str, work: Path) -> str:
    """Wall time, CPU time and peak memory of a script."""
    begun = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script + _PEAK, str(work)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    wall = time.perf_counter() - begun
    cpu, peak = done.stdout.split()[-2:]
    return f"{wall:,.1f} s, CPU {float(cpu):,.1f} s, peak {int(peak) / 1024:,.0f} MB"


def _quality(work: Path, truth: dict[int, str]) -> list[tuple[str, str]]:
    """How many rows were linked, rightly and wrongly."""
    lines = [json.loads(line) for line in (work / "links.jsonl").read_text("utf-8").splitlines()]
    rows = [line for line in lines if line["row"]]
    linked = [row for row in rows if row["state"] == "match"]
    right = sum(truth.get(row["row"]) == row["id"] for row in linked)
    return [
        ("rows linked, of those with an entry", f"{len(linked):,} of {len(truth):,}"),
        ("right among the linked", f"{right / max(1, len(linked)):.4f}"),
        ("unclear, not found", ", ".join(f"{sum(row['state'] == s for row in rows):,}" for s in ("unclear", "none"))),
        ("entries that are nobody's", f"{len(lines) - len(rows):,}"),
    ]


def _recall(work: Path, truth: dict[int, str], brute: int, among: int) -> list[tuple[str, str]]:
    index = opened(work / "map.json", work / "kept").index
    rows = read_list(work / "list.csv", load_catalogue()).rows
    found = {number: _found(index, subject) for number, subject in rows}
    ids = {number: {index.record(row)["id"] for row in found[number]} for number in truth}
    kept = sum(truth[number] in ids[number] for number in truth)
    asked = sum(map(len, found.values()))
    return [
        ("candidates per row", f"{asked / len(rows):.1f}"),
        ("own entry among the candidates", f"{kept:,} of {len(truth):,} ({kept / len(truth):.4f})"),
        *_by_force(index, rows, found, brute, among),
    ]


def _found(index: Index, subject: Subject) -> list[int]:
    asked: dict[str, list[str]] = {}
    for key, value in data_keys(Query(subject=subject)):
        asked.setdefault(key, []).append(value)
    return candidates(index, asked)


def _by_force(
    index: Index, rows: tuple[tuple[int, Subject], ...], found: dict[int, list[int]], brute: int, among: int
) -> list[tuple[str, str]]:
    """Rows of a sample for which brute force finds an entry, and for how many the candidates hold its best one."""
    dice = random.Random(2)  # noqa: S311 - repeatable, no secret
    sample = dice.sample(rows, min(brute, len(rows)))
    entries = set(dice.sample(range(len(index)), min(among, len(index))))
    entries |= {row for number, _ in sample for row in found[number]}
    facts = all_facts([subject for _, subject in rows])
    shown = [(row, one) for row in sorted(entries) if (one := record_listing(index.record(row)))]
    begun = cpu()
    best = [(found[number], *_best(facts[subject.key], shown)) for number, subject in sample]
    whole = (cpu() - begun) / (len(sample) * len(shown)) * len(rows) * len(index) / 3600
    lines = [("CPU of weighing all pairs instead, by the sample", f"{whole:,.1f} h")]
    for least in (MATCH, UNCLEAR):
        there = [bool(rows & {*own}) for own, likely, rows in best if likely >= least]
        lines.append((f"best entry of {least:.0%} and more by brute force kept", f"{sum(there)} of {len(there)}"))
    return lines


def _best(stated: Facts, shown: Iterable[tuple[int, Listing]]) -> tuple[float, set[int]]:
    """The greatest probability, and the entries that have it."""
    weighed = [(probability(weigh(compare_fields(stated, one))), row) for row, one in shown]
    most = max(weighed)[0]
    return most, {row for likely, row in weighed if likely >= most - 1e-9}


if __name__ == "__main__":
    main()
