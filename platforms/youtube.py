"""YouTube: the channel through the Data API with a free key, or its public feed without one.

Facts from Google's documentation and recorded answers (Data API 2019 to 2022, feed of January 2025). With the key:
links, last upload, comments that ask something and the channel's own replies. The feed shows only the last uploads, and
only for addresses with the channel's id; it answers 404 for channels that exist, so it never says that one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from audit import (
    About,
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Known,
    Listing,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers import (
    Object,
    Said,
    account,
    addresses,
    bearers,
    commented,
    exchange,
    feed,
    is_question,
    latest,
    name_in,
    part,
    rows,
    string,
)
from audit.readers.youtube import CHANNEL, author_of, channel_id, said_in, written_at

_API = "https://www.googleapis.com/youtube/v3/"
_NAME = re.compile(r"[\w.·-]{1,30}")  # of a handle, a user or a list of uploads
_THREADS = 4
PLATFORM = Platform(
    id="youtube",
    name="YouTube",
    kind=Kind.SOCIAL,
    edited_by=EditedBy.OWNER,
    actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
    edit_url="https://studio.youtube.com",
    per_service=False,
)


class YouTubeApi(Checker):
    """The channel, who else bears the name, its last upload, and the newest comments on all its videos."""

    id = "youtube-api"
    platform = PLATFORM
    access = Access.API
    home = "https://developers.google.com/youtube/v3"
    terms = Terms(
        policy_url="https://developers.google.com/youtube/terms/developer-policies",
        read_on=date(2026, 11, 23),
        note="10 000 units and 100 searches a day; a channel costs 4 to 8. Of comments only the times are kept.",
    )
    control = Control(known=Known(name="Google for Developers", profile="https://www.youtube.com/@GoogleDevelopers"))
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name"})  # of a channel's links the API shows those in its description only
    hosts = ("www.googleapis.com",)
    keys = (
        Key(
            "YOUTUBE_API_KEY",
            get_url="https://console.cloud.google.com/apis/library/youtube.googleapis.com",
            note="A Google Cloud project with the YouTube Data API switched on; 10,000 units a day.",
            cost_per_1000=0.0,
        ),
    )
    governed_by_robots = False
    follow_ups = 3 + _THREADS

    def search(self, query: Query) -> Iterable[Visit]:
        """One look-up per known address; the old form /c/name cannot be asked for."""
        for url in query.profiles:
            if asked := _asked(url):
                parts = ("part", "snippet,contentDetails,brandingSettings")
                yield _ask("channels", "channel", query.organisation.name, parts, asked)

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the channel, channels of that name, its last upload, its comments, all replies to one of them."""
        steps = {"names": _names, "uploads": _uploads, "comments": _comments, "replies": _replies}
        return list(steps.get(page.visit.step, _channel)(page))


class YouTubeFeed(Checker):
    """The channel's public feed: title, last uploads, and the links in their descriptions."""

    id = "youtube"
    platform = PLATFORM
    access = Access.API
    rank = 5
    home = "https://www.youtube.com"
    terms = Terms(
        policy_url="https://www.youtube.com/t/terms",
        read_on=date(2026, 11, 23),
        note="A feed made to be read by programs; robots.txt decides whether findbar asks for it.",
    )
    control = Control(
        known=Known(name="Google for Developers", profile="https://www.youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw")
    )
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name"})
    hosts = ("www.youtube.com",)
    never_absent = "the feed answers 404 for channels that exist, too"

    def search(self, query: Query) -> Iterable[Visit]:
        """The feed of each known address that holds the channel's id."""
        for url in query.profiles:
            if CHANNEL.fullmatch(key := name_in(url, ("channel",))):
                yield Visit("https://www.youtube.com/feeds/videos.xml", params=(("channel_id", key),))

    def read(self, page: Page) -> Iterable[Item]:
        """The channel as its feed shows it."""
        shown = feed(page.body)
        if not CHANNEL.fullmatch(key := name_in(shown.link, ("channel",))):
            raise NotUnderstood("no feed of a channel")
        links = [url for entry in shown.entries for url in addresses(entry.text)]
        yield _listing(shown.title, key, websites=links, last_active=shown.last.date() if shown.last else None)


