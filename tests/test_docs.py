"""The documentation says what the code does: commands, keys, figures, reasons, tables, links."""

from __future__ import annotations

import ast
import math
import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel
from sqlite_utils import Database

import platforms
from audit.judging import scoring
from audit.judging.criteria import criteria
from audit.judging.gaps import table as gap_table
from audit.judging.method import method
from audit.judging.promptness import BERLIN, quality, response
from audit.model import Cell, Exchange, Pillar, Reason, Retention, State
from audit.settings import (
    ChannelSettings,
    ControlSettings,
    DatasetSettings,
    MailSettings,
    MatchingSettings,
    NotifySettings,
    PostSettings,
    ReportSettings,
    RetentionSettings,
    RunSettings,
    Settings,
    TasksSettings,
    load,
)
from audit.store.schema import VERSION, migrations, tables_and_views
from audit.visiting.archive import FAULTS
from audit.working import registry_for
from cli import COVERAGE, GAPS, INTERRUPTED, WRONG, main
from reports.texts import LANGUAGES, Texts
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
EVERY_PAGE = [*PAGES, ROOT / "README.md"]
JUDGING = ROOT / "audit" / "judging"


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def sections(name: str, level: int = 2) -> dict[str, str]:
    """The text under each heading of a level, up to the next heading of that level or above."""
    parts = re.split(rf"^(#{{1,{level}}}) (.+)$", text(name), flags=re.MULTILINE)
    found = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    return {title.strip("`"): body for marks, title, body in found if len(marks) == level}


def rows(body: str) -> Iterator[list[str]]:
    """The rows of all tables of a text, without their heads."""
    lines = body.split("\n")
    for above, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|") and not line.startswith("|--") and above.startswith("|"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def firsts(body: str) -> list[str]:
    """The words in code marks that begin a row."""
    return [found[1] for row in rows(body) if (found := re.match(r"`([^`]+)`", row[0]))]


def blocks(page: Path, language: str | None = None) -> list[str]:
    """The code blocks of a page, of one language or all."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [code for lang, code in fenced if language is None or lang == language]


def numbers(cell: str) -> list[float]:
    return [float(part) for part in cell.split(" / ")]


# --- the command line


def commands(command: click.Command = main, path: str = "findbar") -> dict[str, click.Command]:
    """The root and every command that does something, by what is typed."""
    found = {path: command} if not isinstance(command, click.Group) or path == "findbar" else {}
    for name, sub in command.commands.items() if isinstance(command, click.Group) else ():
        found |= commands(sub, f"{path} {name}")
    return found


def options(command: click.Command) -> set[str]:
    given = {name for p in command.params if isinstance(p, click.Option) for name in (*p.opts, *p.secondary_opts)}
    return given | ({"-h", "--help"} if command is main else set())


def test_every_command_is_documented_and_nothing_else_is() -> None:
    documented = {title for title in sections("command-line.md") if title.startswith("findbar")}
    assert documented == set(commands())


@pytest.mark.parametrize("path", commands())
def test_every_option_and_argument_of_a_command_is_documented_and_nothing_else_is(path: str) -> None:
    heads = [row[0] for row in rows(sections("command-line.md")[path])]
    said = {name for head in heads for name in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", head)}
    assert said == options(commands()[path])
    arguments = {p.make_metavar(click.Context(main)).strip("[]") for p in arguments_of(path)}
    assert {head.strip("`") for head in heads if re.fullmatch(r"`[A-Z]+`", head)} == arguments


def arguments_of(path: str) -> list[click.Argument]:
    return [p for p in commands()[path].params if isinstance(p, click.Argument)]


def test_an_option_is_documented_with_the_value_it_takes() -> None:
    for path, command in commands().items():
        body = sections("command-line.md")[path]
        for option in (p for p in command.params if isinstance(p, click.Option) and not p.is_flag):
            metavar = option.make_metavar(click.Context(main)).replace("|", "\\|")
            assert f"`{option.opts[0]} {metavar}`" in body, f"{path} {option.opts[0]}"


def test_every_exit_code_and_every_fault_is_documented() -> None:
    codes = {int(row[0]) for row in rows(sections("command-line.md")["Exit codes"])}
    assert codes == {0, GAPS, WRONG, COVERAGE, INTERRUPTED}
    fault = next(row[1] for row in rows(sections("command-line.md")["findbar demo"]) if "--fault" in row[0])
    assert set(re.findall(r"`([^`]+)`", fault)) - {"--serve"} == set(FAULTS)


def typed() -> list[tuple[str, str]]:
    """Every line in a code block that calls findbar, with the page's name."""
    called = re.compile(r"^(?:\$ )?(findbar .+?)(?:\s+#.*)?$")
    lines = [(page.name, line) for page in EVERY_PAGE for block in blocks(page) for line in block.splitlines()]
    found = [(name, match[1]) for name, line in lines if (match := called.match(line))]
    return [(name, line) for name, line in found if not line.startswith("findbar:") and not re.search(r"  |\[", line)]


