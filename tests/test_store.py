"""The store: one writer, committed visit by visit, spans only on change, and loud when it cannot go on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from warcio.archiveiterator import ArchiveIterator

from audit.auditing import run_audit
from audit.checker import Checker
from audit.looking import explanation, stored_result
from audit.model import Organisation, Reason, Result, Retention, Seen, Via, Visit
from audit.page import Page
from audit.requesting import Request
from audit.store import Store, StoreProblemError
from audit.store.evidence import evidence_of
from audit.store.schema import VERSION, tables_and_views
from reports.delivery import write_pictures
from reports.terminal import print_explain
from tests.helpers import ADDICTION, DEBT, NOW, broken, organisation, shop, tiny

FOUND, NOTHING = "listing Schuldnerberatung", "nothing"
PAGE = "https://tiny.example/schulden"
ORG = organisation(DEBT)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "findbar.db"


def audited(
    database: Path,
    answers: dict[str, Any],
    *,
    at: datetime = NOW,
    org: Organisation = ORG,
    checker: Checker | None = None,
) -> Result:
    workshop, _ = shop([checker or tiny(retention=Retention.FULL)], answers, at=at)
    return run_audit(workshop, Request(organisations=(org,)), database)[0]


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


# --- a run


def test_a_run_is_complete_when_it_ended_and_its_result_is_kept(database: Path) -> None:
    result = audited(database, {PAGE: FOUND})
    assert rows(database, "SELECT id, state, method FROM runs") == [(result.run, "complete", 1)]
    assert stored_result(database) == result
    assert stored_result(database, "hilfe", result.run) == result


def test_every_answer_is_a_row_with_its_evidence(database: Path) -> None:
    audited(database, {PAGE: FOUND})
    (row,) = rows(database, "SELECT way, url, status, reason, warc, warc_offset, length(sha256) FROM visits")
    assert row[:4] == ("tiny", PAGE, 200, None)
    assert row[4].endswith(".warc.gz")
    assert row[5:] == (0, 64)


def test_a_third_partys_reader_reads_the_evidence(database: Path) -> None:
    org = organisation(DEBT, ADDICTION)
    audited(database, {PAGE: FOUND, "https://tiny.example/sucht": "listing Suchtberatung\näöü"}, org=org)
    (file,) = database.with_name("findbar.evidence").iterdir()
    with file.open("rb") as stream:
        records = [
            (r.rec_type, r.rec_headers["WARC-Target-URI"], r.http_headers.get_statuscode(), r.content_stream().read())
            for r in ArchiveIterator(stream, check_digests="raise")
        ]
    assert sorted(records) == [
        ("response", PAGE, "200", FOUND.encode()),
        ("response", "https://tiny.example/sucht", "200", "listing Suchtberatung\näöü".encode()),
    ]


def test_where_only_an_extract_may_be_kept_there_is_no_body(database: Path) -> None:
    audited(database, {PAGE: FOUND}, checker=tiny(retention=Retention.EXTRACT))
    assert rows(database, "SELECT warc, sha256 FROM visits") == [(None, None)]
    assert not database.with_name("findbar.evidence").exists()


def test_a_cell_is_explained_with_every_look_and_its_stored_text(database: Path) -> None:
    result = audited(database, {PAGE: FOUND})
    found = explanation(database, result.cells[0].id)
    assert found.cell == result.cells[0]
    assert [(look.url, look.status, look.text) for look in found.looks] == [(PAGE, 200, FOUND)]


PICTURE = b"\xff\xd8\xff a page as it looks"


def drawn(database: Path, answers: dict[str, Any], **asked: Any) -> Result:
    """An audit on a machine with a browser, which draws every page it opens."""
    workshop, web = shop([tiny(retention=Retention.FULL)], answers)

    class Drawing(type(web)):  # type: ignore[misc]
        async def get(self, visit: Any, limits: Any, permit: Any = None) -> Page:
            return replace(await web.get(visit, limits, permit), picture=PICTURE)

    workshop.getters = {Via.HTTP: web, Via.BROWSER: Drawing(web.clock, answers)}
    return run_audit(workshop, Request(organisations=(ORG,), **asked), database)[0]


def test_a_picture_is_kept_with_its_page_and_shown_where_the_cell_is_explained(database: Path) -> None:
    result = drawn(database, {PAGE: FOUND}, pictures=True)
    found = explanation(database, result.cells[0].id)
    assert [look.picture for look in found.looks] == [PICTURE]
    assert [look.text for look in found.looks] == [FOUND]
    written = write_pictures(found.looks, database.parent / "out")
    console = Console(file=StringIO(), width=200)
    print_explain(found.result, found.cell, "en", console, found.looks, written)
    (path,) = written.values()
    assert f"Picture: {path}" in console.file.getvalue()  # type: ignore[attr-defined]
    assert Path(path).read_bytes() == PICTURE


def test_the_picture_is_a_record_of_its_own_that_any_reader_reads(database: Path) -> None:
    drawn(database, {PAGE: FOUND}, pictures=True)
    (file,) = database.with_name("findbar.evidence").iterdir()
    with file.open("rb") as stream:
        records = [(r.rec_type, r.content_type, r.content_stream().read()) for r in ArchiveIterator(stream)]
    assert [record[0] for record in records] == ["resource", "response"]
    assert records[0][1:] == ("image/jpeg", PICTURE)


@pytest.mark.parametrize(("answer", "asked"), [(FOUND, {}), ("nothing", {"pictures": True})])
def test_no_picture_is_made_unasked_or_of_a_page_that_shows_no_service(
    database: Path, answer: str, asked: dict[str, bool]
) -> None:
    drawn(database, {PAGE: answer}, **asked)
    assert rows(database, "SELECT picture_offset FROM visits") == [(None,)]


def test_the_stored_text_is_shown_as_a_person_reads_it(database: Path) -> None:
    page = "<html><head><script>evil()</script></head><body><p>Schuldnerberatung</p><p>\x1b[31mrot</p></body></html>"
    result = audited(database, {PAGE: f"{page}\nlisting Schuldnerberatung"})
    found = explanation(database, result.cells[0].id)
    console = Console(file=StringIO(), width=200)
    print_explain(found.result, found.cell, "en", console, found.looks)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert "“Schuldnerberatung" in told
    assert "evil" not in told
    assert "\x1b[31m" not in told


def test_an_unknown_cell_is_refused_with_examples_of_known_ones(database: Path) -> None:
    audited(database, {PAGE: FOUND})
    with pytest.raises(StoreProblemError, match="hilfe/schulden@haus/tiny"):
        explanation(database, "hilfe/nonsense")


def test_a_clock_that_is_set_back_loses_no_run_and_closes_no_gap_by_itself(database: Path) -> None:
    first = audited(database, {PAGE: NOTHING}, at=day(1))
    second = audited(database, {PAGE: NOTHING}, at=day(0.9))
    assert second.run != first.run
    assert rows(database, "SELECT count(*) FROM runs WHERE state = 'complete'") == [(2,)]
    assert rows(database, "SELECT state FROM gaps WHERE kind = 'missing'") == [("open",)]
    assert not second.gaps[0].confirmed


@pytest.mark.parametrize(("hours", "left"), [(1, 1), (23, 1), (25, 3)])
def test_the_budget_of_a_host_is_one_for_the_day_over_all_runs(database: Path, hours: int, left: int) -> None:
    org = organisation(DEBT, ADDICTION)
    pages = {PAGE: FOUND, "https://tiny.example/sucht": FOUND}
    for at in (0, hours):
        workshop, web = shop([tiny()], pages, at=NOW + timedelta(hours=at))
        workshop.settings = workshop.settings.model_copy(update={"visits_per_host": 3})
        run_audit(workshop, Request(organisations=(org,)), database)
    assert len(web.asked) == left


def test_two_audits_within_one_second_are_two_runs(database: Path) -> None:
    first, second = audited(database, {PAGE: FOUND}), audited(database, {PAGE: FOUND})
    assert first.run != second.run
    assert rows(database, "SELECT count(*) FROM runs WHERE state = 'complete'") == [(2,)]


# --- history


def spans(database: Path) -> list[tuple[Any, ...]]:
    return rows(
        database,
        "SELECT outcome, reason, first_at, last_at FROM spans WHERE criterion = 'listed' ORDER BY first_at",
    )


def test_a_span_is_written_only_on_change(database: Path) -> None:
    for number, answer in enumerate([NOTHING, NOTHING, FOUND, FOUND, NOTHING]):
        audited(database, {PAGE: answer}, at=day(number))
    shown = [
        (outcome, datetime.fromisoformat(a).day, datetime.fromisoformat(b).day) for outcome, _, a, b in spans(database)
    ]
    assert shown == [("not-met", 24, 25), ("met", 26, 27), ("not-met", 28, 28)]


def test_an_unknown_look_is_a_span_of_its_own_and_not_an_absence(database: Path) -> None:
    for number, answer in enumerate([FOUND, "hello", FOUND]):
        audited(database, {PAGE: answer}, at=day(number))
    assert [row[:2] for row in spans(database)] == [
        ("met", None), ("unknown", "layout-changed"), ("met", None),
    ]  # fmt: skip


def test_the_current_table_holds_one_row_a_cell_whatever_the_number_of_runs(database: Path) -> None:
    for number, answer in enumerate([NOTHING, FOUND, NOTHING]):
        last = audited(database, {PAGE: answer}, at=day(number))
    assert rows(database, "SELECT subject, platform, state, run FROM current") == [
        ("hilfe/schulden@haus", "tiny", "missing", last.run)
    ]


def test_an_absence_is_confirmed_by_two_runs_at_least_twenty_hours_apart(database: Path) -> None:
    seen = [audited(database, {PAGE: NOTHING}, at=day(at)).gaps[0].confirmed for at in (0, 0.5, 0.9, 2)]
    assert seen == [False, False, True, True]


def test_an_absence_that_was_interrupted_by_a_find_starts_anew(database: Path) -> None:
    for at, answer in ((0, NOTHING), (1, FOUND)):
        audited(database, {PAGE: answer}, at=day(at))
    assert not audited(database, {PAGE: NOTHING}, at=day(2)).gaps[0].confirmed


def test_a_gap_is_open_since_it_was_first_seen_and_closed_when_it_is_gone(database: Path) -> None:
    first = audited(database, {PAGE: NOTHING}).gaps[0]
    assert audited(database, {PAGE: NOTHING}, at=day(3)).gaps[0].first_seen == first.first_seen
    audited(database, {PAGE: FOUND}, at=day(4))
    assert ("closed",) in rows(database, "SELECT state FROM gaps WHERE kind = 'missing'")
    assert first.id in [id_ for (id_,) in rows(database, "SELECT id FROM gaps WHERE state = 'closed'")]


def test_a_gap_that_comes_back_is_open_since_then(database: Path) -> None:
    for at, answer in ((0, NOTHING), (1, FOUND), (2, NOTHING)):
        result = audited(database, {PAGE: answer}, at=day(at))
    assert result.gaps[0].first_seen == result.finished


def test_a_gap_whose_cell_could_not_be_checked_stays_open(database: Path) -> None:
    org = organisation(DEBT, ADDICTION)
    other = "https://tiny.example/sucht"
    first = audited(database, {PAGE: NOTHING, other: "listing Suchtberatung"}, org=org)
    (missing,) = [gap.id for gap in first.gaps if gap.kind == "missing"]
    audited(database, {PAGE: broken(Reason.TIMEOUT), other: "listing Suchtberatung"}, org=org, at=day(1))
    assert missing in [id_ for (id_,) in rows(database, "SELECT id FROM gaps WHERE state = 'open'")]


def test_every_view_answers(database: Path) -> None:
    audited(database, {PAGE: NOTHING})
    for view in tables_and_views()[1]:
        assert isinstance(rows(database, f"SELECT * FROM {view}"), list)  # noqa: S608 - names of our own
    assert rows(database, "SELECT state FROM matrix") == [("missing",)]
    assert rows(database, "SELECT kind FROM open_gaps") == [("missing",)]


# --- one writer


def test_a_second_writer_is_refused_with_a_sentence(database: Path) -> None:
    first = Store(database)
    with pytest.raises(StoreProblemError, match=r"in use by another audit. Wait for it, or choose another --db"):
        Store(database)
    first.close()
    Store(database).close()


def test_reading_is_possible_while_an_audit_writes(database: Path) -> None:
    audited(database, {PAGE: FOUND})
    writer = Store(database)
    assert stored_result(database).organisation == "hilfe"
    writer.close()


def test_a_tool_that_keeps_the_database_open_and_reads_stops_no_audit(database: Path) -> None:
    audited(database, {PAGE: FOUND}, at=day(0))
    with closing(sqlite3.connect(database)) as tool:
        rows = tool.execute("SELECT * FROM spans")
        assert rows.fetchone()
        audited(database, {PAGE: "nothing"}, at=day(1))
        assert rows.fetchone(), "it goes on reading what was there when it began"
    with closing(sqlite3.connect(database)) as tool:
        assert tool.execute("SELECT count(*) FROM runs WHERE state = 'complete'").fetchone() == (2,)


def test_a_store_that_could_not_be_opened_lets_the_next_one_in(database: Path) -> None:
    database.write_text("no database at all, and longer than any header of one would be" * 100)
    with pytest.raises(StoreProblemError) as problem:
        Store(database)
    database.unlink()
    Store(database).close()
    assert problem.value


# --- databases that cannot be used


def test_a_newer_schema_is_refused_and_not_touched(database: Path) -> None:
    audited(database, {PAGE: FOUND})
    connection = sqlite3.connect(database)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    for writing in (True, False):
        with pytest.raises(StoreProblemError, match="written by a newer findbar"):
            Store(database, writing=writing)
    assert rows(database, "PRAGMA user_version") == [(VERSION + 1,)]


@pytest.mark.parametrize("content", [b"not a database " * 500, b"SQLite format 3\x00" + b"\xff" * 5000])
@pytest.mark.parametrize("writing", [True, False])
def test_what_is_no_database_is_refused_and_not_touched(database: Path, content: bytes, writing: bool) -> None:
    database.write_bytes(content)
    with pytest.raises(StoreProblemError, match=str(database)):
        Store(database, writing=writing)
    assert database.read_bytes() == content


def test_a_folder_in_place_of_the_database_is_refused(database: Path) -> None:
    database.mkdir()
    with pytest.raises(StoreProblemError, match="unable to open database file"):
        Store(database)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((StoreProblemError, OSError)) as problem:
        Store(tmp_path / "file" / "findbar.db")
    assert "file" in str(problem.value)


def test_a_database_of_something_else_is_refused_and_not_touched(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE runs (id INTEGER)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreProblemError):
        Store(database)
    assert rows(
        database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    ) == [("runs",)]


def test_looking_into_a_database_that_is_not_there_says_what_to_do(database: Path) -> None:
    with pytest.raises(StoreProblemError, match="Run an audit first"):
        stored_result(database)
    assert not database.exists()


def test_an_organisation_that_was_never_audited_is_named(database: Path) -> None:
    audited(database, {PAGE: FOUND})
    with pytest.raises(StoreProblemError, match="no finished audit of nobody"):
        stored_result(database, "nobody")


# --- a full disk


def test_a_full_disk_fails_loudly_and_keeps_what_was_committed(database: Path) -> None:
    pages = {f"https://tiny.example/{n}": f"listing {'x' * 50}{n}\n" * 300 for n in range(200)}
    workshop, _ = shop([tiny(follow_ups=300)], {PAGE: "\n".join(f"visit {url}" for url in pages)} | pages)
    store = Store(database)
    used = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {used + 40}")
    with pytest.raises(StoreProblemError, match=r"full\. Nothing was lost of what was committed before"):
        asyncio.run(workshop.perform(Request(organisations=(ORG,)), store, lambda _: None))
    store.close()
    kept = rows(database, "SELECT count(*) FROM visits")[0][0]
    assert 0 < kept < len(pages)
    assert rows(database, "SELECT state FROM runs") == [("running",)]
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]


def test_a_disk_too_full_for_the_evidence_fails_loudly(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit.store.Evidence.append", full)
    with pytest.raises(StoreProblemError, match=r"No space left on device\. Make room or choose another --db"):
        audited(database, {PAGE: FOUND})
    assert rows(database, "SELECT count(*) FROM visits") == [(0,)]


def test_a_result_that_cannot_be_written_leaves_no_half_of_it(database: Path) -> None:
    result = audited(database, {PAGE: FOUND})
    store = Store(database)
    store.begin("r2", at=NOW, method=1, manifest={}, organisations=(ORG,), scope={})
    bad = replace(result, run="r2", cells=(replace(result.cells[0], state=None),))  # type: ignore[arg-type]
    with pytest.raises((StoreProblemError, ValueError)):
        store.finish("r2", NOW, [(bad, store.memory("hilfe", NOW))])
    store.close()
    assert rows(database, "SELECT run FROM results") == [(result.run,)]
    assert rows(database, "SELECT state FROM runs WHERE id = 'r2'") == [("running",)]


def test_evidence_that_was_changed_is_noticed(database: Path) -> None:
    result = audited(database, {PAGE: FOUND})
    (file,) = database.with_name("findbar.evidence").iterdir()
    content = bytearray(file.read_bytes())
    content[-20] ^= 0xFF
    file.write_bytes(bytes(content))
    with pytest.raises(StoreProblemError, match="evidence"):
        explanation(database, result.cells[0].id)


def test_evidence_that_was_deleted_is_no_fault(database: Path) -> None:
    result = audited(database, {PAGE: FOUND})
    (file,) = database.with_name("findbar.evidence").iterdir()
    file.unlink()
    found = explanation(database, result.cells[0].id)
    assert [(look.url, look.text) for look in found.looks] == [(PAGE, "")]


def test_a_kept_visit_comes_back_as_it_was(database: Path) -> None:
    store = Store(database)
    store.begin("r", at=NOW, method=1, manifest={}, organisations=(ORG,), scope={})
    visit = Visit(PAGE, params=(("a", "ä"),), step="s", note="n")
    seen = Seen(visit=visit, at=NOW, reason=Reason.BLOCKED, detail="no", status=403, url=PAGE)
    store.keep("r", tiny(retention=Retention.FULL), seen, Page(visit=visit, at=NOW, url=PAGE, status=403, body=b"no"))
    assert evidence_of(store.tables, store.evidence_folder, "r", visit.id) == (seen, b"no", b"")
    assert store.recalled("r") == {}
    store.close()
