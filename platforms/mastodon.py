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
from audit.readers import day, exchange, kind_of, moment

Post = Mapping[str, Any]
_PROFILE = re.compile(r"/(?:@|users/)(?P<name>[\w.-]+)(?:@(?P<home>[\w.-]+))?/?")
_ID = re.compile(r"[0-9A-Za-z]{1,32}")
_PARENTS, _THREADS = 6, 4
_PUBLIC = ("public", "unlisted")
_VISIBILITY = (*_PUBLIC, "private", "direct")


class Mastodon(Checker):
    """The account by name, its last posts, then the posts it answered and the threads under its own."""

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
    follow_ups = 2 + _PARENTS + _THREADS

    def search(self, query: Query) -> Iterable[Visit]:
        """One look-up per known profile address on a server."""
        for url in query.profiles:
            parts, path = urlsplit(url), _PROFILE.fullmatch(urlsplit(url).path)
            if path and parts.scheme in ("http", "https") and parts.netloc:
                yield _look_up(f"{parts.scheme}://{path['home'] or parts.netloc}", path["name"], "account")

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the account, its posts, a post that was answered, a thread of its own."""
        steps = {"posts": _posts, "parent": _parent, "thread": _thread}
        return list(steps.get(page.visit.step, _account)(page))


def _look_up(server: str, name: str, step: str) -> Visit:
    return Visit(f"{server}/api/v1/accounts/lookup", params=(("acct", name),), step=step)


def _account(page: Page) -> Iterator[Item]:
    """The profile; where it moved, one step after it (a second move is not followed)."""
    account = page.data()
    key, url = _id(account), account.get("url")
    if not isinstance(url, str) or not isinstance(account.get("acct"), str):
        raise NotUnderstood("no account (url, acct)")
    fields = [field for field in account.get("fields") or [] if isinstance(field, dict)]
    verified = {href for field in fields if field.get("verified_at") for href in _hrefs(page, field.get("value"))}
    html = [*(field.get("value") for field in fields), account.get("note")]
    links = tuple(dict.fromkeys(href for piece in html for href in _hrefs(page, piece)))
    marks = [mark for mark in ("bot", "locked", "limited", "suspended", "moved") if account.get(mark)]
    yield Listing(
        name=str(account.get("display_name") or account["acct"]),
        id=key,
        url=url,
        alternate_names=(account["acct"],),
        websites=links,
        text=_plain(page, account.get("note")),
        tags=tuple(f"mastodon:{mark}" for mark in marks),
        status="closed" if account.get("suspended") else "",
        actions=(Action.WRITE, Action.VISIT_WEBSITE) if links else (Action.WRITE,),
        last_active=day(account.get("last_status_at")),
    )
    for href in links:
        label = "verified" if href in verified else ""
        yield Link(kind="website", target=href, found_on=url, platform="mastodon", label=label)
    yield from _moved(page, account, url)
    server = _server(page)
    params = (("limit", "40"), ("exclude_reblogs", "true"))
    yield Visit(f"{server}/api/v1/accounts/{key}/statuses", params=params, step="posts", note=key)


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
    return kind_of(_plain(page, content))


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


def _fragment(page: Page, html: object) -> Page:
    """A piece of HTML inside the JSON, as a page of its own to read."""
    body = html.encode("utf-8", "replace") if isinstance(html, str) else b""
    return replace(page, body=body, headers=(("content-type", "text/html; charset=utf-8"),))


def _plain(page: Page, html: object) -> str:
    return _fragment(page, html).readable


def _hrefs(page: Page, html: object) -> list[str]:
    nodes = _fragment(page, html).all("a[href]")
    return [href for node in nodes if (href := node.attributes.get("href") or "").startswith(("http://", "https://"))]
