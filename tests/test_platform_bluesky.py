from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Exchange, Listing, Nothing, NotUnderstood, Visit
from audit.model import BY_NAME
from audit.visiting import understanding
from platforms.bluesky import Bluesky
from tests.social import ODD, asked, page, reads_or_refuses, recorded

BLUESKY = Bluesky()
STEPS = ["account", "posts", "thread", "names"]
ME, YOU = "did:plc:ich", "did:plc:du"


def read(value: Any, step: str, note: str = ME, **more: Any) -> list[Any]:
    return list(BLUESKY.read(page(value, step, note, **more)))


def author(did: str, *labels: str) -> dict[str, Any]:
    return {"did": did, "handle": f"{did[8:]}.bsky.social", "labels": [{"val": label} for label in labels]}


def post(did: str, key: str, text: str, at: str = "2026-11-20T10:00:00Z", **more: Any) -> dict[str, Any]:
    usual = {"indexedAt": at, "replyCount": 0, "author": author(did)}
    return {"uri": f"at://{did}/app.bsky.feed.post/{key}", "record": {"text": text, "createdAt": at}, **usual, **more}


def test_addresses_with_a_handle_an_own_domain_or_a_did_are_asked_for() -> None:
    urls = (
        "https://bsky.app/profile/AWO.bsky.social",
        "https://bsky.app/profile/awo.de/",
        "https://bsky.app/profile/did:plc:x",
    )
    assert [dict(visit.params)["actor"] for visit in asked(BLUESKY, *urls)] == [
        "awo.bsky.social",
        "awo.de",
        "did:plc:x",
    ]


def test_without_an_account_nobody_is_looked_for_by_name() -> None:
    assert asked(BLUESKY, "https://bsky.app/about", "https://bsky.app/profile/keinname", "") == []
    assert asked(BLUESKY) == []


@pytest.mark.shared
def test_a_recorded_account_and_its_answer_are_read(shared: Path) -> None:
    account = recorded(shared, "atproto-devenv", "appview_getProfile.json")
    listing, posts = read(account, "account", "")
    assert (listing.name, listing.url) == ("caritas.test", "https://bsky.app/profile/caritas.test")
    assert posts.note == account["did"]
    seen, exchange, thread = read(recorded(shared, "atproto-devenv", "appview_getAuthorFeed.json"), "posts", posts.note)
    assert str(seen.last_active) == "2026-11-23"
    assert exchange.answered_at - exchange.asked_at == timedelta(milliseconds=47)
    assert "ratsuchend" not in repr(exchange)
    same = read(recorded(shared, "atproto-devenv", "appview_getPostThread.json"), "thread", posts.note)
    assert same == [exchange]
    assert dict(thread.params)["uri"].startswith(f"at://{posts.note}/")


@pytest.mark.shared
def test_a_recorded_profile_of_the_public_network_is_read(shared: Path) -> None:
    (profile,) = recorded(shared, "bluesky", "live/a_profile.json")["profiles"]
    listing = read(profile, "account")[0]
    assert (listing.name, listing.alternate_names, listing.websites) == ("Person 002", ("person002.bsky.social",), ())


@pytest.mark.shared
@pytest.mark.parametrize("name", ["f_search.json", "f_getposts.json", "f_getquotes.json", "i_resolveh.json"])
def test_recorded_answers_of_another_shape_are_not_understood(shared: Path, name: str) -> None:
    for step in STEPS:
        with pytest.raises(NotUnderstood):
            read(recorded(shared, "bluesky", f"live/{name}"), step)


def test_who_else_bears_the_name_is_asked_only_where_the_account_exists() -> None:
    (visit,) = asked(BLUESKY, "https://bsky.app/profile/muster.de", name="Musterverein")
    steps = [item.step for item in read(author(ME), "account", visit.note) if isinstance(item, Visit)]
    assert steps == ["names", "posts"]
    missing = page({"error": "InvalidRequest", "message": "Profile not found"}, "account", visit.note, status=400)
    assert [type(item) for item in understanding.read(BLUESKY, missing)] == [Nothing]


@pytest.mark.shared
def test_searched_accounts_are_kept_only_where_they_bear_the_name(shared: Path) -> None:
    found = recorded(shared, "atproto-devenv", "appview_searchActors.json")
    (named,) = read(found, "names", params=[("q", "caritas test")])
    assert named.tags == (BY_NAME,)
    (stranger,) = read(found, "names", params=[("q", "Diakonie")])
    assert isinstance(stranger, Nothing)


