"""Mastodon and servers with the same API: profile, links, recency, public questions and answers.

Facts from the server's documentation and code (2026) and recorded answers of 2025 and 2026. The
account's home server is asked, without a token: others hold only parts of a thread. What strangers
ask outside the organisation's own threads is seen only where it was answered; private messages
are never seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from audit import (
    About,
    Access,
    Action,
    Checker,
    Control,
    EditedBy,
    Exchange,
    Item,
    Kind,
    Link,
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
from audit.readers import account, bearers, day, exchange, kind_of, moment, rows

Post = Mapping[str, Any]
_PROFILE = re.compile(r"/(?:@|users/)(?P<name>[\w.-]+)(?:@(?P<home>[\w.-]+))?/?")
_ID = re.compile(r"[0-9A-Za-z]{1,32}")
_PARENTS, _THREADS = 6, 4
_PUBLIC = ("public", "unlisted")
_VISIBILITY = (*_PUBLIC, "private", "direct")


class Mastodon(Checker):
    """The account, who else bears the name, its last posts, the posts it answered, the threads under its own."""

    id = "mastodon"
    platform = Platform(
        id="mastodon",
        name="Mastodon",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
        per_service=False,
    )
    access = Access.API
    home = "https://joinmastodon.org"
    terms = Terms(
        policy_url="https://docs.joinmastodon.org/api/rate-limits/",
        read_on=date(2026, 11, 23),
        note="300 requests in 5 minutes per address without login; each server has rules of its own.",
    )
    control = Control(none_because="every account lives on its own server, so another account proves nothing about it")
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name", "link"})
    governed_by_robots = False
    absent_status = (404,)
    absent_marks = ("Record not found", '{"error":"')  # an HTML 404 comes from something that is no Mastodon
    follow_ups = 3 + _PARENTS + _THREADS

    def search(self, query: Query) -> Iterable[Visit]:
        """One look-up per known profile address; the organisation's name goes along, for who else bears it."""
        for url in query.profiles:
            parts, path = urlsplit(url), _PROFILE.fullmatch(urlsplit(url).path)
            if path and parts.scheme in ("http", "https") and parts.netloc:
                server = f"{parts.scheme}://{path['home'] or parts.netloc}"
                yield _look_up(server, path["name"], "account", query.organisation.name)

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the account, accounts of that name, its posts, a post that was answered, a thread of its own."""
        steps = {"names": _names, "posts": _posts, "parent": _parent, "thread": _thread}
        return list(steps.get(page.visit.step, _account)(page))


def _look_up(server: str, name: str, step: str, organisation: str = "") -> Visit:
    return Visit(f"{server}/api/v1/accounts/lookup", params=(("acct", name),), step=step, note=organisation)


def _account(page: Page) -> Iterator[Item]:
    """The profile; where it moved, one step after it (a second move is not followed)."""
    told = page.data()
    listing = _listing(page, told)
    yield listing
    for href in listing.websites:
        label = "verified" if href in _verified(page, told) else ""
        yield Link(kind="website", target=href, found_on=listing.url, platform="mastodon", label=label)
    yield from _moved(page, told, listing.url)
    server = _server(page)
    if page.visit.note:
        named = (("q", page.visit.note), ("type", "accounts"), ("limit", "20"))
        yield Visit(f"{server}/api/v2/search", params=named, step="names")
    params = (("limit", "40"), ("exclude_reblogs", "true"))
    yield Visit(f"{server}/api/v1/accounts/{listing.id}/statuses", params=params, step="posts", note=listing.id)


def _listing(page: Page, told: Post) -> Listing:
    key, url = _id(told), told.get("url")
    if not isinstance(url, str) or not isinstance(told.get("acct"), str):
        raise NotUnderstood("no account (url, acct)")
    html = [*(field.get("value") for field in _fields(told)), told.get("note")]
    marks = [mark for mark in ("bot", "locked", "limited", "suspended", "moved") if told.get(mark)]
    return account(
        str(told.get("display_name") or ""),
        key=key,
        url=url,
        handle=told["acct"],
        websites=[href for piece in html for href in _hrefs(page, piece)],
        text=page.fragment(told.get("note")).readable,
        tags=tuple(f"mastodon:{mark}" for mark in marks),
        status="closed" if told.get("suspended") else "",
        last_active=day(told.get("last_status_at")),
    )


def _names(page: Page) -> Iterator[Item]:
    """Who else bears the name, of all servers that this one knows; who asks not to be listed is left out.

    Their ids are those of this server, so their addresses stand for them.
    """
    others = [replace(_listing(page, one), id="") for one in rows(page.data(), "accounts") if not one.get("noindex")]
    return bearers(others, dict(page.visit.params).get("q", ""))


def _fields(account: Post) -> list[Post]:
    return [field for field in account.get("fields") or [] if isinstance(field, dict)]


def _verified(page: Page, account: Post) -> set[str]:
    fields = (field.get("value") for field in _fields(account) if field.get("verified_at"))
    return {href for value in fields for href in _hrefs(page, value)}


def _moved(page: Page, account: Post, url: str) -> Iterator[Item]:
    target = (account.get("moved") or {}).get("url") if isinstance(account.get("moved"), dict) else None
    if not isinstance(target, str):
        return
    parts, path = urlsplit(target), _PROFILE.fullmatch(urlsplit(target).path)
    if path and parts.scheme == "https" and parts.netloc:
        yield Link(kind="profile", target=target, found_on=url, platform="mastodon", label="moved")
        if page.visit.step == "account":
            yield _look_up(f"https://{parts.netloc}", path["name"], "moved")


def _posts(page: Page) -> Iterator[Item]:
    """What the last posts lead to: the posts they answer, and the threads under them.

    A reply whose parent was deleted (no in_reply_to_id), a reply to oneself and a boost lead nowhere.
    """
    me, parents, threads = page.visit.note, dict[str, str](), list[str]()
    for post in page.data(list):
        key, asked = _id(post), post.get("in_reply_to_account_id")
        if post.get("reblog") or _author(post) != me:
            continue
        if asked in (None, me) and post.get("replies_count"):
            threads.append(key)
        elif asked not in (None, me) and _ID.fullmatch(str(post.get("in_reply_to_id") or "")):
            at = _time(post).isoformat()
            parents[post["in_reply_to_id"]] = min(at, parents.get(post["in_reply_to_id"], at))
    base = f"{_server(page)}/api/v1/statuses"
    for parent, at in list(parents.items())[:_PARENTS]:
        yield Visit(f"{base}/{parent}", step="parent", note=f"{me} {at}")
    for thread in threads[:_THREADS]:
        yield Visit(f"{base}/{thread}/context", step="thread", note=me)
    if not parents and not threads:
        yield Nothing("none of the last posts answers somebody or was answered")


def _parent(page: Page) -> Iterator[Item]:
    """The post that the organisation answered, if it is a question of somebody else."""
    me, _, answered = page.visit.note.partition(" ")
    post = page.data()
    if _asks(page, post, me) == "question":
        yield _exchange(post, datetime.fromisoformat(answered))
    else:
        yield Nothing("the answered post is no question")


def _thread(page: Page) -> Iterator[Item]:
    """Questions and comments of others under an own post, with the first own answer below each.

    Without a token a server shows at most 60 posts: one counts as open only where all its replies are
    shown.
    """
    me, posts = page.visit.note, page.data().get("descendants")
    if not isinstance(posts, list):
        raise NotUnderstood("no thread (descendants)")
    shown = Counter(_id(post) and str(post.get("in_reply_to_id")) for post in posts)
    answers: dict[str, datetime] = {}
    for post in posts:
        if _author(post) == me:
            above = str(post.get("in_reply_to_id"))
            answers[above] = min(_time(post), answers.get(above, _time(post)))
    told = [(post, kind) for post in posts if (kind := _asks(page, post, me))]
    known = [(post, kind) for post, kind in told if _id(post) in answers or shown[_id(post)] >= _count(post)]
    found: list[Item] = [_exchange(post, answers.get(_id(post)), kind) for post, kind in known]
    yield from found or [Nothing("no reply of others under this post whose own replies are all shown")]


def _count(post: Post) -> int:
    count = post.get("replies_count")
    return count if isinstance(count, int) else 0


def _asks(page: Page, post: Post, me: str) -> str:
    """What somebody else publicly says to the organisation: "question", "comment", "" where it is not said to it."""
    author, mentions, content = _author(post), post.get("mentions"), post.get("content")
    if post.get("visibility") not in _VISIBILITY or not isinstance(mentions, list) or not isinstance(content, str):
        raise NotUnderstood("no post (visibility, mentions, content)")
    addressed = [post.get("in_reply_to_account_id"), *(m.get("id") for m in mentions if isinstance(m, dict))]
    if author == me or me not in addressed or post["visibility"] not in _PUBLIC or post.get("reblog"):
        return ""
    return kind_of(page.fragment(content).readable)


def _exchange(post: Post, answered: datetime | None, kind: str = "question") -> Exchange:
    return exchange(str(post.get("uri") or post["id"]), _time(post), answered, kind)


def _id(thing: Any) -> str:
    key = thing.get("id") if isinstance(thing, dict) else None
    if not isinstance(key, str) or not _ID.fullmatch(key):
        raise NotUnderstood("no id")
    return key


def _author(post: Post) -> str:
    return _id(post.get("account"))


def _time(post: Post) -> datetime:
    return moment(post.get("created_at"))


def _server(page: Page) -> str:
    parts = urlsplit(page.visit.url)
    return f"{parts.scheme}://{parts.netloc}"


def _hrefs(page: Page, html: object) -> list[str]:
    nodes = page.fragment(html).all("a[href]")
    return [href for node in nodes if (href := node.attributes.get("href") or "").startswith(("http://", "https://"))]
