"""The pages of the site, each as text: overview, organisation, field of work, kind of service, platform, search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from audit.model import EditedBy, Federation, Node, Pillar, Rolled, State
from reports.branding import Brand
from reports.figures import pillars
from reports.headline import headline
from reports.html import asset, environment
from reports.site.members import ORDER, Counts, Groups, Member, added, file_of
from reports.shield import scrub
from reports.texts import Texts

# A page from a disk has no origin that 'self' could mean, so file: is named as well.
POLICY = "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'"
FOLDERS = {"organisations": "organisations", "fields": "fields", "kinds": "services", "platforms": "platforms"}


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share."""

    texts: Texts
    brand: Brand
    name: str

    def style(self) -> str:
        """The one style sheet."""
        return asset("report.css") + "\n" + asset("site.css") + self.brand.style

    def organisation(self, member: Member, *, full: bool) -> str:
        """One organisation that has services itself; ``full``: its report lies in ``reports/``."""
        result, t = member.result, self.texts
        return self._page(
            "site_member", result.organisation_name, "../", m=member, r=result, pillars=pillars(result, t), full=full,
            headline=headline(result, t), at=result.finished, run=result.run, edits=_edits(member.todo),
            units=dict(result.units), platforms={column.id: column.name for column in result.columns},
        )  # fmt: skip

    def node(self, node: Node, federation: Federation, *, top: bool = False) -> str:
        """An organisation with others below it; ``top``: the first page."""
        shown = scrub(node)
        below = [scrub(one) for one in _below(federation, node)]
        return self._page(
            "site_node", shown.entity.name, "" if top else "../", node=shown, below=below, top=top, at=federation.at,
            run=federation.run, method=federation.method, edits=_edits(shown.gaps),
            platforms=scrub(dict_of(federation)), report=bool(node.audited),
        )  # fmt: skip

    def group(self, what: str, rolled: Rolled, federation: Federation, rows: Mapping[str, Counts]) -> str:
        """One field of work, kind of service or platform: its figures, and every organisation in it."""
        names = {node.entity.id: node.entity.name for node in federation.nodes}
        told = sorted((scrub(names.get(id_, id_)), id_, counts) for id_, counts in rows.items())
        root = federation.nodes[0]
        gaps = [gap for gap in root.gaps if gap.platform == rolled.id] if what == "platforms" else []
        return self._page(
            "site_group", self.name_of(scrub(rolled)), "../", rolled=scrub(rolled), rows=told, what=what, gaps=gaps,
            whole=added(counts for _, _, counts in told), at=federation.at, run=federation.run, edits=_edits(gaps),
            platforms=scrub(dict_of(federation)),
        )  # fmt: skip

    def search(self, federation: Federation) -> str:
        """The page that searches; without scripts it lists every page."""
        root = scrub(federation.nodes[0])
        nodes = [scrub(node) for node in federation.nodes]
        return self._page("site_search", self.texts.say("search"), "", node=root, nodes=nodes, at=federation.at,
                          run=federation.run)  # fmt: skip

    def name_of(self, rolled: Rolled) -> str:
        """A group's name in the language of the site."""
        return (rolled.name_en if self.texts.lang == "en" else "") or rolled.name

    def _page(self, template: str, title: str, up: str, **values: Any) -> str:
        return environment().get_template(f"{template}.html.j2").render(
            t=self.texts, brand=self.brand, site=self, title=title, up=up, csp=POLICY, file_of=file_of, order=ORDER,
            figure=self.figure, folders=FOLDERS, **values,
        )  # fmt: skip

    def figure(self, pillar: Pillar, name: str) -> SimpleNamespace:
        """A pillar for the picture of its range."""
        low = pillar.low if pillar.low is not None else pillar.value or 0.0
        high = pillar.high if pillar.high is not None else pillar.value or 0.0
        shown = "–" if pillar.value is None else self.texts.number(pillar.value)
        return SimpleNamespace(name=name, value=pillar.value, figure=shown, low=low, high=high)


def dict_of(federation: Federation) -> dict[str, str]:
    """Names of platforms by id."""
    return {id_: scrub(name) for id_, name in federation.platforms}


def _below(federation: Federation, node: Node) -> list[Node]:
    """Everything below a node, in the order of the tree."""
    found, inside = [], {node.entity.id}
    for one in federation.nodes:
        if one.entity.parent in inside:
            inside.add(one.entity.id)
            found.append(one)
    return found


def _edits(gaps: Any) -> Counter[EditedBy]:
    return Counter({by: sum(gap.gaps for gap in gaps if gap.edited_by is by) for by in EditedBy})
