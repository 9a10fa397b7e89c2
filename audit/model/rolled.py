"""A federation: the tree of its organisations, and what their cells, gaps and waits are together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from audit.model.scored import Pillar
from audit.model.words import EditedBy, State, Swiftness, Window


class Beside(StrEnum):
    """How a group stands beside the one above it; ranges that overlap are no difference."""

    TOO_FEW = "too-few"
    ALIKE = "no-difference"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One legally independent organisation and its place in the tree. ``parent`` is an id, "" at the top."""

    id: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The findability of the members of a group one by one (0 to 100); ``below`` is the share (0 to 1) of low ones."""

    members: int
    median: float
    p10: float
    p90: float
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """The cells of one group together: of a node, a field of work, a kind of service or a platform.

    ``states`` counts applicable cells. ``spread`` is None where there are too few members to show it. ``name_en`` is
    empty where the name is the same in every language.
    """

    id: str
    name: str
    organisations: int
    states: tuple[tuple[State, int], ...]
    findability: Pillar
    accuracy: Pillar
    coverage: float
    spread: Spread | None
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledGap:
    """One kind of gap on one platform, over all members of a node.

    ``gaps`` counts cures: what one mail closes for all (``one_cure``) is one. ``entries`` are services at places,
    ``without_unit`` the gaps of members that no unit is in charge of. With ``edited_by`` owner only each of the
    ``organisations`` itself may close its own: whoever is above can ask, not do it.
    """

    kind: str
    platform: str
    edited_by: EditedBy
    one_cure: bool
    red_flag: bool
    organisations: int
    gaps: int
    entries: int
    minutes: float
    without_unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledWait:
    """Questions of one window from one source, of those ``organisations`` alone that share them; ``score`` 0 to 100."""

    window: Window
    source: str
    organisations: int
    count: int
    answered: int
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledReplies:
    """Replies to reviews or comments from one source, of those ``organisations`` alone whose files share them.

    ``share`` (0 to 1) with its interval is of the ``due`` ones, as in `Replying`; medians cannot be summed.
    """

    kind: str
    source: str
    organisations: int
    count: int
    answered: int
    due: int
    share: float | None
    share_low: float | None
    share_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledPromise:
    """Reply times that one source shows or promises: for how many services of how many organisations, of those alone
    whose files share them. ``swiftness`` None: labels that are not understood."""

    source: str
    swiftness: Swiftness | None
    organisations: int
    services: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One organisation with everything below it. A leaf has no groups: its own report tells more.

    ``audited``: whether it has cells of its own. ``key_services`` are without a gap, with gaps, not fully checked;
    ``gaps`` the most frequent ones, ``open_gaps`` and ``minutes`` of all. ``beside`` compares with the parent's whole.
    """

    entity: Entity
    depth: int
    audited: bool
    whole: Rolled
    fields: tuple[Rolled, ...]
    kinds: tuple[Rolled, ...]
    platforms: tuple[Rolled, ...]
    key_services: tuple[int, int, int]
    gaps: tuple[RolledGap, ...]
    open_gaps: int
    without_unit: int
    minutes: float
    sharing: int
    waits: tuple[RolledWait, ...]
    beside: Beside | None = None
    replies: tuple[RolledReplies, ...] = ()
    promises: tuple[RolledPromise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """The tree of one run, parents before their children. ``platforms`` are ids and names."""

    run: str
    at: datetime
    method: int
    nodes: tuple[Node, ...]
    platforms: tuple[tuple[str, str], ...]

    def node(self, id_: str) -> Node:
        """The node of an organisation. Raises KeyError."""
        for node in self.nodes:
            if node.entity.id == id_:
                return node
        raise KeyError(id_)

    def below(self, id_: str) -> tuple[Node, ...]:
        """Its children, "" for the tops."""
        return tuple(node for node in self.nodes if node.entity.parent == id_)
