"""``findbar init``: first organisation files from a website, or from a list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from audit.auditing import Workshop
from audit.checker import Checker
from audit.model import About, Answer, Item, Kind, Organisation, Query, Subject
from audit.organisation.drafting import draft_from_site
from audit.organisation.folding import slug
from audit.organisation.importing import NOTHING_STATED, Draft, Stated, draft_from_list
from audit.requesting import Request


class NothingToDraftError(ValueError):
    """The source gives nothing to begin with; the message says why."""


@dataclass(frozen=True)
class Written:
    """Files written, and those left alone because they were there already."""

    new: tuple[Path, ...]
    kept: tuple[Path, ...]


def stated_of(columns: Iterable[str] = (), **stated: str) -> Stated:
    """What a person states about a list; ``columns`` are texts FIELD=COLUMN. Raises `NothingToDraftError`."""
    pairs = [one.partition("=") for one in columns]
    if wrong := next((field for field, sign, _ in pairs if not sign), None):
        raise NothingToDraftError(f"{wrong!r} names no column; write --column phone=Telefon")
    return Stated(columns={field.strip(): column.strip() for field, _, column in pairs}, **stated)


def draft(source: str, workshop: Workshop, stated: Stated = NOTHING_STATED) -> Draft:
    """Organisation files drafted from a web address or a list (a file or folder); ``stated`` is about lists.

    Raises `NothingToDraftError`, `ImportProblem` or `ContactMissingError`.
    """
    if urlsplit(source).scheme in ("http", "https"):
        return asyncio.run(_from_site(source, workshop))
    path = Path(source)
    if not path.exists():
        raise NothingToDraftError(f"{source} is neither a web address (https://...) nor a file or folder.")
    return draft_from_list(path, workshop.catalogue, stated)


def write(drafted: Draft, into: Path) -> Written:
    """Write the drafted files; a file that is there already is never overwritten."""
    into.mkdir(parents=True, exist_ok=True)
    new, kept = [], []
    for name, text in sorted(drafted.files.items()):
        path = into / name
        if path.exists():
            kept.append(path)
            continue
        path.write_text(text, encoding="utf-8")
        new.append(path)
    return Written(tuple(new), tuple(kept))


async def _from_site(url: str, workshop: Workshop) -> Draft:
    website = next(c for c in workshop.registry.checkers if c.platform.kind is Kind.WEBSITE)
    answers = await _visit(url, website, workshop)
    items: list[Item] = [item for answer in answers for item in answer.items]
    if not any(seen.reason is None for answer in answers for seen in answer.chain):
        seen = next((s for a in answers for s in a.chain), None)
        told = f"{seen.reason}: {seen.detail}" if seen else "no page was asked for"
        raise NothingToDraftError(f"{url} could not be read ({told}).")
    name = slug((urlsplit(url).hostname or "organisation").removeprefix("www."))
    text = draft_from_site(url, items, workshop.catalogue)
    return Draft(files={f"{name}.toml": text}, columns={}, rows_imported=1, rows_refused=[])


async def _visit(url: str, website: Checker, workshop: Workshop) -> list[Answer]:
    """The website as the checker sees it, looked through for the usual word of every kind of service."""
    words = tuple(kind.words[0] for kind in workshop.catalogue.kinds.values())
    organisation = Organisation(id="draft", name=url, website=url)
    query = Query(subject=Subject(about=About.ORGANISATION, organisation=organisation), words=words)
    async with AsyncExitStack() as stack:
        getters = workshop.open_getters(stack)
        walker = workshop.plan(Request(organisations=(organisation,)), getters).walker
        return [await walker.follow(website, ask) for ask in website.plan([query])]
