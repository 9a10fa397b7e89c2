"""Free times from end to end: Cal.com's interface stands on loopback, its answer counts from today."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.judging.promptness import BERLIN
from audit.model import Action, Offer, Outcome, State
from tests.pretix_seed import dates
from tests.sites import archive_of, cells, configure, findbar, hurried, no_internet, put, results, served

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.usefixtures("hurried", "no_internet")

PAGE = "https://cal.com/lotsenhaus/schuldnerberatung"
ASKED = (
    "/v2/slots?username=lotsenhaus&eventTypeSlug=schuldnerberatung&timeZone=Europe/Berlin&format=range"
    "&start={START}&end={END}"
)
ORGANISATION = f"""
name = "Lotsenhaus e. V."
[[location]]
city = "Quellstadt"
[[service]]
id = "debt"
name = "Schuldnerberatung"
kind = "debt-counselling"
[[service]]
id = "care"
name = "Pflegekurs"
kind = "care-course"
[[profile]]
platform = "calcom"
service = "debt"
url = "{PAGE}"
"""


def audited(tmp_path: Path, **days: list[str]) -> Path:
    web, work = tmp_path / "web", tmp_path / "work"
    data = {day: [{"start": start} for start in starts] for day, starts in days.items()}
    put(web, "api.cal.com", {ASKED: json.dumps({"status": "success", "data": data})}, type="application/json")
    archive = archive_of(web)
    with served(archive) as base:
        configure(work, served=(archive, base))
        (work / "lotsenhaus.toml").write_text(ORGANISATION, "utf-8")
        findbar(work, "audit", "--platform", "calcom", "--html", "report.html", "lotsenhaus.toml")
    return work


def offer(work: Path) -> Offer:
    (found,) = [offer for offer in results(work)[0].score.offers if "/debt@" in offer.subject]
    return found


def test_evening_and_weekend_times_are_offered_and_the_first_is_named(tmp_path: Path) -> None:
    start = dates(datetime.now(BERLIN).date())  # by what is special about them, on no public holiday
    evening, saturday, morning = (
        start[name].astimezone(UTC).isoformat() for name in ("evening", "saturday", "morning")
    )
    found = offer(work := audited(tmp_path, a=[saturday], b=[morning, evening]))
    assert (found.evening_slots, found.weekend_slots, found.slot_days) == (1, 1, 28)
    assert found.next_slot == min(start["evening"], start["saturday"], start["morning"])
    (debt,) = [cell for cell in cells(work) if "/debt@" in cell.subject]
    assert debt.state is State.COMPLETE
    assert debt.match is not None
    assert debt.match.listing.actions == (Action.BOOK,)


def test_no_time_within_four_weeks_is_said_with_the_number_of_days(tmp_path: Path) -> None:
    work = audited(tmp_path)
    assert (offer(work).next_slot, offer(work).slot_days) == (None, 28)
    (debt,) = [cell for cell in cells(work) if "/debt@" in cell.subject]
    times = next(finding for finding in debt.findings if finding.criterion == "offered_times")
    assert (times.outcome, times.note) == (Outcome.NOT_MET, "no-slots")
    assert {gap.kind for gap in results(work)[0].gaps} == {"no-slots", "no-first-step"}
    assert "no free appointment within the next 28 days" in (work / "report.html").read_text("utf-8")


def test_a_booking_portal_matters_only_where_the_organisation_leads_to_it(tmp_path: Path) -> None:
    work = audited(tmp_path)
    (care,) = [cell for cell in cells(work) if "/care@" in cell.subject]
    assert care.state is State.NOT_APPLICABLE
    planned = findbar(work, "plan", "lotsenhaus.toml").output
    assert "Cal.com" in planned
    assert "Calendly" not in planned