def _asked(url: str) -> tuple[str, str] | None:
    """How the API is asked for an address: id, forHandle or forUsername."""
    if CHANNEL.fullmatch(key := name_in(url, ("channel",))):
        return ("id", key)
    if _NAME.fullmatch(user := name_in(url, ("user",))):
        return ("forUsername", user)
    handle = name_in(url)
    return ("forHandle", f"@{handle}") if f"/@{handle}" in url and _NAME.fullmatch(handle) else None


def _ask(what: str, step: str, note: str, *params: tuple[str, str]) -> Visit:
    return Visit(f"{_API}{what}", params=(*params, ("key", Secret("YOUTUBE_API_KEY"))), step=step, note=note)


def _listing(name: str, key: str, **more: Any) -> Listing:
    return account(name or key, key=key, url=f"https://www.youtube.com/channel/{key}", **more)


def _channel(page: Page) -> Iterator[Item]:
    """The channel; no item and a total of 0 are the interface's own sign that there is none."""
    answer = page.data()
    if answer.get("kind") != "youtube#channelListResponse":
        raise NotUnderstood("no list of channels")
    if part(answer, "pageInfo").get("totalResults") == 0 and not answer.get("items"):
        yield Nothing("totalResults 0")
    for item in rows(answer, "items") if answer.get("items") else []:
        snippet, key = part(item, "snippet"), channel_id(item.get("id"))
        said, handle = string(snippet, "description"), string(snippet, "customUrl")
        yield _listing(string(snippet, "title"), key, said=said, handle=handle)
        lists = part(item, "contentDetails") if item.get("contentDetails") else {}
        uploads = string(lists.get("relatedPlaylists"), "uploads")
        if _NAME.fullmatch(uploads):
            asked = ("part", "snippet,contentDetails"), ("playlistId", uploads), ("maxResults", "5")
            yield _ask("playlistItems", "uploads", key, *asked)
        if page.visit.note:
            named = ("type", "channel"), ("q", page.visit.note), ("maxResults", "25")
            yield _ask("search", "names", "", ("part", "snippet"), *named)
        about = (("part", "snippet,replies"), ("allThreadsRelatedToChannelId", key), ("order", "time"))
        yield _ask("commentThreads", "comments", key, *about, ("maxResults", "100"), ("textFormat", "plainText"))


def _names(page: Page) -> Iterator[Item]:
    """Channels that bear the name; of their descriptions a search shows the beginning only."""
    items = [(part(item, "snippet"), channel_id(part(item, "id").get("channelId"))) for item in _items(page)]
    shown = [_listing(string(told, "title"), key, said=string(told, "description")) for told, key in items]
    return bearers(shown, dict(page.visit.params).get("q", ""))


def _items(page: Page) -> list[Object]:
    return rows(page.data(), "items")


def _uploads(page: Page) -> Iterator[Item]:
    """The day of the last upload, as a second sight of the channel."""
    shown = [part(item, "snippet") for item in _items(page)]
    if last := latest(one.get("publishedAt") for one in shown):
        yield _listing(string(shown[0], "channelTitle"), page.visit.note, last_active=last)
    else:
        yield Nothing("no upload")


def _comments(page: Page) -> Iterator[Item]:
    """The newest comments; where not all replies to a question are shown, they are asked for, up to four times."""
    me, found, hidden = page.visit.note, list[Said](), list[Visit]()
    for thread in _items(page):
        snippet = part(thread, "snippet")
        top = part(snippet, "topLevelComment")
        shown = rows(part(thread, "replies"), "comments") if thread.get("replies") else []
        said = said_in(top, me, shown, snippet.get("totalReplyCount"))
        found.append(said)
        if not said.own and not said.answers and not said.whole and is_question(said.text):
            asked = ("part", "snippet"), ("parentId", said.key), ("maxResults", "100")
            hidden.append(_ask("comments", "replies", f"{me} {said.key} {said.at.isoformat()}", *asked))
    yield from commented(found)
    yield from hidden[:_THREADS]


def _replies(page: Page) -> Iterator[Item]:
    """All replies to one question."""
    me, key, at = page.visit.note.split(" ", 2)
    answer = page.data()
    own = [written_at(reply) for reply in rows(answer, "items") if author_of(reply) == me]
    if own or not answer.get("nextPageToken"):
        yield exchange(key, datetime.fromisoformat(at), min(own, default=None))
    else:
        yield Nothing("more replies than are shown, none of them the channel's")
