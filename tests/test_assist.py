"""Looks by a person, led in the terminal: one key for most answers, nothing lost, hostile texts harmless."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

import cli
import platforms
from audit.assisting import looks, recorder, still_open
from audit.looks import PersonsLook, answer_of, look_of, read_worksheet
from audit.model import Action, Listing, Look, LookAnswer, Nothing, Outcome, Reason, State, Swiftness
from audit.store import Store
from audit.working import open_folder, workshop_for
from reports.terminal import lead
from tests.sites import cells, configure, findbar, hurried, no_internet, results

__all__ = ["hurried", "no_internet"]

STATED = (
    ("name", "Schuldnerberatung"),
    ("address", "Straße des 17. Juni 135, 00930 Quellstadt"),
    ("phone", "+49 30 23125014"),
    ("hours", "Mo,Th 09:00-12:00"),
)
LOOK = Look(
    platform="Stadtportal", service="Schuldnerberatung", place="Haus", link="https://portal.example/?q=x",
    question="Steht der Eintrag dort?", cell="hilfe/schulden@haus/stadtportal", stated=STATED, minutes=1.25,
)  # fmt: skip
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def conversation(
    *script: str, given: tuple[Look, ...] = (LOOK,), lang: str = "de", width: int = 100
) -> tuple[list[tuple[str, LookAnswer]], str]:
    """What was handed over and what was shown, for scripted lines; the end of the script is the end of the input."""
    kept: list[tuple[str, LookAnswer]] = []
    shown, lines = io.StringIO(), iter(script)
    console = Console(file=shown, width=width, highlight=False)

    def ask(prompt: str) -> str:
        shown.write(f"{prompt} ")
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    lead(given, lang, console, lambda look, answer: kept.append((look.cell, answer)), ask=ask, launch=opened)
    return kept, shown.getvalue()


def opened(url: str) -> None:
    OPENED.append(url)


OPENED: list[str] = []


def test_one_key_says_that_everything_stands_there_as_stated() -> None:
    kept, said = conversation("1")
    assert kept == [(LOOK.cell, LookAnswer(outcome="right"))]
    for told in ("Stadtportal", "https://portal.example/?q=x", "Steht der Eintrag dort?", "+49 30 23125014", "1 Min."):
        assert told in said
    assert "Mo,Do 09:00-12:00" in said  # in the reader's words


def test_errors_are_asked_field_by_field_and_only_for_what_the_platform_can_show() -> None:
    kept, said = conversation("2", "", "-", "0123 456", "Di 14-16 Uhr", "", "alt", "")
    (_, answer) = kept[0]
    assert dict(answer.shown) == {
        "name": "Schuldnerberatung", "address": "", "phone": "0123 456", "hours": "Di 14-16 Uhr",
    }  # fmt: skip
    assert (answer.outcome, answer.note, answer.screenshot) == ("wrong", "alt", "")
    assert "E-Mail" not in said


def test_not_found_and_not_seen_take_a_note_and_a_picture_that_is_there(tmp_path: Path) -> None:
    picture = tmp_path / "Bild 1.png"
    picture.write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    wrong = [str(tmp_path / "nowhere.png"), str(tmp_path / "notes.txt")]
    kept, said = conversation("4", "Anmeldung verlangt", *wrong, f"'{picture}'")
    assert kept[0][1] == LookAnswer(outcome="unseen", note="Anmeldung verlangt", screenshot=str(picture))
    assert said.count("Dort liegt kein Bild") == 2
    assert conversation("3", "", "")[0][0][1] == LookAnswer(outcome="missing")


@pytest.mark.parametrize("end", [["q"], []], ids=["q", "end of input"])
def test_a_stop_keeps_what_was_answered(end: list[str]) -> None:
    second = Look(platform="Zwei", service="S", place="P", cell="hilfe/s@p/zwei")
    kept, said = conversation("1", *end, given=(LOOK, second))
    assert [cell for cell, _ in kept] == [LOOK.cell]
    assert "Gespeichert: 1, noch offen: 1" in said


def test_a_stop_in_the_middle_of_a_look_keeps_nothing_half() -> None:
    assert conversation("2", "", "")[0] == []


def test_later_leaves_a_look_open_and_other_keys_ask_again() -> None:
    kept, said = conversation("s", "", "7", "gefunden", "1", given=(LOOK, LOOK))
    assert len(kept) == 1
    assert said.count("Bitte 1, 2, 3, 4, s oder q.") == 3


def test_the_page_opens_only_on_demand_and_only_where_the_address_is_harmless() -> None:
    OPENED.clear()
    conversation("o", "1")
    assert OPENED == ["https://portal.example/?q=x"]
    hostile = Look(platform="X", service="S", place="P", cell="h/s@p/x", link="javascript:alert(1)")
    _, said = conversation("o", "1", given=(hostile,))
    assert len(OPENED) == 1
    assert "javascript" not in said


def test_without_looks_there_is_nothing_to_do() -> None:
    assert "nichts von Hand" in conversation(given=())[1]


def test_hostile_texts_are_only_text_on_the_screen_and_in_what_is_kept() -> None:
    evil = "[bold]\x1b[2J\u202egnp.exe[/bold]"
    look = Look(platform=evil, service=evil, place=evil, question=evil, cell="h/s@p/x", stated=(("phone", evil),))
    kept, said = conversation("2", evil, "", "\x1b]0;owned\x07note", "", given=(look,))
    assert not set(said) & {"\x1b", "\u202e"}
    assert "[bold]" in said  # markup is text
    assert kept[0][1].note == "note"
    assert "\x1b" not in dict(kept[0][1].shown)["phone"]
    assert len(conversation("2", "x" * 9000, "", "", "", given=(look,))[0][0][1].shown[0][1]) == 500


@pytest.mark.parametrize("lang", ["de", "en"])
def test_both_languages_lead_through(lang: str) -> None:
    assert len(conversation("2", "", "", "", "", "", "", "", lang=lang)[0]) == 1


# --- what becomes of an answer


def seen(answer: LookAnswer) -> Any:
    (seen,) = answer_of("stadtportal", look_of(LOOK, answer, NOW)).chain
    (item,) = seen.items
    return item


def test_all_right_is_an_entry_with_everything_as_stated() -> None:
    listing = seen(LookAnswer(outcome="right"))
    assert isinstance(listing, Listing)
    assert (listing.name, listing.phones) == ("Schuldnerberatung", ("+49 30 23125014",))
    assert str(listing.address) == dict(STATED)["address"]
    assert (listing.opening_hours, listing.source) == ("Mo,Th 09:00-12:00", "person")
    assert Action.CALL in listing.actions


def test_what_is_not_shown_is_absent_and_a_phone_that_is_not_there_is_no_step() -> None:
    shown = (("phone", ""), ("address", "00930 Quellstadt"))
    listing = seen(LookAnswer(outcome="wrong", shown=shown))
    assert (listing.phones, str(listing.address)) == ((), "00930 Quellstadt")
    assert Action.CALL not in listing.actions
    assert listing.tags == ("looked:phone", "looked:address")
    assert isinstance(seen(LookAnswer(outcome="missing")), Nothing)


def test_a_look_comes_back_from_the_store_as_it_was(tmp_path: Path) -> None:
    record = recorder(tmp_path / "findbar.db", lambda: NOW)
    record(LOOK, LookAnswer(outcome="wrong", shown=(("phone", "=1+1"),), note="ä\"'", screenshot="/x.png"))
    record(LOOK, LookAnswer(outcome="unseen", note="später"))
    store = Store(tmp_path / "findbar.db", writing=False)
    with contextlib.closing(store):
        (look,) = store.looks()  # the latest look counts
    assert look == PersonsLook(
        subject="hilfe/schulden@haus", platform="stadtportal", found=False, phone="", at=NOW, link=LOOK.link,
        unseen=True, note="später",
    )  # fmt: skip


def test_a_database_of_version_2_gets_the_new_columns_and_keeps_its_looks(tmp_path: Path) -> None:
    import sqlite3  # noqa: PLC0415 - an old file is made here, and nowhere else

    database = tmp_path / "findbar.db"
    recorder(database, lambda: NOW)(LOOK, LookAnswer(outcome="right"))
    with contextlib.closing(sqlite3.connect(database)) as old:
        for column in ("shown", "unseen", "note", "screenshot"):
            old.execute(f"ALTER TABLE looks DROP COLUMN {column}")
        old.execute("DELETE FROM _sqlite_migrations WHERE name = 'what_a_look_showed'")
        old.execute("PRAGMA user_version = 2")
        old.commit()
    for writing in (False, True):
        store = Store(database, writing=writing)
        with contextlib.closing(store):
            (look,) = store.looks()
        assert (look.found, look.shown, look.unseen, look.note) == (True, (), False, "")


# --- from the command line


ORGANISATION = """
name = "Hilfe e. V."
website = "https://hilfe.example/"
[platforms]
stadtportal = 10
[[service]]
name = "Schuldnerberatung"
phone = "+49 30 23125014"
[[service]]
name = "Suchtberatung"
[[location]]
name = "Haus"
street = "Marktplatz"
house_number = "4"
postcode = "00930"
city = "Quellstadt"
phone = "+49 30 23125000"
"""
PORTAL = """
[[platform]]
id = "stadtportal"
name = "Stadtportal"
kind = "directory"
link = "https://portal.example/?q={query}"
ask_de = "Steht der Eintrag dort?"
ask_en = "Is the entry there?"
edited_by = "authority"
policy_url = "https://portal.example/terms"
read_on = 2026-11-23
why = "no interface"
shows = ["name", "phone"]
actions = ["call"]
"""


@pytest.fixture
def work(tmp_path: Path, hurried: None, no_internet: None) -> Path:
    """A folder in which an audit without any network has just asked for a person's looks."""
    folder = configure(tmp_path / "work")
    (folder / "platforms.d").mkdir()
    (folder / "platforms.d" / "stadt.toml").write_text(PORTAL, "utf-8")
    (folder / "organisations").mkdir()
    (folder / "organisations" / "hilfe.toml").write_text(ORGANISATION, "utf-8")
    audit(folder)
    return folder


