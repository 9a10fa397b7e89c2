"""The pages of the site, each as text: overview, organisation, field of work, kind of service, platform, search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

from audit.model import Advance, Federation, Figures, Node, Pace, Pillar, Rolled, RolledGap, RolledWait, State
from reports.advancing import together
from reports.branding import Brand
from reports.federal import HARDLY, shown_in_words, spread_in_words, wait_in_words, who_may_fix, whole_in_words
from reports.figures import change, pillars
from reports.headline import headline
from reports.html import asset, environment
from reports.pacing import before, pacing
from reports.site.members import ORDER, Counts, Member, file_of
from reports.texts import Texts
from reports.views import View

# A page from a disk has no origin that 'self' could mean, so file: is named as well (CSP Level 3).
POLICY = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
FOLDERS = {"fields": "fields", "kinds": "services", "platforms": "platforms"}


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share. ``name`` is the federation's; every text given must be harmless (`shield.scrub`)."""

    texts: Texts
    brand: Brand
    name: str = ""

    def style(self) -> str:
        """The one style sheet."""
        return f"{asset('report.css')}\n{asset('site.css')}{self.brand.style}\n"

    def organisation(self, member: Member, pace: Pace | None = None, *, full: bool = False) -> str:
        """One organisation that has services itself; ``full``: its whole report lies in ``reports/``."""
        result = member.result
        told = pacing(pace, View(result), self.texts) if pace else None
        return self._page(
            "site_member", result.organisation_name, "../", m=member, r=result, pace=told,
            pillars=pillars(result, self.texts, before=before(pace)),
            full=full, headline=headline(member.states, self.texts), at=result.finished, run=result.run,
            units=dict(result.units), platforms={column.id: column.name for column in result.columns},
        )  # fmt: skip

    def node(self, node: Node, federation: Federation, advance: Advance | None = None, *, top: bool = False) -> str:
        """An organisation with others below it; ``top``: the first page."""
        pace = advance.pace if advance else None
        return self._page(
            "site_node", node.entity.name, "" if top else "../", node=node, below=_below(federation, node), top=top,
            at=federation.at, run=federation.run, method=federation.method, platforms=dict(federation.platforms),
            report=node.audited, pace=together(advance, self.texts) if advance else None,
            changes=self._changes(node, before(pace)),
        )  # fmt: skip

    def _changes(self, node: Node, earlier: Figures | None) -> dict[str, str]:
        """How its figures moved since the earlier run, by name."""
        pillars = {"findability": node.whole.findability, "accuracy": node.whole.accuracy}
        return {
            name: change(pillar.value, getattr(earlier, name, None), earlier.at if earlier else None, self.texts)
            for name, pillar in pillars.items()
        }

    def tops(self, federation: Federation) -> str:
        """The first page where several organisations are at the top: the list of all."""
        return self._page(
            "site_tops", self.name, "", nodes=federation.nodes, at=federation.at, run=federation.run
        )  # fmt: skip

    def group(self, what: str, tops: Sequence[tuple[Node, Rolled]], federation: Federation,
              rows: Mapping[str, Counts]) -> str:  # fmt: skip
        """One field of work, kind of service or platform: its figures, and every organisation in it."""
        names = {node.entity.id: node.entity.name for node in federation.nodes}
        above = {node.entity.parent for node in federation.nodes}
        told = sorted((names.get(id_, id_), page_of(id_, above), counts) for id_, counts in rows.items())
        rolled = tops[0][1]
        gaps = [gap for top, _ in tops for gap in top.gaps if what == "platforms" and gap.platform == rolled.id]
        return self._page(
            "site_group", self.name_of(rolled), "../", tops=tops, rows=told, what=what, gaps=gaps,
            at=federation.at, run=federation.run, platforms=dict(federation.platforms),
        )  # fmt: skip

    def search(self, federation: Federation, groups: Iterable[tuple[str, Rolled]]) -> str:
        """The page that searches; without scripts it lists every page."""
        lists: dict[str, list[tuple[str, str]]] = {self.texts.say("federation_tree"): []}
        for node in federation.nodes:
            page = f"organisations/{file_of(node.entity.id)}"
            lists[self.texts.say("federation_tree")].append((node.entity.name, page))
        titles = {"fields": "federation_fields", "kinds": "site_kinds", "platforms": "platforms"}
        for what, rolled in groups:
            some = lists.setdefault(self.texts.say(titles[what]), [])
            some.append((self.name_of(rolled), f"{FOLDERS[what]}/{file_of(rolled.id)}"))
        told = {title: sorted(some) for title, some in lists.items()}.items()
        return self._page("site_search", self.texts.say("search"), "", lists=told, at=federation.at, run=federation.run)

    def name_of(self, rolled: Rolled) -> str:
        """A group's name in the language of the site."""
        return (rolled.name_en if self.texts.lang == "en" else "") or rolled.name

    def sentence(self, node: Node) -> str:
        """What the node is together."""
        return self.of_group(node.whole)

    def of_group(self, rolled: Rolled) -> str:
        """What a group is together, in one sentence."""
        return whole_in_words(rolled, self.texts)

    def counts(self, rolled: Rolled) -> Counts:
        """How many cells of a group are in which state."""
        found = dict(rolled.states)
        complete, gaps, missing, unknown = (found.get(state, 0) for state in ORDER)
        return complete, gaps, missing, unknown

    def pieces(self, counts: Counts) -> list[tuple[State, int, int]]:
        """States that occur: where each begins in a bar of all cells, and how many there are."""
        begins = accumulate(counts, initial=0)
        return [(state, at, number) for state, at, number in zip(ORDER, begins, counts, strict=False) if number]

    def spread(self, rolled: Rolled) -> str:
        """How its members lie."""
        return spread_in_words(rolled, self.texts)

    def who_may_fix(self, gap: RolledGap) -> str:
        """Who may close it."""
        return who_may_fix(gap, self.texts)

    def wait(self, wait: RolledWait) -> str:
        """Questions of one window and how they were answered."""
        return wait_in_words(wait, self.texts)

    def shown(self, node: Node, platforms: Mapping[str, str]) -> list[tuple[str, list[str]]]:
        """Replies to reviews and comments, and promised reply times."""
        return shown_in_words(node, platforms, self.texts)

    def span(self, figure: SimpleNamespace) -> str:
        """The range of a figure; empty where there is hardly any."""
        if figure.high - figure.low < HARDLY:
            return ""
        return self.texts.say("range", low=self.texts.number(figure.low), high=self.texts.number(figure.high))

    def figure(self, pillar: Pillar, name: str) -> SimpleNamespace:
        """A pillar for the picture of its range."""
        low = pillar.low if pillar.low is not None else pillar.value or 0.0
        high = pillar.high if pillar.high is not None else pillar.value or 0.0
        shown = "–" if pillar.value is None else self.texts.number(pillar.value)
        return SimpleNamespace(name=name, value=pillar.value, figure=shown, low=low, high=high)

    def _page(self, template: str, title: str, up: str, **values: Any) -> str:
        return environment().get_template(f"{template}.html.j2").render(
            t=self.texts, brand=self.brand, site=self, title=title, up=up, csp=POLICY, file_of=file_of,
            folders=FOLDERS, **values,
        )  # fmt: skip


def page_of(id_: str, above: Set[str]) -> str:
    """The page of an organisation's own services; of one that is ``above`` others, beside its page of them all."""
    return file_of(f"{id_}--own") if id_ in above else file_of(id_)


def _below(federation: Federation, node: Node) -> list[Node]:
    """Everything below a node, in the order of the tree."""
    found, inside = [], {node.entity.id}
    for one in federation.nodes:
        if one.entity.parent in inside:
            inside.add(one.entity.id)
            found.append(one)
    return found
