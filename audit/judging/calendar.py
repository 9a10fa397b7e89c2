"""Public and school holidays of the federal states of Germany (data: the library ``holidays``)."""

from __future__ import annotations

from datetime import date
from functools import cache


@cache
def public_holidays(state: str, year: int) -> frozenset[date]:
    """Public holidays of a federal state ("NW"); the nationwide ones where the state is unknown."""
    import holidays  # noqa: PLC0415 - a sixth of a second that most commands can do without

    return frozenset(holidays.country_holidays("DE", subdiv=state or None, years=year))


@cache
def school_holidays(state: str, year: int) -> frozenset[date]:
    """Days of school holidays in a federal state; none where the state or its plan for the year is unknown."""
    if not state:
        return frozenset()
    import holidays  # noqa: PLC0415 - the same

    return frozenset(holidays.country_holidays("DE", subdiv=state, years=year, categories=("school",)))
