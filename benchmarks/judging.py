"""Cells judged per second from a stored run: loading what was observed, and judging it, apart."""

from __future__ import annotations

import tempfile
from pathlib import Path

from measuring import cpu_of, interleaved, table

import platforms
from audit.auditing import run_audit
from audit.demonstration import prepare, workshop
from audit.store import Store
from audit.working import organisations_of, request_for

ROUNDS = 9


def main() -> None:
    """Print cells per second; loading the run is the baseline."""
    with tempfile.TemporaryDirectory() as folder:
        place = prepare(Path(folder))
        shop = workshop(place, platforms)
        organisations, _ = organisations_of(place.organisations, shop.catalogue)
        (result,) = run_audit(shop, request_for(organisations, shop.registry), place.database)
        store = Store(place.database, writing=False)
        load, whole = interleaved(
            ROUNDS,
            lambda: cpu_of(lambda: (store.observed(result.run), store.expected(result.run))),
            lambda: cpu_of(lambda: shop.rejudge(store, result.run)),
        )
        store.close()
    cells = len(result.cells)
    table(
        f"judging: {cells} cells of the demonstration, CPU, median of {ROUNDS}",
        [
            ("loading what was observed", f"{load * 1000:.1f} ms"),
            ("loading and judging", f"{whole * 1000:.1f} ms"),
            ("cells judged per second", f"{cells / (whole - load):,.0f}"),
            ("cells rejudged per second, loading included", f"{cells / whole:,.0f}"),
            ("ratio of judging to loading", f"{(whole - load) / load:.1f}"),
        ],
    )


if __name__ == "__main__":
    main()
