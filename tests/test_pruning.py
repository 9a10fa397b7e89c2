"""Deleting by age: what the policy names goes, figures and the latest run stay, and nothing else is touched."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from audit.auditing import Workshop, run_audit
from audit.checker import Checker
from audit.looking import explanation, rejudged, stored_result
from audit.model import Exchange, Item, Organisation, Result, Retention, Seen
from audit.page import Page
from audit.requesting import Request
from audit.settings import RetentionSettings, Settings, SettingsProblemError, load
from audit.store import Store, StoreProblemError
from audit.store.pruning import Policy, Pruned, prune
from cli import WRONG, main
from tests.helpers import DEBT, NOW, Tiny, everything_written, listing, organisation, shop, tiny

FOUND = "listing Schuldnerberatung Musterfrau"
PAGE = "https://tiny.example/schulden"
DEFAULTS = Policy(**RetentionSettings().model_dump())
KEPT = ("results", "spans", "gaps", "current", "ways")  # of complete runs
FULL = tiny(retention=Retention.FULL)


class Asked(Tiny):
    """A page that shows the service and two questions that were asked in public."""

    def read(self, page: Page) -> Iterator[Item]:
        yield listing("Schuldnerberatung")
        for name, hours in (("zuerst", 2), ("danach", 30)):
            yield Exchange(id=hashed(name), asked_at=NOW - timedelta(days=2), answered_at=NOW + timedelta(hours=hours))


def hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "findbar.db"


def audited(
    database: Path, day: float, answer: Any = FOUND, *, org: Organisation | None = None, checker: Checker = FULL
) -> tuple[Result, Workshop]:
    """An audit of one organisation that many days after the first."""
    made, _ = shop([checker], {PAGE: answer}, at=NOW + timedelta(days=day))
    return run_audit(made, Request(organisations=(org or organisation(DEBT),)), database)[0], made


def killed(database: Path, run: str, day: float, state: str = "running") -> None:
    """A run that was begun, saw one page, and was never finished."""
    store = Store(database)
    at = NOW + timedelta(days=day)
    store.begin(run, at=at, method=1, manifest={}, organisations=(organisation(DEBT),), scope={"run": run})
    made, web = shop([FULL], {PAGE: FOUND}, at=at)
    audit = made.plan(Request(organisations=(organisation(DEBT),)))
    page = web._page(audit.plans()[0].asks[0].visit)
    store.keep(run, FULL, Seen(visit=page.visit, at=at, items=(listing("Schuldnerberatung"),), status=200), page)
    store.tables.execute("UPDATE runs SET state = ? WHERE id = ?", [state, run])
    store.close()


def pruned(database: Path, day: float, policy: Policy = DEFAULTS, **how: bool) -> Pruned:
    return prune(database, policy, NOW + timedelta(days=day), **how)


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def kept(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that no pruning may change."""
    return {name: rows(database, f"SELECT * FROM {name} ORDER BY 1, 2, 3") for name in KEPT}  # noqa: S608 - our names


def evidence(database: Path) -> set[str]:
    return {path.name.removesuffix("-full.warc.gz") for path in database.with_name("findbar.evidence").iterdir()}


# --- pages


def test_pages_of_runs_older_than_the_limit_are_deleted_whole_and_their_visits_stay(database: Path) -> None:
    old, new = audited(database, 0)[0].run, audited(database, 50)[0].run
    size = next(database.with_name("findbar.evidence").glob(f"{old}*")).stat().st_size
    done = pruned(database, 100)
    assert (done.evidence, len(done.files), done.file_bytes) == ((old,), 1, size)
    assert evidence(database) == {new}
    assert rows(database, f"SELECT warc, length(sha256) FROM visits WHERE run = '{old}'") == [(None, 64)]  # noqa: S608
    assert rejudged(database, audited(database, 101)[1], old).equal


def test_a_page_is_kept_to_the_last_day_of_its_limit(database: Path) -> None:
    for day in (0, 50):
        audited(database, day)
    assert pruned(database, 90) == Pruned()
    assert pruned(database, 90.01).files


def test_a_cell_whose_page_was_deleted_is_still_explained(database: Path) -> None:
    old = audited(database, 0)[0]
    audited(database, 50)
    pruned(database, 100)
    (look,) = explanation(database, old.cells[0].id, old.run).looks
    assert (look.url, look.status, look.text) == (PAGE, 200, "")
    assert look.seen.items


def test_a_run_whose_id_begins_with_that_of_an_older_one_keeps_its_pages(database: Path) -> None:
    first, second = audited(database, 0)[0].run, audited(database, 0)[0].run
    assert second.startswith(first)
    pruned(database, 100)
    assert evidence(database) == {second}


