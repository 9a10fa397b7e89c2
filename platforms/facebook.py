"""Facebook: the organisation's own page through the Graph API, with that page's own key.

Facts from Meta's documentation (Graph API v26, 2026) and recorded answers (2019 to 2021). Pages of others cannot be
read without Meta's review, and automated reading of the website is forbidden: without the key a person looks. The key
opens one page; where the website links another, nothing is said of that one. Private messages are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlsplit

from audit import (
    About,
    Access,
    Action,
    Address,
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
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
    commented,
    day,
    is_own,
    moment,
    name_in,
    other_account,
    parameter,
    rows,
    string,
)

_GRAPH = "https://graph.facebook.com/v26.0/me"
_KEY = ("access_token", Secret("FACEBOOK_PAGE_TOKEN"))
_PAGE = (
    "id,name,username,link,website,emails,phone,location,about,description,is_published,is_permanently_closed,"
    "published_posts.limit(1){created_time}"
)
_COMMENTS = (
    "id,created_time,comments.filter(toplevel).limit(100){id,from,message,created_time,comment_count,"
    "comments.limit(100){from,created_time}}"
)


class FacebookPage(Checker):
    """The page that the key belongs to, its last post, and the comments under its last posts."""

    id = "facebook-page"
    platform = Platform(
        id="facebook",
        name="Facebook",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.facebook.com/pages",
        per_service=False,
    )
    access = Access.API
    home = "https://developers.facebook.com/docs/graph-api"
    terms = Terms(
        policy_url="https://developers.facebook.com/terms",
        read_on=date(2026, 11, 23),
        note="Only the own page, with its page token (pages_read_engagement, pages_read_user_content).",
    )
    control = Control(none_because="the key opens only the organisation's own page")
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name", "address", "phone", "email", "link"})
    hosts = ("graph.facebook.com",)
    keys = (
        Key(
            "FACEBOOK_PAGE_TOKEN",
            get_url="https://developers.facebook.com/apps",
            note="An app of your own, and with it the page's token from whoever manages the page "
            "(pages_read_engagement, pages_read_user_content).",
            cost_per_1000=0.0,
        ),
    )
    governed_by_robots = False
    follow_ups = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The key's own page, once for each address that is said to be ours."""
        names = dict.fromkeys(filter(None, map(_name, query.profiles)))
        return [Visit(_GRAPH, params=(("fields", _PAGE), _KEY), step="page", note=name) for name in names]

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the page, or its last posts with their comments."""
        return list(_posts(page) if page.visit.step == "posts" else _page(page))


def _name(url: str) -> str:
    """The page's name or number in an address: /name, /profile.php?id=1, /p/Name-1, /pages/Name/1."""
    if name_in(url, ("p", "people", "pages")):
        return urlsplit(url).path.rstrip("/").rpartition("/")[2].rpartition("-")[2]
    return parameter(url, "id") or name_in(url, ("pg", ""))


def _page(page: Page) -> Iterator[Item]:
    """The page; unpublished is its own sign that nobody can find it."""
    told, wanted = page.data(), page.visit.note
    key, name, user = string(told, "id"), string(told, "name"), string(told, "username")
    if not key or not name:
        raise NotUnderstood("no page (id, name)")
    link = string(told, "link") or f"https://www.facebook.com/{key}"
    if not is_own(wanted, key, user, name_in(link)):
        yield other_account("FACEBOOK_PAGE_TOKEN", user or key, wanted)
    elif told.get("is_published") is False:
        yield Nothing("the page is not published: only its own staff can see it")
    else:
        yield _listing(told, key, name, link)
        asked = (("fields", _COMMENTS), ("limit", "25"), _KEY)
        yield Visit(f"{_GRAPH}/published_posts", params=asked, step="posts", note=key)


def _listing(told: Object, key: str, name: str, link: str) -> Listing:
    said = f"{string(told, 'about')} {string(told, 'description')}".strip()
    last = rows(told["published_posts"], "data") if told.get("published_posts") else []
    place, emails, user = told.get("location"), told.get("emails"), string(told, "username")
    return account(
        name,
        key=key,
        url=link,
        handle=user,
        said=said,
        websites=addresses(string(told, "website")),
        address=Address(street=string(place, "street"), postcode=string(place, "zip"), city=string(place, "city")),
        phones=(string(told, "phone"),) if string(told, "phone") else (),
        emails=tuple(filter(None, map(str, emails))) if isinstance(emails, list) else (),
        status="closed" if told.get("is_permanently_closed") is True else "",
        last_active=day(last[0].get("created_time")) if last else None,
    )


def _posts(page: Page) -> Iterator[Item]:
    """Comments under the last posts. A page's own ones carry it as ``from``; who else writes is not read."""
    posts = (post["comments"] for post in rows(page.data(), "data") if post.get("comments"))
    return commented(_said(comment, page.visit.note) for comments in posts for comment in rows(comments, "data"))


def _said(comment: Object, me: str) -> Said:
    replies = rows(comment["comments"], "data") if comment.get("comments") else []
    count = comment.get("comment_count")
    if not string(comment, "id"):
        raise NotUnderstood("a comment without id: the key may not read who wrote it")
    return Said(
        key=string(comment, "id"),
        at=moment(comment.get("created_time")),
        text=string(comment, "message"),
        answers=tuple(moment(reply.get("created_time")) for reply in replies if _author(reply) == me),
        whole=isinstance(count, int) and len(replies) >= count,
        own=_author(comment) == me,
    )


def _author(comment: Object) -> str:
    return string(comment.get("from"), "id")
