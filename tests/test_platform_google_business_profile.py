"""Google Business Profile: the owner's own statements and replies, without a name or word of those who wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Exchange, Item, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import About, Organisation, Subject
from platforms.google_business_profile import GoogleBusinessProfile

AT = datetime(2026, 11, 23, tzinfo=UTC)
ACCOUNT = "accounts/17"


def read(told: Any, step: str = "accounts", note: str = ACCOUNT) -> list[Any]:
    visit = Visit("https://x.example", step=step, note=note)
    return list(GoogleBusinessProfile().read(Page(visit=visit, at=AT, body=json.dumps(told).encode())))


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


def test_reviews_are_asked_for_where_the_owner_is_verified_and_never_beyond_what_may_be_asked() -> None:
    stranger = location(99, metadata={})
    found = read({"locations": [stranger, *(location(n) for n in range(1, 30))]}, "locations")
    asked = [visit.url for visit in visits(found)]
    assert asked[0] == "https://mybusiness.googleapis.com/v4/accounts/17/locations/1/reviews"
    assert not any("locations/99" in url for url in asked)
    accounts, reviews, proofs = 2, 2 * len(asked), 2
    assert accounts + reviews + proofs <= GoogleBusinessProfile.follow_ups


def test_an_empty_list_counts_only_where_the_account_itself_is_seen() -> None:
    for step in ("locations", "reviews"):
        (proof,) = read({}, step)
        assert (proof.step, proof.url.endswith("/v1/accounts/17")) == ("account", True)
    assert [type(item) for item in read({"name": ACCOUNT, "accountName": "Muster"}, "account")] == [Nothing]
    with pytest.raises(NotUnderstood):
        read({"name": "accounts/18"}, "account")


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
        ({"reviews": [{"reviewId": "x"}]}, "reviews"),
        ({"reviews": [{"reviewId": "x", "createTime": "yesterday"}]}, "reviews"),
        ({}, "account"),
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
    told = {"name": f"{ACCOUNT}/locations/1/reviews/AbC", "reviewer": {"displayName": "Erika Muster"},
            "comment": "Sehr nett", "createTime": "2026-10-02T09:00:00Z"}  # fmt: skip
    return {**told, **more}


def test_of_a_review_two_times_are_kept_and_no_name_and_no_word() -> None:
    reply = {"comment": "Danke, Frau Muster", "updateTime": "2026-10-03T08:30:00.5Z"}
    (found,) = read({"reviews": [review(reviewReply=reply)], "totalReviewCount": 1}, "reviews")
    assert (found.kind, found.channel, found.source) == ("review", "public", "public")
    assert (found.answered_at - found.asked_at).total_seconds() == 23.5 * 3600 + 0.5
    assert not any(word in repr(found) for word in ("Muster", "nett", "Danke", "AbC"))


def test_a_review_without_reply_is_open_and_a_reply_is_never_before_it() -> None:
    early = {"updateTime": "2026-10-01T00:00:00Z"}
    (open_,) = read({"reviews": [review()]}, "reviews")
    (answered,) = read({"reviews": [review(reviewReply=early)]}, "reviews")
    assert open_.answered_at is None
    assert answered.answered_at == answered.asked_at


NAMES = st.sampled_from(
    ["accounts", "locations", "reviews", "name", "title", "metadata", "hasVoiceOfMerchant", "regularHours", "periods",
     "openDay", "openTime", "hours", "createTime", "reviewReply", "updateTime", "latlng", "latitude", "phoneNumbers"]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    LEAVES | st.sampled_from(["accounts/1", "locations/1", "2026-10-01T00:00:00Z", "MONDAY"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20,
)  # fmt: skip


@given(st.sampled_from(["accounts", "locations", "reviews", "account"]), st.dictionaries(NAMES, JSON, max_size=5))
def test_whatever_is_answered_is_read_or_not_understood(step: str, told: dict[str, Any]) -> None:
    for one in (told, {"locations": [{**told, "name": "locations/1", "title": "x"}]}, {"reviews": [told]}):
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
