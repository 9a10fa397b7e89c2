"""Writes the site into a folder: an organisation's page as soon as its result comes, the others at the end.

No result is kept: memory grows with organisations and groups, not with cells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from typing import IO

from audit.model import Advance, Federation, Node, Pace, Past, Result, Rolled
from reports.branding import Brand
from reports.html import asset, render
from reports.shield import scrub
from reports.site.members import Counts, Groups, Member, added, file_of, member
from reports.site.pages import FOLDERS, Site, page_of
from reports.site.written import Written
from reports.texts import Texts


class SiteFolder:
    """A folder that becomes the site. ``field_of`` tells the field of work of a kind of service ("": none known).

    ``since`` tells the pace of each organisation as the site may show it, ``advances`` that of everyone above others.
    """

    def __init__(
        self, folder: Path, lang: str, *, brand: Brand | None = None, name: str = "", full: bool = False,
        field_of: Callable[[str], str] = lambda _: "", since: Callable[[Result], Pace | None] = lambda _: None,
        advances: Callable[[Federation], Mapping[str, Advance]] = lambda _: {},
    ) -> None:  # fmt: skip
        self.folder, self._full, self._field_of = folder, full, field_of
        self._since, self._advances = since, advances
        self._site = Site(Texts(lang), brand or Brand(), name)
        self._groups, self._lines, self._audited = Groups(), 0, set[str]()
        for part in ("organisations", *FOLDERS.values(), *(["reports"] if full else [])):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._written = Written(folder)
        self._part = folder / "index.js.part"  # so that the search of an older site works until this one is there
        self._index: IO[str] = self._part.open("w", encoding="utf-8", newline="")
        self._index.write("const FINDBAR = [\n")

    def take(self, result: Result) -> None:
        """One more organisation: its page, its whole report if wanted, its part of every group and of the index."""
        if not result.cells:  # an umbrella body without services of its own
            return
        told, pace = member(result), self._since(result)
        self._groups.take(result)
        self._audited.add(result.organisation)
        self._written.write(
            f"organisations/{file_of(result.organisation)}", self._site.organisation(told, pace, full=self._full)
        )
        if self._full:
            texts, brand = self._site.texts, self._site.brand
            report = render(result, texts.lang, texts=texts, brand=brand, past=Past(pace=pace))
            self._written.write(f"reports/{file_of(result.organisation)}", report)
        self._add(told.result.organisation_name, file_of(result.organisation), told)

    def _add(self, name: str, file: str, told: Member | None = None) -> None:
        lines = [", ".join(filter(None, (line.row.service_name, line.row.location_name))) for line in told.lines] \
            if told else []  # fmt: skip
        self._index.write(f"{json.dumps([name, f'organisations/{file}', lines], ensure_ascii=False)},\n")

    def finish(self, federation: Federation) -> Path:
        """The pages of everything together; gives the first one."""
        whole, advances = scrub(federation), self._advances(federation)
        tops = whole.below("")
        self._site = Site(
            self._site.texts, self._site.brand, self._site.name or " · ".join(t.entity.name for t in tops)
        )
        above = {node.entity.parent for node in whole.nodes}
        for node in whole.nodes:
            self._node(node, whole, above, advances.get(node.entity.id))
        groups = list(_groups(tops))
        for what, some in groups:
            text = self._site.group(what, some, whole, self._rows(what, some[0][1].id))
            self._written.write(f"{FOLDERS[what]}/{file_of(some[0][1].id)}", text)
        self._written.write("search.html", self._site.search(whole, ((what, some[0][1]) for what, some in groups)))
        self._index.write("];\n")
        self._index.close()
        self._written.add("index.js", self._part.replace(self.folder / "index.js").read_bytes())
        self._written.write("search.js", asset("search.js"))
        self._written.write("style.css", self._site.style())
        alone = tops[0] if len(tops) == 1 else None
        first = self._site.node(alone, whole, advances.get(alone.entity.id), top=True) if alone \
            else self._site.tops(whole)  # fmt: skip
        written = self._written.write("index.html", first)
        self._written.finish()
        return written

    def _node(self, node: Node, federation: Federation, above: Set[str], advance: Advance | None) -> None:
        """The page of an organisation with others below; its own services move to a page beside it."""
        id_ = node.entity.id
        if id_ in above:
            if id_ in self._audited:
                self._written.rename(f"organisations/{file_of(id_)}", f"organisations/{page_of(id_, above)}")
            self._written.write(f"organisations/{file_of(id_)}", self._site.node(node, federation, advance))
            self._add(node.entity.name, file_of(id_))
        elif id_ not in self._audited:
            self._written.write(f"organisations/{file_of(id_)}", self._site.node(node, federation))

    def _rows(self, what: str, id_: str) -> dict[str, Counts]:
        """What each organisation brings into a group."""
        if what != "fields":
            return getattr(self._groups, what).get(id_, {})  # type: ignore[no-any-return] # one of two dictionaries
        inside = [rows for kind, rows in self._groups.kinds.items() if self._field_of(kind) == id_]
        members = dict.fromkeys(organisation for rows in inside for organisation in rows)
        return {one: added(rows[one] for rows in inside if one in rows) for one in members}


def _groups(tops: tuple[Node, ...]) -> Iterator[tuple[str, list[tuple[Node, Rolled]]]]:
    """Each group once, with its figures under every top that has it."""
    for what in FOLDERS:
        found: dict[str, list[tuple[Node, Rolled]]] = {}
        for top in tops:
            for rolled in getattr(top, what):
                found.setdefault(rolled.id, []).append((top, rolled))
        for some in found.values():
            yield what, some
