"""Instagram: the organisation's own professional account through the Instagram API, with its own key.

Facts from Meta's documentation (Instagram API with Instagram Login, v26, 2026) and recorded answers of 2021. Accounts
of others cannot be read without Meta's review, and automated reading of the website is forbidden: without the key a
person looks. Private messages are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

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
    rows,
    string,
)

_ME = "https://graph.instagram.com/v26.0/me"
_KEY = ("access_token", Secret("INSTAGRAM_TOKEN"))
_ACCOUNT = "user_id,username,name,biography,website,media.limit(1){timestamp}"
_COMMENTS = "id,timestamp,comments.limit(50){id,text,timestamp,username,replies.limit(50){timestamp,username}}"


class InstagramAccount(Checker):
    """The account that the key belongs to, its last post, and the comments under its last posts."""

    id = "instagram-account"
    platform = Platform(
        id="instagram",
        name="Instagram",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://www.instagram.com/accounts/edit/",
        per_service=False,
    )
    access = Access.API
    home = "https://developers.facebook.com/docs/instagram-platform"
    terms = Terms(
        policy_url="https://developers.facebook.com/terms",
        read_on=date(2026, 11, 23),
        note="Only the own professional account (instagram_business_basic, instagram_business_manage_comments).",
    )
    control = Control(none_because="the key opens only the organisation's own account")
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name"})  # of a profile's links the API shows one
    hosts = ("graph.instagram.com",)
    keys = (
        Key(
            "INSTAGRAM_TOKEN",
            get_url="https://developers.facebook.com/apps",
            note="An app of your own, and with it a token of your professional account (instagram_business_basic, "
            "instagram_business_manage_comments).",
            cost_per_1000=0.0,
        ),
    )
    governed_by_robots = False
    never_absent = "an account's own key opens it or fails; it tells of no other account"
    follow_ups = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The key's own account, once for each address that is said to be ours."""
        names = dict.fromkeys(filter(None, map(name_in, query.profiles)))
        return [Visit(_ME, params=(("fields", _ACCOUNT), _KEY), step="account", note=name) for name in names]

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the account, or its last posts with their comments."""
        return list(_posts(page) if page.visit.step == "posts" else _account(page))


def _account(page: Page) -> Iterator[Item]:
    told, wanted = page.data(), page.visit.note
    name, said = string(told, "username"), string(told, "biography")
    if not name:
        raise NotUnderstood("no account (username)")
    if not is_own(wanted, name):
        yield other_account("INSTAGRAM_TOKEN", name, wanted)
        return
    last = rows(told["media"], "data") if told.get("media") else []
    yield account(
        string(told, "name"),
        key=string(told, "user_id") or string(told, "id"),
        url=f"https://www.instagram.com/{name}/",
        handle=name,
        said=said,
        websites=addresses(string(told, "website")),
        last_active=day(last[0].get("timestamp")) if last else None,
    )
    yield Visit(f"{_ME}/media", params=(("fields", _COMMENTS), ("limit", "25"), _KEY), step="posts", note=name)


def _posts(page: Page) -> Iterator[Item]:
    """Questions and comments under the last posts, with the first own reply to each."""
    posts = (post["comments"] for post in rows(page.data(), "data") if post.get("comments"))
    return commented(_said(comment, page.visit.note) for comments in posts for comment in rows(comments, "data"))


def _said(comment: Object, me: str) -> Said:
    replies = rows(comment["replies"], "data") if comment.get("replies") else []
    cut = bool(replies) and "next" in (comment["replies"].get("paging") or {})
    if not string(comment, "id"):
        raise NotUnderstood("a comment without id")
    return Said(
        key=string(comment, "id"),
        at=moment(comment.get("timestamp")),
        text=string(comment, "text"),
        answers=tuple(moment(reply.get("timestamp")) for reply in replies if reply.get("username") == me),
        # a reply without a name may be anybody's: then nothing is said to be open
        whole=not cut and all(reply.get("username") for reply in replies),
        own=comment.get("username") == me,
    )
