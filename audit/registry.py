"""Finds checkers: files of a package, and entry points of third parties, through the same loop."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import entry_points
from types import ModuleType

from audit.checker import Checker, DataChecker, Platform
from audit.left_out import LeftOut
from audit.model import Access

GROUP = "findbar.checkers"
_ORDER = list(Access)


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be loaded: shown as such, never raised."""

    name: str
    problem: str


@dataclass(frozen=True)
class Registry:
    """All platforms with their ways in order (most open first), what could not be loaded, and what is left out."""

    checkers: tuple[Checker, ...]
    broken: tuple[Broken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """Every platform by id, sorted by id."""
        return {c.platform.id: c.platform for c in sorted(self.checkers, key=lambda c: c.platform.id)}

    def ways(self, platform: str) -> tuple[Checker, ...]:
        """The ways to one platform, the most open first."""
        return self._ways.get(platform, ())

    @cached_property
    def _ways(self) -> dict[str, tuple[Checker, ...]]:
        found: dict[str, tuple[Checker, ...]] = {}
        for checker in sorted(self.checkers, key=lambda c: (_ORDER.index(c.access), c.rank, c.id)):
            found[checker.platform.id] = (*found.get(checker.platform.id, ()), checker)
        return found

    def way(self, id_: str) -> Checker:
        """The checker of that id. Raises KeyError."""
        return {checker.id: checker for checker in self.checkers}[id_]


def find(package: ModuleType, extra: Iterable[Checker] = ()) -> Registry:
    """All checkers of the package's modules, of installed entry points, and the extra ones given.

    A module that raises while it is imported, or a checker without its declarations, comes back as
    `Broken`; of two checkers with one id the second is broken.
    """
    found: dict[str, Checker] = {}
    broken: list[Broken] = []
    for name, load in [*_modules(package), *_entry_points()]:
        try:
            checkers = list(_checkers(load()))
        except Exception as problem:  # noqa: BLE001 - isolation point "plugin import" (DESIGN 2.7)
            broken.append(Broken(name, f"{type(problem).__name__}: {problem}"))
            continue
        _add(found, broken, name, checkers)
    _add(found, broken, "rows", extra)
    return Registry(tuple(sorted(found.values(), key=lambda c: c.id)), tuple(broken))


def _add(found: dict[str, Checker], broken: list[Broken], name: str, checkers: Iterable[Checker]) -> None:
    for checker in checkers:
        if problem := undeclared(checker):
            broken.append(Broken(name, problem))
        elif checker.id in found:
            broken.append(Broken(name, f"the id {checker.id!r} is taken by another checker"))
        else:
            found[checker.id] = checker


def undeclared(checker: Checker) -> str:
    """What a checker fails to declare, or an empty text."""
    names = ("id", "platform", "access", "home", "terms", "control", "standing")
    missing = [name for name in names if not hasattr(checker, name)]
    return f"{type(checker).__name__} does not declare {', '.join(missing)}" if missing else ""


def _modules(package: ModuleType) -> Iterator[tuple[str, Callable[[], object]]]:
    for info in pkgutil.iter_modules(package.__path__):
        name = f"{package.__name__}.{info.name}"
        yield name, partial(importlib.import_module, name)


def _entry_points() -> Iterator[tuple[str, Callable[[], object]]]:
    for point in entry_points(group=GROUP):
        yield point.name, point.load


def _checkers(loaded: object) -> Iterator[Checker]:
    """The checkers of a module (those defined there), or of an entry point naming a class."""
    if inspect.isclass(loaded) and issubclass(loaded, Checker):
        yield loaded()
        return
    for _, kind in inspect.getmembers(loaded, inspect.isclass):
        base = kind in (Checker, DataChecker) or inspect.isabstract(kind)
        if issubclass(kind, Checker) and not base and kind.__module__ == getattr(loaded, "__name__", ""):
            yield kind()
