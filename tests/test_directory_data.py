"""Lists that a town gives out, audited whole: the file is named, the service is found in it or missing from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.model import Reason, State
from tests.sites import cells, configure, findbar

SERVICE = """
name = "Arbeiterwohlfahrt Soziale Dienste Chemnitz und Umgebung gGmbH"
website = "https://www.awo-chemnitz.example"

[platforms]
open-data-lists = 5

[[service]]
name = "Schulsozialarbeit"

[[location]]
street = "{street}"
house_number = "{number}"
postcode = "09114"
city = "Chemnitz"
"""
KITA = """
name = "Musterverein e. V."
website = "https://www.musterverein.example"

[[service]]
name = "Kindertagesstätte Löwenzahn"

[[location]]
street = "Lindenallee"
house_number = "7"
postcode = "24768"
city = "Rendsburg"
"""


def audited(folder: Path, lists: Path, name: str, text: str) -> None:
    configure(folder, f"[datasets.{name}]", f"file = {json.dumps(str(lists))}", "max_age_days = 36500")
    (folder / "verein.toml").write_text(text, "utf-8")
    findbar(folder, "audit", "verein.toml", "--offline")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("street", "number", "state"), [("Sandstraße", "102", "found"), ("Erfundener Weg", "9", "not")]
)
def test_a_folder_of_a_towns_lists_shows_a_service_or_that_it_is_missing(
    tmp_path: Path, shared: Path, street: str, number: str, state: str
) -> None:
    lists = tmp_path / "listen"
    lists.mkdir()
    for name in ("chemnitz_schulsozialarbeit.geojson", "chemnitz_jugendberufshilfen.geojson"):
        (lists / name).write_bytes((shared / "data" / "lists" / name).read_bytes())
    audited(tmp_path / "work", lists, "open-data-lists", SERVICE.format(street=street, number=number))
    (cell,) = cells(tmp_path / "work", "open-data-lists")
    assert cell.way == "open-data-lists"
    assert (cell.state in (State.COMPLETE, State.GAPS)) is (state == "found")
    assert cell.state is not State.UNKNOWN


@pytest.mark.shared
def test_the_states_list_of_day_care_is_asked_before_a_person(tmp_path: Path, shared: Path) -> None:
    source = shared / "data" / "lists" / "schleswig-holstein_kitaportal.json"
    audited(tmp_path, source, "kita-portal", KITA)
    (cell,) = cells(tmp_path, "kita-portal")
    assert (cell.way, cell.state) == ("kita-portal-list", State.MISSING)


def test_without_a_list_the_towns_portal_needs_a_person(tmp_path: Path) -> None:
    configure(tmp_path)
    (tmp_path / "verein.toml").write_text(KITA, "utf-8")
    findbar(tmp_path, "audit", "verein.toml", "--offline")
    (cell,) = cells(tmp_path, "kita-portal")
    assert (cell.state, cell.reason) == (State.UNKNOWN, Reason.NEEDS_PERSON)
