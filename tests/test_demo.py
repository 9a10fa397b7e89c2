"""The demonstration: one run, everything that can happen on it, and nothing of the protected house anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.demonstration import archive, source
from audit.looking import stored_result
from audit.model import Cell, Outcome, Reason, Result, State
from cli import main
from tests.helpers import everything_written

SECRET = "Wiesenweg"  # noqa: S105 - the street of the fictional protected house, in the archive alone


@dataclass
class Run:
    """A finished ``findbar demo``."""

    root: Path
    output: str
    result: Result

    def cell(self, service: str, platform: str) -> Cell:
        """The one cell of a service on a platform."""
        (found,) = [
            c for c in self.result.cells if c.platform == platform and c.subject.split("/")[1].startswith(f"{service}@")
        ]
        return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    root = tmp_path_factory.mktemp("demo")
    with chdir(root):
        done = CliRunner().invoke(main, ["demo"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        yield Run(root / "findbar-demo", done.output, stored_result(root / "findbar-demo" / "findbar.db"))


def test_the_demonstration_writes_a_folder_and_says_where_everything_is(demo: Run) -> None:
    names = {path.relative_to(demo.root).as_posix() for path in demo.root.rglob("*") if path.is_file()}
    assert {"findbar.toml", "findbar.db", "organisations/hilfsbund-quellstadt.toml"} <= names
    for written in (f"out/{demo.result.organisation}.html", f"out/{demo.result.organisation}.json"):
        assert written in names
        assert written in demo.output


def test_it_audits_one_association_with_eight_services_at_six_places(demo: Run) -> None:
    assert len({row.service for row in demo.result.rows}) == 8
    assert len({row.location for row in demo.result.rows}) == 6
    assert len(demo.result.units) == 3


@pytest.mark.parametrize(
    ("service", "platform", "state"),
    [
        ("schuldnerberatung", "openstreetmap", State.COMPLETE),
        ("tagespflege", "openstreetmap", State.MISSING),
        ("suchtberatung", "gelbe-seiten", State.MISSING),
        ("migrationsberatung", "openstreetmap", State.GAPS),
        ("frauenhaus", "openstreetmap", State.NOT_APPLICABLE),
    ],
)
def test_what_the_little_web_shows_is_what_is_told(demo: Run, service: str, platform: str, state: State) -> None:
    assert demo.cell(service, platform).state is state


@pytest.mark.parametrize(
    ("service", "platform", "reason"),
    [
        ("tagespflege", "gelbe-seiten", Reason.BLOCKED),
        ("freiwilligenzentrum", "gelbe-seiten", Reason.LAYOUT_CHANGED),
        ("migrationsberatung", "pretix", Reason.RATE_LIMITED),
        ("kita", "google-maps", Reason.NEEDS_PERSON),
    ],
)
def test_what_could_not_be_checked_has_its_reason(demo: Run, service: str, platform: str, reason: Reason) -> None:
    cell = demo.cell(service, platform)
    assert (cell.state, cell.reason) == (State.UNKNOWN, reason)


@pytest.mark.parametrize(
    ("service", "platform", "criterion"),
    [
        ("schuldnerberatung", "gelbe-seiten", "phone"),
        ("kita", "openstreetmap", "hours"),
        ("pflegedienst", "openstreetmap", "duplicate"),
        ("suchtberatung", "openstreetmap", "recognisable"),
    ],
)
def test_what_is_wrong_is_found_by_its_criterion(demo: Run, service: str, platform: str, criterion: str) -> None:
    failed = {f.criterion for f in demo.cell(service, platform).findings if f.outcome is Outcome.NOT_MET}
    assert criterion in failed, failed


def test_duplicates_closed_services_and_red_flags_are_gaps(demo: Run) -> None:
    kinds = {gap.kind for gap in demo.result.gaps}
    assert {"missing", "duplicate", "closed-service-listed", "protected-address", "not-recognisable"} <= kinds


def test_answers_slow_and_quick_are_rows_of_their_windows(demo: Run) -> None:
    assert {wait.window.value for wait in demo.result.score.waits} >= {"office", "evening"}
    assert demo.result.score.response.value is not None


def test_slots_with_and_without_evenings_are_told(demo: Run) -> None:
    offers = demo.result.score.offers
    assert any(offer.evening_slots for offer in offers)
    assert any(offer.next_slot and not offer.evening_slots for offer in offers)


def test_nothing_that_leads_to_the_protected_house_is_written_anywhere(demo: Run) -> None:
    assert SECRET in everything_text(source()), "the archive holds the secret: else this test shows nothing"
    written = everything_written(demo.root)
    assert b"Frauenhaus" in written
    assert SECRET.lower().encode() not in written.lower()
    assert SECRET.lower() not in demo.output.lower()
    for coordinate in secret_coordinates():
        assert coordinate.encode() not in written


def everything_text(folder: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def secret_coordinates() -> list[str]:
    found: list[str] = []
    for path in (source() / "web" / "overpass-api.de").glob("*.json"):
        for element in json.loads(path.read_text("utf-8"))["elements"]:
            if element.get("tags", {}).get("addr:street") == SECRET:
                found += [str(element["lat"]), str(element["lon"])]
    assert found
    return found


def test_a_public_address_of_the_protected_house_is_shown_as_a_red_flag_first(demo: Run) -> None:
    assert demo.result.gaps[0].kind == "protected-address"
    assert demo.result.gaps[0].red_flag
    assert demo.cell("frauenhaus", "openstreetmap").red_flag == "protected-address"


def test_a_second_demonstration_keeps_what_is_there_and_remembers_its_gaps(demo: Run) -> None:
    settings = demo.root / "findbar.toml"
    settings.write_text(settings.read_text("utf-8") + "\n# mine\n", encoding="utf-8")
    with chdir(demo.root.parent):
        done = CliRunner().invoke(main, ["demo"], catch_exceptions=False)
    assert done.exit_code == 0
    assert settings.read_text("utf-8").endswith("# mine\n")
    again = stored_result(demo.root / "findbar.db")
    assert again.run != demo.result.run
    first_seen = {gap.id: gap.first_seen for gap in demo.result.gaps}
    assert {gap.id: gap.first_seen for gap in again.gaps} == first_seen


def test_the_archive_names_every_host_it_stands_for() -> None:
    assert len(set(archive().hosts())) >= 5
