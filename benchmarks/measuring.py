"""What the benchmarks share: CPU and wall time, medians of interleaved rounds, and a small table."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))


def cpu() -> float:
    """Seconds of CPU this process has used, system calls included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of CPU that the work takes."""
    before = cpu()
    work()
    return cpu() - before


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def interleaved(rounds: int, *works: Callable[[], float]) -> list[float]:
    """The median of each, measured in turn so that a busy moment of the machine meets all of them."""
    figures = [[work() for work in works] for _ in range(rounds)]
    return [median(column) for column in zip(*figures, strict=True)]


def table(title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Print the figures."""
    width = max(len(name) for name, _ in rows)
    print(title)  # noqa: T201 - that is what a benchmark is for
    for name, figure in rows:
        print(f"  {name:<{width}}  {figure}")  # noqa: T201 - the same
    print()  # noqa: T201 - the same


@contextmanager
def server(script: str, *arguments: str) -> Iterator[str]:
    """A server in a process of its own; its first line says where it is."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - for the type checker
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)


def shared() -> Path | None:
    """The folder of real data, where there is one."""
    folder = Path(os.environ.get("FINDBAR_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "data").is_dir() else None
