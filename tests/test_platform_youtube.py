from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Exchange, More, Nothing, NotUnderstood, Visit
from audit.visiting import understanding
from platforms.youtube import YouTubeApi, YouTubeFeed
from tests.social import ODD, asked, page, reads_or_refuses, recorded

API, FEED = YouTubeApi(), YouTubeFeed()
STEPS = ["channel", "names", "uploads", "comments", "replies"]
ME, YOU = "UC_x5XG1OV2P6uZZ5FSM9Ttw", "UCs6eRv8zIN68wD7-UaOMY_E"
NOTE = f"{ME} Ugw5zYU6n9pmIgAZWvN4AaABAg 2019-12-01T04:00:00+00:00"


def read(value: Any, step: str, note: str = ME) -> list[Any]:
    return list(API.read(page(value, step, note)))


@pytest.mark.parametrize(
    ("url", "how"),
    [
        (f"https://www.youtube.com/channel/{ME}", ("id", ME)),
        ("https://www.youtube.com/@GoogleDevelopers/videos", ("forHandle", "@GoogleDevelopers")),
        ("https://youtube.com/user/GoogleDevelopers", ("forUsername", "GoogleDevelopers")),
    ],
)
def test_each_form_of_address_is_asked_for_in_its_way(url: str, how: tuple[str, str]) -> None:
    (visit,) = asked(API, url)
    assert how in visit.params
    assert ("key", "{YOUTUBE_API_KEY}") in visit.params


def test_old_custom_addresses_and_videos_cannot_be_asked_for() -> None:
    assert asked(API, "https://www.youtube.com/c/verein", "https://www.youtube.com/verein", "https://youtu.be/x") == []
    assert asked(FEED, "https://www.youtube.com/@verein", "https://www.youtube.com/c/verein") == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["channels__info.json", "channel_info_single.json"])
def test_a_recorded_channel_is_read_with_its_links(shared: Path, name: str) -> None:
    listing, *visits = read(recorded(shared, "youtube", name), "channel")
    assert (listing.name, listing.id, listing.alternate_names) == ("Google Developers", ME, ("@googledevelopers",))
    assert ("https://goo.gle/developers" in listing.websites) == (name == "channels__info.json")
    assert [visit.step for visit in visits] == ["names", "comments"]


@pytest.mark.shared
def test_recorded_uploads_give_the_last_day(shared: Path) -> None:
    (listing,) = read(recorded(shared, "youtube", "playlist_items__playlist_items_single.json"), "uploads")
    assert (listing.url, str(listing.last_active)) == (f"https://www.youtube.com/channel/{ME}", "2019-05-11")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["by_channel", "single", "threads_all_to_me", "by_video_paged_1", "with_search"])
def test_recorded_comments_that_ask_nothing_are_no_questions(shared: Path, name: str) -> None:
    (file,) = (shared / "recordings" / "youtube").glob(f"comment_threads__*{name}.json")
    found = read(recorded(shared, "youtube", file.name), "comments")
    assert {getattr(item, "kind", "") for item in found} <= {"comment", ""}
    assert all(isinstance(item, Exchange | Nothing) for item in found)


def asking(answer: Any) -> list[Exchange]:
    """The questions among comments."""
    return [item for item in read(answer, "comments") if isinstance(item, Exchange) and item.kind == "question"]


@pytest.mark.shared
def test_a_recorded_comment_that_asks_is_open_until_the_channel_replies(
    shared: Path,
) -> None:
    answer = recorded(shared, "youtube", "comment_threads__comment_threads_by_channel.json")
    snippet = answer["items"][0]["snippet"]["topLevelComment"]["snippet"]
    snippet["textOriginal"] = "Where can I find you"
    (still_open,) = asking(answer)
    assert (str(still_open.asked_at), still_open.answered_at) == ("2019-06-23 02:49:00+00:00", None)
    assert "Commenter" not in repr(still_open)
    assert YOU not in repr(still_open)
    reply = {"id": "Ug.1", "snippet": {"authorChannelId": {"value": ME}, "publishedAt": "2019-06-24T02:49:00Z"}}
    answer["items"][0]["replies"] = {"comments": [reply]}
    assert [str(item.answered_at) for item in asking(answer)] == ["2019-06-24 02:49:00+00:00"]


@pytest.mark.shared
def test_recorded_replies_are_read_only_where_they_are_all_there(shared: Path) -> None:
    answer = recorded(shared, "youtube", "comments__comments_by_parent_paged_1.json")
    assert [type(item) for item in read(answer, "replies", NOTE)] == [Nothing]
    (still_open,) = read({**answer, "nextPageToken": ""}, "replies", NOTE)
    assert still_open.answered_at is None
    (answered,) = read(answer, "replies", NOTE.replace(ME, "UCrogN90vCiA9IX7zZ-Tv00I"))
    assert str(answered.answered_at) == "2019-12-01 04:46:20+00:00"


@pytest.mark.shared
@pytest.mark.parametrize(("name", "status"), [("error_key_invalid.json", 400), ("error_permission_resp.json", 403)])
def test_recorded_errors_are_never_absence(shared: Path, name: str, status: int) -> None:
    for step in STEPS:
        with pytest.raises(NotUnderstood):
            understanding.read(API, page(recorded(shared, "youtube", name), step, NOTE, status=status))


def test_a_list_without_a_total_of_zero_is_no_absence() -> None:
    told = {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 1}}
    assert read(told, "channel") == []
    assert isinstance(read({**told, "pageInfo": {"totalResults": 0}}, "channel")[0], Nothing)


@pytest.mark.shared
def test_the_recorded_feed_is_read_as_a_channel(shared: Path) -> None:
    body = (shared / "recordings" / "youtube" / "feed_videos.xml").read_bytes()
    (listing,) = FEED.read(page(body))
    assert (listing.name, listing.id) == ("Digital Foundry", "UC9PBzalIcEQCsiIkq36PyUA")
    assert str(listing.last_active) == "2025-01-01"


def test_the_feed_never_says_that_a_channel_is_missing() -> None:
    for status in (404, 500):
        with pytest.raises(NotUnderstood):
            understanding.read(FEED, page(b"<title>Error 404 (Not Found)!!1</title>", status=status))
    with pytest.raises(NotUnderstood):
        list(FEED.read(page(b"<feed><title>x</title></feed>")))


def test_no_more_visits_follow_than_are_declared() -> None:
    snippet = {
        "authorChannelId": {"value": YOU},
        "textOriginal": "Wo finde ich Euch?",
        "publishedAt": "2026-11-01T10:00:00Z",
    }
    thread = {"topLevelComment": {"id": "Ug1", "snippet": snippet}, "totalReplyCount": 9}
    items = [{"snippet": {**thread, "topLevelComment": {"id": f"Ug{n}", "snippet": snippet}}} for n in range(30)]
    found = read({"items": items}, "comments")
    assert len([item for item in found if isinstance(item, Visit)]) + 3 == API.follow_ups
    assert not any(isinstance(item, Exchange | More) for item in found)


@given(ODD, st.sampled_from(STEPS))
def test_any_json_is_read_or_not_understood(value: Any, step: str) -> None:
    reads_or_refuses(API, page(value, step, NOTE if step == "replies" else ME))