@pytest.mark.parametrize(("page", "line"), typed())
def test_a_command_that_the_documentation_types_exists_with_its_options(page: str, line: str) -> None:
    _, *words = shlex.split(line)
    command: click.Command = main
    while True:
        context = click.Context(command)
        rest = command.make_parser(context).parse_args(args=list(words))[1] if words else []
        if not isinstance(command, click.Group) or not rest:
            break
        sub = command.get_command(context, rest[0])
        assert sub, f"{page}: {line}: no command {rest[0]!r}"
        command, words = sub, rest[1:]


# --- the configuration


def setting_tables() -> list[tuple[str, type[BaseModel]]]:
    """The text of each table of keys, and the model it is about."""
    whole, parts = sections("configuration.md")["Keys of findbar.toml"], sections("configuration.md", 3)
    return [
        (whole.partition("\n### ")[0], Settings),
        (parts["[datasets.NAME]"], DatasetSettings),
        (parts["[controls.WAY]"], ControlSettings),
        (parts["[matching]"], MatchingSettings),
        (parts["[report]"], ReportSettings),
        (parts["[retention]"], RetentionSettings),
        (parts["[mail]"], MailSettings),
        (parts["[notify]"], NotifySettings),
        (parts["[notify.mail]"], PostSettings),
        (parts["[notify.channels.NAME]"], ChannelSettings),
        (parts["[tasks.SYSTEM]"], TasksSettings),
        (parts["[run]"], RunSettings),
    ]


def test_every_key_of_the_settings_is_documented_and_nothing_else_is() -> None:
    for body, model in setting_tables():
        assert set(firsts(body)) == set(model.model_fields)


def test_the_defaults_said_are_those_of_the_settings() -> None:
    told = [(row, model) for body, model in setting_tables() for row in rows(body) if row[-1].startswith("`")]
    assert len(told) >= 5
    for row, model in told:
        default = model.model_fields[row[0].strip("`")].default
        assert str(default).removesuffix(".0") == row[-1].strip('`"'), row[0]


@pytest.mark.parametrize("number", range(len(blocks(DOCS / "configuration.md", "toml"))))
def test_every_example_of_a_configuration_can_be_used(number: int, tmp_path: Path) -> None:
    file = tmp_path / "findbar.toml"
    file.write_text(blocks(DOCS / "configuration.md", "toml")[number], encoding="utf-8")
    settings, registry = load(file), registry_for(platforms, tmp_path)
    ways = {checker.id for checker in registry.checkers}
    hosts = {host for checker in registry.checkers for host in checker.hosts}
    assert settings.contact
    assert set(settings.platforms) <= set(registry.platforms)
    assert set(settings.controls) <= ways
    assert set(settings.base_urls) <= hosts


def test_one_example_shows_every_key() -> None:
    examples = [set(tomllib.loads(block)) for block in blocks(DOCS / "configuration.md", "toml")]
    assert set(Settings.model_fields) in examples


def test_every_environment_variable_that_is_read_is_documented(tmp_path: Path) -> None:
    keys = {key for checker in registry_for(platforms, tmp_path).checkers for key in checker.keys}
    sources = [path.read_text(encoding="utf-8") for path in modules()]
    own = {name for source in sources for name in re.findall(_OWN, source)}
    assert set(firsts(sections("configuration.md")["Environment variables"])) == keys | own | {"NO_COLOR"}


_OWN = re.compile(r'"(FINDBAR_[A-Z]+)"')


# --- the score


