"""Accounts on social platforms: where a text leads, which account an address means, and namesakes of a search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from audit.model import BY_NAME, Action, Item, Listing, More, Nothing, Reason
from audit.readers.addresses import is_domain, split
from audit.readers.tables import table
from audit.readers.words import fold

_LONGEST = 10_000
_WEB = re.compile(r"(?<![\w@./-])(?:https?://)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}[a-z]{2,24}(?![\w@-])"
                  r"(?::\d{2,5})?(?:[/?][^\s<>\"']*)?", re.IGNORECASE)  # fmt: skip
_MOST = 10


def addresses(text: str) -> tuple[str, ...]:
    """Web addresses in a plain text ("www.verein.de/beratung", with or without https), at most 10. Never raises.

    A bare name counts only below a suffix of the public list ("z.B" is none); e-mail addresses are none.
    """
    found: dict[str, None] = {}
    for match in _WEB.finditer(text[:_LONGEST]):
        shown = match.group().rstrip(".,;:!?)")
        meant = "://" in shown or shown.lower().startswith("www.")
        url = shown if "://" in shown else f"https://{shown}"
        parts = split(url)
        if parts and (meant or is_domain(parts.hostname or "")):
            found[url] = None
        if len(found) >= _MOST:
            break
    return tuple(found)


def account(
    name: str, *, key: str, url: str, handle: str = "", said: str = "", websites: Iterable[str] = (), **more: Any
) -> Listing:
    """An account as a listing, with the links that it shows and those in what it says of itself, and the first steps.

    ``key`` is the platform's own id of it, ``handle`` the name in its address (each stands for what is missing).
    ``more`` are further fields of `Listing`. Short links of X name no site, so they are left out.
    """
    shown = (url for url in (*websites, *addresses(said)) if url and "//t.co/" not in url)
    links = tuple(dict.fromkeys(shown))
    made: dict[str, Any] = {
        "name": name or handle,
        "id": key or handle,
        "url": url,
        "alternate_names": (handle,) if handle else (),
        "websites": links,
        "text": said,
        "actions": (Action.WRITE, Action.VISIT_WEBSITE) if links else (Action.WRITE,),
    }
    return Listing(**{**made, **more})


def name_in(url: str, after: tuple[str, ...] = ("",)) -> str:
    """The account's name in a profile address: the first path segment, or the one after one of ``after``.

    ``name_in("https://bsky.app/profile/awo.de", ("profile",))`` is "awo.de"; "" where there is none.
    """
    parts = split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        return ""
    steps = [unquote(step) for step in parts.path.split("/") if step]
    for first in after:
        if not first and steps:
            return steps[0].removeprefix("@")
        if first and len(steps) > 1 and steps[0].lower() == first:
            return steps[1]
    return ""


def parameter(url: str, name: str) -> str:
    """The first value of a parameter of an address, or an empty text."""
    parts = split(url)
    return parse_qs(parts.query[:2000]).get(name, [""])[0] if parts else ""


def namesakes(listings: Iterable[Listing], name: str) -> list[Listing]:
    """Those whose own name holds every word of the name, marked as found by name alone; the others are strangers.

    They may be people of their own: what they say of themselves is left out, but for the links.
    Legal forms and small words ("e. V.", "und", "für"; profiles.toml) do not count.
    """
    words = set(fold(name).split()) - set(table("profiles")["small"])
    return [
        replace(listing, text="", tags=(*listing.tags, BY_NAME))
        for listing in listings
        if words and words <= set(fold(listing.name).split())
    ]


def bearers(listings: Iterable[Listing], name: str) -> Iterator[Item]:
    """What a search for a name comes to: its `namesakes`, or that nobody bears it."""
    found: list[Item] = [*namesakes(listings, name)]
    yield from found or [Nothing("no account of that name")]


def is_own(wanted: str, *names: object) -> bool:
    """Whether an account's names (ids, handles; other things are none) hold the wanted one, in any case."""
    return wanted.lower() in {name.lower() for name in names if isinstance(name, str)}


def other_account(key: str, shown: str, wanted: str) -> More:
    """A key that opens one account says nothing of another one that the website links: it needs that one's key."""
    return More(f"{key} belongs to the account {shown}, not to {wanted}", reason=Reason.NEEDS_KEY)
