"""Links of a page by what they lead to: profiles, booking, counselling, chat, forms, mail and telephone.

Share buttons, embeds, single posts and the placeholder accounts of themes are no profiles. A chat
widget or booking script that a consent manager holds back (data-src, type="text/plain") is seen too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from selectolax.lexbor import LexborNode

from audit.model import Link
from audit.page import Page, squash
from audit.readers.addresses import absolute, base, host_in, same_site, split, untracked
from audit.readers.contact import emails_in
from audit.readers.listings import is_listing
from audit.readers.structured import Entity, entities
from audit.readers.tables import table

_MOST = 200
_MOST_NODES = 3000
_SCRIPT_TEXT = 300_000
_EMBEDS = "script, iframe, embed, object, link[href], div[data-src], div[data-url], img[data-src]"
_SOURCES = ("src", "data-src", "data-url", "data-href", "href", "data", "data-cookieconsent-src", "data-borlabs-src")
_MASTODON = re.compile(r"/(?:@[\w.]+(?:@[\w.-]+)?|users/[\w.]+)/?")


def links(page: Page, found: list[Entity] | None = None) -> list[Link]:
    """What the page leads to, in document order without repeats, at most 200. Never raises.

    ``found`` are the page's entities where they are known already: sameAs of an organisation counts.
    """
    known = entities(page) if found is None else found
    seen: dict[tuple[str, str, str], Link] = {}
    for link in _all(page, known):
        same = re.sub(r"^https?://(?:www\.)?", "", link.target).rstrip("/")
        seen.setdefault((link.kind, link.platform, same), link)
        if len(seen) >= _MOST:
            break
    return list(seen.values())


def _all(page: Page, known: list[Entity]) -> Iterator[Link]:
    start, on = base(page), page.url or page.visit.url
    for node in page.all("a[href], area[href], link[rel~='me' i][href]")[:_MOST_NODES]:
        yield from _anchor(node, start, on)
    for entity in known:
        for target in entity.texts("sameAs") if _own(entity) else ():
            if link := profile(target, on):
                yield link
    yield from _embedded(page, start, on)
    yield from _forms(page, start, on)


def _own(entity: Entity) -> bool:
    """True where sameAs speaks of the organisation or its site, not of a person who wrote something."""
    return is_listing(entity) or bool({"WebSite", "WebPage"} & set(entity.types))


def _anchor(node: LexborNode, start: str, on: str) -> Iterator[Link]:
    href = (node.attributes.get("href") or "").strip()
    label = squash(node.text(separator=" ", strip=True))[:80]
    scheme = href.split(":", 1)[0].lower()
    if scheme == "mailto":
        for address in emails_in(href[7:].split("?")[0].replace("%40", "@")):
            yield Link(kind="mail", target=address, found_on=on, label=label)
    elif scheme == "tel":
        number = href[4:].split(";")[0].replace("%20", " ").strip("/ ")
        if number:
            yield Link(kind="phone", target=number[:40], found_on=on, label=label)
    elif (url := absolute(start, href)) and not same_site(url, on):
        me = "me" in (node.attributes.get("rel") or "").lower().split()
        if link := profile(url, on, label, me=me) or tool(url, on, label):
            yield link


def profile(url: str, found_on: str, label: str = "", *, me: bool = False) -> Link | None:
    """The link as a profile, or None. ``me``: the page says by rel="me" that it is its own."""
    parts = split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        return None
    host = (parts.hostname or "").lower()
    rules = [rule for rule in _rules("profile") if host_in(host, rule["hosts"])]
    if not rules:
        mastodon = _MASTODON.fullmatch(parts.path) and not host_in(host, table("links")["not_mastodon"])
        rest = "mastodon" if mastodon else "" if me else None
        return (
            None
            if rest is None
            else Link(kind="profile", target=untracked(url), found_on=found_on, platform=rest, label=label)
        )
    for rule in rules:
        if _fits(rule, parts.path, parts.query) and not _placeholder(parts.path):
            target = untracked(url)
            return Link(kind="profile", target=target, found_on=found_on, platform=rule["platform"], label=label)
    return None


def tool(url: str, found_on: str, label: str = "") -> Link | None:
    """The link as a booking, online counselling or form page, or None."""
    parts = split(url)
    if parts is None:
        return None
    host = (parts.hostname or "").lower()
    for kind in ("counselling", "booking"):
        for rule in _rules(kind):
            if host_in(host, rule["hosts"]) and _fits(rule, parts.path, parts.query):
                return Link(kind=kind, target=untracked(url), found_on=found_on, platform=rule["platform"], label=label)
    if any(mark in url for mark in table("links")["form"]["embeds"]):
        return Link(kind="form", target=url, found_on=found_on, label=label)
    return None


@cache
def _rules(kind: str) -> tuple[dict[str, Any], ...]:
    return tuple({**rule, "path": re.compile(rule.get("path", ".*"))} for rule in table("links")[kind])


def _fits(rule: dict[str, Any], path: str, query: str) -> bool:
    first = path.strip("/").split("/")[0].lower()
    asked = rule.get("query", "")
    return (
        first not in rule.get("never", ())
        and bool(rule["path"].fullmatch(path))
        and (not asked or f"{asked}=" in query)
    )


def _placeholder(path: str) -> bool:
    last = path.strip("/").split("/")[-1].lstrip("@").lower()
    return last in table("links")["placeholders"]


def _embedded(page: Page, start: str, on: str) -> Iterator[Link]:
    """Chat widgets and booking tools in scripts and frames, and pretix's own element."""
    texts: list[str] = []
    for node in page.all(_EMBEDS)[:_MOST_NODES]:
        sources = [node.attributes.get(name) or "" for name in _SOURCES]
        for source in filter(None, sources):
            url = absolute(start, source)
            if url and node.tag != "link" and (link := tool(url, on)):
                yield link
        texts += [*sources, node.attributes.get("id") or "", node.text() if node.tag == "script" else ""]
    scripts = "\n".join(texts)[:_SCRIPT_TEXT]
    for name, marks in table("links")["chat"].items():
        if any(mark in scripts for mark in marks):
            yield Link(kind="chat", target=on, found_on=on, platform=name)
    for node in page.all(
        "[event].pretix-widget, pretix-widget[event], [event].pretix-widget-compat, pretix-button[event]"
    )[:20]:
        if url := absolute(start, node.attributes.get("event") or ""):
            yield Link(kind="booking", target=url, found_on=on, platform="pretix")


def _forms(page: Page, start: str, on: str) -> Iterator[Link]:
    """Contact forms: a message and an e-mail field; what guards them stands in the label."""
    for form in page.all("form")[:50]:
        mark = " ".join(filter(None, (form.attributes.get(name) for name in ("id", "class", "action")))).lower()
        comment = any(word in mark for word in table("links")["form"]["not_forms"])
        if not comment and form.css_first("textarea") and form.css_first("input[type=email i], input[name*=mail i]"):
            action = absolute(start, form.attributes.get("action") or "") or on
            yield Link(kind="form", target=action, found_on=on, label=_captcha(form.html or ""))


def _captcha(source: str) -> str:
    kinds = table("links")["form"]["captcha"].items()
    return ", ".join(f"captcha: {name}" for name, marks in kinds if any(mark in source for mark in marks))
