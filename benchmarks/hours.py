"""Real opening hours: how many are understood, and how many give the same intervals as opening_hours.js.

python benchmarks/hours.py [FILE] reads the file given or the shared one of Munich, and prints every value that is not
understood or differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from measuring import seconds_of, shared, table

from tests.hours_oracle import Measured, measure

_REAL = "data/opening_hours/real_munich_2025.json"


def main() -> None:
    """Print the two figures, what is behind them, and the seconds it took."""
    folder = shared()
    if len(sys.argv) > 1:
        file = Path(sys.argv[1])
    elif folder:
        file = folder / _REAL
    else:
        sys.exit(f"no file of opening hours: name one, or set FINDBAR_SHARED to the folder that holds {_REAL}")
    found: list[Measured] = []
    seconds = seconds_of(lambda: found.append(measure(file)))
    print_measured(file, found[0], seconds)


def print_measured(file: Path, found: Measured, seconds: float) -> None:
    """The figures as a table, and under it the values that are not right."""
    counts = f"{found.values - len(found.not_understood)} of {found.values}"
    table(
        f"opening hours: {file.name}",
        [
            ("understood", f"{found.understood:.2%} ({counts})     aim: 99 % or more"),
            ("same intervals as the oracle", f"{found.same:.2%} ({found.equal} of {found.read})     aim: 97 % or more"),
            ("seconds", f"{seconds:.1f}"),
        ],
    )
    lines = [f"not understood: {value}" for value in found.not_understood]
    for value, ours, theirs in found.different:
        apart = sorted(set(ours) ^ set(theirs))[:3]
        lines.append(
            f"differs: {value}\n  " + "\n  ".join(_told(one, "ours" if one in ours else "theirs") for one in apart)
        )
    print("\n".join(lines))  # noqa: T201 - that is what a benchmark is for


def _told(time: tuple[str, str, bool], whose: str) -> str:
    begin, end, unsure = time
    return f"{whose} {begin} to {end}{' uncertain' if unsure else ''}"


if __name__ == "__main__":
    main()
