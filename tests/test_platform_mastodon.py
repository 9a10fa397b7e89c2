from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import About, Exchange, Link, Listing, Nothing, NotUnderstood, Page, Query, Visit
from audit.model import BY_NAME, Organisation, Subject
from platforms.mastodon import Mastodon

AT = datetime(2026, 11, 23, tzinfo=UTC)
STEPS = ["account", "moved", "names", "posts", "parent", "thread"]


def page(value: Any, step: str, note: str = "", host: str = "social.example") -> Page:
    visit = Visit(f"https://{host}/api/v1/x", step=step, note=note)
    return Page(visit=visit, at=AT, body=json.dumps(value).encode())


def read(value: Any, step: str, note: str = "") -> list[Any]:
    return list(Mastodon().read(page(value, step, note)))


def recorded(shared: Path, name: str) -> Any:
    return json.loads((shared / "recordings" / "mastodon" / name).read_text("utf-8"))["response"]["json"]


def account(**other: Any) -> dict[str, Any]:
    return {"id": "9", "acct": "muster", "url": "https://social.example/@muster", "note": "", "fields": [], **other}


def post(id_: str, author: str, text: str = "Wo finde ich Sie?", **other: Any) -> dict[str, Any]:
    usual = {"created_at": "2026-11-20T10:00:00.000Z", "visibility": "public", "mentions": [], "replies_count": 0}
    return {"id": id_, "account": {"id": author}, "content": f"<p>{text}</p>", **usual, **other}


def asked(*urls: str) -> list[str]:
    subject = Subject(about=About.PROFILE, organisation=Organisation(id="m", name="Muster"))
    return [f"{v.url}?{v.params[0][1]}" for v in Mastodon().search(Query(subject=subject, profiles=urls))]


def test_profile_addresses_of_all_forms_are_looked_up_on_their_home_server() -> None:
    look_up = "https://social.example/api/v1/accounts/lookup?awo"
    assert asked("https://social.example/@awo") == [look_up]
    assert asked("https://social.example/users/awo/") == [look_up]
    assert asked("https://elsewhere.example/@awo@social.example") == [look_up]


def test_other_addresses_are_not_asked() -> None:
    assert asked("https://social.example/about", "ftp://social.example/@awo", "@awo@social.example", "") == []


@pytest.mark.shared
def test_a_real_account_is_read_with_its_links_and_its_last_day(shared: Path) -> None:
    listing, *rest = read(recorded(shared, "live/get_account_default.json"), "account")
    assert isinstance(listing, Listing)
    assert listing.name == "Person 055"
    assert listing.websites == ("https://example.org/",)
    assert str(listing.last_active) == "2025-07-17"
    links = [item for item in rest if isinstance(item, Link)]
    assert [link.label for link in links] == ["verified"]
    (posts,) = [item for item in rest if isinstance(item, Visit)]
    assert posts.url.endswith("/api/v1/accounts/109302436954721982/statuses")


@pytest.mark.shared
def test_a_real_thread_gives_only_questions_whose_replies_are_all_shown(shared: Path) -> None:
    thread = recorded(shared, "live/get_context_anonymous.json")
    me = "109246333737365889"
    found = [item for item in read(thread, "thread", me) if isinstance(item, Exchange)]
    exchanges = [item for item in found if item.kind == "question"]
    assert len(found) > len(exchanges)
    posts = {p["uri"]: p for p in thread["descendants"]}
    assert len(exchanges) == 13
    assert all(exchange.answered_at is None for exchange in exchanges)
    assert "person" not in repr(exchanges)
    assert len(posts) == 59


@pytest.mark.shared
@pytest.mark.parametrize("name", ["live/get_instance_general_default.json", "local/test_status_missing.0.json"])
def test_real_answers_of_another_shape_are_not_understood(shared: Path, name: str) -> None:
    for step in STEPS:
        with pytest.raises(NotUnderstood):
            read(recorded(shared, name), step, "9 2026-11-20T10:00:00+00:00")


