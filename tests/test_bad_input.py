"""Bad input: one clear message, the right exit status, no traceback, nothing lost; hostile names are harmless."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from audit.model import Nothing
from audit.model import Result as Audited
from audit.store import Store
from cli import WRONG, main
from reports.data import dumps
from reports.html import render
from reports.tables import gaps_csv
from reports.terminal import print_gaps, print_result
from reports.terminal.parts import make_console
from tests.helpers import DEBT, NOW, judged, listing, organisation, saw, tiny

GOOD = """
name = "Hilfe e. V."
website = "https://hilfe.example/"
[[service]]
name = "Schuldnerberatung"
[[location]]
name = "Haus"
street = "Marktplatz 4"
postcode = "00930"
city = "Quellstadt"
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(done: Result) -> str:
    """The one message of a refused command."""
    assert done.exit_code == WRONG, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    assert done.stderr.startswith("findbar: ")
    assert len(done.stderr) < 5000
    return done.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one good organisation file."""
    (tmp_path / "findbar.toml").write_text('contact = "a@b.example"\n', encoding="utf-8")
    (tmp_path / "organisations").mkdir()
    (tmp_path / "organisations" / "hilfe.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- organisation files


BAD: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda _: b"",
    "only blanks": lambda _: b" \n\n\t",
    "binary": lambda _: bytes(range(256)) * 20,
    "another encoding": lambda _: GOOD.replace("Haus", "Häuser").encode("utf-16"),
    "no TOML": lambda _: b"name = \n[[service",
    "JSON": lambda _: b'{"name": "Hilfe"}',
    "huge": lambda _: b"# " + b"x" * 30_000_000,
    "deeply nested": lambda _: b"name = " + b"[" * 50_000 + b"]" * 50_000,
    "deeply dotted": lambda _: b"a" + b".a" * 20_000 + b" = 1",
    "a number as its name": lambda _: b"name = 7",
    "an unknown key": lambda _: b'nmae = "Hilfe"' + GOOD.encode(),
    "ids used twice": lambda _: (
        GOOD + '[[service]]\nid = "x"\nname = "Suchtberatung"\n[[service]]\nid = "x"\nname = "Kita"\n'
    ).encode(),
    "an unknown place": lambda _: (GOOD + '[[service]]\nname = "Suchtberatung"\nat = ["nowhere"]\n').encode(),
    "an address of a protected house": lambda _: (
        b'name = "H"\nwebsite = "https://h.example/"\n[[service]]\nname = "Frauenhaus"\nat = ["x"]\n'
        b'[[location]]\nid = "x"\nstreet = "Marktplatz 4"\ncity = "Quellstadt"\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("command", ["plan", "audit"])
def test_a_file_that_cannot_be_used_is_refused_with_one_message(folder: Path, kind: str, command: str) -> None:
    file = folder / "organisations" / "hilfe.toml"
    file.write_bytes(BAD[kind](folder))
    message = refused(run(command, file))
    assert "hilfe.toml" in message
    assert not (folder / "findbar.db").exists()


def test_a_file_that_is_not_there_is_refused(folder: Path) -> None:
    assert "nowhere.toml" in refused(run("audit", folder / "nowhere.toml"))


def test_a_folder_without_organisations_is_refused(folder: Path) -> None:
    (folder / "none").mkdir()
    assert "none" in refused(run("audit", folder / "none"))


def federation(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / "organisations" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / "organisations"


def stated(id_: str, parent: str = "") -> str:
    top = f'id = "{id_}"\nname = "{id_.upper()}"' + (f'\nparent = "{parent}"' if parent else "")
    return GOOD.replace('name = "Hilfe e. V."', top).replace("https://hilfe", f"https://{id_}")


def audited(folder: Path) -> set[str]:
    store = Store(folder / "findbar.db", writing=False)
    try:
        return {result.organisation for result in store.results(store.latest_run() or "")}
    finally:
        store.close()


@pytest.mark.parametrize("kind", ["empty", "binary", "no TOML", "an unknown key", "deeply nested"])
def test_a_broken_file_never_stops_the_good_ones_of_its_folder(folder: Path, kind: str) -> None:
    (federation(folder, good=stated("good")) / "broken.toml").write_bytes(BAD[kind](folder))
    done = run("--lang", "en", "audit", "--offline", folder / "organisations")
    assert (done.exit_code, audited(folder)) == (WRONG, {"good", "hilfe-e-v"})
    assert "Traceback" not in done.output
    assert "Could not be used: 1 file. Done: 2 organisations." in done.stderr
    assert "broken.toml" in done.stderr
    assert (folder / "out" / "good.json").exists()


def test_of_two_files_of_one_id_neither_is_audited_and_the_others_are(folder: Path) -> None:
    federation(folder, one=stated("same"), two=stated("same"))
    done = run("audit", "--offline")
    assert (done.exit_code, audited(folder)) == (WRONG, {"hilfe-e-v"})
    assert "one.toml:2" in done.stderr
    assert "two.toml:2" in done.stderr


def test_parents_that_loop_or_that_nobody_has_are_named_and_everything_is_audited(folder: Path) -> None:
    federation(folder, a=stated("a", "b"), b=stated("b", "a"), c=stated("c", "hilfe-ev"))
    done = run("audit", "--offline")
    assert (done.exit_code, audited(folder)) == (0, {"a", "b", "c", "hilfe-e-v"})
    assert "a > b > a" in done.stderr
    assert "„hilfe-ev“" in done.stderr
    assert "meinten Sie hilfe-e-v?" in done.stderr


def test_a_plan_names_broken_files_and_plans_the_rest(folder: Path) -> None:
    federation(folder, other=GOOD)
    federation(folder, broken="name = 7", good=stated("good"))
    done = run("plan")
    assert done.exit_code == WRONG
    assert "good.example" in done.stdout or "website" in done.stdout.lower()
    for name in ("broken.toml", "other.toml", "hilfe.toml"):
        assert name in done.stderr


def test_all_faults_of_a_file_are_told_at_once(folder: Path) -> None:
    file = folder / "organisations" / "hilfe.toml"
    file.write_text('nmae = "x"\nwebsite = 3\n[[service]]\nkynd = "kita"\n[[location]]\nlatitude = 900\n', "utf-8")
    message = refused(run("plan", file))
    for fault in ("nmae", "website", "kynd", "latitude"):
        assert fault in message


# --- settings and databases


@pytest.mark.parametrize("content", [b"contact = ", b"\xff\x00", b'contcat = "x"', b"visits_per_host = -1"])
def test_settings_that_cannot_be_used_are_refused(folder: Path, content: bytes) -> None:
    (folder / "findbar.toml").write_bytes(content)
    assert "findbar.toml" in refused(run("audit"))


@pytest.mark.parametrize("words", [("audit", "--offline"), ("report",), ("gaps", "list"), ("data", "rejudge")])
@pytest.mark.parametrize("content", [b"no database " * 200, b"SQLite format 3\0" + b"\xff" * 4000])
def test_what_is_no_database_is_refused_and_left_alone(folder: Path, words: tuple[str, ...], content: bytes) -> None:
    (folder / "findbar.db").write_bytes(content)
    assert "findbar.db" in refused(run(*words))
    assert (folder / "findbar.db").read_bytes() == content


@pytest.mark.parametrize("words", [("report",), ("gaps", "list"), ("data", "rejudge"), ("explain", "a/b@c/d")])
def test_looking_back_before_any_audit_says_what_to_do(folder: Path, words: tuple[str, ...]) -> None:
    assert "findbar audit" in refused(run(*words))


def test_a_database_in_a_place_that_is_none_is_refused(folder: Path) -> None:
    (folder / "file").write_text("x", encoding="utf-8")
    assert "file" in refused(run("--db", folder / "file" / "findbar.db", "audit", "--offline"))


def test_output_into_a_place_that_is_none_is_refused_and_the_result_kept(folder: Path) -> None:
    (folder / "file").write_text("x", encoding="utf-8")
    assert "file" in refused(run("audit", "--offline", "--html", folder / "file" / "report.html"))
    assert run("report").exit_code == 0


@pytest.mark.parametrize("source", ["nowhere.csv", "empty.csv", "binary.xlsx", "list.geojson", "ftp://x.example/"])
def test_a_list_that_cannot_be_imported_is_refused(folder: Path, source: str) -> None:
    (folder / "empty.csv").write_bytes(b"")
    (folder / "binary.xlsx").write_bytes(bytes(range(256)) * 9)
    (folder / "list.geojson").write_bytes(b'{"type": "FeatureCollection", "features": 7}')
    refused(run("init", source))


@pytest.mark.parametrize("filled", ["nowhere.csv", "binary.csv", "other.csv"])
def test_a_worksheet_that_cannot_be_read_is_refused(folder: Path, filled: str) -> None:
    run("audit", "--offline")
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 9)
    (folder / "other.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    refused(run("assist", "--import", filled))


# --- hostile names


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\x08\r"
BIDI = "\u202egnp.exe\u2066\u200f"
FORMULA = '=HYPERLINK("https://evil.example","x")'
RICH = "[bold red]not markup[/] [link=https://evil.example]x[/link]"
HOSTILE = [MARKUP, ESCAPES, BIDI, FORMULA, RICH, "+1+1|cmd", "@SUM(1)", "-2+3", "\tx", "{{ 7*7 }}"]


def hostile(text: str) -> Audited:
    """A result in which the file, the platform and the unit carry the text."""
    service = replace(DEBT, name=f"Schuldnerberatung {text}", unit="u", opening_hours="Mo-Fr 09:00-12:00")
    org = organisation(service, name=f"{text} e. V.")
    entry = listing(
        f"Schuldnerberatung {text}", emails=(text,), opening_hours="Mo-Fr 14:00-18:00", hours_text=text, text=text,
        url=f"https://x.example/{text}",
    )  # fmt: skip
    result = judged(saw(tiny(), org, entry, Nothing(text)), [tiny()], org, NOW)
    gaps = tuple(replace(gap, shown=text, stated=text, paste=text) for gap in result.gaps)
    assert gaps
    return replace(result, units=(("u", text),), gaps=gaps)


def harmful(character: str) -> bool:
    """Control characters but line ends, and everything that turns the direction of writing."""
    return (unicodedata.category(character) == "Cc" and character not in "\n\t") or unicodedata.bidirectional(
        character
    ) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Callable[[Audited], str]:
    def printed(result: Audited) -> str:
        console = make_console()
        print_result(result, "de", console, files=[])
        print_gaps(result, "de", console)
        return capsys.readouterr().out

    return printed


@pytest.mark.parametrize("text", HOSTILE)
def test_the_terminal_prints_hostile_names_as_harmless_text(text: str, terminal: Callable[[Audited], str]) -> None:
    out = terminal(hostile(text))
    assert not [character for character in out if harmful(character)]


def test_rich_markup_in_a_name_is_shown_and_not_obeyed(terminal: Callable[[Audited], str]) -> None:
    assert "[bold" in terminal(hostile(RICH)).replace("\n", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_html_escapes_hostile_names(text: str) -> None:
    page = render(hostile(text), "de")
    for forbidden in ("<script>alert", "<img src=x", 'href="javascript', "onerror=alert(2)>"):
        assert forbidden not in page
    assert not [character for character in page if harmful(character) and character != "\r"]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_stays_json_and_ascii_controls_stay_escaped(text: str) -> None:
    written = dumps(hostile(text))
    assert json.loads(written)["organisation_name"]
    assert not [character for character in written if unicodedata.category(character) == "Cc" and character != "\n"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_begins_as_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(gaps_csv(hostile(text), "de").lstrip("\ufeff")), delimiter=";"))
    assert len(rows) > 1
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        assert not cell.startswith("-") or cell.lstrip("-").replace(".", "").replace(",", "").isdigit()
        assert not [character for character in cell if harmful(character)]
