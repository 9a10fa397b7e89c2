from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Exchange, More, Nothing, NotUnderstood, Visit
from audit.model import Reason
from audit.visiting import understanding
from platforms.facebook import FacebookPage
from tests.social import ODD, asked, page, reads_or_refuses, recorded

FACEBOOK = FacebookPage()
ME = "20531316728"


def read(value: Any, step: str = "page", note: str = ME, **more: Any) -> list[Any]:
    return list(FACEBOOK.read(page(value, step, note, **more)))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.facebook.com/Musterverein/", "Musterverein"),
        ("https://www.facebook.com/profile.php?id=100012345", "100012345"),
        ("https://www.facebook.com/p/Musterverein-e-V-100012345/", "100012345"),
        ("https://www.facebook.com/pages/Musterverein/100012345?ref=x", "100012345"),
        ("https://de-de.facebook.com/people/Muster-Verein/100012345/", "100012345"),
        ("https://facebook.com/pg/musterverein/about/", "musterverein"),
    ],
)
def test_every_form_of_address_names_the_page(url: str, name: str) -> None:
    (visit,) = asked(FACEBOOK, url)
    assert (visit.note, visit.url) == (name, "https://graph.facebook.com/v26.0/me")
    assert ("access_token", "{FACEBOOK_PAGE_TOKEN}") in visit.params


def test_without_an_address_nothing_is_asked() -> None:
    assert asked(FACEBOOK) == asked(FACEBOOK, "https://www.facebook.com/") == []


@pytest.mark.shared
@pytest.mark.parametrize("file", ["facebook__models__page.json", "facebook__apidata__pages__single_default_page.json"])
def test_a_recorded_page_is_read(shared: Path, file: str) -> None:
    listing, posts = read(recorded(shared, "facebook", file), note="facebookapp")
    assert (listing.name, listing.id, listing.url) == ("Facebook", ME, "https://www.facebook.com/facebookapp/")
    assert listing.websites == ("http://www.facebook.com",)
    assert (posts.step, posts.note) == ("posts", ME)


@pytest.mark.shared
def test_a_recorded_address_is_read(shared: Path) -> None:
    listing = read(recorded(shared, "facebook", "facebook__models__page.json"))[0]
    assert (listing.address.street, listing.address.city) == ("Hacker Way in Menlo Park", "Silicon Valley")


@pytest.mark.shared
def test_of_a_page_that_the_key_does_not_open_nothing_is_said(shared: Path) -> None:
    (more,) = read(recorded(shared, "facebook", "facebook__models__page.json"), note="musterverein")
    assert isinstance(more, More)
    assert more.reason is Reason.NEEDS_KEY
    assert "musterverein" in more.because


@pytest.mark.shared
@pytest.mark.parametrize("file", ["base__error_data.json", "error.json"])
@pytest.mark.parametrize("status", [400, 403, 200])
def test_recorded_errors_are_never_absence(shared: Path, file: str, status: int) -> None:
    for step in ("page", "posts"):
        with pytest.raises(NotUnderstood):
            understanding.read(FACEBOOK, page(recorded(shared, "facebook", file), step, ME, status=status))


@pytest.mark.shared
def test_recorded_public_comments_without_authors_are_not_counted(shared: Path) -> None:
    comments = recorded(shared, "facebook", "facebook__apidata__comments__comments_p1.json")
    with pytest.raises(NotUnderstood, match="who wrote it"):
        read({"data": [{"id": "1", "comments": comments}]}, "posts")


@pytest.mark.shared
def test_a_recorded_comment_of_the_own_page_asks_nothing(shared: Path) -> None:
    comment = recorded(shared, "facebook", "facebook__models__comment.json")
    (told,) = read({"data": [{"comments": {"data": [comment]}}]}, "posts")
    assert isinstance(told, Nothing) or told.kind == "comment"
    (asks,) = read({"data": [{"comments": {"data": [{**comment, "message": "Wo finde ich Euch?"}]}}]}, "posts")
    assert (str(asks.asked_at), asks.answered_at) == ("2021-07-23 08:35:18+00:00", None)
    assert "Test User" not in repr(asks)
    assert "1000000000000001" not in repr(asks)


def test_a_reply_of_the_page_itself_answers_and_one_of_a_stranger_does_not() -> None:
    def comment(*replies: dict[str, Any]) -> dict[str, Any]:
        usual = {"id": "1", "message": "Wann habt Ihr offen?", "created_time": "2026-11-20T10:00:00+0000"}
        return {"data": [{"comments": {"data": [{**usual, "comment_count": 1, "comments": {"data": list(replies)}}]}}]}

    late = {"created_time": "2026-11-20T12:00:00+0000"}
    (answered,) = read(comment({"from": {"id": ME}, **late}), "posts")
    (open_,) = read(comment(late), "posts")
    assert isinstance(open_, Exchange)
    assert (answered.answered_at is None, open_.answered_at is None) == (False, True)


def test_an_unpublished_page_is_found_by_nobody() -> None:
    (nothing,) = read({"id": ME, "name": "Muster", "is_published": False})
    assert isinstance(nothing, Nothing)


def test_a_closed_page_says_so() -> None:
    listing, visit = read({"id": ME, "name": "Muster", "is_permanently_closed": True})
    assert listing.status == "closed"
    assert isinstance(visit, Visit)


@given(ODD, st.sampled_from(["page", "posts"]))
def test_any_json_is_read_or_not_understood(value: Any, step: str) -> None:
    reads_or_refuses(FACEBOOK, page(value, step, ME))