def audit(folder: Path) -> None:
    findbar(folder, "audit", "--platform", "stadtportal", "--offline")


def assisted(folder: Path, *keys: str) -> str:
    with contextlib.chdir(folder):
        said = CliRunner().invoke(
            cli.main, ["--lang", "en", "assist", "--ask"], input="".join(f"{key}\n" for key in keys)
        )
    assert said.exit_code == 0, said.output
    return said.output


def the_looks(folder: Path) -> list[Look]:
    """All looks the latest audit asks for."""
    opened_folder = open_folder(folder)
    return looks(opened_folder.database, workshop_for(opened_folder, platforms), "", "de")


def test_answers_count_in_the_next_audit_and_a_second_call_goes_on(work: Path) -> None:
    assert {(cell.state, cell.reason) for cell in cells(work)} == {(State.UNKNOWN, Reason.NEEDS_PERSON)}
    said = assisted(work, "2", "", "030 999999", "", "", "", "q")
    assert "1/2 · Stadtportal · Schuldnerberatung · Haus" in said
    assert "https://portal.example/?q=Schuldnerberatung%20Quellstadt" in said
    assert "Marktplatz" not in said  # the portal shows no address
    assert "Stored: 1, still open: 1" in said
    said = assisted(work, "3", "", "")
    assert "1/1 · Stadtportal · Suchtberatung · Haus" in said
    assert "nothing" in assisted(work).lower()
    audit(work)
    debt, addiction = sorted(cells(work), key=lambda cell: cell.subject)
    assert (debt.state, addiction.state) == (State.GAPS, State.MISSING)
    found = {finding.criterion: finding for finding in debt.findings}
    assert (found["phone"].outcome, found["phone"].shown) == (Outcome.NOT_MET, "030 999999")
    assert found["name"].outcome is Outcome.MET
    assert found["address"].reason is Reason.NOT_SHOWN
    gaps = {gap.kind: gap for gap in results(work)[0].gaps}
    assert gaps.keys() == {"corrections", "missing"}
    (line,) = gaps["corrections"].corrections
    assert (line.kind, line.shown) == ("wrong-phone", "030 999999")
    findbar(work, "gaps", "dispute", line.id, "the second number is right, too")
    audit(work)
    assert [gap.id for gap in results(work)[0].disputed] == [line.id]
    assert {gap.kind for gap in results(work)[0].gaps} == {"missing"}


