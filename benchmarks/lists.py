"""Seconds to import lists of 25,000 rows: one of many carriers, one that names none. Aim: a minute at most."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from measuring import cpu_of, seconds_of, table

from audit.organisation.catalogue import load_catalogue
from audit.organisation.importing import draft_from_list

ROWS = 25_000
HEADER = ["Träger", "Einrichtung", "Straße", "PLZ", "Ort", "Telefon", "Öffnungszeiten"]


def main() -> None:
    """Print seconds; reading the same file with csv alone is the baseline."""
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder, "kitas.csv"), Path(folder, "pflegeheime.csv")
        _write(many, carriers=800)
        _write(one, carriers=0)
        table(f"import of {ROWS:,} rows", [*_figures(many), *_figures(one)])


def _figures(path: Path) -> list[tuple[str, str]]:
    first = seconds_of(lambda: draft_from_list(path, load_catalogue()))
    again = cpu_of(lambda: draft_from_list(path, load_catalogue()))
    ratio = again / cpu_of(lambda: _read(path))
    return [
        (f"{path.stem}: first time", f"{first:.1f} s"),
        (f"{path.stem}: again, CPU", f"{again:.1f} s"),
        (f"{path.stem}: ratio to reading it", f"{ratio:.0f}"),
    ]


def _write(path: Path, carriers: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER if carriers else HEADER[1:])
        for at in range(ROWS):
            row = [f"Haus {at}", f"Weg {at % 90 + 1}", f"{10_000 + at % 80_000}", "Auental", f"0202 {100_000 + at}",
                   "Mo-Fr 7.30-16.30 Uhr"]  # fmt: skip
            writer.writerow([f"Verein {at % carriers} e. V.", *row] if carriers else row)


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        list(csv.DictReader(stream, delimiter=";"))


if __name__ == "__main__":
    main()
