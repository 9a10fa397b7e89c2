"""The working folder: settings, organisation files, database and output, found from where one stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from audit.assisted import load_folder, load_shipped
from audit.auditing import Workshop
from audit.calibration import read_weights
from audit.judging.weights import Weights, shipped
from audit.left_out import load_left_out
from audit.model import Organisation
from audit.organisation.catalogue import Catalogue, load_catalogue
from audit.organisation.file import read_all
from audit.registry import Registry, find
from audit.requesting import Request
from audit.settings import NAME, Settings, find_folder, load


class UnknownNameError(ValueError):
    """A platform, service or place that nobody knows, with the nearest known names."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
        told = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(names[:30]) or 'none'}."
        super().__init__(f"No {what} is called {name!r}. {told}")


@dataclass(frozen=True)
class WorkingFolder:
    """Where one works, and what is configured there."""

    root: Path
    settings: Settings
    database: Path

    @property
    def weights(self) -> Weights:
        """The table that entries are matched with. Raises `CalibrationProblemError` and OSError."""
        return read_weights(own) if (own := self.settings.matching.weights) else shipped()

    @property
    def output(self) -> Path:
        """Where reports are written."""
        return self.root / self.settings.output

    @property
    def kept(self) -> Path:
        """Where the indexes of data sets are kept: made again whenever they are deleted."""
        return self.root / ".findbar"

    @property
    def organisations(self) -> Path:
        """Where organisation files lie unless others are named."""
        return self.root / self.settings.organisations


def open_folder(start: Path, config: Path | None = None, database: Path | None = None) -> WorkingFolder:
    """The working folder from ``start`` upwards. Raises `SettingsProblemError`."""
    root = config.parent if config else find_folder(start)
    return WorkingFolder(root, load(config or root / NAME), database or root / "findbar.db")


def registry_for(platforms: ModuleType, root: Path) -> Registry:
    """All checkers: the package's files, its tables of assisted rows, entry points, and ``platforms.d``."""
    shipped, own = Path(platforms.__path__[0]), root / "platforms.d"
    found = find(platforms, [*load_shipped(shipped), *(load_folder(own) if own.is_dir() else [])])
    return replace(found, left_out=tuple(load_left_out(shipped)))


def workshop_for(folder: WorkingFolder, platforms: ModuleType) -> Workshop:
    """Everything an audit in this folder is made with."""
    registry = registry_for(platforms, folder.root)
    for name in folder.settings.platforms:
        if name not in registry.platforms:
            raise UnknownNameError("platform (findbar.toml, [platforms])", name, registry.platforms)
    for name in folder.settings.controls:
        if name not in {checker.id for checker in registry.checkers}:
            raise UnknownNameError("way (findbar.toml, [controls])", name, (c.id for c in registry.checkers))
    return Workshop(
        settings=folder.settings,
        catalogue=load_catalogue(),
        registry=registry,
        kept=folder.kept,
        weights=folder.weights,
    )


def organisations_of(target: Path, catalogue: Catalogue) -> tuple[tuple[Organisation, ...], tuple[str, ...]]:
    """The organisations of a file or folder, and in words what was left out or is worth a look.

    Raises `FileProblems` where nothing is good.
    """
    read = read_all(target, catalogue)
    return read.organisations, tuple(str(problem) for problem in (*read.problems, *read.warnings))


def request_for(
    organisations: tuple[Organisation, ...],
    registry: Registry,
    *,
    platforms: Iterable[str] = (),
    services: Iterable[str] = (),
    locations: Iterable[str] = (),
    offline: bool = False,
    scheduled: bool = False,
    fresh: bool = False,
    pictures: bool = False,
    run_minutes: float | None = None,
) -> Request:
    """A request with every name checked. Raises `UnknownNameError`."""
    return Request(
        organisations=organisations,
        platforms=_known("platform", platforms, registry.platforms),
        services=_known("service", services, (s.id for o in organisations for s in o.services)),
        locations=_known("location", locations, (p.id for o in organisations for p in o.locations)),
        offline=offline,
        scheduled=scheduled,
        fresh=fresh,
        pictures=pictures,
        run_minutes=run_minutes,
    )


def require_platform(name: str, registry: Registry) -> None:
    """Nothing where a platform is called so (or no name is given). Raises `UnknownNameError`."""
    _known("platform", filter(None, [name]), registry.platforms)


def _known(what: str, names: Iterable[str], known: Iterable[str]) -> frozenset[str] | None:
    wanted, there = frozenset(names), set(known)
    for name in sorted(wanted):
        if name not in there:
            raise UnknownNameError(what, name, there)
    return wanted or None
