from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Exchange, More, Nothing, NotUnderstood
from audit.model import Reason
from audit.visiting import understanding
from platforms.instagram import InstagramAccount
from tests.social import ODD, asked, page, reads_or_refuses, recorded

INSTAGRAM = InstagramAccount()


def read(value: Any, step: str = "account", note: str = "muster", **more: Any) -> list[Any]:
    return list(INSTAGRAM.read(page(value, step, note, **more)))


def test_the_key_s_account_is_asked_for_each_name_once() -> None:
    visits = asked(INSTAGRAM, "https://www.instagram.com/muster/", "https://instagram.com/muster?igsh=x")
    assert [(visit.url, visit.note) for visit in visits] == [("https://graph.instagram.com/v26.0/me", "muster")]
    assert asked(INSTAGRAM, "https://www.instagram.com/") == []


@pytest.mark.shared
def test_a_recorded_account_is_read(shared: Path) -> None:
    told = recorded(shared, "instagram", "instagram__apidata__discovery__user_fields.json")["business_discovery"]
    listing, posts = read(told, note="FacebookForDevelopers")
    assert (listing.name, listing.id) == ("Facebook for Developers", "17841407673135339")
    assert listing.url == "https://www.instagram.com/facebookfordevelopers/"
    assert posts.note == "facebookfordevelopers"


@pytest.mark.shared
def test_recorded_media_give_the_last_day(shared: Path) -> None:
    told = recorded(shared, "instagram", "instagram__apidata__discovery__medias_p1.json")["business_discovery"]
    listing = read({"username": "muster", **told})[0]
    assert str(listing.last_active) == "2021-08-17"


@pytest.mark.shared
def test_recorded_comments_are_read_without_their_authors(shared: Path) -> None:
    comment = recorded(shared, "instagram", "instagram__models__ig_comment.json")
    assert [type(item) for item in read({"data": [{"comments": {"data": [comment]}}]}, "posts")] == [Nothing]
    asks = {**comment, "text": "Wo finde ich Euch?"}
    # a reply without a name may be anybody's
    assert [type(item) for item in read({"data": [{"comments": {"data": [asks]}}]}, "posts")] == [Nothing]
    asks["replies"]["data"][0]["username"] = "muster"
    (answered,) = read({"data": [{"comments": {"data": [asks]}}]}, "posts")
    assert isinstance(answered, Exchange)
    assert answered.answered_at
    assert (answered.answered_at - answered.asked_at).total_seconds() == 172
    assert "test_account_a" not in repr(answered)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["medias__comments_p1", "medias__comments_p2"])
def test_recorded_comments_that_ask_nothing_are_no_questions(shared: Path, name: str) -> None:
    comments = recorded(shared, "instagram", f"instagram__apidata__{name}.json")
    found = read({"data": [{"comments": comments}]}, "posts")
    assert {item.kind for item in found if isinstance(item, Exchange)} <= {"comment"}


@pytest.mark.shared
def test_the_reported_refusal_is_never_absence(shared: Path) -> None:
    body = recorded(shared, "instagram", "reported_unauthenticated_block.json")["json"]["body"]
    for status in (200, 401, 429):
        with pytest.raises(NotUnderstood):
            understanding.read(INSTAGRAM, page(body, "account", "muster", status=status))


def test_of_an_account_that_the_key_does_not_open_nothing_is_said() -> None:
    (more,) = read({"username": "anders"})
    assert isinstance(more, More)
    assert more.reason is Reason.NEEDS_KEY


def test_replies_that_go_on_elsewhere_leave_a_question_open_to_doubt() -> None:
    reply = {"timestamp": "2026-11-20T11:00:00+0000", "username": "jemand"}
    replies = {"data": [reply], "paging": {"next": "https://graph.instagram.com/x"}}
    asks = {"id": "1", "text": "Wo finde ich Euch?", "timestamp": "2026-11-20T10:00:00+0000", "replies": replies}
    assert [type(item) for item in read({"data": [{"comments": {"data": [asks]}}]}, "posts")] == [Nothing]


@given(ODD, st.sampled_from(["account", "posts"]))
def test_any_json_is_read_or_not_understood(value: Any, step: str) -> None:
    reads_or_refuses(INSTAGRAM, page(value, step, "muster"))
