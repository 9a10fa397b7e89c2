"""``python -m audit.testing.documents PACKAGE``: the page about platforms, made from what the checkers declare.

PACKAGE is the package that holds the checkers (in this project ``platforms``); the page goes to standard output.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from audit.assisted import AssistedChecker, is_row, load_shipped
from audit.checker import Checker, DataChecker, Key, Platform
from audit.left_out import LeftOut, load_left_out
from audit.linked import LinkChecker
from audit.model import Standing
from audit.overview import keys_of
from audit.registry import Registry, find

Way = TypeVar("Way", bound=Checker)
_USAGE = "usage: python -m audit.testing.documents PACKAGE > docs/platforms.md\n"
_LOOKED = "| Platform | Kind | Changed by | Why a person looks | Rules | Where to look |"
_VISITED = "| Platform | Kind | Changed by | Why only the link is visited | Rules | Hosts of such pages |"
_LINE = "|---|---|---|---|---|---|"
_ASKED = ("| Platform | Kind | Ways | Keys | Tested with |", "|---|---|---|---|---|")
_EVIDENCE = {
    Standing.LIVE_VERIFIED: "the platform itself",
    Standing.RECORDED: "recorded answers",
    Standing.DOCUMENTED_ONLY: "documentation alone",
}
_LEFT_OUT = ("| What | Why | Instead | As of |", "|---|---|---|---|")


def shipped(package: ModuleType) -> Registry:
    """The package's own checkers and the rows of its tables, without whatever else is installed."""
    folder = Path(package.__path__[0])
    found = find(package, load_shipped(folder))
    own = f"{package.__name__}."
    mine = [c for c in found.checkers if is_row(c) or type(c).__module__.startswith(own)]
    broken = tuple(one for one in found.broken if one.name.startswith(own))
    return Registry(tuple(mine), broken, tuple(load_left_out(folder)))


def page(registry: Registry) -> str:
    """All platforms as Markdown: a section for each that is asked, tables of those visited, looked at and left out."""
    visited = [one for one in registry.checkers if isinstance(one, LinkChecker)]
    ids = {one.platform.id for one in visited}
    looked = [c for c in registry.checkers if isinstance(c, AssistedChecker) and c.platform.id not in ids]
    asked = {c.platform.id: c.platform for c in registry.checkers if not is_row(c)}
    lines = [(files("audit.testing") / "platforms.md.txt").read_text("utf-8").rstrip()]
    of = {id_: [way for way in registry.ways(id_) if not is_row(way)] for id_ in asked}
    sorted_ = sorted(asked.values(), key=lambda one: one.name.casefold())
    if sorted_:
        lines += ["", "## Asked by machine, at a glance", "", *_ASKED]
        lines += [_glance(platform, of[platform.id]) for platform in sorted_]
    for platform in sorted_:
        lines += ["", *_section(platform, of[platform.id])]
    if visited:
        told = "Only the page that is linked or declared; what it does not show, a person looks at."
        lines += ["", "## Only the link is visited", "", told, "", _VISITED, _LINE]
        lines += [_row(one, one.why, ", ".join(one.domains)) for one in _by_name(visited)]
    if looked:
        lines += ["", "## Looked at by a person", "", _LOOKED, _LINE]
        lines += [_row(one, one.why, f"`{one.template}`") for one in _by_name(looked)]
    if missing := sorted(registry.left_out, key=lambda one: one.name.casefold()):
        lines += ["", "## Left out", "", *_LEFT_OUT]
        lines += [f"| {_cell(one.name)} | {_cell(one.because)} | {_named(one)} | {one.seen} |" for one in missing]
    return "\n".join(lines) + "\n"


def _glance(platform: Platform, ways: Sequence[Checker]) -> str:
    """One platform in one line; its ways, their keys and what each is tested with in the same order."""
    keys = [", ".join(f"`{key}`" for key in way.keys) or "none" for way in ways]
    proofs = [
        _EVIDENCE[way.standing] + (f"; {way.real_server}, run for the tests" if way.real_server else "") for way in ways
    ]
    told = (f"[{platform.name}](#{_anchor(platform.name)})", str(platform.kind), "<br>".join(f"`{w.id}`" for w in ways))
    return f"| {' | '.join(map(_cell, (*told, '<br>'.join(keys), '<br>'.join(proofs))))} |"