def test_accounts_of_the_name_are_named_by_their_address_and_those_that_hide_are_not() -> None:
    shown = [account(display_name="Muster e. V."), account(display_name="Muster", noindex=True), account()]
    visit = Visit("https://social.example/api/v2/search", params=(("q", "Verein Muster"),), step="names")
    body = json.dumps({"accounts": [account(display_name="Der Verein Muster"), *shown]}).encode()
    (found,) = Mastodon().read(Page(visit=visit, at=AT, body=body))
    assert isinstance(found, Listing)
    assert (found.name, found.id, found.tags) == ("Der Verein Muster", "", (BY_NAME,))


@pytest.mark.shared
def test_a_real_search_of_a_server_is_read(shared: Path) -> None:
    told = recorded(shared, "local/test_search.0.json")
    visit = Visit("http://localhost:3000/api/v2/search", params=(("q", "John Lennon"),), step="names")
    (found,) = Mastodon().read(Page(visit=visit, at=AT, body=json.dumps(told).encode()))
    assert isinstance(found, Listing)
    assert found.url == "http://localhost:3000/@mastodonpy_test"


def test_a_moved_account_is_followed_one_step_only() -> None:
    moved = account(moved={"url": "https://neu.example/@muster"})
    for step, steps in (("account", ["moved", "posts"]), ("moved", ["posts"])):
        items = read(moved, step)
        assert items[0].tags == ("mastodon:moved",)
        assert [item.step for item in items if isinstance(item, Visit)] == steps


def test_a_suspended_account_is_shown_as_closed() -> None:
    assert read(account(suspended=True), "account")[0].status == "closed"


def test_threads_with_oneself_boosts_and_deleted_parents_are_no_answers() -> None:
    posts = [
        post("1", "9", in_reply_to_id="0", in_reply_to_account_id="9"),
        post("2", "9", reblog={"id": "7"}, in_reply_to_id="7", in_reply_to_account_id="8"),
        post("3", "9", in_reply_to_id=None, in_reply_to_account_id="8"),
    ]
    (only,) = read(posts, "posts", "9")
    assert isinstance(only, Nothing)


def test_of_two_answers_to_one_question_the_first_counts() -> None:
    late = {"in_reply_to_id": "5", "in_reply_to_account_id": "8", "created_at": "2026-11-21T10:00:00.000Z"}
    posts = [post("2", "9", **late), post("1", "9", **(late | {"created_at": "2026-11-20T11:00:00.000Z"}))]
    (visit,) = read(posts, "posts", "9")
    assert visit.note == "9 2026-11-20T11:00:00+00:00"
    (exchange,) = read(post("5", "8", in_reply_to_account_id="9"), "parent", visit.note)
    assert (exchange.answered_at - exchange.asked_at).total_seconds() == 3600


@pytest.mark.parametrize("text", ["Danke für alles!", "Toll, dass es Euch gibt."])
def test_a_post_that_asks_nothing_is_no_question(text: str) -> None:
    (only,) = read(post("5", "8", text, in_reply_to_account_id="9"), "parent", "9 2026-11-20T11:00:00+00:00")
    assert isinstance(only, Nothing)


def test_a_question_to_somebody_else_is_none_of_ours() -> None:
    (only,) = read(post("5", "8", in_reply_to_account_id="7"), "parent", "9 2026-11-20T11:00:00+00:00")
    assert isinstance(only, Nothing)


def test_no_more_visits_follow_than_are_declared() -> None:
    answers = [post(str(n), "9", in_reply_to_id=str(n + 100), in_reply_to_account_id="8") for n in range(40)]
    threads = [post(str(n + 50), "9", replies_count=1) for n in range(40)]
    assert len(read(answers + threads, "posts", "9")) + 3 == Mastodon.follow_ups


def test_an_id_that_would_change_the_address_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        read(account(id="../../admin"), "account")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "account", "content", "url", "acct", "fields", "descendants", "moved", "created_at"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(STEPS))
def test_any_json_is_read_or_not_understood(value: Any, step: str) -> None:
    try:
        read(value, step, "9 2026-11-20T10:00:00+00:00")
    except NotUnderstood:
        return
