"""Decisions about gaps stand in the organisation file, with its comments kept, and outlive every run."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from audit.auditing import Workshop, run_audit
from audit.deciding import assign, dispute, intend
from audit.looking import rejudged
from audit.model import Result, Retention, State
from audit.organisation.catalogue import load_catalogue
from audit.organisation.editing import CannotEditError, decide
from audit.organisation.file import load, read_all
from audit.organisation.problems import FileProblems
from audit.requesting import Request
from audit.settings import Settings
from audit.working import WorkingFolder
from cli import main
from tests.helpers import NOW, shop, tiny

CATALOGUE = load_catalogue()
TODAY = NOW.date()
FILE = """\
# Reviewed by the office every spring.
name = "Hilfe e. V."   # as on the door
id = "hilfe"

[[service]]
id = "schulden"
name = "Schuldnerberatung"
kind = "debt-counselling"

[[unit]]   # who does it
id = "presse"
name = "Öffentlichkeitsarbeit"

[[location]]
id = "haus"
street = "Marktplatz 4"
postcode = "00930"
city = "Quellstadt"

[platforms]
tiny = 10
"""
FULL = tiny(retention=Retention.FULL)
GAP = "hilfe/tiny/missing/schulden@haus"


class Office:
    """A working folder with one organisation whose service is missing on the only platform."""

    def __init__(self, root: Path) -> None:
        (root / "organisations").mkdir()
        self.file = root / "organisations" / "hilfe.toml"
        self.file.write_text(FILE, encoding="utf-8")
        self.folder = WorkingFolder(root, Settings(contact="a@example.org"), root / "findbar.db")
        self.shop: Workshop = shop([FULL], {})[0]

    def audited(self, answer: Any = "nothing", day: int = 0) -> Result:
        workshop, _ = shop([FULL], {"https://tiny.example/schulden": answer}, at=NOW + timedelta(days=day))
        request = Request(organisations=(load(self.file, CATALOGUE, today=TODAY),), fresh=True)
        return run_audit(workshop, request, self.folder.database)[0]

    def state(self) -> str:
        connection = sqlite3.connect(self.folder.database)
        try:
            found: str = connection.execute("SELECT state FROM gaps WHERE id = ?", [GAP]).fetchone()[0]
        finally:
            connection.close()
        return found

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    assert [gap.id for gap in made.audited().gaps] == [GAP]
    return made


def test_an_assigned_gap_has_its_unit_from_the_next_run_on(office: Office) -> None:
    assert assign(office.folder, office.shop, GAP, "presse") == office.file
    assert [gap.unit for gap in office.audited(day=1).gaps] == ["presse"]


def test_everything_else_in_the_file_stays_byte_for_byte(office: Office) -> None:
    assign(office.folder, office.shop, GAP, "presse")
    dispute(office.folder, office.shop, GAP, "So gewollt.")
    assert office.text.startswith(FILE)
    assert (
        office.text[len(FILE) :].split()
        == (
            f'[[assignment]] gap = "{GAP}" unit = "presse" [[dispute]] gap = "{GAP}" '
            f'reason = "So gewollt." since = {TODAY}'
        ).split()
    )


def test_a_second_word_on_the_same_gap_replaces_the_first_and_keeps_its_comment(office: Office) -> None:
    dispute(office.folder, office.shop, GAP, "Erst so.")
    office.file.write_text(office.text.replace('"Erst so."', '"Erst so."  # decided in May'), encoding="utf-8")
    dispute(office.folder, office.shop, GAP, "Dann so.")
    assert 'reason = "Dann so."  # decided in May' in office.text
    assert office.text.count("[[dispute]]") == 1


def test_a_file_with_the_line_ends_of_windows_keeps_them(office: Office) -> None:
    office.file.write_bytes(FILE.replace("\n", "\r\n").encode())
    assign(office.folder, office.shop, GAP, "presse")
    assert office.file.read_bytes().count(b"\r\n") == office.file.read_bytes().count(b"\n")


def test_a_disputed_gap_is_shown_and_not_counted_and_never_comes_back_by_itself(office: Office) -> None:
    score = office.audited().score
    dispute(office.folder, office.shop, GAP, "So gewollt.")
    result = office.audited(day=1)
    assert result.gaps == ()
    assert [(gap.id, gap.dispute) for gap in result.disputed] == [(GAP, "So gewollt.")]
    assert (result.score.findability.value, office.state()) == (score.findability.value, "disputed")
    assert office.audited("listing Schuldnerberatung", day=2).disputed == ()
    assert office.state() == "closed"
    again = office.audited(day=3)
    assert (again.gaps, office.state()) == ((), "disputed")


def test_a_dispute_keeps_since_when_the_gap_is_open_and_withdrawing_it_opens_the_gap(office: Office) -> None:
    first = office.audited().gaps[0].first_seen
    dispute(office.folder, office.shop, GAP, "So gewollt.")
    office.audited(day=1)
    office.file.write_text(FILE, encoding="utf-8")
    result = office.audited(day=2)
    assert ([gap.first_seen for gap in result.gaps], office.state()) == ([first], "open")


def test_a_run_with_a_dispute_is_judged_again_to_the_same_bytes(office: Office) -> None:
    dispute(office.folder, office.shop, GAP, "So gewollt.")
    office.audited(day=1)
    assert rejudged(office.folder.database, office.shop).equal


def test_an_intended_absence_is_not_applicable_until_its_review(office: Office) -> None:
    intend(
        office.folder, office.shop, "schulden", "tiny", reason="cost", decided_by="Vorstand",
        review=TODAY + timedelta(days=40),
    )  # fmt: skip
    assert [cell.state for cell in office.audited(day=1).cells] == [State.NOT_APPLICABLE]
    assert [cell.state for cell in office.audited(day=41).cells] == [State.MISSING]


def test_an_absence_comes_up_for_review_a_month_before(office: Office) -> None:
    intend(
        office.folder, office.shop, "all", "tiny", reason="cost", decided_by="Vorstand", review=date(2027, 3, 1)
    )  # fmt: skip
    assert read_all(office.file, CATALOGUE, today=date(2027, 1, 29)).warnings == ()
    (warning,) = read_all(office.file, CATALOGUE, today=date(2027, 1, 31)).warnings
    assert "decide again" in str(warning)


def why(reason: str) -> list[str]:
    return ["--reason", reason, "--decided-by", "V", "--review", "2027-01-01"]


@pytest.mark.parametrize(
    ("command", "near"),
    [
        (["gaps", "assign", GAP, "pressse"], "presse"),
        (["gaps", "assign", "hilfe/tiny/missing/schuld@haus", "presse"], GAP),
        (["gaps", "dispute", "hilf/tiny/missing/schulden@haus", "x"], "hilfe"),
        (["gaps", "intended", "schuld", "mastodon", *why("cost")], "schulden"),
        (["gaps", "intended", "all", "mastadon", *why("cost")], "mastodon"),
        (["gaps", "intended", "all", "mastodon", *why("costs")], "cost"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_answered_with_the_nearest_known_one_and_nothing_is_written(
    office: Office, command: list[str], near: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.folder.root)
    ran = CliRunner().invoke(main, ["--lang", "en", *command])
    assert (ran.exit_code, f"Did you mean {near}" in ran.output) == (2, True), ran.output
    assert office.text == FILE


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"decided_by": "Frau Beispiel"}, "names a person"),
        ({"review": TODAY + timedelta(days=400)}, "more than 12 months"),
    ],
)
def test_what_the_file_must_not_hold_is_refused_before_it_is_written(
    office: Office, stated: dict[str, Any], said: str
) -> None:
    given = {"reason": "cost", "decided_by": "Vorstand", "review": TODAY + timedelta(days=40), **stated}
    with pytest.raises(FileProblems, match=said):
        intend(office.folder, office.shop, "all", "tiny", **given)
    assert office.text == FILE


def test_a_dispute_tells_no_address_and_no_person(office: Office) -> None:
    for reason in ("Liegt in der Hauptstraße 5.", "Frau Beispiel will es so."):
        with pytest.raises(FileProblems, match="street address or names a person"):
            dispute(office.folder, office.shop, GAP, reason)


def test_where_tables_lie_scattered_nothing_but_the_decision_changes(office: Office) -> None:
    rows = [f'[[dispute]]\ngap = "hilfe/tiny/missing/{n}"\nreason = "r"\nsince = 2026-01-01\n' for n in "ab"]
    unit = '[[unit]]\nid = "zwei"\nname = "Zwei"\n'
    office.file.write_text(FILE.replace("[platforms]", f"{rows[0]}{unit}{rows[1]}[platforms]"), encoding="utf-8")
    row = {"gap": "hilfe/tiny/missing/b", "reason": "anders", "since": TODAY}
    decide(office.file, "dispute", row, ("gap",), CATALOGUE, TODAY)
    read = load(office.file, CATALOGUE, today=TODAY)
    assert [d.reason for d in read.disputes] == ["r", "anders"]
    assert [u.id for u in read.units] == ["presse", "zwei"]


def test_rows_written_in_one_line_are_left_to_a_person(office: Office) -> None:
    office.file.write_text(f'assignment = [{{gap = "{GAP}", unit = "presse"}}]\n{FILE}', encoding="utf-8")
    before = office.text
    with pytest.raises(CannotEditError, match="by hand"):
        assign(office.folder, office.shop, GAP, "presse")
    assert office.text == before
