"""The command line: help that fits, exit codes as promised, and nothing on standard output but what was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest
from click.testing import CliRunner, Result

import reports
from audit.demonstration import prepare, workshop
from audit.store import Store
from cli import COVERAGE, GAPS, WRONG, main
from tests.conftest import ROOT

ESCAPE = re.compile(r"\x1b")


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command with the words that lead to it."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def run(*words: str) -> Result:
    """A command, run in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with one finished audit of the demonstration."""
    root = tmp_path_factory.mktemp("cli")
    done = run("demo", "--into", str(root / "demo"))
    assert done.exit_code == 0, done.output
    return root / "demo"


@pytest.fixture
def here(audited: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Standing in that folder."""
    monkeypatch.chdir(audited)
    return audited


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh working folder in which nothing is visited."""
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- help


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_the_help_of_every_command_fits_80_columns_and_a_screen(path: tuple[str, ...]) -> None:
    done = run(*path, "--help")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert len(lines) <= 24 or path


@pytest.mark.parametrize("path", [path for path in commands() if path], ids=" ".join)
def test_every_command_says_what_it_does_and_what_each_option_is_for(path: tuple[str, ...]) -> None:
    command: click.Command = main
    for word in path:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name not in {"help", "port"}:
            assert parameter.help, parameter.name


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"findbar \d+(\.\d+)*\n", run("--version").output)


# --- exit codes


def test_0_for_a_complete_audit(offline: Path) -> None:
    assert run("audit", "--offline").exit_code == 0


@pytest.fixture
def replayed(offline: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh working folder whose only way out is the demonstration's archive."""
    monkeypatch.setattr("audit.working.workshop_for", workshop)
    return offline


def test_1_for_gaps_only_when_asked_to_fail_on_them(replayed: Path) -> None:
    assert run("audit").exit_code == 0
    assert run("audit", "--fail-on-gaps").exit_code == GAPS


def test_3_before_1_as_what_was_hardly_checked_has_few_gaps(replayed: Path) -> None:
    assert run("audit", "--fail-on-gaps", "--min-coverage", "0.99").exit_code == COVERAGE


def test_2_for_wrong_use() -> None:
    assert run("nonsense").exit_code == WRONG
    assert run("audit", "--nonsense").exit_code == WRONG
    assert run("audit", "--min-coverage", "7").exit_code == WRONG


def test_3_for_less_coverage_than_asked_for(offline: Path) -> None:
    assert run("audit", "--offline", "--min-coverage", "0.5").exit_code == COVERAGE
    assert run("audit", "--offline", "--min-coverage", "0").exit_code == 0


def test_a_folder_of_settings_without_contact_is_told_the_one_line_to_add(offline: Path) -> None:
    (offline / "findbar.toml").write_text("", encoding="utf-8")
    done = run("audit")
    assert done.exit_code == WRONG
    assert 'contact = "' in done.stderr
    assert "findbar.toml" in done.stderr


# --- names


