"""What a report may tell of the runs before: a year of runs, gaps that came and went, and targets of every sort."""

from __future__ import annotations

from datetime import date, timedelta

from audit.model import Aim, FieldPace, Figures, Month, Pace, Past, UnitPace
from tests.result_factory import NOW, ORGANISATION

DUE = date(2027, 3, 31)


def make_past(runs: int = 6, name: str = "Fachbereich") -> Past:
    """The past of `make_result`; with one run there is no trend."""
    return Past(
        pace=Pace(
            organisation=ORGANISATION,
            organisation_name=name,
            at=NOW,
            at_first=9,
            months=(Month(month="2026-10", opened=0, closed=4), Month(month="2026-11", opened=2, closed=1)),
            whole=unit("", 6),
            units=(unit("beratung", 4), unit(name, 1), unit("", 1)),
            aims=make_aims(),
            fields=(FieldPace(id="debt", name="Schulden", name_en="Debt", pace=unit("", 6)),),
            runs=runs,
            trend=tuple(run(number) for number in range(1 - runs, 1)),
        )
    )


def make_aims() -> tuple[Aim, ...]:
    return (
        aim(80, 60, 8.0, date(2027, 2, 1), on_course=True),
        aim(95, 60, 3.0, date(2027, 11, 1), on_course=False),
        aim(80, None, None, None, on_course=None, service="kita"),
        aim(80, 20, -1.0, None, on_course=False, field="debt"),
    )


def aim(
    value: float, actual: float | None, per_month: float | None, expected: date | None, *, on_course: bool | None,
    service: str = "", field: str = "",
) -> Aim:  # fmt: skip
    return Aim(figure="findability", value=value, due=DUE, actual=actual, per_month=per_month, expected=expected,
               on_course=on_course, service=service, field=field)  # fmt: skip


def unit(id_: str, open_: int) -> UnitPace:
    return UnitPace(unit=id_, open=open_, closed=3, days_open=40.0, days_to_close=12.5, due=DUE, in_time=1 / 3)


def run(number: int) -> Figures:
    """One run a week; the figures rise, and nothing is known of answers."""
    value = 60.0 + number / 2
    return Figures(
        run=f"r{number}", at=NOW + timedelta(weeks=number), method=1, findability=value, low=value - 15,
        high=value + 20, accuracy=70.0, response=None, offered=None, total=None, coverage=0.5,
    )  # fmt: skip