def test_all_right_is_a_complete_entry(work: Path) -> None:
    assisted(work, "1", "1")
    audit(work)
    assert {cell.state for cell in cells(work)} == {State.COMPLETE}
    assert {cell.accuracy for cell in cells(work)} == {1.0}


def filled(folder: Path, *answers: Mapping[str, str]) -> str:
    """The worksheet written, its rows changed by column, and read back; what is said of it."""
    with contextlib.chdir(folder):
        run = CliRunner().invoke
        assert run(cli.main, ["--lang", "en", "assist", "--worksheet", "looks.csv"]).exit_code == 0
        text = Path("looks.csv").read_text("utf-8-sig")
        rows = [{**row, **more} for row, more in zip(csv.DictReader(io.StringIO(text)), answers, strict=True)]
        with Path("looks.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        said = run(cli.main, ["--lang", "en", "assist", "--import", "looks.csv"])
    return f"{said.output}{said.exit_code}"


def test_a_worksheet_takes_what_the_terminal_takes(work: Path) -> None:
    wrong = {"Answer": "different", "Telephone number": "030 999999", "Note": "since the move"}
    assert "2 looks recorded" in filled(work, wrong, {"Answer": "richtig", "Note": ""})
    audit(work)
    debt, addiction = sorted(cells(work), key=lambda cell: cell.subject)
    assert (debt.state, addiction.state, addiction.accuracy) == (State.GAPS, State.COMPLETE, 1.0)
    found = {finding.criterion: finding for finding in debt.findings}
    assert (found["phone"].outcome, found["phone"].shown) == (Outcome.NOT_MET, "030 999999")
    assert found["name"].outcome is Outcome.MET
    assert found["address"].reason is Reason.NOT_SHOWN


@pytest.fixture
def labelled(work: Path) -> Path:
    """The same folder; the portal now also says how soon somebody answers."""
    (work / "platforms.d" / "stadt.toml").write_text(f"{PORTAL}reply_label = true\n", "utf-8")
    return work


def promised(folder: Path) -> list[tuple[str, Swiftness | None, tuple[str, ...]]]:
    audit(folder)
    return [(one.badge, one.swiftness, one.services) for one in results(folder)[0].score.promises]


def test_a_label_of_the_reply_time_is_asked_for_and_promised_in_its_own_words(labelled: Path) -> None:
    before = results(labelled)[0].score.response
    said = assisted(labelled, "1", "Antwortet in der Regel\tinnerhalb weniger Stunden", "1", "")
    assert said.count("Reply time as it stands there") == 2
    assert promised(labelled) == [
        ("Antwortet in der Regel innerhalb weniger Stunden", Swiftness.HOURS, ("schuldnerberatung",))
    ]
    assert {cell.state for cell in cells(labelled)} == {State.COMPLETE}
    assert results(labelled)[0].score.response == before  # never in R
    assert results(labelled)[0].score.promises[0].seen == results(labelled)[0].finished.date()


def test_a_label_comes_in_with_a_worksheet_beside_any_answer_that_found_the_entry(labelled: Path) -> None:
    label = {"Answer": "yes", "Reply time as shown": "Typically replies instantly"}
    assert "2 looks recorded" in filled(labelled, label, {"Answer": "right", "Reply time as shown": "=1+1"})
    assert promised(labelled) == [
        ("Typically replies instantly", Swiftness.AT_ONCE, ("schuldnerberatung",)), ("=1+1", None, ("suchtberatung",)),
    ]  # fmt: skip


def test_a_printed_worksheet_leaves_room_for_the_label(labelled: Path) -> None:
    assert findbar(labelled, "assist", "--worksheet", "looks.html").exit_code == 0
    assert "Reply time as shown: ________" in (labelled / "looks.html").read_text("utf-8")


def test_a_worksheet_of_before_the_label_is_still_read(work: Path) -> None:
    cell, *_ = (look.cell for look in the_looks(work))
    row = [cell, "Stadtportal", "S", "P", "https://x.example", "?", "Schuldnerberatung", "–", "030 1", "–", "–", "–",
           "note", "richtig", ""]  # fmt: skip
    (look,) = read_worksheet("heading\n" + ",".join(row), NOW.date())
    assert (dict(look.shown), look.note) == ({"name": "Schuldnerberatung", "phone": "030 1"}, "note")


def test_a_worksheet_says_that_a_page_could_not_be_seen(work: Path) -> None:
    assert "2 looks recorded" in filled(work, {"Answer": "unseen"}, {"Answer": "nicht zu sehen"})
    audit(work)
    assert {cell.state for cell in cells(work)} == {State.UNKNOWN}


def test_fields_in_a_worksheet_without_their_columns_are_refused(work: Path) -> None:
    cell = the_looks(work)[0].cell
    (work / "old.csv").write_text(f"id,link,answer,day\n{cell},https://x.example,richtig,\n", encoding="utf-8")
    with contextlib.chdir(work):
        said = CliRunner().invoke(cli.main, ["--lang", "en", "assist", "--import", "old.csv"])
    assert said.exit_code == 2
    assert "needs the columns" in said.output


def test_a_look_that_fades_after_90_days_is_asked_for_again(work: Path) -> None:
    folder, wanted = open_folder(work), the_looks(work)
    for days, again in ((80, 0), (100, 2)):
        for look in wanted:
            recorder(folder.database, lambda days=days: NOW - timedelta(days=days))(look, LookAnswer(outcome="right"))  # type: ignore[misc]
        audit(work)
        assert {cell.state for cell in cells(work)} == {State.COMPLETE}
        assert len(the_looks(work)) == again
    assert "1/2" in assisted(work, "q")


def test_an_entry_that_calls_the_service_closed_is_a_red_flag(work: Path) -> None:
    assisted(work, "2", "", "", "y", "", "", "1")
    audit(work)
    (flagged,) = [cell for cell in cells(work) if cell.red_flag]
    assert (flagged.red_flag, flagged.findability) == ("wrongly-closed", 0.0)
    assert results(work)[0].gaps[0].kind == "wrongly-closed"


def test_what_could_not_be_seen_stays_unknown(work: Path) -> None:
    assisted(work, "4", "login", "", "s")
    audit(work)
    assert {cell.reason for cell in cells(work)} == {Reason.NEEDS_PERSON}


def test_a_look_before_the_audit_is_open_again_and_one_after_it_is_done(work: Path) -> None:
    folder, wanted = open_folder(work), the_looks(work)
    finished = results(work)[0].finished
    for age, left in ((timedelta(days=2), 2), (timedelta(0), 1)):
        recorder(folder.database, lambda age=age: finished - age)(wanted[0], LookAnswer(outcome="unseen"))  # type: ignore[misc]
        assert len(still_open(folder.database, wanted, "")) == left


def test_a_list_is_still_a_list_where_nobody_sits_at_the_terminal(work: Path) -> None:
    said = findbar(work, "assist").output
    assert said.startswith("\ufeffID") or "Stadtportal" in said.splitlines()[1]
    assert findbar(work, "assist", "--list").output == said
