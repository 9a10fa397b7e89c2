"""A cell that could not be seen this time keeps what was last seen of it, with its age. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from audit.model import Cell, LastGood, Reason, State

# What passes: the turn did not come, the platform or the network was not to be had, or it was not believed this time.
PASSING = frozenset({
    Reason.BUDGET, Reason.BLOCKED, Reason.RATE_LIMITED, Reason.CONTROL_FAILED, Reason.MAINTENANCE, Reason.TIMEOUT,
    Reason.SERVER_ERROR, Reason.NETWORK_DOWN, Reason.LAYOUT_CHANGED, Reason.CHECKER_BROKEN,
})  # fmt: skip


def waits(cell: Cell) -> bool:
    """Whether a look at the cell was wanted and failed for a reason that passes."""
    return cell.state is State.UNKNOWN and cell.reason in PASSING


def carried(cell: Cell, good: Mapping[str, LastGood], now: datetime) -> Cell:
    """The last good verdict in place of a cell that could not be seen; its age fades its coverage.

    ``reason`` is why it could not be seen this time.
    """
    last = good.get(cell.id)
    if last is None or not waits(cell):
        return cell
    age = max((now - last.at) / timedelta(days=1), 0.0)
    return replace(
        last.cell, weight=cell.weight, key=cell.key, reason=cell.reason, age_days=round(age, 3), carried_from=last.run
    )
