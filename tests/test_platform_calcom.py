from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from audit import About, Action, Listing, NotUnderstood, Page, Query, Slot, Visit
from audit.model import Organisation, Subject
from audit.visiting.understanding import read
from platforms.calcom import CalCom

AT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
PAGE = "https://cal.com/muster/erstgespraech"


def asked(*profiles: str, at: datetime | None = AT) -> list[Visit]:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return list(CalCom().search(Query(subject=subject, profiles=profiles, at=at)))


def answered(body: bytes) -> list[Any]:
    return read(CalCom(), Page(visit=asked(PAGE)[0], at=AT, body=body))


@pytest.mark.parametrize(
    ("url", "whose"),
    [
        ("https://cal.com/anna/gespraech", {"username": "anna", "eventTypeSlug": "gespraech"}),
        ("https://app.cal.com/anna/gespraech?date=2026-12-01", {"username": "anna", "eventTypeSlug": "gespraech"}),
        ("https://cal.com/team/rat/gespraech", {"teamSlug": "rat", "eventTypeSlug": "gespraech"}),
        (
            "https://verein.cal.com/anna/gespraech",
            {"organizationSlug": "verein", "username": "anna", "eventTypeSlug": "gespraech"},
        ),
        ("https://cal.com/anna", None),
        ("https://cal.com/d/geheim/gespraech", None),
        ("https://termin.example/anna/gespraech", None),
        ("https://notcal.com/anna/gespraech", None),
        ("mailto:a@b.example", None),
    ],
)
def test_an_address_names_the_event_type_and_its_owner(url: str, whose: dict[str, str] | None) -> None:
    visits = asked(url)
    assert len(visits) == (whose is not None)
    for visit in visits:
        assert {**whose, "start": "2026-11-24", "end": "2026-12-22"}.items() <= dict(visit.params).items()  # type: ignore[dict-item]


def test_without_the_beginning_of_the_run_nothing_is_asked() -> None:
    assert asked(PAGE, at=None) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["slots_utc", "slots_utc_range", "slots_rome", "slots_rome_range"])
def test_the_values_the_maintainers_expect_are_read_in_every_form(shared: Path, name: str) -> None:
    body = (shared / "recordings" / "calcom" / f"{name}.json").read_bytes()
    listing, *slots = answered(body)
    assert isinstance(listing, Listing)
    assert (listing.name, listing.url, listing.actions) == ("erstgespraech", PAGE, (Action.BOOK,))
    assert listing.slots_until == date(2026, 12, 22)
    assert len(slots) == 40
    assert all(isinstance(slot, Slot) and slot.free for slot in slots)
    assert slots[0].start.astimezone(UTC).isoformat() == "2050-09-05T07:00:00+00:00"
    assert (slots[0].end is not None) == name.endswith("range")


def test_a_span_without_any_time_is_there_and_not_bookable() -> None:
    (listing,) = answered(b'{"status": "success", "data": {}}')
    assert (listing.actions, listing.slots_until) == ((), date(2026, 12, 22))


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "error", "data": {}},
        {"status": "success", "data": []},
        {"status": "success", "data": {"2026-12-01": None}},
        {"status": "success", "data": {"2026-12-01": [{"begin": "2026-12-01T10:00:00Z"}]}},
        {"status": "success", "data": {"2026-12-01": ["morgen"]}},
    ],
)
def test_what_is_no_list_of_times_is_not_understood(answer: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        answered(json.dumps(answer).encode())


def test_a_404_of_something_else_is_no_absence() -> None:
    with pytest.raises(NotUnderstood, match="status 404"):
        read(CalCom(), Page(visit=asked(PAGE)[0], at=AT, status=404, body=b"<html>not found</html>"))
