"""The collector of cyclic garbage, paused where a great many frozen values are made that hold no cycles."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@contextmanager
def no_collecting() -> Iterator[None]:
    """Nothing is looked through for cycles meanwhile: with a whole federation in memory that is a quarter of the time.

    What is no longer referred to is freed as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def rare_collecting() -> Iterator[None]:
    """Cycles are looked for rarely, and what is there by now (code, tables) is never looked through again."""
    _end_at_once()
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@cache
def _end_at_once() -> None:
    """When the process ends, the system takes back its memory: nothing need be looked through for that."""
    atexit.register(gc.freeze)
