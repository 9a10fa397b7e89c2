"""A run is watched from outside: log, heartbeat, figures, one line; and none of them can break it."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer

from audit.demonstration import prepare
from audit.model import Reason, Result, State, Telling, Told
from audit.notifying.channels import NotifyProblemError
from audit.notifying.tallying import MOST, metrics, tally
from audit.notifying.watching import Watch, both, watch_of
from audit.running import Progress
from audit.settings import RunSettings
from audit.store import Store
from cli import WRONG, main
from reports.summary import summary
from reports.texts import LANGUAGES
from tests.helpers import FakeClock
from tests.result_factory import NOW, make_result

SECRET = "b7a1c2d3-geheim"  # noqa: S105 - made up
RESULT = make_result()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def watch(**more: Any) -> Watch:
    return Watch(FakeClock(NOW), sleep=lambda _: None, **more)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    Store(tmp_path / "findbar.db").close()
    return tmp_path / "findbar.db"


def test_the_log_tells_the_run_in_order_with_ids_and_counts_alone(tmp_path: Path, database: Path) -> None:
    log = tmp_path / "logs" / "night.jsonl"
    with watch(log=log) as seen:
        for done in range(9):
            both(seen)(Progress("tiny", done, 8))
        seen.done(tally([RESULT]), database)
    told = lines(log)
    assert [line["event"] for line in told][:6] == ["start", *["batch"] * 5]
    assert [(line["done"], line["total"]) for line in told[1:6]] == [(0, 8), (2, 8), (4, 8), (6, 8), (8, 8)]
    assert [line["event"] for line in told][-3:] == ["organisation", "complete", "end"]
    assert {line["at"] for line in told} == {NOW.isoformat()}
    assert told[-1]["ok"] is True
    assert not any(row.service_name in log.read_text("utf-8") for row in RESULT.rows)


def test_a_run_that_fails_says_so_in_log_and_heartbeat_and_hides_why(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/{SECRET}/start").respond_with_data("OK")
    httpserver.expect_request(f"/{SECRET}/fail").respond_with_data("OK")
    log = tmp_path / "night.jsonl"
    with pytest.raises(KeyError), watch(log=log, heartbeat=f"http://127.0.0.1:{httpserver.port}/{SECRET}") as seen:
        raise KeyError("a private matter")
    assert [request.path for request, _ in httpserver.log] == [f"/{SECRET}/start", f"/{SECRET}/fail"]
    assert lines(log)[-1] == {"at": NOW.isoformat(), "event": "end", "ok": False, "error": "KeyError"}
    assert seen.problems == []
    assert SECRET not in log.read_text("utf-8") + repr(seen)


def test_a_heartbeat_that_nobody_hears_is_a_problem_named_without_its_address() -> None:
    with watch(heartbeat=f"http://127.0.0.1:1/{SECRET}") as seen:
        pass
    assert len(seen.problems) == 2
    assert all("127.0.0.1 cannot be reached" in problem for problem in seen.problems)
    assert SECRET not in repr(seen.problems)


def test_a_heartbeat_that_fails_once_is_repeated(httpserver: HTTPServer) -> None:
    for path, status in (("/x/start", 500), ("/x/start", 200), ("/x", 200)):
        httpserver.expect_ordered_request(path).respond_with_data("", status=status)
    with watch(heartbeat=f"http://127.0.0.1:{httpserver.port}/x") as seen:
        pass
    assert seen.problems == []


def test_the_figures_are_what_prometheus_reads(tmp_path: Path, database: Path) -> None:
    file = tmp_path / "findbar.prom"
    with watch(metrics=file) as seen:
        seen.done(tally([RESULT]), database)
    text = file.read_text("utf-8")
    run = tally([RESULT])
    assert f"findbar_last_success_timestamp_seconds {RESULT.finished.timestamp()!r}\n" in text
    assert f"findbar_run_duration_seconds {14 * 60.0!r}\n" in text
    assert f"findbar_coverage_ratio {run.coverage!r}\n" in text
    assert f'findbar_cells{{state="missing"}} {float(dict(run.cells)[State.MISSING])!r}\n' in text
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert all(line.startswith(("# ", "findbar_")) for line in text.splitlines())
    assert names == [line.split()[2] for line in text.splitlines() if line.startswith("# HELP")]
    assert [path.name for path in tmp_path.iterdir() if "prom" in path.name] == ["findbar.prom"]
    assert file.stat().st_mode & 0o444 == 0o444


def test_visits_digests_and_odd_names_stand_in_the_figures() -> None:
    odd = replace(tally([RESULT]), skipped=(("t", "T", Reason.BLOCKED),), each=(('a"b\\c\n', 0.5, 3),))
    text = metrics(odd, {"answered": 7, "timeout": 2}, {"sent": 1})
    assert 'findbar_run_visits{outcome="timeout"} 2.0' in text
    assert 'findbar_digests{state="sent"} 1.0' in text
    assert 'findbar_platform_skipped{platform="t",reason="blocked"} 1.0' in text
    assert r'findbar_organisation_gaps{organisation="a\"b\\c\n"} 3.0' in text


def test_a_federation_has_its_sum_alone_not_a_series_for_every_member() -> None:
    run = tally([RESULT])
    assert "findbar_organisation_gaps" not in metrics(replace(run, each=run.each * (MOST + 1)), {}, {})


@pytest.mark.parametrize("what", ["metrics", "log"])
def test_a_full_disk_leaves_the_old_file_and_the_run_as_they_are(
    what: str, tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old"
    old.write_text("before\n", encoding="utf-8")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("audit.notifying.watching.Path.write_text" if what == "metrics" else "pathlib.Path.open", full)
    with watch(**{what: old}) as seen:
        seen.done(tally([RESULT]), database)
    monkeypatch.undo()
    assert [problem.split(":")[0] for problem in seen.problems] == [what]
    assert "No space left on device" in seen.problems[0]
    assert old.read_text("utf-8") == "before\n"
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".new") == []


def test_a_notifier_that_fails_as_a_whole_is_a_problem_and_no_more() -> None:
    def failing() -> Telling:
        raise NotifyProblemError("nobody is named")

    with watch() as seen:
        assert seen.tell(failing) is None
    assert seen.problems == ["notify: nobody is named"]


def test_only_a_scheduled_run_is_watched_and_an_empty_variable_is_named(tmp_path: Path) -> None:
    settings = RunSettings(log=tmp_path / "a", metrics=tmp_path / "b", heartbeat_env="BEAT")
    by_hand = watch_of(settings, FakeClock(), {"BEAT": "http://x"}, scheduled=False)
    assert (by_hand.log, by_hand.metrics, by_hand.heartbeat) == (None, None, "")
    night = watch_of(settings, FakeClock(), {}, scheduled=True)
    assert (night.log, night.metrics) == (tmp_path / "a", tmp_path / "b")
    assert "BEAT" in night.problems[0]


def dark(result: Result, platform: str, reason: Reason) -> Result:
    cells = (
        replace(c, state=State.UNKNOWN, reason=reason)
        if c.platform == platform and c.state is not State.NOT_APPLICABLE
        else c
        for c in result.cells
    )
    return replace(result, cells=tuple(cells))


def test_a_platform_is_skipped_where_nothing_of_it_was_seen_for_a_reason_of_this_night() -> None:
    def skipped(*results: Result) -> dict[str, Reason]:
        return {id_: reason for id_, _, reason in tally(results).skipped}

    assert skipped(dark(RESULT, "gelbe-seiten", Reason.RATE_LIMITED))["gelbe-seiten"] is Reason.RATE_LIMITED
    assert "gelbe-seiten" not in skipped(dark(RESULT, "gelbe-seiten", Reason.NEEDS_KEY))
    assert "gelbe-seiten" not in skipped(RESULT, dark(RESULT, "gelbe-seiten", Reason.BLOCKED))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_night_is_one_line(lang: str) -> None:
    run = tally([dark(RESULT, "gelbe-seiten", Reason.RATE_LIMITED)])
    mail = Told(receiver="mail", organisation="o", unit="u", subject="", body="", changes=2, state="failed")
    text = summary(run, Telling(dry=False, told=(mail, replace(mail, state="sent"))), lang)
    assert "\n" not in text
    assert "Gelbe Seiten" in text
    assert str(run.gaps) in text
    assert {"de": "1 nicht mitgeteilt", "en": "1 could not be told"}[lang] in text
    assert summary(run, None, lang) in text


SCHEDULED = """
[run]
log = "logs/findbar.jsonl"
metrics = "findbar.prom"
heartbeat_env = "BEAT"
[notify.channels.team]
url_env = "TEAM"
"""


def test_a_scheduled_audit_ends_in_one_line_and_leaves_log_and_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    prepare(tmp_path)
    with (tmp_path / "findbar.toml").open("a", encoding="utf-8") as file:
        file.write(SCHEDULED)
    httpserver.expect_request("/x/start").respond_with_data("OK")
    httpserver.expect_request("/x").respond_with_data("OK")
    httpserver.expect_request("/x/fail").respond_with_data("OK")
    monkeypatch.setenv("BEAT", f"http://127.0.0.1:{httpserver.port}/x")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["--lang", "en", "audit", "--offline", "--scheduled"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].startswith("findbar: 1 organisation, ")
    assert [line["event"] for line in lines(tmp_path / "logs" / "findbar.jsonl")][-1] == "end"
    assert "findbar_gaps" in (tmp_path / "findbar.prom").read_text("utf-8")
    store = Store(tmp_path / "findbar.db")
    try:
        second = CliRunner().invoke(main, ["audit", "--offline", "--scheduled"])
    finally:
        store.close()
    assert second.exit_code == WRONG
    assert [request.path for request, _ in httpserver.log] == ["/x/start", "/x", "/x/start", "/x/fail"]
