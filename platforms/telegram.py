"""Telegram: the public preview of a channel, group, person or bot at t.me.

Signs as told by the rule sets of name checkers and a page seen in July 2026. A channel with a preview shows its last
posts; everything else shows a page with its title. Only a page without a title that also asks robots to stay away and
offers to contact the bare name says that nobody bears the name. Channels speak one way: nothing is known about answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

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
from audit.readers import account, latest, name_in

_NAME = re.compile(r"[A-Za-z]\w{3,31}")
_RESERVED = frozenset({"joinchat", "share", "addstickers", "addemoji", "addlist", "proxy", "socks", "login"})
_TITLES = ".tgme_channel_info_header_title, .tgme_page_title"
_TEXTS = ".tgme_channel_info_description, .tgme_page_description"
_LINKS = ".tgme_channel_info_description a, .tgme_page_description a"


class Telegram(Checker):
    """One preview page per known address."""

    id = "telegram-preview"
    platform = Platform(
        id="telegram",
        name="Telegram",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE, Action.VISIT_WEBSITE}),
        per_service=False,
    )
    access = Access.PAGE
    home = "https://t.me"
    terms = Terms(
        policy_url="https://telegram.org/tos",
        read_on=date(2026, 11, 23),
        note="Terms for automated reading of the preview pages were not found; switched on by whoever has read them.",
    )
    control = Control(known=Known(name="Telegram News", profile="https://t.me/telegram"))
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.PROFILE
    proves = frozenset({"name", "link"})
    hosts = ("t.me",)
    default_on = False
    pace = 2.0

    def search(self, query: Query) -> Iterable[Visit]:
        """The preview of each known name; invitations and telephone numbers are none."""
        names = dict.fromkeys(name_in(url, ("s", "")) for url in query.profiles)
        return [Visit(f"https://t.me/s/{name}") for name in names if _NAME.fullmatch(name) and name not in _RESERVED]

    def read(self, page: Page) -> Iterable[Item]:
        """The page behind the name, wherever the visit was led."""
        name, title = urlsplit(page.visit.url).path.rpartition("/")[2], page.text_of(_TITLES)
        if title:
            yield _listing(page, name, title)
        elif _nobody(page, name):
            yield Nothing("no title, robots are asked to stay away, and only the bare name is offered")
        else:
            raise NotUnderstood("no preview of an account")


def _listing(page: Page, name: str, title: str) -> Listing:
    said = page.text_of(_TEXTS)
    hrefs = [
        node.attributes.get("href") or "" for node in page.all(", ".join(f"{css} a" for css in _TEXTS.split(", ")))
    ]
    return account(
        title,
        key=name,
        url=f"https://t.me/{name}",
        said=said,
        websites=[href for href in hrefs if href.startswith(("http://", "https://"))],
        last_active=latest(node.attributes.get("datetime") for node in page.all("time[datetime]")),
    )


def _nobody(page: Page, name: str) -> bool:
    robots = page.attribute("meta[name=robots]", "content").replace(" ", "")
    return robots == "noindex,nofollow" and f"you can contact @{name}".lower() in page.readable.lower()
