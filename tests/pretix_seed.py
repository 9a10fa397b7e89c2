"""What a real pretix holds for tests/test_real_pretix.py; ``seed()`` runs inside pretix' own shell (.ci/pretix).

Only the standard library is imported above the function: the test reads names and days from here.
Models and fields as in pretix 2026.8.0; dates count from the day of seeding.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
ORGANISER = "quellstadt"
SERIES, SINGLE, SMALL, HIDDEN, NOWHERE = "schulden", "eltern", "kurs", "trauer", "nirgends"
PLACES = 2  # of the small event
TOKEN = "-".join(["loopback", "only"] * 4)  # opens nothing but the throw-away server
# No movable holiday of all Germany is a Tuesday or Wednesday; these fixed ones may be.
FIXED_HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}


def dates(today: date) -> dict[str, datetime]:
    """The four dates of the series by what is special about them, the full one first, within four weeks."""
    coming = [today + timedelta(days=n) for n in range(2, 28)]
    plain = [day for day in coming if day.weekday() in (1, 2) and (day.month, day.day) not in FIXED_HOLIDAYS]
    saturday = next(day for day in coming if day.weekday() == 5 and day > plain[0])
    chosen = {
        "full": (plain[0], time(10)),
        "evening": (plain[1], time(18, 30)),
        "saturday": (saturday, time(11)),
        "morning": (plain[2], time(9)),
    }
    return {name: datetime.combine(day, at, BERLIN) for name, (day, at) in chosen.items()}


def seed() -> None:
    """One organiser with a series of four dates (one place each), events with many and few places, one not live."""
    from django_scopes import scopes_disabled  # type: ignore[import-not-found]  # noqa: PLC0415
    from pretix.base.models import Organizer  # type: ignore[import-not-found]  # noqa: PLC0415

    now = datetime.now(BERLIN)
    with scopes_disabled():
        organiser = Organizer.objects.create(name="Hilfsbund Quellstadt", slug=ORGANISER)
        team = organiser.teams.create(
            name="Test", all_events=True, all_event_permissions=True, all_organizer_permissions=True
        )
        team.tokens.create(name="test", token=TOKEN)
        series = event(organiser, SERIES, "Schuldnerberatung Erstgespräch", now, has_subevents=True)
        for name, start in dates(now.date()).items():
            place = series.subevents.create(
                name="Erstgespräch",
                comment=name,  # for the organiser's own eyes: the test tells the dates apart by it
                date_from=start,
                date_to=start + timedelta(minutes=45),
                active=True,
            )
            quota(series, 0 if name == "full" else 1, subevent=place)
        evening = dates(now.date())["morning"].replace(hour=19)
        quota(event(organiser, SINGLE, "Elternabend", evening), 20)
        quota(event(organiser, SMALL, "Kurs für pflegende Angehörige", evening), PLACES)
        quota(event(organiser, HIDDEN, "Trauercafé", evening, live=False), 20)


def event(organiser: Any, slug: str, name: str, start: datetime, **more: object) -> Any:
    """A public event with one free product."""
    usual = {"currency": "EUR", "date_from": start, "date_to": start + timedelta(minutes=90), "live": True}
    made = organiser.events.create(slug=slug, name=name, is_public=True, **{**usual, **more})
    made.settings.timezone, made.settings.locales, made.settings.locale = "Europe/Berlin", ["de"], "de"
    made.items.create(name="Platz", default_price=0)
    return made


def quota(made: Any, size: int, **of: object) -> None:
    """So many places of the event's product."""
    made.quotas.create(name="Plätze", size=size, **of).items.add(*made.items.all())