def figures() -> dict[str, list[float]]:
    """Every figure of the method's tables by its path."""
    found: dict[str, list[float]] = {}
    for name in ("method.toml", "promptness.toml", "gaps.toml"):
        for group, values in tomllib.loads((JUDGING / name).read_text(encoding="utf-8")).items():
            for key, value in values.items() if isinstance(values, dict) else ():
                if isinstance(value, int | float) or (isinstance(value, list) and not isinstance(value[0], str)):
                    found[f"{group}.{key}"] = [float(v) for v in (value if isinstance(value, list) else [value])]
    return found


def test_every_figure_of_the_method_is_documented_with_its_value_and_no_other_is() -> None:
    said = {m[1]: numbers(row[1]) for row in rows(text("score.md")) if (m := re.fullmatch(r"`(\w+\.[\w-]+)`", row[0]))}
    known = figures()
    assert said.keys() == known.keys()
    for key, value in known.items():
        assert said[key] == pytest.approx(value, abs=0.0005), key


def test_the_version_of_the_method_is_documented() -> None:
    assert f"Method {method().version}." in text("score.md")


def test_every_criterion_and_every_red_flag_is_documented() -> None:
    asked = firsts(sections("score.md")["What each criterion asks"])
    assert sorted(asked) == sorted(criterion.ID for criterion in criteria())
    assert all(f"`{kind}`" in sections("score.md")["Gaps"] for kind in gap_table()["red_flags"]["kinds"])


def example() -> str:
    return sections("score.md")["One example by hand"]


def example_cells() -> list[Cell]:
    """The cells of the example by hand, as the table shows them."""
    return [cell_of(row) for row in rows(example())]


def cell_of(row: list[str]) -> Cell:
    name, weight, found, right, _ = row
    service, platform = name.split(", ")
    unknown = found == "?"
    return Cell(
        subject=f"o/{service}@p",
        platform=platform,
        way="",
        state=State.UNKNOWN if unknown else State.GAPS,
        weight=float(weight),
        reason=Reason.NEEDS_PERSON if unknown else None,
        findability=None if unknown else float(found),
        accuracy=float(right) if right not in "?–" else None,
    )


def said(pattern: str) -> list[float]:
    """The numbers of a result that the example states in bold."""
    found = re.search(rf"\*\*{pattern}\*\*", example())
    assert found, pattern
    return [float(number) for number in found.groups()]


def test_the_example_by_hand_comes_out_of_the_code() -> None:
    cells = example_cells()
    f, a = scoring.findability(cells), scoring.accuracy(cells)
    assert said(r"F = ([\d.]+)") == [pytest.approx(f.value, abs=0.05)]
    assert said(r"A = ([\d.]+)") == [pytest.approx(a.value, abs=0.05)]
    assert said(r"k = ([\d.]+)") == [pytest.approx(scoring.coverage(cells), abs=0.005)]
    assert said(r"F lies between ([\d.]+) and ([\d.]+)\.") == pytest.approx([f.low, f.high], abs=0.05)
    assert f.grade == ""
    assert f"{f.known} of {f.applicable} cells checked, {f.value:.0f} of 100" in example()
    share = tomllib.loads((JUDGING / "promptness.toml").read_text("utf-8"))["weights"]
    known = share["office"] + share["weekend"]
    r = (share["office"] * 80 + share["weekend"] * 50) / known
    assert said(r"R = ([\d.]+)") == [pytest.approx(r, abs=0.05)]
    whole = scoring.total(f, a, Pillar(value=r, coverage=known), {"office", "weekend"})
    assert said(r"Total = ([\d.]+)") == [pytest.approx(whole, abs=0.05)]


def test_the_accuracy_of_the_examples_second_cell_comes_out_of_the_method() -> None:
    share = {field: method().share(field, switchboard=False) for field in ("name", "address", "phone")}
    value = (share["name"] + share["address"]) / math.fsum(share.values())
    assert example_cells()[1].accuracy == pytest.approx(value, abs=0.0005)


def test_the_points_of_the_examples_missing_entry_come_out_of_the_method() -> None:
    cells = example_cells()
    whole = math.fsum(cell.weight for cell in cells if cell.findability is not None)
    f, a = method().total["findability"], method().total["accuracy"]
    points = 100 * cells[2].weight / whole * f / (f + a)
    assert said(r"([\d.]+) points for ([\d.]+) minutes\.") == [
        pytest.approx(points, abs=0.05),
        gap_table()["minutes"]["missing"],
    ]


