"""Bluesky: profile, back-links, last post, public questions and their first answers, and accounts of the same name.

Asked of the public AppView without a login. Facts from its documentation (2026) and from an AppView run for this
project on loopback (0.3.215, 2026-11-24). Search among posts needs a login and is not used: what strangers ask outside
the organisation's own threads is seen only where it was answered. Accounts that ask by label not to be shown to readers
without a login are left out, both as the account and as people who ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
    Kind,
    Known,
    Listing,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Standing,
    Terms,
    Visit,
)
from audit.readers import addresses, earliest, exchange, is_question, moment, name_in, namesakes

Post = Mapping[str, Any]
_XRPC = "https://public.api.bsky.app/xrpc/app.bsky."
_ACTOR = re.compile(r"did:[a-z]+:[\w.:%-]{1,200}|(?:[a-z0-9-]{1,63}\.){1,9}[a-z0-9-]{2,63}", re.IGNORECASE)
_HIDDEN = "!no-unauthenticated"
_THREADS = 5


class Bluesky(Checker):
    """The account, its last hundred posts with what they answer, and the threads under its own posts."""

    id = "bluesky"
    platform = Platform(
        id="bluesky",
        name="Bluesky",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://bsky.app/settings",
        per_service=False,
    )
    access = Access.API
    home = "https://bsky.app"
    terms = Terms(
        policy_url="https://docs.bsky.app/docs/advanced-guides/rate-limits",
        read_on=date(2026, 11, 23),
        note="The public AppView may be read without a login; its limits are generous and not stated.",
    )
    control = Control(known=Known(name="Bluesky", profile="https://bsky.app/profile/bsky.app"))
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name", "link"})
    hosts = ("public.api.bsky.app",)
    governed_by_robots = False
    absent_status = (400,)
    absent_marks = ('"Profile not found"',)
    follow_ups = 1 + _THREADS

    def search(self, query: Query) -> Iterable[Visit]:
        """Each known account, and where one is known, who else bears the organisation's name."""
        names = dict.fromkeys(name_in(url, ("profile",)).lower() for url in query.profiles)
        known = [name for name in names if _ACTOR.fullmatch(name)]
        for name in known:
            yield Visit(f"{_XRPC}actor.getProfile", params=(("actor", name),), step="account")
        if known and query.organisation.name:
            asked = (("q", query.organisation.name), ("limit", "25"))
            yield Visit(f"{_XRPC}actor.searchActors", params=asked, step="names")

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the account, its posts, a thread of its own, accounts of that name."""
        steps = {"posts": _posts, "thread": _thread, "names": _names}
        return list(steps.get(page.visit.step, _account)(page))


def _account(page: Page) -> Iterator[Item]:
    """The profile, then its posts unless it asks not to be shown to readers without a login."""
    account = page.data()
    listing = _listing(account)
    yield listing
    if "bluesky:no-unauthenticated" not in listing.tags:
        asked = (("actor", listing.id), ("filter", "posts_with_replies"), ("limit", "100"))
        yield Visit(f"{_XRPC}feed.getAuthorFeed", params=asked, step="posts", note=listing.id)


def _listing(account: Post, last: datetime | None = None) -> Listing:
    did, handle = account.get("did"), account.get("handle")
    if not isinstance(did, str) or not isinstance(handle, str) or not _ACTOR.fullmatch(did):
        raise NotUnderstood("no account (did, handle)")
    said, site = str(account.get("description") or ""), account.get("website")
    # a handle below an own domain is proven by that domain, and so leads there
    own = [] if handle.endswith((".bsky.social", ".invalid")) else [f"https://{handle}"]
    links = tuple(dict.fromkeys([*(str(s) for s in [site] if s), *addresses(said), *own]))
    return Listing(
        name=str(account.get("displayName") or handle),
        id=did,
        url=f"https://bsky.app/profile/{did if handle == 'handle.invalid' else handle}",
        alternate_names=(handle,),
        websites=links,
        text=said,
        tags=("bluesky:no-unauthenticated",) if _hides(account) else (),
        actions=(Action.WRITE, Action.VISIT_WEBSITE) if links else (Action.WRITE,),
        last_active=last.date() if last else None,
    )


def _posts(page: Page) -> Iterator[Item]:
    """The last own post, questions with the first own answer to each, and own posts that were answered.

    Reposts are nobody's answer, and neither are answers to oneself.
    """
    me, feed = page.visit.note, page.data().get("feed")
    if not isinstance(feed, list):
        raise NotUnderstood("no feed")
    own = [entry for entry in feed if _author(_part(entry, "post")) == me and not _is_repost(entry)]
    answers: dict[str, list[datetime]] = {}
    asked: dict[str, Post] = {}
    for entry in own:
        parent = (entry.get("reply") or {}).get("parent") if isinstance(entry.get("reply"), dict) else None
        if isinstance(parent, dict) and "record" in parent and _asks(parent, me):
            asked[_uri(parent)] = parent
            answers.setdefault(_uri(parent), []).append(_time(entry["post"]))
    if own:
        yield _listing(_part(own[0]["post"], "author"), max(_time(entry["post"]) for entry in own))
    yield from (exchange(uri, _time(post), earliest(answers[uri])) for uri, post in asked.items())
    threads = [_uri(e["post"]) for e in own if not e.get("reply") and e["post"].get("replyCount")]
    for uri in threads[:_THREADS]:
        params = (("uri", uri), ("depth", "3"), ("parentHeight", "0"))
        yield Visit(f"{_XRPC}feed.getPostThread", params=params, step="thread", note=me)
    if not own or not (asked or threads):
        yield Nothing("none of the last posts answers somebody or was answered")


def _thread(page: Page) -> Iterator[Item]:
    """Questions directly under an own post, with the first own answer below each.

    A question counts as open only where all its replies are shown.
    """
    me, thread = page.visit.note, page.data().get("thread")
    if not isinstance(thread, dict) or _author(_part(thread, "post")) != me:
        raise NotUnderstood("no thread of the account")
    found: list[Item] = []
    for reply in _replies(thread):
        if "post" in reply and _asks(_part(reply, "post"), me):
            post, below = _part(reply, "post"), _replies(reply)
            own = [_part(r, "post") for r in below if "post" in r and _author(_part(r, "post")) == me]
            if own or len(below) >= _count(post):
                found.append(exchange(_uri(post), _time(post), earliest(map(_time, own))))
    yield from found or [Nothing("no question under this post whose replies are all shown")]


def _is_repost(entry: Post) -> bool:
    return "Repost" in str((entry.get("reason") or {}).get("$type")) if isinstance(entry.get("reason"), dict) else False


def _names(page: Page) -> Iterator[Item]:
    actors = page.data().get("actors")
    if not isinstance(actors, list):
        raise NotUnderstood("no list of accounts")
    shown = [_listing(actor) for actor in actors if isinstance(actor, dict) and not _hides(actor)]
    yield from namesakes(shown, dict(page.visit.params)["q"]) or [Nothing("no account of that name")]


def _asks(post: Post, me: str) -> bool:
    """Whether somebody else asks here; one who hides from readers without a login is left out."""
    author, text = _part(post, "author"), _part(post, "record").get("text")
    return _author(post) != me and not _hides(author) and isinstance(text, str) and is_question(text)


def _hides(account: Post) -> bool:
    labels = account.get("labels")
    mine = labels if isinstance(labels, list) else []
    return any(isinstance(label, dict) and label.get("val") == _HIDDEN for label in mine)


def _part(thing: Any, key: str) -> Post:
    part = thing.get(key) if isinstance(thing, dict) else None
    if not isinstance(part, dict):
        raise NotUnderstood(f"no {key}")
    return part


def _replies(thing: Post) -> list[Post]:
    replies = thing.get("replies")
    return [reply for reply in replies if isinstance(reply, dict)] if isinstance(replies, list) else []


def _count(post: Post) -> int:
    count = post.get("replyCount")
    return count if isinstance(count, int) else 0


def _author(post: Post) -> str:
    return str(_part(post, "author").get("did"))


def _uri(post: Post) -> str:
    uri = post.get("uri")
    if not isinstance(uri, str) or not uri.startswith("at://"):
        raise NotUnderstood("a post without uri")
    return uri


def _time(post: Post) -> datetime:
    """What the author's program says, unless the server saw the post earlier (Bluesky's own rule, sortAt)."""
    return min(moment(_part(post, "record").get("createdAt")), moment(post.get("indexedAt")))
