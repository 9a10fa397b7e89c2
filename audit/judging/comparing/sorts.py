"""The kind of service inside a name, apart from whose it is: a crèche is no kindergarten next door."""

from __future__ import annotations

from collections.abc import Iterable

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.nameparts import dissect
from audit.model import Level
from audit.saying import say


def sorts(names: Iterable[str]) -> frozenset[str]:
    """The kinds ("field/group") that any of the names tells."""
    return frozenset(kind for name in names for kind in dissect(name).kinds)


def narrow(kinds: frozenset[str]) -> frozenset[str]:
    """General words of a field say nothing beside a special one: "Haus für Kinder | Hort" is after-school care."""
    special = {kind.partition("/")[0] for kind in kinds if not kind.endswith("/general")}
    return frozenset(kind for kind in kinds if not (kind.endswith("/general") and kind.partition("/")[0] in special))


def of_service(service: frozenset[str], place: frozenset[str]) -> frozenset[str]:
    """The kinds of a service at a place: its own; where those are general, the place's of the same field."""
    own = narrow(service)
    if not own:
        return narrow(place)
    open_fields = {kind.partition("/")[0] for kind in own if kind.endswith("/general")}
    return narrow(own | {kind for kind in place if kind.partition("/")[0] in open_fields})


def compare(stated: frozenset[str], shown: frozenset[str]) -> Comparison:
    """Whether two sets of kinds can be one service; general words go with their whole field."""
    if not stated or not shown:
        return absent(stated, shown)
    stated, shown = narrow(stated), narrow(shown)
    if stated & shown:
        return Comparison(Level.SAME, "same", say("kind-same", _words(stated & shown)))
    fields = {kind.split("/")[0] for kind in stated} & {kind.split("/")[0] for kind in shown}
    general = {f"{field}/general" for field in fields}
    if general & (stated | shown):
        return Comparison(Level.PARTIAL, "wider", say("kind-wider", _words(stated), _words(shown)))
    return Comparison(Level.CONFLICT, "other", say("kind-other", _words(shown), _words(stated)))


def _words(kinds: Iterable[str]) -> str:
    return ", ".join(sorted(kind.replace("/", " ").replace("_", " ") for kind in kinds))
