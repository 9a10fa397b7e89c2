"""The share of contact facts on saved real pages that the website checker finds, and what it misses.

Needs FINDBAR_SHARED, or the folder to look into as argument: pages (*.html) and ``expected.json``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from measuring import shared, table

from tests.saved_pages import reach


def main() -> None:
    """Print the share by kind of fact, and every fact missed."""
    data = shared()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else data / "data/pages" if data else None
    if folder is None or not (folder / "expected.json").is_file():
        sys.exit("no saved pages: set FINDBAR_SHARED, or name a folder with pages and expected.json")
    found = reach(folder)
    rows = [(one.kind, f"{one.expected - len(one.missed)} of {one.expected}   {one.share:.1%}") for one in found]
    table("contact facts of saved pages", rows)
    missed = [(f"{one.kind}: {fact}", file) for one in found for file, fact in one.missed]
    if missed:
        table("missed", missed)


if __name__ == "__main__":
    main()
