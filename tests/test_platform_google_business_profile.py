"""Google Business Profile: the owner's own statements and replies, without a name or word of those who wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Exchange, Item, Listing, More, Nothing, NotUnderstood, Page, Query, Reason, Visit
from audit.model import About, Organisation, Subject
from platforms.google_maps import GoogleBusinessProfile

AT = datetime(2026, 11, 23, tzinfo=UTC)
ACCOUNT = "accounts/17"


IDS = {"locations/1": "ChIJ1"}
ASKED = {"locationNames": [f"{ACCOUNT}/locations/1"], "pageSize": 50}


def read(told: Any, step: str = "accounts", note: str = ACCOUNT) -> list[Any]:
    """What is read of an answer; reviews are asked for with the ids of their entries."""
    reviews = step.startswith("reviews")
    visit = Visit("https://x.example", step=step, note=json.dumps(IDS) if reviews else note, body=json.dumps(ASKED))
    return list(GoogleBusinessProfile().read(Page(visit=visit, at=AT, body=json.dumps(told).encode())))


VERIFIED, CHANGED = {"hasVoiceOfMerchant": True}, {"hasGoogleUpdated": True}


def location(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": f"locations/{number}", "title": "Hort", "metadata": {"hasVoiceOfMerchant": True}, **more}


def visits(items: list[Item]) -> list[Visit]:
    return [item for item in items if isinstance(item, Visit)]


def test_one_question_answers_for_all_services() -> None:
    organisations = [Organisation(id=id_, name=id_) for id_ in ("a", "b")]
    queries = [Query(subject=Subject(about=About.ORGANISATION, organisation=one)) for one in organisations]
    (ask,) = GoogleBusinessProfile().plan(queries)
    assert len(ask.queries) == 2
    assert dict(ask.visit.headers) == {"Authorization": "Bearer {GOOGLE_BUSINESS_TOKEN}"}


def test_the_locations_of_each_account_are_asked_for_and_too_many_accounts_are_told() -> None:
    found = read({"accounts": [{"name": f"accounts/{n}"} for n in range(1, 5)]})
    assert [visit.note for visit in visits(found)] == ["accounts/1", "accounts/2"]
    assert isinstance(found[-1], More)


def test_reviews_are_asked_for_together_where_the_owner_is_verified_and_never_beyond_what_may_be_asked() -> None:
    shown = [location(99, metadata={}), *(location(n, metadata=VERIFIED | CHANGED) for n in range(1, 30))]
    *live, reviews = visits(read({"locations": shown}, "locations"))
    assert reviews.url == "https://mybusiness.googleapis.com/v4/accounts/17/locations:batchGetReviews"
    assert json.loads(reviews.body)["locationNames"] == [f"{ACCOUNT}/locations/{n}" for n in range(1, 30)]
    pages, step = 1, reviews.step
    while following := visits(read({"locationReviews": [], "nextPageToken": "x"}, step)):
        pages, step = pages + 1, following[0].step
    assert 2 * (1 + len(live) + pages) <= GoogleBusinessProfile.follow_ups
    assert pages + 1 <= GoogleBusinessProfile.depth


def test_an_entry_that_google_changed_is_read_as_people_see_it_and_says_what_differs() -> None:
    listings = [i for i in read({"locations": [location(metadata=CHANGED)]}, "locations") if isinstance(i, Listing)]
    assert listings == []
    told = {
        "location": location(title="Hort Muster"),
        "diffMask": "title,regularHours.periods,profile",
        "pendingMask": "",
    }
    (live,) = read(told, "changed")
    assert (live.name, live.overridden, live.claimed) == ("Hort Muster", ("name", "hours"), True)


@pytest.mark.parametrize(("metadata", "claimed"), [({"hasVoiceOfMerchant": True}, True), ({"mapsUri": ""}, False)])
def test_a_location_says_whether_it_is_in_its_owners_hands(metadata: dict[str, Any], claimed: object) -> None:
    assert read({"locations": [location(metadata=metadata)]}, "locations")[0].claimed is claimed
    assert read({"locations": [{"name": "locations/1", "title": "Hort"}]}, "locations")[0].claimed is None


@pytest.mark.parametrize("told", [{}, {"locations": [location()]}])
def test_what_a_profile_does_not_hold_is_never_taken_for_absent(told: dict[str, Any]) -> None:
    found = read(told, "locations")
    assert found[-1].reason is Reason.OUTSIDE_DATA
    assert not any(isinstance(item, Nothing) for item in found)


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ({}, "accounts"),
        ({"error": {"code": 401, "message": "Request had invalid authentication credentials."}}, "accounts"),
        ({"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED"}}, "locations"),
        ({"accounts": [{"name": "accounts/../x"}]}, "accounts"),
        ({"locations": None}, "locations"),
        ({"locations": [{"title": "Hort"}]}, "locations"),
        ({"locations": [{"name": "locations/1"}]}, "locations"),
        ({"status": "ok"}, "locations"),
        ({"locationReviews": [{"review": {"reviewId": "x"}}]}, "reviews-1"),
        ({"locationReviews": [{"review": {"reviewId": "x", "createTime": "yesterday"}}]}, "reviews-1"),
        ({"reviews": []}, "reviews-1"),
        ({}, "changed"),
    ],
)
def test_another_shape_is_not_understood(told: Any, step: str) -> None:
    with pytest.raises(NotUnderstood):
        read(told, step)


@pytest.mark.parametrize(
    ("status", "shown"),
    [("OPEN", "open"), ("CLOSED_PERMANENTLY", "closed"), ("CLOSED_TEMPORARILY", "temporarily-closed")],
)
def test_a_location_says_whether_it_is_closed(status: str, shown: str) -> None:
    (found, *_) = read({"locations": [location(openInfo={"status": status})]}, "locations")
    assert found.status == shown


def period(day: str, opens: dict[str, int], closes: dict[str, int], until: str = "") -> dict[str, Any]:
    return {"openDay": day, "openTime": opens, "closeDay": until or day, "closeTime": closes}


@pytest.mark.parametrize(
    ("periods", "osm"),
    [
        ([period("MONDAY", {"hours": 9}, {"hours": 12, "minutes": 30})], "Mo 09:00-12:30"),
        ([period("FRIDAY", {"hours": 20}, {"hours": 2}, "SATURDAY")], ""),
        ([period("SUNDAY", {}, {"hours": 24})], "Su 00:00-24:00"),
        ([{"openDay": "MONDAY", "closeDay": "MONDAY", "openTime": {"hours": "9"}}], ""),
        ([], ""),
        ("x", ""),
    ],
)
def test_hours_are_translated_as_a_whole_or_not_at_all(periods: Any, osm: str) -> None:
    (found, *_) = read({"locations": [location(regularHours={"periods": periods})]}, "locations")
    assert found.opening_hours == osm


def review(**more: Any) -> dict[str, Any]:
    name = f"{ACCOUNT}/locations/1"
    told = {"name": f"{name}/reviews/AbC", "reviewer": {"displayName": "Erika Muster"},
            "comment": "Sehr nett", "createTime": "2026-10-02T09:00:00Z"}  # fmt: skip
    return {"locationReviews": [{"name": name, "review": {**told, **more}}]}


def test_of_a_review_two_times_and_its_entry_are_kept_and_no_name_and_no_word() -> None:
    reply = {"comment": "Danke, Frau Muster", "updateTime": "2026-10-03T08:30:00.5Z"}
    (found,) = read(review(reviewReply=reply), "reviews-1")
    assert (found.kind, found.channel, found.source, found.entry) == ("review", "public", "public", "ChIJ1")
    assert (found.answered_at - found.asked_at).total_seconds() == 23.5 * 3600 + 0.5
    assert not any(word in repr(found) for word in ("Muster", "nett", "Danke", "AbC"))


def test_a_review_without_reply_is_open_and_a_reply_is_never_before_it() -> None:
    (open_,) = read(review(), "reviews-1")
    (answered,) = read(review(reviewReply={"updateTime": "2026-10-01T00:00:00Z"}), "reviews-1")
    assert open_.answered_at is None
    assert answered.answered_at == answered.asked_at


NAMES = st.sampled_from(
    ["accounts", "locations", "locationReviews", "review", "location", "diffMask", "name",
     "title", "metadata", "hasVoiceOfMerchant", "regularHours", "periods",
     "openDay", "openTime", "hours", "createTime", "reviewReply", "updateTime", "latlng", "latitude", "phoneNumbers"]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    LEAVES | st.sampled_from(["accounts/1", "locations/1", "2026-10-01T00:00:00Z", "MONDAY"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20,
)  # fmt: skip


@given(st.sampled_from(["accounts", "locations", "reviews-1", "changed"]), st.dictionaries(NAMES, JSON, max_size=5))
def test_whatever_is_answered_is_read_or_not_understood(step: str, told: dict[str, Any]) -> None:
    for one in (told, {"locations": [{**told, "name": "locations/1", "title": "x"}]}, {"locationReviews": [told]}):
        try:
            found = read(one, step)
        except NotUnderstood:
            continue
        assert all(isinstance(item, Listing | Exchange | Nothing | More | Visit) for item in found)


@pytest.mark.shared
def test_a_review_has_the_members_of_the_documented_example(shared: Path) -> None:
    told = json.loads((shared / "recordings" / "google-business-reviews" / "docs_review_shape.json").read_text("utf-8"))
    assert {"createTime", "reviewReply", "name", "reviewId"} <= set(told["json"])
    assert set(told["json"]["reviewReply"]) == {"comment", "updateTime"}
