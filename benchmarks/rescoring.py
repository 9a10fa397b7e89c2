"""Stored cells judged again: from comparisons alone, and from listings with all matching. CPU of one core.

``python benchmarks/rescoring.py [FACILITIES]`` (200) audits so many facilities on 30 platforms once (`growth.py`) and
carries the cost of a cell on to 1,250,000. Reading and unpacking from the database is in both figures; the baseline is
reading whole stored results.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from growth import PLATFORMS, federation
from measuring import cpu_of, interleaved, table

from audit.rescoring import scored_again
from audit.store import Store

CELLS, ROUNDS = 1_250_000, 3


def main() -> None:
    """Print seconds for 1,250,000 cells."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        shop, audit = federation(number)
        database = Path(folder) / "findbar.db"
        audit(database)
        store = Store(database, writing=False)
        run = store.latest_run() or ""

        works: list[Callable[[], object]] = [
            lambda: scored_again(database), lambda: shop.rejudge(store, run), lambda: store.results(run),
        ]  # fmt: skip
        spent = interleaved(ROUNDS, *(lambda work=work: cpu_of(work) for work in works))
        store.close()
    again, matched, read = (seconds * CELLS / (number * PLATFORMS) for seconds in spent)
    table(
        f"judging again: {number * PLATFORMS:,} cells carried on to {CELLS:,}, CPU of one core, median of {ROUNDS}",
        [
            ("scored again from comparisons (aim: 60 s)", f"{again:.0f} s"),
            ("matched and judged again from listings (aim: 600 s)", f"{matched:.0f} s"),
            ("baseline: whole results read", f"{read:.0f} s"),
            ("scored again / baseline", f"{again / read:.2f}"),
            ("matched again / baseline", f"{matched / read:.2f}"),
        ],
    )


if __name__ == "__main__":
    main()