def _anchor(heading: str) -> str:
    """Where a heading is found on its page, as GitHub and most others make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _section(platform: Platform, ways: Iterable[Checker]) -> Iterator[str]:
    yield from (f"## {platform.name}", "")
    yield f"A {platform.kind} platform (`{platform.id}`), changed by: {_edited(platform)}. " + _steps(platform)
    if not platform.per_service:
        yield "One account stands for the whole organisation."
    for way in ways:
        yield from ("", f"### `{way.id}`", "", *_doc(way), "", "| Declared | |", "|---|---|")
        yield from (f"| {name} | {_cell(told)} |" for name, told in _facts(way) if told)


def _edited(platform: Platform) -> str:
    if not platform.edit_url:
        return str(platform.edited_by)
    days = "a day" if platform.edit_days == 1 else f"{platform.edit_days} days"
    return f"{platform.edited_by} ([change an entry]({platform.edit_url}), shown after about {days})"


def _steps(platform: Platform) -> str:
    steps = ", ".join(sorted(platform.actions))
    return f"First steps it allows: {steps}." if steps else "It allows no first step: being named there is all."


def _doc(way: Checker) -> list[str]:
    return [line.strip() for line in (type(way).__doc__ or "").strip().splitlines()]


def _facts(way: Checker) -> Iterator[tuple[str, str]]:
    """What a way declares, in words; what is empty is left out."""
    yield "Access", str(way.access)
    yield "Standing", str(way.standing)
    yield "Real server in the tests", way.real_server
    yield "On by default", "yes" if way.default_on else "no: switched on in `findbar.toml`"
    yield "Keys needed", "; ".join(map(_key, keys_of(way))) or "none"
    yield "Home", f"<{way.home}>"
    yield "Hosts asked", ", ".join(way.hosts) if way.hosts else _anywhere(way)
    yield "Asks about", str(way.asks_about)
    yield "Can show", ", ".join(sorted(way.proves)) or "no field of an entry"
    yield "Pace", _pace(way)
    yield "robots.txt", "" if isinstance(way, DataChecker) else _robots(way)
    yield "Rules", f"<{way.terms.policy_url}>"
    yield "Rules read", way.terms.read_on.isoformat()
    yield "Note", way.terms.note
    yield "Kept", str(way.retention)
    if way.besides:
        yield "Asked", "also where a way before it has answered: it tells more"
    yield "Control", way.control.known.name if way.control.known else f"none: {way.control.none_because}"
    yield "Attribution", way.attribution


def _key(key: Key) -> str:
    """A key with where it is given out, what it is for, and what it costs."""
    if not key.get_url:
        return f"`{key}`"
    price = f"{key.cost_per_1000:g} {key.currency} per 1,000 visits" if key.cost_per_1000 else "free of charge"
    price = "no price published" if key.cost_per_1000 is None else price
    free = f", {key.free_per_month:,} a month free" if key.free_per_month else ""
    return f"`{key}` (<{key.get_url}>; {price}{free}) {key.note}".rstrip()


def _anywhere(way: Checker) -> str:
    return f"none: the local data set `{way.dataset}`" if isinstance(way, DataChecker) else "those of known addresses"


def _pace(way: Checker) -> str:
    if not way.pace:
        return "no request"
    scheduled = f"; regular runs {way.pace_scheduled:g} s" if way.pace_scheduled else ""
    return f"{way.pace:g} s{scheduled}"


def _robots(way: Checker) -> str:
    if way.governed_by_robots:
        return "obeyed"
    return "a documented interface with rules of its own; obeyed where it names findbar"


def _by_name(ways: Iterable[Way]) -> list[Way]:
    return sorted(ways, key=lambda way: way.platform.name.casefold())


def _row(way: Checker, why: str, where: str) -> str:
    platform, by = way.platform, str(way.platform.edited_by)
    editor = f"[{by}]({platform.edit_url})" if platform.edit_url else by
    rules = f"[rules]({way.terms.policy_url}), read {way.terms.read_on.isoformat()}"
    told = (platform.name, str(platform.kind), editor, why, rules, where)
    return f"| {' | '.join(map(_cell, told))} |"


def _named(one: LeftOut) -> str:
    return f"`{one.instead}`" if one.instead else ""


def _cell(text: str) -> str:
    """Text that stays within its cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Writes the page to standard output. Returns 0, or 2 where it cannot be made."""
    if len(arguments) != 1:
        sys.stderr.write(_USAGE)
        return 2
    sys.path.insert(0, str(Path.cwd()))
    try:
        package = importlib.import_module(arguments[0])
        if not hasattr(package, "__path__"):
            raise ImportError(f"{arguments[0]} is a module; a package of checkers is needed")
        registry = shipped(package)
    except (ImportError, TypeError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n{_USAGE}")
        return 2
    for broken in registry.broken:
        sys.stderr.write(f"broken: {broken.name}: {broken.problem}\n")
    if registry.broken:  # a page that lacks a checker would be wrong
        return 2
    sys.stdout.write(page(registry))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
