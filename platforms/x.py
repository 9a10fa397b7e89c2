"""X: the account through the paid interface, with the organisation's own key: links, last post.

Facts from its documentation (API v2, 2026) and recorded answers (2020, 2021). One account costs one user and one post,
USD 0.015 in November 2026. What people ask is not read: only what was answered could be seen at that price, and the
waits would look shorter than they are. Without the key a person looks.
"""

from __future__ import annotations

import re
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
from audit.readers import Object, account, latest, name_in, part, rows, string

_USER = "https://api.x.com/2/users/by/username/"
_FIELDS = (
    ("user.fields", "description,entities,location,protected,url"),
    ("expansions", "most_recent_tweet_id"),
    ("tweet.fields", "created_at"),
)
_BEARER = (("authorization", f"Bearer {Secret('X_BEARER_TOKEN')}"),)
_NAME = re.compile(r"\w{1,15}", re.ASCII)  # the interface refuses others, so they prove nothing


class XApi(Checker):
    """The account by name, with its most recent post."""

    id = "x-api"
    platform = Platform(
        id="x",
        name="X",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
        edit_url="https://x.com/settings/profile",
        per_service=False,
    )
    access = Access.API
    home = "https://docs.x.com/x-api"
    terms = Terms(
        policy_url="https://docs.x.com/x-api/fundamentals/post-cap.md",
        read_on=date(2026, 11, 23),
        note="Paid for in advance: USD 0.010 an account, 0.005 a post, counted once a day.",
    )
    control = Control(known=Known(name="X Developers", profile="https://x.com/XDevelopers"))
    standing = Standing.RECORDED
    asks_about = About.PROFILE
    proves = frozenset({"name", "link"})
    hosts = ("api.x.com",)
    keys = (
        Key(
            "X_BEARER_TOKEN",
            get_url="https://developer.x.com",
            note="A developer account with prepaid credit; an account with its last post is two reads.",
            cost_per_1000=15.0,
            currency="USD",
        ),
    )
    governed_by_robots = False
    follow_ups = 0

    def search(self, query: Query) -> Iterable[Visit]:
        """One look-up per known name."""
        names = dict.fromkeys(name_in(url) for url in query.profiles)
        return [Visit(_USER + name, params=_FIELDS, headers=_BEARER) for name in names if _NAME.fullmatch(name)]

    def read(self, page: Page) -> Iterable[Item]:
        """The account, or the interface's own word that nobody bears the name (a suspended account is another word)."""
        answer = page.data()
        return [_listing(answer)] if answer.get("data") else list(_absent(answer))


def _absent(answer: Object) -> Iterator[Item]:
    for error in rows(answer, "errors"):
        if string(error, "title") == "Not Found Error" and string(error, "resource_type") == "user":
            yield Nothing("Not Found Error")


def _listing(answer: Object) -> Listing:
    user = part(answer, "data")
    name, said = string(user, "username"), string(user, "description")
    if not name:
        raise NotUnderstood("no account (username)")
    entities = part(user, "entities") if user.get("entities") else {}
    urls = [one for key in ("url", "description") if entities.get(key) for one in _urls(entities, key)]
    last = rows(part(answer, "includes"), "tweets") if answer.get("includes") else []
    return account(
        string(user, "name"),
        key=string(user, "id"),
        url=f"https://x.com/{name}",
        handle=name,
        said=said,
        websites=urls,
        last_active=latest(post.get("created_at") for post in last),
    )


def _urls(entities: Object, key: str) -> list[str]:
    """Where the short addresses of a field lead."""
    found = rows(part(entities, key), "urls") if part(entities, key).get("urls") else []
    return [url for one in found if (url := string(one, "expanded_url")).startswith(("http://", "https://"))]
