"""A cell whose turn did not come keeps what was last seen of it, with its age. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from audit.model import Cell, LastGood, Reason, State


def waits(cell: Cell) -> bool:
    """Whether the time or the visits set for the run did not do for the cell; anything else was a look that failed."""
    return cell.state is State.UNKNOWN and cell.reason is Reason.BUDGET


def carried(cell: Cell, good: Mapping[str, LastGood], now: datetime) -> Cell:
    """The last good verdict in place of a cell whose turn did not come; its age fades its coverage."""
    last = good.get(cell.id)
    if last is None or not waits(cell):
        return cell
    age = max((now - last.at) / timedelta(days=1), 0.0)
    return replace(last.cell, weight=cell.weight, key=cell.key, age_days=round(age, 3), carried_from=last.run)
