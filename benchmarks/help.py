"""``findbar --help`` against a bare click and rich program: wall time of whole processes."""

from __future__ import annotations

import subprocess
import sys

from measuring import ROOT, interleaved, seconds_of, table

ROUNDS = 15
BARE = """
import click
import rich
@click.group()
def main():
    "A bare program."
@main.command()
def one():
    "Does nothing."
main(["--help"])
"""
OURS = "import cli; cli.main(['--help'])"


def wall(script: str) -> float:
    """Seconds from start to end of one process."""
    command = [sys.executable, "-c", script]
    return seconds_of(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True))  # noqa: S603


def main() -> None:
    """Print both and the ratio."""
    wall(BARE), wall(OURS)  # warm-up
    bare, ours = interleaved(ROUNDS, lambda: wall(BARE), lambda: wall(OURS))
    table(
        f"help: milliseconds, median of {ROUNDS}",
        [
            ("bare click and rich program", f"{bare * 1000:.0f}"),
            ("findbar --help", f"{ours * 1000:.0f}"),
            ("ratio (aim: 1.3 or less)", f"{ours / bare:.2f}"),
        ],
    )


if __name__ == "__main__":
    main()
