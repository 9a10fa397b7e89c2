"""Targets and pace in words, the same in every report, and the pictures of how figures and gaps moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from audit.model import Aim, FieldPace, Figures, Month, Pace, State, UnitPace
from reports.figures import PILLARS
from reports.pictures import Bar, Picture, picture
from reports.shield import scrub
from reports.texts import Texts
from reports.views import View

MOST = 60  # runs drawn one by one; of more, the last of each week
PRESSING = 4  # targets on the first screen, so that they do not push the next steps away
RANGED = "findability"  # the figure of which runs keep the range
UNIT_KEYS = ("pace_open", "pace_days_open", "pace_closed", "pace_days_closed", "pace_in_time")


@dataclass(frozen=True, slots=True)
class AimWords:
    """One target: what is to be reached and where it stands, where the pace leads, and the sign that says it."""

    line: str
    course: str
    on_course: bool | None
    mark: State


@dataclass(frozen=True, slots=True)
class Point:
    """One run on a curve: ``x`` is its place in time, the others the figure and its range, all 0 to 100."""

    x: float
    y: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A figure over time: points, targets as (value, label), first and last day, and the figures as a table."""

    id: str
    title: str
    explain: str
    alt: str
    points: tuple[Point, ...]
    goals: tuple[tuple[float, str], ...]
    ends: tuple[str, str]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceWords:
    """All of it for one page; without two runs there are targets and one sentence (``too_few``) alone."""

    aims: list[AimWords]
    now: str
    too_few: str
    curves: list[Curve]
    months: Picture | None
    tables: list[tuple[str, str, list[tuple[str, ...]]]]
    due: str
    moved: str = ""
    notes: tuple[str, ...] = ()

    def pressing(self) -> tuple[list[AimWords], int]:
        """The targets of the first screen, and how many more there are."""
        return pressing(self.aims)


def pacing(pace: Pace, view: View, texts: Texts) -> PaceWords:
    """What a page tells of pace and targets."""
    shown = scrub(pace)
    curves = curves_of(shown, texts)
    many = shown.runs > 1
    return PaceWords(
        aims=aims(shown, view, texts),
        now=texts.say("pace_now", open=texts.count("gap", shown.whole.open), first=shown.at_first),
        too_few="" if curves else too_few(shown, texts),
        curves=curves,
        months=months(shown.months, texts) if many else None,
        tables=_tables(shown, view, texts) if many else [],
        due=texts.say("pace_due", date=texts.date(shown.whole.due)) if shown.whole.due else "",
    )


def before(pace: Pace | None) -> Figures | None:
    """The figures of the run before, by the same method; None where there are none."""
    return pace.trend[-2] if pace and len(pace.trend) > 1 else None


def curves_of(pace: Pace, texts: Texts) -> list[Curve]:
    """A curve of each figure that was known twice."""
    return [curve for id_ in PILLARS if (curve := _curve(id_, pace, texts))]


def too_few(pace: Pace, texts: Texts) -> str:
    """Why there is no curve."""
    if pace.runs < 2:
        return texts.say("pace_one")
    return texts.say("pace_one_method" if len(pace.trend) < 2 else "pace_no_figure")


def aims(pace: Pace, view: View, texts: Texts) -> list[AimWords]:
    """Every target in the order of the organisation file."""
    names = {row.service: row.service_name for row in view.result.rows}
    fields = {field.id: name_of(field, texts) for field in pace.fields}
    return [aim_in_words(aim, names.get(aim.service, aim.service) or fields.get(aim.field, aim.field), texts)
            for aim in pace.aims]  # fmt: skip


def aim_in_words(aim: Aim, about: str, texts: Texts) -> AimWords:
    """One target; ``about`` is the service or field of work it is for, "" for all."""
    actual = "–" if aim.actual is None else texts.number(aim.actual)
    said = texts.say("pace_aim", actual=actual, value=texts.number(aim.value), due=texts.date(aim.due))
    name = ", ".join(filter(None, (texts.pillar(aim.figure).name, about)))
    mark = {True: State.COMPLETE, False: State.MISSING, None: State.UNKNOWN}[aim.on_course]
    return AimWords(f"{name}: {said}", course(aim, texts), aim.on_course, mark)


def pressing(aims: list[AimWords], most: int = PRESSING) -> tuple[list[AimWords], int]:
    """At most so many targets, in their order, those off course before all others; and how many are left out."""
    pressed = sorted(range(len(aims)), key=lambda at: (aims[at].on_course is not False, aims[at].on_course is True))
    return [aims[at] for at in sorted(pressed[:most])], max(0, len(aims) - most)


def course(aim: Aim, texts: Texts) -> str:
    """Where the present pace leads, in a sentence or two."""
    if aim.actual is not None and aim.actual >= aim.value:
        return texts.say("pace_reached")
    if aim.per_month is None:
        return texts.say("pace_late" if aim.on_course is False else "pace_unknown")
    speed = texts.say("pace_speed", n=texts.number(aim.per_month, 1))
    if aim.expected is None:
        return f"{texts.say('pace_never')} {speed}"
    key = "pace_on_course" if aim.on_course else "pace_off_course"
    return f"{texts.say(key, date=texts.date(aim.expected))} {speed}"


