"""The collector of cyclic garbage, paused where a great many frozen values are made that hold no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
