"""Bluesky: profile, back-links, last post, public questions and their first answers, and accounts of the same name.

Asked of the public AppView without a login. Facts from its documentation (2026) and from an AppView run for this
project on loopback (0.3.215, 2026-11-24). Search among posts needs a login and is not used: what strangers ask outside
the organisation's own threads is seen only where it was answered. Accounts that ask by label not to be shown to readers
without a login are left out, both as the account and as people who ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

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
from audit.readers import Object, account, bearers, earliest, exchange, kind_of, moment, name_in, part, rows, string

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
    real_server = "AT Protocol servers (dev-env 0.3.215)"
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name", "link"})
    hosts = ("public.api.bsky.app",)
    governed_by_robots = False
    absent_status = (400,)
    absent_marks = ('"Profile not found"',)
    follow_ups = 2 + _THREADS

    def search(self, query: Query) -> Iterable[Visit]:
        """Each known account; the organisation's name goes along, for who else bears it."""
        names = dict.fromkeys(name_in(url, ("profile",)).lower() for url in query.profiles)
        for name in (name for name in names if _ACTOR.fullmatch(name)):
            asked = (("actor", name),)
            yield Visit(f"{_XRPC}actor.getProfile", params=asked, step="account", note=query.organisation.name)

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the account, its posts, a thread of its own, accounts of that name."""
        steps = {"posts": _posts, "thread": _thread, "names": _names}
        return list(steps.get(page.visit.step, _account)(page))


def _account(page: Page) -> Iterator[Item]:
    """The profile, who else bears the name, and the posts unless it asks not to be shown without a login."""
    account = page.data()
    listing = _listing(account)
    yield listing
    if page.visit.note:
        named = (("q", page.visit.note), ("limit", "25"))
        yield Visit(f"{_XRPC}actor.searchActors", params=named, step="names")
    if "bluesky:no-unauthenticated" not in listing.tags:
        asked = (("actor", listing.id), ("filter", "posts_with_replies"), ("limit", "100"))
        yield Visit(f"{_XRPC}feed.getAuthorFeed", params=asked, step="posts", note=listing.id)


def _listing(actor: Object, last: datetime | None = None) -> Listing:
    did, handle = string(actor, "did"), string(actor, "handle")
    if not _ACTOR.fullmatch(did) or not _ACTOR.fullmatch(handle):
        raise NotUnderstood("no account (did, handle)")
    said, site = string(actor, "description"), string(actor, "website")
    # a handle below an own domain is proven by that domain, and so leads there
    own = [] if handle.endswith((".bsky.social", ".invalid")) else [f"https://{handle}"]
    return account(
        string(actor, "displayName"),
        key=did,
        url=f"https://bsky.app/profile/{did if handle == 'handle.invalid' else handle}",
        handle=handle,
        said=said,
        websites=[site, *own],
        tags=("bluesky:no-unauthenticated",) if _hides(actor) else (),
        last_active=last.date() if last else None,
    )


def _posts(page: Page) -> Iterator[Item]:
    """The last own post, questions with the first own answer to each, and own posts that were answered.

    Reposts are nobody's answer, and neither are answers to oneself.
    """
    me, feed = page.visit.note, rows(page.data(), "feed")
    own = [entry for entry in feed if _author(part(entry, "post")) == me and not _is_repost(entry)]
    answers: dict[str, list[datetime]] = {}
    asked: dict[str, Object] = {}
    for entry in own:
        parent = part(entry, "reply").get("parent") if entry.get("reply") else None
        if not isinstance(parent, dict) or "record" not in parent:
            continue
        if _asks(parent, me) == "question" and _is_addressed(parent, me):
            asked[_uri(parent)] = parent
            answers.setdefault(_uri(parent), []).append(_time(entry["post"]))
    if own:
        yield _listing(part(own[0]["post"], "author"), max(_time(entry["post"]) for entry in own))
    yield from (exchange(uri, _time(post), earliest(answers[uri])) for uri, post in asked.items())
    threads = [_uri(e["post"]) for e in own if not e.get("reply") and e["post"].get("replyCount")]
    for uri in threads[:_THREADS]:
        params = (("uri", uri), ("depth", "3"), ("parentHeight", "0"))
        yield Visit(f"{_XRPC}feed.getPostThread", params=params, step="thread", note=me)
    if not own or not (asked or threads):
        yield Nothing("none of the last posts answers somebody or was answered")


def _thread(page: Page) -> Iterator[Item]:
    """Questions and comments directly under an own post, with the first own answer below each.

    One counts as open only where all its replies are shown.
    """
    me, thread = page.visit.note, part(page.data(), "thread")
    if _author(part(thread, "post")) != me:
        raise NotUnderstood("no thread of the account")
    found: list[Item] = []
    for reply in _replies(thread):
        if "post" in reply and (kind := _asks(part(reply, "post"), me)):
            post, below = part(reply, "post"), _replies(reply)
            own = [part(r, "post") for r in below if "post" in r and _author(part(r, "post")) == me]
            if own or len(below) >= _count(post):
                found.append(exchange(_uri(post), _time(post), earliest(map(_time, own)), kind))
    yield from found or [Nothing("no reply of others under this post whose own replies are all shown")]


def _is_repost(entry: Object) -> bool:
    return "Repost" in string(entry.get("reason"), "$type")


def _names(page: Page) -> Iterator[Item]:
    shown = [_listing(actor) for actor in rows(page.data(), "actors") if not _hides(actor)]
    return bearers(shown, dict(page.visit.params).get("q", ""))


def _asks(post: Object, me: str) -> str:
    """What somebody else says here: "question" or "comment"; "" of one who hides from readers without a login."""
    stranger = _author(post) != me and not _hides(part(post, "author"))
    return kind_of(string(part(post, "record"), "text")) if stranger else ""


def _is_addressed(post: Object, me: str) -> bool:
    """Whether a post stands in one of our threads or mentions us; what is asked of all the world is no enquiry."""
    record = part(post, "record")
    reply = part(record, "reply") if record.get("reply") else {}
    above = (string(reply.get(end), "uri") for end in ("parent", "root"))
    facets = rows(record, "facets") if record.get("facets") else []
    named = [feature for facet in facets if facet.get("features") for feature in rows(facet, "features")]
    return any(uri.startswith(f"at://{me}/") for uri in above) or any(string(f, "did") == me for f in named)


def _hides(account: Object) -> bool:
    labels = account.get("labels")
    mine = labels if isinstance(labels, list) else []
    return any(isinstance(label, dict) and label.get("val") == _HIDDEN for label in mine)


def _replies(thing: Object) -> list[Object]:
    return rows(thing, "replies") if thing.get("replies") else []


def _count(post: Object) -> int:
    count = post.get("replyCount")
    return count if isinstance(count, int) else 0


def _author(post: Object) -> str:
    return string(part(post, "author"), "did")


def _uri(post: Object) -> str:
    uri = string(post, "uri")
    if not uri.startswith("at://"):
        raise NotUnderstood("a post without uri")
    return uri


def _time(post: Object) -> datetime:
    """What the author's program says, unless the server saw the post earlier (Bluesky's own rule, sortAt)."""
    return min(moment(part(post, "record").get("createdAt")), moment(post.get("indexedAt")))