def test_the_example_of_waiting_comes_out_of_the_curve() -> None:
    waits = [(float(row[0]), float(row[1])) for row in rows(text("score.md")) if re.fullmatch(r"\d+", row[0])]
    assert len(waits) == 5
    for hours, worth in waits:
        assert quality(hours, "mail") == pytest.approx(worth, abs=0.005)
    asked = datetime(2026, 11, 24, 10, tzinfo=BERLIN)
    seen = [
        Exchange(id=f"{hours}", asked_at=asked, answered_at=asked + timedelta(hours=hours), channel="mail")
        for hours, _ in waits
    ]
    value = response(seen, "", asked + timedelta(days=9))[0]
    points = re.search(r"give a window (\d+) points", text("score.md"))
    assert points
    assert value == pytest.approx(float(points[1]), abs=0.5)


# --- reasons and texts


def test_every_reason_is_documented_in_the_words_of_the_reports() -> None:
    documented = {row[0].strip("`"): (row[1], row[3]) for row in rows(text("reasons.md"))}
    texts = Texts("en")
    assert documented == {word.value: (texts.reason(word), texts.cure(word)) for word in Reason}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_criterion_that_is_judged_has_a_text(lang: str) -> None:
    texts = Texts(lang)
    assert [one.ID for one in criteria() if one.ID in (texts.criterion(one.ID), texts.question(one.ID))] == []


# --- the database


def columns(database: Database, name: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info([{name}])")]


@pytest.fixture
def fresh() -> Database:
    database = Database(memory=True)
    migrations.apply(database)
    return database


def test_every_table_and_view_is_documented_with_all_its_columns(fresh: Database) -> None:
    both = sections("database.md")
    for names, kind in zip(tables_and_views(), ("Tables", "Views"), strict=True):
        titles = re.findall(r"^### (.+)$", both[kind], flags=re.MULTILINE)
        assert sorted(titles) == sorted(names)
        for name in names:
            assert firsts(sections("database.md", 3)[name]) == columns(fresh, name), name


def test_the_tables_said_are_all_there_are(fresh: Database) -> None:
    own = {name for name in fresh.table_names() if not name.startswith(("sqlite_", "_sqlite_"))}
    assert own == set(tables_and_views()[0])
    assert set(fresh.view_names()) == set(tables_and_views()[1])


def test_the_version_of_the_schema_and_every_retention_are_documented() -> None:
    assert f"`PRAGMA user_version`, now {VERSION})" in text("database.md")
    assert set(firsts(sections("database.md")["The folder of evidence"])) == set(Retention)


def test_tables_named_where_privacy_is_explained_exist() -> None:
    body = sections("privacy-and-terms.md")["What is stored, and for how long"]
    named = {name for row in rows(body) for name in re.findall(r"`([a-z_.]+)`", row[1])}
    assert named <= {*tables_and_views()[0], "runs.organisations", "visits.seen"}
    assert {name.partition(".")[0] for name in named} >= set(tables_and_views()[0]) - {"ways"}


# --- the whole


def anchor(title: str) -> str:
    """The anchor that Markdown renderers make of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, wanted = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        if wanted:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert wanted in {anchor(title) for title in titles}, f"{page.name}: {link}"


def test_the_first_page_leads_to_every_other() -> None:
    assert {page.name for page in PAGES} - {"index.md"} <= set(re.findall(r"\]\(([\w-]+\.md)\)", text("index.md")))


def modules() -> list[Path]:
    found = [
        path for part in ("audit", "commands", "platforms", "reports", "demo") for path in (ROOT / part).rglob("*.py")
    ]
    return [*sorted(found), ROOT / "cli.py"]


def test_every_module_begins_with_what_it_is() -> None:
    silent = [str(m.relative_to(ROOT)) for m in modules() if not ast.get_docstring(ast.parse(m.read_text("utf-8")))]
    assert not silent


def test_every_part_of_the_engine_and_of_the_reports_stands_in_the_house() -> None:
    house: Any = sections("architecture.md")["The house"]
    for part in ("audit", "reports"):
        for path in (ROOT / part).iterdir():
            if path.name.startswith("_") or not (path.suffix == ".py" or any(path.glob("*"))):
                continue
            assert re.search(rf"^  [^#]*\b{path.stem}\b", house, flags=re.MULTILINE), f"{part}/{path.name}"
