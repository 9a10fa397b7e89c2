"""Backups: consistent beside a running audit, whole or not there at all, and never over what is needed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from audit.auditing import Workshop, run_audit
from audit.looking import explanation, rejudged, stored_result
from audit.model import Result, Retention, Seen, Visit
from audit.page import Page
from audit.requesting import Request
from audit.store import Store, StoreProblemError
from audit.store.backup import backup
from cli import WRONG, main
from tests.conftest import ROOT
from tests.helpers import DEBT, NOW, organisation, shop, tiny

FOUND = "listing Schuldnerberatung"
PAGE = "https://tiny.example/schulden"
FULL = tiny(retention=Retention.FULL)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "findbar.db"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "copy.db"


def audited(database: Path) -> tuple[Result, Workshop]:
    made, _ = shop([FULL], {PAGE: FOUND})
    return run_audit(made, Request(organisations=(organisation(DEBT),)), database)[0], made


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- the copy


def test_a_backup_is_used_like_the_original_by_every_command_that_looks_back(database: Path, target: Path) -> None:
    result, made = audited(database)
    done = backup(database, target)
    assert (done.runs, done.evidence_files, done.lacking) == (1, 1, ())
    assert stored_result(target) == result
    assert rejudged(target, made).equal
    (look,) = explanation(target, result.cells[0].id).looks
    assert look.text == FOUND
    (original,), (copied,) = (list(d.with_name(f"{d.stem}.evidence").iterdir()) for d in (database, target))
    assert copied.read_bytes() == original.read_bytes()
    assert done.evidence_size == copied.stat().st_size
    assert audited(target)[0].run != result.run  # and an audit goes on in it


def test_a_backup_is_one_file_that_opens_where_nothing_can_be_written(database: Path, target: Path) -> None:
    audited(database)
    backup(database, target)
    assert left(target.parent) == {"copy.db", "copy.evidence"}
    with closing(sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True)) as reader:
        assert reader.execute("SELECT state FROM matrix").fetchall() == [("complete",)]
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_backup_needs_no_write_ahead_log_to_be_read(database: Path, target: Path) -> None:
    audited(database)
    backup(database, target)
    wal, rollback = b"\x02\x02", b"\x01\x01"  # the file format's bytes 18 and 19 (sqlite.org/fileformat2.html)
    assert database.read_bytes()[18:20] == wal
    assert target.read_bytes()[18:20] == rollback


def test_a_database_without_evidence_has_a_backup_without_a_folder(database: Path, target: Path) -> None:
    Store(database).close()
    assert backup(database, target).evidence_files == 0
    assert left(target.parent) == {"copy.db"}


def test_evidence_that_is_gone_or_cut_short_is_named(database: Path, target: Path) -> None:
    for _ in range(2):
        audited(database)
    first, second = sorted(database.with_name("findbar.evidence").iterdir())
    first.unlink()
    os.truncate(second, second.stat().st_size - 1)
    done = backup(database, target)
    assert set(done.lacking) == {first.name, second.name}
    assert (done.evidence_files, done.evidence_size) == (1, second.stat().st_size)


def test_a_record_that_is_not_committed_yet_is_not_copied(database: Path, target: Path) -> None:
    audited(database)
    (file,) = database.with_name("findbar.evidence").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole + b"\x1f\x8b half a record")
    backup(database, target)
    assert (target.with_name("copy.evidence") / file.name).read_bytes() == whole


# --- while an audit writes


@contextmanager
def writing(database: Path) -> Iterator[Event]:
    """An audit that commits one page after another, from another thread, until the block ends."""
    stop, started = Event(), Event()

    def work() -> None:
        store = Store(database)
        store.begin("r", at=NOW, method=1, manifest={}, organisations=(organisation(DEBT),), scope={})
        number = 0
        while not stop.is_set():
            visit = Visit(f"{PAGE}/{number}")
            body = os.urandom(20_000)
            store.keep("r", FULL, Seen(visit=visit, at=NOW), Page(visit=visit, at=NOW, url=visit.url, body=body))
            number += 1
            if number == 20:
                started.set()
        store.close()

    thread = Thread(target=work)
    thread.start()
    try:
        assert started.wait(10)
        yield started
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_backup_beside_a_writing_audit_holds_every_page_of_every_row(database: Path, target: Path) -> None:
    counts = []
    with writing(database):
        for _ in range(5):
            done = backup(database, target, force=True)
            assert done.lacking == ()
            counts.append(pages_of(target))
    assert counts == sorted(counts)
    assert 20 <= counts[0] < counts[-1] < rows(database, "SELECT count(*) FROM visits")[0][0]


def pages_of(copy: Path) -> int:
    """How many pages a backup holds: one record for each row, every digest right, nothing behind the last."""
    assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
    (file,) = copy.with_name("copy.evidence").iterdir()
    with file.open("rb") as stream:
        count = sum(len(r.content_stream().read()) == 20_000 for r in ArchiveIterator(stream, check_digests="raise"))
    assert rows(copy, "SELECT count(*), max(warc_offset + warc_length) FROM visits") == [(count, file.stat().st_size)]
    store = Store(copy, writing=False)
    assert len(store.recalled("r")) == count
    store.close()
    return count


def test_a_backup_from_another_process_does_not_stop_the_writer(database: Path, target: Path) -> None:
    with writing(database):
        command = [sys.executable, str(ROOT / "cli.py"), "--db", str(database), "data", "backup", str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603 - our own command
    assert (done.returncode, done.stderr) == (0, "")
    assert pages_of(target) >= 20


# --- what is there already


def test_what_is_there_is_not_overwritten_without_being_asked(database: Path, target: Path) -> None:
    audited(database)
    target.write_text("something of mine")
    with pytest.raises(StoreProblemError, match=r"copy\.db is there already.*--force"):
        backup(database, target)
    assert target.read_text() == "something of mine"
    target.unlink()
    target.with_name("copy.evidence").mkdir()
    with pytest.raises(StoreProblemError, match=r"copy\.evidence is there already"):
        backup(database, target)
    assert left(target.parent) == {"copy.evidence"}


def test_an_older_backup_is_replaced_whole_when_asked(database: Path, target: Path) -> None:
    audited(database)
    backup(database, target)
    (target.with_name("copy.evidence") / "of-another-time.warc.gz").write_bytes(b"old")
    leave_a_log(target)
    shutil.rmtree(database.with_name("findbar.evidence"))
    result, _ = audited(database)
    backup(database, target, force=True)
    assert stored_result(target, run=result.run) == result
    assert [path.name for path in target.with_name("copy.evidence").iterdir()] == [f"{result.run}-full.warc.gz"]
    assert rows(target, "SELECT count(*) FROM runs") == [(2,)]


def leave_a_log(database: Path) -> None:
    """What a killed writer leaves: a write-ahead log with changes that are not in the database yet."""
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE runs SET state = 'abandoned'")
        kept = {suffix: database.with_name(database.name + suffix).read_bytes() for suffix in ("", "-wal")}
    for suffix, content in kept.items():
        database.with_name(database.name + suffix).write_bytes(content)


@pytest.mark.parametrize("name", ["findbar.db", "findbar.sqlite", "../home/findbar.db", "link.db"])
@pytest.mark.parametrize("force", [True, False])
def test_the_original_and_its_evidence_are_never_the_target(tmp_path: Path, name: str, force: bool) -> None:
    home = tmp_path / "home"
    database = home / "findbar.db"
    result, _ = audited(database)
    (home / "link.db").symlink_to(database)
    with pytest.raises(StoreProblemError, match="would overwrite"):
        backup(database, home / name, force=force)
    assert explanation(database, result.cells[0].id).looks[0].text == FOUND


def test_a_database_in_use_is_not_replaced(database: Path, target: Path) -> None:
    audited(database)
    other = Store(target)
    with pytest.raises(StoreProblemError, match="in use by an audit"):
        backup(database, target, force=True)
    other.close()
    assert rows(target, "SELECT count(*) FROM runs") == [(0,)]
    assert left(target.parent) <= {"copy.db", "copy.db.lock"}


# --- what goes wrong


def test_a_full_disk_leaves_no_half_backup_and_the_older_one_as_it_was(
    database: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audited(database)
    backup(database, target)
    before = {path: path.read_bytes() for path in target.parent.rglob("*") if path.is_file()}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit.store.backup.os.fsync", full)
    with pytest.raises(StoreProblemError, match=r"no backup was written \(No space left on device\)"):
        backup(database, target, force=True)
    left_over = {path: path.read_bytes() for path in target.parent.rglob("*") if path.is_file()}
    assert left_over == before


def test_a_damaged_database_is_not_passed_off_as_a_backup(database: Path, target: Path) -> None:
    audited(database)
    rows(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    content[3 * 4096 : 6 * 4096] = b"\xff" * (3 * 4096)
    database.write_bytes(bytes(content))
    with pytest.raises(StoreProblemError):
        backup(database, target)
    assert left(target.parent) == set()


def test_a_place_that_cannot_be_written_is_named(database: Path, target: Path) -> None:
    audited(database)
    with pytest.raises(StoreProblemError, match="does not exist"):
        backup(database, target.parent / "no" / "such.db")
    with pytest.raises(StoreProblemError, match="is a folder"):
        backup(database, target.parent)
    with pytest.raises(StoreProblemError, match="Run an audit first"):
        backup(database.with_name("nothing.db"), target)
    assert left(target.parent) == set()
    assert not database.with_name("nothing.db").exists()


# --- the command


def test_the_command_says_what_it_copied_and_refuses_with_a_sentence(database: Path, target: Path) -> None:
    audited(database)

    def run(*words: object) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--db", str(database), "data", "backup", *map(str, words)])
        return done.exit_code, done.output

    code, said = run(target)
    assert code == 0
    assert said.startswith(f"1 run, {target.stat().st_size} bytes → {target}\n1 file of evidence, ")
    code, said = run(target)
    assert (code, said.count("\n")) == (WRONG, 1)
    assert run(target, "--force")[0] == 0