def name_of(field: FieldPace, texts: Texts) -> str:
    """The name of a field of work in the language of the texts."""
    return field.name_en if texts.lang == "en" else field.name


def unit_row(name: str, unit: UnitPace, texts: Texts) -> tuple[str, ...]:
    """A line of a table of paces: the name, and a value for each of `UNIT_KEYS`."""
    in_time = "–" if unit.in_time is None else texts.percent(unit.in_time)
    days = ("–" if days is None else texts.number(days) for days in (unit.days_open, unit.days_to_close))
    open_, ended = days
    return name, texts.number(unit.open), open_, texts.number(unit.closed), ended, in_time


def unit_rows(pace: Pace, view: View, texts: Texts) -> list[tuple[str, ...]]:
    """Each unit, and last all together."""
    rows = [unit_row(view.unit(unit.unit) or texts.say("no_unit"), unit, texts) for unit in pace.units]
    return [*rows, unit_row(texts.say("pace_whole"), pace.whole, texts)]


def field_rows(pace: Pace, texts: Texts) -> list[tuple[str, ...]]:
    """Each field of work."""
    return [unit_row(name_of(field, texts), field.pace, texts) for field in pace.fields]


def _tables(pace: Pace, view: View, texts: Texts) -> list[tuple[str, str, list[tuple[str, ...]]]]:
    """Keys of title and of the first column, and the rows."""
    both = [("pace_units", "unit", unit_rows(pace, view, texts))]
    both.append(("federation_fields", "federation_field", field_rows(pace, texts)))
    return [table for table in both if table[2]]


def _curve(id_: str, pace: Pace, texts: Texts) -> Curve | None:
    runs = drawn([run for run in pace.trend if getattr(run, id_) is not None])
    if len(runs) < 2:
        return None
    first, span = runs[0].at, max(runs[-1].at - runs[0].at, timedelta(seconds=1))
    points = tuple(_point(id_, run, (run.at - first) / span * 100, texts) for run in runs)
    title = texts.say("pace_curve", name=texts.pillar(id_).name)
    goals = {aim.value for aim in pace.aims if aim.figure == id_ and not (aim.service or aim.field)}
    return Curve(
        id=f"curve-{id_}",
        title=title,
        explain=" ".join(texts.say(f"pace_curve_{part}") for part in _explained(id_, bool(goals))),
        alt=f"{title}. {_in_words(points, texts)}",
        points=points,
        goals=tuple((value, texts.say("pace_goal", value=texts.number(value))) for value in sorted(goals)),
        ends=(texts.day_of(runs[0].at), texts.day_of(runs[-1].at)),
        heads=tuple(texts.say(key) for key in ("changes_run", "value", "low", "high", "coverage")),
        rows=tuple(_row(run, point, texts) for run, point in zip(runs, points, strict=True)),
    )  # fmt: skip


def _in_words(points: Sequence[Point], texts: Texts) -> str:
    between = texts.say("pace_between", n=len(points) - 2) if len(points) > 2 else ""
    return "; ".join(filter(None, (points[0].words, between, points[-1].words)))


def _explained(id_: str, has_goals: bool) -> list[str]:
    parts = {"method": True, "range": id_ == RANGED, "goal": has_goals}
    return [part for part, shown in parts.items() if shown]


def drawn(runs: Sequence[Figures]) -> list[Figures]:
    """The runs that a picture shows: all, or of very many the last of each week."""
    weekly = {run.at.isocalendar()[:2]: run for run in runs}
    return list(runs) if len(runs) <= MOST else list(weekly.values())[-MOST:]


def _point(id_: str, run: Figures, x: float, texts: Texts) -> Point:
    value: float = getattr(run, id_)
    ranged = id_ == RANGED and run.low is not None and run.high is not None
    low, high = (run.low or 0.0, run.high or 0.0) if ranged else (value, value)
    said = f"{texts.day_of(run.at)}: {texts.number(value)}"
    return Point(x, value, low, high, f"{said} ({texts.number(low)}–{texts.number(high)})" if ranged else said)


def _row(run: Figures, point: Point, texts: Texts) -> tuple[str, ...]:
    figures = (texts.number(value) for value in (point.y, point.low, point.high))
    return texts.day_of(run.at), *figures, texts.percent(run.coverage)


def months(some: Sequence[Month], texts: Texts) -> Picture | None:
    """Opened to the left, closed to the right of the middle; None where nothing was."""
    most = max((max(month.opened, month.closed) for month in some), default=0)
    if not most:
        return None
    return picture(
        "pace_months",
        texts,
        bars=[_month(month, 50 / most, texts) for month in some],
        scale=[(at, texts.number(number)) for at, number in ((0, most), (50, 0), (100, most))],
        heads=[texts.say(key) for key in ("pace_month", "pace_opened", "pace_closed")],
        rows=[(texts.month(m.month), texts.number(m.opened), texts.number(m.closed)) for m in some],
    )


def _month(month: Month, unit: float, texts: Texts) -> Bar:
    opened, closed = texts.number(month.opened), texts.number(month.closed)
    said = f"{opened} {texts.say('pace_opened')} · {closed} {texts.say('pace_closed')}"
    pieces = (("track", 0, 100), ("gaps", 50 - month.opened * unit, 50), ("complete", 50, 50 + month.closed * unit))
    return Bar(texts.month(month.month), said, pieces, 50.0)
