"""The house keeps its shape: the arrows between its parts, and where input and output are (DESIGN 2 and 3)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

import audit

ROOT = Path(__file__).parent.parent
PARTS = ("audit", "commands", "platforms", "reports", "cli")
LONGEST = 270  # lines of one file


@dataclass(frozen=True)
class Module:
    """One of our files: its dotted name, its source, and whether it is a package."""

    name: str
    path: Path
    source: str
    is_package: bool

    def __str__(self) -> str:
        return self.name

    @cached_property
    def tree(self) -> ast.Module:
        """Parsed when a test asks for it: whoever runs other tests need not wait."""
        return ast.parse(self.source, str(self.path))

    @cached_property
    def imported(self) -> frozenset[str]:
        """Every module that is imported anywhere in the file, at run time or for annotations, by its full name."""
        return frozenset(self._imported(ast.walk(self.tree)))

    @cached_property
    def used(self) -> frozenset[str]:
        """What is imported at run time: the same without ``if TYPE_CHECKING``."""
        guards = [n for n in ast.walk(self.tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
        named = {id(node) for guard in guards for body in guard.body for node in ast.walk(body)}
        return frozenset(self._imported(node for node in ast.walk(self.tree) if id(node) not in named))

    def _imported(self, nodes: Iterable[ast.AST]) -> Iterator[str]:
        for node in nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node)
                yield from (_module(f"{base}.{alias.name}", base) for alias in node.names)

    def _base(self, node: ast.ImportFrom) -> str:
        """What follows ``from``, with leading dots resolved."""
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        parts = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*parts, *([node.module] if node.module else [])])


def _module(name: str, base: str) -> str:
    """``from a import b`` imports the module ``a.b`` where there is one of ours, else (a name of) ``a``."""
    path = ROOT.joinpath(*name.split("."))
    return name if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file() else base


def read(path: Path) -> Module:
    name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    return Module(name.removesuffix(".__init__"), path, path.read_text("utf-8"), path.name == "__init__.py")


def files() -> list[Path]:
    found = [path for part in PARTS if (ROOT / part).is_dir() for path in (ROOT / part).rglob("*.py")]
    return sorted([*found, ROOT / "cli.py"])


HOUSE = [read(path) for path in files()]


def within(name: str, *parts: str) -> bool:
    """Whether a dotted name is one of the parts or lies in one."""
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def of(*parts: str) -> list[Module]:
    found = [module for module in HOUSE if within(module.name, *parts)]
    assert found, f"no module in {', '.join(parts)}: the rule would hold of nothing"
    return found


def ours(module: Module) -> set[str]:
    return {name for name in module.imported if within(name, *PARTS, "demo", "tests", "benchmarks")}


def strangers(modules: list[Module], *allowed: str) -> dict[str, list[str]]:
    """By module, what it imports of ours beyond what is allowed."""
    wrong = {m.name: sorted(name for name in ours(m) if not within(name, *allowed)) for m in modules}
    return {name: found for name, found in wrong.items() if found}


def importers(library: str) -> set[str]:
    return {module.name for module in HOUSE if any(within(name, library) for name in module.used)}


def calls(module: Module, *names: str) -> list[ast.Call]:
    """The calls of a function by one of these names, plain or as an attribute."""
    found = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return [c for c in found if getattr(c.func, "id", getattr(c.func, "attr", "")) in names]


def reached(part: str) -> set[str]:
    """Everything of ours that is loaded with a part, through any number of imports."""
    by_name = {module.name: module for module in HOUSE}
    pending, seen = [module.name for module in of(part)], set[str]()
    while pending:
        name = pending.pop()
        if name in by_name and name not in seen:
            seen.add(name)
            pending += ours(by_name[name])
    return seen


@pytest.mark.parametrize("module", of("platforms"), ids=str)
def test_a_platform_imports_the_sdk_and_its_readers_only(module: Module) -> None:
    assert {name for name in ours(module) if name != "audit" and not within(name, "audit.readers")} == set()


@pytest.mark.parametrize("module", of("platforms"), ids=str)
def test_a_platform_takes_only_what_the_sdk_names(module: Module) -> None:
    taken = {alias.name for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) and node.module == "audit"
             for alias in node.names}  # fmt: skip
    assert taken - {"readers"} <= set(audit.__all__)


def test_reports_know_the_model_and_nothing_else_of_the_engine() -> None:
    assert strangers(of("reports"), "reports", "audit.model") == {}


def test_the_engine_names_neither_platforms_nor_reports_nor_the_command_line() -> None:
    assert strangers(of("audit"), "audit") == {}


def test_the_model_imports_nothing_of_ours_and_no_third_party() -> None:
    assert strangers(of("audit.model"), "audit.model") == {}
    told = {name.partition(".")[0] for module in of("audit.model") for name in module.imported}
    assert told - {"audit"} <= set(sys.stdlib_module_names)


def test_judging_sees_neither_visits_nor_the_store_by_any_way_round() -> None:
    assert {name for name in reached("audit.judging") if within(name, "audit.visiting", "audit.store")} == set()


def test_the_sdk_reaches_nothing_of_the_engine_by_any_way_round() -> None:
    sdk = ("audit.model", "audit.readers", "audit.checker", "audit.page", "audit.nesting")
    for part in ("audit.readers", "audit.checker", "audit.page"):
        assert {name for name in reached(part) if name != "audit" and not within(name, *sdk)} == set()


def test_the_engine_names_no_other_part_in_a_text_either() -> None:
    loads = [(module.name, call) for module in of("audit") for call in calls(module, "import_module", "__import__")]
    told = [(name, one.value) for name, call in loads for one in call.args if isinstance(one, ast.Constant)]
    assert [(name, text) for name, text in told if within(str(text), "commands", "platforms", "reports", "cli")] == []


@pytest.mark.parametrize(
    ("library", "where"),
    [
        ("httpx", ["audit.visiting.fetching", "audit.visiting.connecting", "audit.notifying.wire"]),
        ("httpcore", ["audit.visiting.connecting", "audit.visiting.fetching"]),
        ("playwright", ["audit.visiting.browser", "audit.visiting.printing"]),
        ("sqlite_utils", ["audit.store"]),
        ("sqlite3", ["audit.store"]),
        ("duckdb", ["audit.visiting.records"]),
        ("rich", ["reports.terminal"]),
        ("click", ["cli", "commands"]),
        ("smtplib", ["audit.enquiring.mailing"]),
        ("socket", ["audit.visiting"]),
        ("imap_tools", ["audit.sources.imap"]),
        ("imaplib", ["audit.sources.imap"]),
    ],
)
def test_a_library_of_input_and_output_is_used_in_its_place_only(library: str, where: list[str]) -> None:
    assert {name for name in importers(library) if not within(name, *where)} == set()


@pytest.mark.parametrize(
    "library", ["requests", "aiohttp", "urllib3", "urllib.request", "http.client", "bs4", "pandas"]
)
def test_a_second_library_for_the_same_thing_is_not_used(library: str) -> None:
    assert importers(library) == set()


def test_no_file_is_long() -> None:
    lines = {module.name: len(module.path.read_text("utf-8").splitlines()) for module in HOUSE}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_the_engine_prints_nothing() -> None:
    assert [f"{module}:{call.lineno}" for module in of("audit") for call in calls(module, "print")] == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import audit.store", {"audit.store"}),
        ("from audit import store, Checker", {"audit.store", "audit"}),
        ("from audit.store import lock", {"audit.store.lock"}),
        ("from . import lock", {"audit.store.lock"}),
        ("from ..judging import judge", {"audit.judging.judge"}),
        ("def f():\n    from reports import html", {"reports.html"}),
        ("if TYPE_CHECKING:\n    import cli", {"cli"}),
    ],
)
def test_every_way_to_write_an_import_is_seen(line: str, names: set[str]) -> None:
    module = Module("audit.store", ROOT / "audit" / "store" / "__init__.py", line, is_package=True)
    assert module.imported == names


def test_a_forbidden_import_is_named() -> None:
    guilty = Module("audit.x", ROOT / "audit" / "x.py", "from reports import html", is_package=False)
    assert strangers([guilty], "audit") == {"audit.x": ["reports.html"]}


def test_an_import_for_annotations_only_is_told_from_a_use() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import rich\nelse:\n    import click"
    module = Module("cli", ROOT / "cli.py", source, is_package=False)
    assert module.imported - module.used == {"rich"}
    assert "click" in module.used