def test_a_page_that_cannot_be_deleted_is_named_and_the_rows_stay(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (0, 50):
        audited(database, day)

    def held(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(StoreProblemError, match=r"full\.warc\.gz: cannot be deleted \(Permission denied\)"):
        pruned(database, 100)
    assert rows(database, "SELECT count(*) FROM visits WHERE warc IS NULL") == [(0,)]


def test_pages_that_somebody_deleted_before_are_no_fault_and_not_told(database: Path) -> None:
    old, _ = audited(database, 0)[0].run, audited(database, 50)
    next(database.with_name("findbar.evidence").glob(f"{old}*")).unlink()
    assert pruned(database, 100).lines == ()
    assert rows(database, "SELECT count(*) FROM visits WHERE warc IS NULL") == [(1,)]
    assert pruned(database, 100) == Pruned()


def test_a_pruning_that_was_killed_between_files_and_rows_is_finished_by_the_next(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = audited(database, 0)[0].run, audited(database, 300)[0].run
    killed(database, "half", 1)

    def killing(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("audit.store.pruning._delete_rows", killing)
        with pytest.raises(KeyboardInterrupt):
            pruned(database, 410)
    assert evidence(database) == {new}
    assert {run for (run,) in rows(database, "SELECT DISTINCT run FROM visits")} == {old, "half", new}
    done = pruned(database, 410)
    assert (done.visits, done.unfinished) == ((old,), ("half",))
    assert rows(database, "SELECT DISTINCT run FROM visits") == [(new,)]
    assert pruned(database, 410) == Pruned()


# --- what visits saw


def test_what_old_visits_saw_is_deleted_with_their_pages_and_the_figures_stay(database: Path) -> None:
    old, new = audited(database, 0)[0].run, audited(database, 300)[0].run
    before = kept(database)
    done = pruned(database, 410)
    assert (done.visits, done.evidence) == ((old,), (old,))
    assert rows(database, "SELECT DISTINCT run FROM visits") == [(new,)]
    assert kept(database) == before
    assert rows(database, "SELECT run FROM scores") == [(new,), (old,)]
    assert stored_result(database, run=old).run == old
    assert explanation(database, "hilfe/schulden@haus/tiny", old).looks == ()


def test_a_run_whose_visits_were_deleted_cannot_be_judged_again_and_says_so(database: Path) -> None:
    old, _ = audited(database, 0)[0].run, audited(database, 300)
    pruned(database, 410)
    with pytest.raises(StoreProblemError, match=rf"What run {old} saw was deleted .* cannot be judged again"):
        rejudged(database, audited(database, 411)[1], old)
    assert rejudged(database, audited(database, 412)[1]).equal


def test_a_shorter_limit_for_visits_takes_their_pages_along(database: Path) -> None:
    old, new = audited(database, 0)[0].run, audited(database, 20)[0].run
    strict = Policy(evidence_days=90, visits_days=10, personal_days=180, abandoned_days=7)
    assert pruned(database, 30, strict).evidence == (old,)
    assert evidence(database) == {new}


def test_what_is_deleted_is_not_left_in_the_free_pages_of_the_file(database: Path) -> None:
    audited(database, 0)
    blob = rows(database, "SELECT body FROM visits JOIN contents ON hash = seen")[0][0]
    assert zlib.decompress(blob)
    audited(database, 300, "nothing")
    assert blob[:60] in database.read_bytes()
    pruned(database, 410)
    assert blob[:60] not in everything_written(database.parent)


# --- what is spared


def test_the_latest_run_of_every_organisation_stays_whole_however_old(database: Path) -> None:
    other = organisation(DEBT, id="zeder")
    runs = [audited(database, day, org=org)[0].run for day, org in ((0, other), (1, None), (2, other), (3, None))]
    assert set(pruned(database, 9_000).visits) == set(runs[:2])
    assert {run for (run,) in rows(database, "SELECT DISTINCT run FROM visits")} == set(runs[2:])
    assert evidence(database) == set(runs[2:])


def test_pruning_again_finds_nothing_more(database: Path) -> None:
    for day in (0, 1, 2):
        audited(database, day, checker=tiny(retention=Retention.FULL))
    killed(database, "old", 1)
    assert pruned(database, 9_000) != Pruned()
    assert pruned(database, 9_000) == Pruned()


def test_a_dry_run_says_the_same_and_deletes_nothing(database: Path) -> None:
    for day in (0, 200):
        audited(database, day, checker=type("Asking", (Asked,), {"retention": Retention.FULL})())
    killed(database, "old", 1)
    before = everything_written(database.parent)
    said = pruned(database, 410, dry_run=True)
    assert everything_written(database.parent) == before
    assert all((said.evidence, said.visits, said.unfinished, said.hashes, said.files, said.file_bytes, said.lines))
    assert pruned(database, 410) == said


# --- runs that were never finished


@pytest.mark.parametrize("state", ["running", "abandoned"])
def test_a_run_that_was_never_finished_is_deleted_whole_after_its_days(database: Path, state: str) -> None:
    done = audited(database, 0)[0].run
    killed(database, "half", 1, state)
    assert pruned(database, 7.9) == Pruned()
    gone = pruned(database, 8.1)
    assert (gone.unfinished, gone.evidence) == (("half",), ("half",))
    assert rows(database, "SELECT id FROM runs") == [(done,)]
    assert rows(database, "SELECT DISTINCT run FROM visits") == [(done,)]
    assert evidence(database) == {done}


def test_a_run_that_was_killed_yesterday_can_go_on_after_pruning(database: Path) -> None:
    killed(database, "half", 0)
    pruned(database, 1)
    store = Store(database)
    assert store.unfinished({"run": "half"}) == "half"
    assert len(store.recalled("half")) == 1
    store.close()


# --- hashes of questions


def test_hashes_of_old_questions_become_numbers_and_judging_again_is_byte_equal(database: Path) -> None:
    result, made = audited(database, 0, checker=Asked())
    assert any(finding.criterion == "answered" for finding in result.cells[0].findings)
    assert hashed("zuerst").encode() in everything_written(database.parent)
    assert pruned(database, 181).hashes == 2
    written = everything_written(database.parent)
    assert all(hashed(name).encode() not in written for name in ("zuerst", "danach"))
    assert b"expired-000001" in written
    assert b"expired-000002" in written
    assert rejudged(database, made).equal
    assert pruned(database, 181) == Pruned()


def test_questions_stay_as_many_and_as_old_as_they_were(database: Path) -> None:
    result, _ = audited(database, 0, checker=Asked())

    def asked() -> list[tuple[Any, Any]]:
        store = Store(database, writing=False)
        items = [i for way in store.observed(result.run).ways for answer in way.answers for i in answer.items]
        store.close()
        return sorted((str(i.asked_at), str(i.answered_at)) for i in items if isinstance(i, Exchange))

    before = asked()
    assert len(before) == 2
    pruned(database, 181)
    assert asked() == before


# --- the command


def test_compacting_makes_the_file_smaller_and_only_when_asked(database: Path) -> None:
    many = "\n".join(f"listing {hashed(str(n))}" for n in range(1_000))
    audited(database, 0, many)
    audited(database, 300, "nothing")
    size = database.stat().st_size
    assert pruned(database, 410).freed == 0
    assert database.stat().st_size == size
    done = pruned(database, 410, compact=True)
    assert done.freed == size - database.stat().st_size > 0
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]


def test_pruning_waits_for_no_audit_but_says_that_one_runs(database: Path) -> None:
    audited(database, 0)
    store = Store(database)
    with pytest.raises(StoreProblemError, match="in use by another audit"):
        pruned(database, 100)
    assert pruned(database, 100, dry_run=True) == Pruned()
    store.close()


def test_a_database_that_is_not_there_is_not_made(database: Path) -> None:
    for dry_run in (True, False):
        with pytest.raises(StoreProblemError, match="does not exist yet"):
            pruned(database, 0, dry_run=dry_run)
    assert list(database.parent.iterdir()) == []


def run(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--lang", "en", "--config", str(folder / "findbar.toml"), "data", "prune", *words])
    return done.exit_code, done.output


def test_the_command_says_what_it_deleted_by_the_limits_of_the_settings(database: Path) -> None:
    (database.parent / "findbar.toml").write_text("[retention]\nevidence_days = 90\nvisits_days = 36500\n")
    for day in (-9_000, -8_000):
        audited(database, day)
    code, said = run(database.parent, "--dry-run")
    assert (code, said.splitlines()[0]) == (0, "Would be deleted:")
    code, told = run(database.parent, "--compact")
    assert (code, told.splitlines()[0]) == (0, "Deleted:")
    assert told.splitlines()[1] == said.splitlines()[1]
    assert "pages of 1 run: 1 file, " in told
    assert "bytes smaller" in told
    assert run(database.parent) == (0, "Nothing is old enough to be deleted.\n")


def test_a_limit_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "findbar.toml"
    for wrong in ("evidence_days = -1", "visits_days = 1e9", "personal_days = 'soon'", "evidence_day = 3"):
        file.write_text(f"[retention]\n{wrong}\n")
        with pytest.raises(SettingsProblemError, match=r"retention\.\w+:"):
            load(file)
    assert run(tmp_path)[0] == WRONG


def test_the_defaults_are_kept_where_nothing_is_configured() -> None:
    assert Settings().retention == RetentionSettings()
    assert Policy(evidence_days=90, visits_days=400, personal_days=180, abandoned_days=7) == DEFAULTS
