"""The page about platforms says what the code declares."""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import platforms
from audit import registry
from audit.assisted import is_row, load_shipped
from audit.checker import Key
from audit.registry import Registry
from audit.testing.documents import main, page, shipped
from platforms.here import Here
from platforms.openstreetmap import OpenStreetMapData
from tests.helpers import tiny

ROOT = Path(__file__).parent.parent
COMMAND = "python -m audit.testing.documents platforms > docs/platforms.md"
ROW = """
[[platform]]
id = "town"
name = "Town | portal"
kind = "directory"
link = "https://town.example/?q={query}"
ask_de = "?"
ask_en = "?"
edited_by = "authority"
policy_url = "https://town.example/terms"
read_on = 2026-11-23
why = "no\\ninterface"
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of checkers called ``ours``, empty but for one row."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "__init__.py").touch()
    (tmp_path / "ours" / "assisted.toml").write_text(ROW, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "ours"]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path / "ours"


def test_the_page_in_the_repository_is_what_the_code_says() -> None:
    committed = (ROOT / "docs" / "platforms.md").read_text("utf-8")
    assert committed == page(shipped(platforms)), f"docs/platforms.md is not up to date; run: {COMMAND}"


def test_a_way_said_to_be_tested_on_a_real_server_is() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_real_*.py"))
    ways = [way for way in shipped(platforms).checkers if way.real_server]
    assert len(ways) == 4
    assert all(f'"{way.id}"' in source or f"{type(way).__name__}.id" in source for way in ways)
    scripts = "".join(
        path.read_text("utf-8") for path in [*(ROOT / ".ci").iterdir(), *(ROOT / "requirements").glob("*.txt")]
    )
    assert all(re.search(r"[\d.]{5,}", way.real_server)[0] in scripts for way in ways)


def test_every_platform_that_is_asked_has_a_line_at_a_glance() -> None:
    text = page(shipped(platforms))
    lines = text[: text.index("\n## 11880")].splitlines()
    asked = {way.platform.name for way in shipped(platforms).checkers if not is_row(way)}
    assert {name for name in asked if not any(line.startswith(f"| [{name}](#") for line in lines)} == set()
    assert "documentation alone" in next(line for line in lines if "`tomtom`" in line)
    assert "Nominatim 5.3.3" in next(line for line in lines if "`openstreetmap-nominatim`" in line)


def test_every_way_and_every_row_is_on_the_page() -> None:
    found, text = shipped(platforms), page(shipped(platforms))
    assert found.broken == ()
    rows = load_shipped(ROOT / "platforms")
    assert len(found.checkers) > len(rows) > 0
    for checker in found.checkers:
        assert checker.platform.name in text
        assert checker.terms.policy_url in text


def test_a_way_is_told_with_what_it_needs_and_may() -> None:
    text = page(Registry((Here(),)))
    for told in ("HERE_API_KEY", "| Standing | recorded |", "| Pace | 1 s |", "| Kept | extract |", "© HERE"):
        assert told in text
    assert re.search(r"\| Rules read \| \d{4}-\d\d-\d\d \|", text)
    assert "Looked at by a person" not in text


def test_a_key_is_told_with_its_source_and_its_price() -> None:
    dear = Key("DEAR", get_url="https://k.example/", note="An account.", cost_per_1000=32.0, currency="USD",
               free_per_month=5000)  # fmt: skip
    keys = (dear, Key("GIFT", get_url="https://g.example/", cost_per_1000=0.0), "PLAIN")
    assert (
        "| Keys needed | `DEAR` (<https://k.example/>; 32 USD per 1,000 visits, 5,000 a month free) An account.; "
        "`GIFT` (<https://g.example/>; free of charge); `PLAIN` |"
    ) in page(Registry((tiny(keys=keys),)))


def test_a_data_set_makes_no_request_and_has_no_robots() -> None:
    text = page(Registry((OpenStreetMapData(),)))
    assert "| Hosts asked | none: the local data set `openstreetmap` |" in text
    assert "| Pace | no request |" in text
    assert "| robots.txt |" not in text


def test_a_platform_of_which_the_link_is_visited_stands_in_one_table_alone() -> None:
    text = page(shipped(platforms))
    visited, looked = text.split("## Looked at by a person")[0].split("## Only the link is visited")[1], text[-9000:]
    assert "| Doctolib | booking |" in visited
    assert "doctolib.de |" in visited
    assert "| Doctolib |" not in looked.split("## Looked at by a person")[-1]


def test_a_row_stays_one_row_of_the_table(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ours"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(r"| Town \| portal | directory | authority | no interface | [rules](https://town.example/te")


def test_what_else_is_installed_is_not_on_the_page(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = EntryPoint("here", "platforms.here:Here", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [foreign])
    assert [checker.id for checker in registry.find(platforms).checkers].count("here") == 1
    assert main(["ours"]) == 0
    assert "HERE" not in capsys.readouterr().out


def test_a_broken_checker_makes_no_page(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package / "bad.py").write_text("raise RuntimeError('boom')\n", "utf-8")
    assert main(["ours"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "broken: ours.bad: RuntimeError: boom" in captured.err


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["no_such_package"], ["json.decoder"], [""], [".x"]])
def test_what_cannot_be_documented_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "usage: python -m audit.testing.documents" in captured.err


def test_a_wrong_row_is_refused_by_name(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package / "assisted.toml").write_text(ROW.replace('kind = "directory"', 'kind = "shop"'), "utf-8")
    assert main(["ours"]) == 2
    assert "row 1 (town): kind is 'shop'" in capsys.readouterr().err
