from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from audit import Listing, Nothing, NotUnderstood
from audit.visiting import understanding
from platforms.x import XApi
from tests.social import ODD, asked, page, reads_or_refuses, recorded

X = XApi()


def read(value: Any, **more: Any) -> list[Any]:
    return list(understanding.read(X, page(value, **more)))


def test_both_hosts_lead_to_one_account_and_the_key_travels_in_the_header() -> None:
    (visit,) = asked(X, "https://x.com/muster", "https://twitter.com/@muster/")
    assert visit.url == "https://api.x.com/2/users/by/username/muster"
    assert visit.headers == (("authorization", "Bearer {X_BEARER_TOKEN}"),)
    assert asked(X, "https://x.com/", "https://x.com/mü/status/1") == []


@pytest.mark.shared
def test_a_recorded_account_is_read_with_where_its_short_link_leads(shared: Path) -> None:
    (listing,) = read({"data": recorded(shared, "x", "models__user.json")})
    assert (listing.name, listing.url) == ("Twitter Dev", "https://x.com/TwitterDev")
    assert listing.websites == ("https://developer.twitter.com/en/community",)
    assert listing.last_active is None
    (short,) = read(recorded(shared, "x", "apis__user__user_resp.json"))
    assert (short.id, short.websites) == ("2244994945", ())


@pytest.mark.shared
def test_recorded_posts_give_the_last_day(shared: Path) -> None:
    posts = recorded(shared, "x", "apis__timeline__timeline_tweets.json")["data"]
    (listing,) = read({"data": {"username": "muster"}, "includes": {"tweets": posts}})
    assert str(listing.last_active) == "2021-02-23"


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["apis__timeline__timeline_tweets.json", "apis__tweet__tweets_counts_recent_resp.json"]
)
def test_recorded_answers_of_another_kind_are_not_understood(shared: Path, name: str) -> None:
    with pytest.raises(NotUnderstood):
        read(recorded(shared, "x", name))


def test_only_not_found_is_absence_and_a_suspended_account_is_not() -> None:
    missing = {"title": "Not Found Error", "resource_type": "user"}
    assert [type(item) for item in read({"errors": [missing]})] == [Nothing]
    assert read({"errors": [{"title": "Forbidden", "detail": "User has been suspended: [muster]."}]}) == []
    assert read({"errors": [{"title": "Not Found Error", "resource_type": "tweet"}]}) == []
    for status in (401, 402, 429):
        with pytest.raises(NotUnderstood):
            read({"title": "Unauthorized"}, status=status)


def test_a_post_that_could_not_be_shown_hides_no_account() -> None:
    gone = {"errors": [{"title": "Not Found Error", "resource_type": "tweet"}]}
    assert [type(item) for item in read({"data": {"username": "muster"}, **gone})] == [Listing]


@given(ODD)
def test_any_json_is_read_or_not_understood(value: Any) -> None:
    reads_or_refuses(X, page(value))