def to_me(text: str, **more: Any) -> dict[str, Any]:
    """A stranger's post in one of the account's threads."""
    asked = post(YOU, "1", text, **more)
    asked["record"]["reply"] = {"parent": {"uri": f"at://{ME}/app.bsky.feed.post/0"}}
    return asked


def test_a_question_to_all_the_world_is_no_enquiry_and_one_that_mentions_us_is() -> None:
    def answered(question: dict[str, Any]) -> list[Exchange]:
        found = read({"feed": [{"post": post(ME, "2", "Hier"), "reply": {"parent": question}}]}, "posts")
        return [item for item in found if isinstance(item, Exchange)]

    world, mention = post(YOU, "1", "Kennt jemand einen Rat?"), post(YOU, "1", "@ich Kennt Ihr einen Rat?")
    mention["record"]["facets"] = [{"features": [{"$type": "app.bsky.richtext.facet#mention", "did": ME}]}]
    assert [len(answered(question)) for question in (world, mention, to_me("Kennt jemand einen Rat?"))] == [0, 1, 1]


def test_a_repost_an_answer_to_oneself_and_thanks_are_no_answers() -> None:
    question, thanks = to_me("Wo finde ich Euch?"), to_me("Vielen Dank!")
    repost = {"post": question, "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    own = {"post": post(ME, "3", "Und weiter"), "reply": {"parent": post(ME, "4", "Wer weiß, wie?")}}
    gone = {"post": post(ME, "5", "Gern"), "reply": {"parent": {"uri": "at://x/y/z", "notFound": True}}}
    found = read({"feed": [repost, own, gone, {"post": post(ME, "6", "Gern"), "reply": {"parent": thanks}}]}, "posts")
    assert [type(item) for item in found] == [Listing, Nothing]


def test_of_two_answers_to_one_question_the_first_counts() -> None:
    question = to_me("Wo finde ich Euch?")
    replies = [{"post": post(ME, key, "Hier", at), "reply": {"parent": question}}
               for key, at in (("3", "2026-11-21T10:00:00Z"), ("2", "2026-11-20T11:00:00Z"))]  # fmt: skip
    (exchange,) = [item for item in read({"feed": replies}, "posts") if isinstance(item, Exchange)]
    assert exchange.answered_at
    assert exchange.answered_at - exchange.asked_at == timedelta(hours=1)


def test_a_post_dated_ahead_counts_from_when_the_server_saw_it() -> None:
    late = post(ME, "2", "Hier", "2031-01-01T00:00:00Z", indexedAt="2026-11-20T12:00:00Z")
    listing = read({"feed": [{"post": late}]}, "posts")[0]
    assert str(listing.last_active) == "2026-11-20"


def test_people_and_accounts_hidden_from_readers_without_a_login_are_left_out() -> None:
    hidden = author(YOU, "!no-unauthenticated")
    question = to_me("Wo finde ich Euch?", author=hidden)
    found = read({"feed": [{"post": post(ME, "2", "Hier"), "reply": {"parent": question}}]}, "posts")
    assert not any(isinstance(item, Exchange) for item in found)
    assert [type(item) for item in read(author(ME, "!no-unauthenticated"), "account", "")] == [Listing]
    assert isinstance(read({"actors": [hidden]}, "names", params=[("q", "du bsky social")])[0], Nothing)


def test_a_question_counts_as_open_only_where_all_its_replies_are_shown() -> None:
    def thread(**more: Any) -> list[Any]:
        below = {"post": post(YOU, "1", "Wo finde ich Euch?", **more), "replies": []}
        return read({"thread": {"post": post(ME, "0", "Neues"), "replies": [below]}}, "thread")

    assert [type(item) for item in thread()] == [Exchange]
    assert [type(item) for item in thread(replyCount=2)] == [Nothing]


def test_a_thread_of_somebody_else_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        read({"thread": {"post": post(YOU, "0", "Neues"), "replies": []}}, "thread")


def test_an_own_domain_as_handle_is_a_link_to_it() -> None:
    listing, _ = read({"did": ME, "handle": "verein.de"}, "account", "")
    assert listing.websites == ("https://verein.de",)


def test_no_more_visits_follow_than_are_declared() -> None:
    feed = [{"post": post(ME, str(n), "Neues", replyCount=1)} for n in range(40)]
    assert len([item for item in read({"feed": feed}, "posts") if isinstance(item, Visit)]) + 2 == BLUESKY.follow_ups


@given(ODD, st.sampled_from(STEPS))
def test_any_json_is_read_or_not_understood(value: Any, step: str) -> None:
    reads_or_refuses(BLUESKY, page(value, step, ME))