@pytest.mark.parametrize(
    ("option", "name", "near"),
    [
        ("--platform", "openstretmap", "openstreetmap"),
        ("--service", "schuldenberatung", "schuldnerberatung"),
        ("--location", "beratungshause", "beratungshaus"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_known_one(here: Path, option: str, name: str, near: str) -> None:
    for command in ("audit", "plan"):
        done = run(command, option, name)
        assert done.exit_code == WRONG
        assert name in done.stderr
        assert near in done.stderr
        assert "Traceback" not in done.output


def test_an_unknown_cell_or_organisation_or_run_is_answered_with_what_there_is(here: Path) -> None:
    for words in (("explain", "x/y@z/w"), ("report", "nobody"), ("report", "--run", "r"), ("gaps", "list", "nobody")):
        done = run(*words)
        assert done.exit_code == WRONG, words
        assert done.stderr.startswith("findbar: ")
    assert "Felder heißen so" in run("explain", "hilfsbund-quellstadt-e-v/none@none/website").stderr


def test_an_unknown_checker_is_answered_with_the_nearest_known_one(here: Path) -> None:
    done = run("platforms", "test", "pretixx", "--recordings", str(ROOT / "tests" / "recordings"))
    assert done.exit_code == WRONG
    assert "pretix" in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_one_platform_is_listed_with_its_keys_and_an_unknown_one_gets_the_nearest(here: Path) -> None:
    done = run("--lang", "en", "platforms", "list", "google-maps")
    assert done.exit_code == 0
    assert "Key: GOOGLE_MAPS_API_KEY" in done.stdout
    assert "35 USD per 1,000 visits, 1,000 a month free" in done.stdout
    assert "openstreetmap" not in done.stdout
    assert "Key:" not in run("--lang", "en", "platforms", "list").stdout
    keys = run("--lang", "en", "platforms", "list", "--keys").stdout
    assert keys.count("Key: ") >= 19
    assert "https://developer.x.com" in keys
    wrong = run("platforms", "list", "google-map")
    assert (wrong.exit_code, "google-maps" in wrong.stderr) == (WRONG, True)


# --- what is printed


def test_json_on_standard_output_is_json_alone(offline: Path) -> None:
    done = run("audit", "--offline", "--json", "-")
    assert json.loads(done.stdout)["organisation"] == "hilfsbund-quellstadt-e-v"
    assert done.stderr


def test_the_json_keeps_to_the_published_schema(here: Path) -> None:
    (published,) = (Path(str(reports.__path__[0])) / "schema").glob("result-*.json")
    done = run("report", "--json", "-")
    jsonschema.validate(json.loads(done.stdout), json.loads(published.read_text("utf-8")))


@pytest.mark.parametrize(
    "words",
    [
        ("report",), ("gaps", "list"), ("platforms", "list"), ("plan",), ("data", "rejudge"),
        ("explain", "hilfsbund-quellstadt-e-v/schuldnerberatung@geschaeftsstelle/website"),
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("lang", ["de", "en"])
def test_what_is_piped_holds_no_escape_codes_and_fits_80_columns(here: Path, words: tuple[str, ...], lang: str) -> None:
    done = run("--lang", lang, *words)
    assert done.exit_code == 0, done.output
    assert done.stdout.strip()
    assert not ESCAPE.search(done.output)
    assert max(len(line) for line in done.stdout.splitlines() if "://" not in line) <= 80


def test_no_color_keeps_colours_away_even_from_a_terminal(here: Path) -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    report = [str(word) for word in ("--config", here / "findbar.toml", "report")]
    told = {
        colour: CliRunner().invoke(main, report, env={**terminal, "NO_COLOR": colour}, color=True).stdout
        for colour in ("", "1")
    }
    assert re.search(r"\x1b\[[0-9;]*3[0-9]", told[""])
    assert not re.search(r"\x1b\[[0-9;]*(3[0-9]|4[0-9]|9[0-9])(;[0-9]+)*m", told["1"])


def test_the_language_of_the_terminal_is_chosen(here: Path) -> None:
    german, english = run("--lang", "de", "gaps", "list").output, run("--lang", "en", "gaps", "list").output
    assert german != english
    assert "minutes" in english or "hours" in english


def test_a_report_is_written_in_every_form_asked_for(here: Path, tmp_path: Path) -> None:
    files = {form: tmp_path / f"new folder/gaps.{form}" for form in ("html", "json", "csv", "xlsx")}
    options = [word for form, path in files.items() for word in (f"--{form}", str(path))]
    assert run("report", *options).exit_code == 0
    assert all(path.stat().st_size > 100 for path in files.values())


def test_an_audit_can_be_narrowed_to_one_platform_service_and_place(offline: Path) -> None:
    done = run(
        "audit", "--offline", "--platform", "website", "--service", "suchtberatung", "--location", "beratungshaus",
        "--json", "-",
    )  # fmt: skip
    cells = json.loads(done.stdout)["cells"]
    assert [cell["subject"].split("/")[1] for cell in cells] == ["suchtberatung@beratungshaus"]
    assert {cell["platform"] for cell in cells} == {"website"}


def test_a_second_audit_on_one_database_is_refused_with_a_sentence(offline: Path) -> None:
    first = Store(offline / "findbar.db")
    done = run("audit", "--offline")
    first.close()
    assert done.exit_code == WRONG
    assert "wird von einer anderen Prüfung benutzt" in done.stderr


def test_a_plan_makes_no_request_and_writes_nothing(offline: Path) -> None:
    before = sorted(offline.rglob("*"))
    assert run("plan").exit_code == 0
    assert sorted(offline.rglob("*")) == before


def test_rejudging_says_whether_anything_changed(here: Path) -> None:
    done = run("--lang", "en", "data", "rejudge")
    assert done.exit_code == 0
    assert done.output.strip()


def test_stored_comparisons_are_scored_again_in_both_languages(here: Path) -> None:
    for lang, told in (("en", "no figure changed"), ("de", "keine Zahl geändert")):
        done = run("--lang", lang, "data", "rejudge", "--scores")
        assert done.exit_code == 0
        assert told in " ".join(done.output.split())
    assert run("data", "rejudge", "--scores", "--run", "20200101").exit_code == WRONG


def test_the_demonstration_runs_offline_from_a_fresh_folder(audited: Path) -> None:
    assert (audited / "out").is_dir()


def test_a_list_of_gaps_may_be_of_one_unit(here: Path, tmp_path: Path) -> None:
    every, mine = tmp_path / "every.csv", tmp_path / "mine.csv"
    assert run("report", "--csv", str(every)).exit_code == 0
    assert run("report", "--csv", str(mine), "--unit", "kinder-und-familie").exit_code == 0
    lines = set(mine.read_text("utf-8").splitlines())
    assert 1 < len(lines) < len(every.read_text("utf-8").splitlines())
    assert lines <= set(every.read_text("utf-8").splitlines())
    assert run("report", "--csv", str(mine), "--unit", "gibtesnicht").exit_code == WRONG
