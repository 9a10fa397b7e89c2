"""Facilities per second against a city's data: a hundred real day-care facilities and OpenStreetMap Munich.

The baseline is reading the file as JSON once: what no program over this data can avoid.
"""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path

from measuring import seconds_of, shared, table

from audit.auditing import Workshop, run_audit
from audit.model import Organisation
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import read_all
from audit.registry import Registry
from audit.requesting import Request
from audit.settings import Settings
from platforms.openstreetmap import OpenStreetMapData

BOX = (48.0, 11.3, 48.3, 11.8)


def main() -> None:
    """Print facilities per second with and without the index built."""
    folder = shared()
    if folder is None:
        raise SystemExit("dataset: no folder of real data (set FINDBAR_SHARED)")
    data = folder / "data" / "osm" / "muenchen_2025-11-22.overpass.json"
    with tempfile.TemporaryDirectory() as place:
        organisations = _organisations(folder / "data" / "osm" / "muenchen_welfare_orgs.csv", Path(place))
        dataset = {"file": str(data), "area": BOX, "as_of": "2025-11-22", "max_age_days": 9999}
        settings = Settings.model_validate({"contact": "a@b.example", "datasets": {"openstreetmap": dataset}})
        checker = OpenStreetMapData()
        settings = settings.model_copy(update={"datasets": {checker.dataset: settings.datasets["openstreetmap"]}})
        shop = Workshop(
            settings=settings, catalogue=load_catalogue(), registry=Registry((checker,)), environment={}
        )  # fmt: skip
        request = Request(organisations=organisations, offline=True)
        baseline = seconds_of(lambda: json.loads(data.read_bytes()))
        figures = [seconds_of(partial(run_audit, shop, request, Path(place) / f"{n}.db")) for n in range(2)]
        result = run_audit(shop, request, Path(place) / "2.db")
    facilities = sum(len(r.rows) for r in result)
    found = sum(cell.findability is not None and cell.findability > 0 for r in result for cell in r.cells)
    table(
        f"dataset: {facilities} facilities of {len(result)} associations, {found} found, whole audit with store",
        [
            ("reading the file as JSON once", f"{baseline:.2f} s"),
            ("first audit, index built", f"{figures[0]:.2f} s, {facilities / figures[0]:,.0f} facilities a second"),
            ("next audit", f"{figures[1]:.2f} s, {facilities / figures[1]:,.0f} facilities a second"),
            ("ratio of the next audit to reading once", f"{figures[1] / baseline:.1f}"),
        ],
    )


def _organisations(source: Path, place: Path) -> tuple[Organisation, ...]:
    """The associations of the list, one organisation file each, through the importer of ``findbar init``."""
    from audit.drafting import draft, write  # noqa: PLC0415 - heavy, and not measured

    folder = place / "organisations"
    shop = Workshop(settings=Settings(contact="a@b.example"), catalogue=load_catalogue(), registry=Registry(()))
    write(draft(str(source), shop), folder)
    return read_all(folder, load_catalogue()).organisations


if __name__ == "__main__":
    main()
