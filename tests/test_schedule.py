"""What runs findbar every night is written for a person to read and install; nothing is installed."""

from __future__ import annotations

import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from audit.nights import NoTimeOfDayError
from audit.scheduling import (
    KINDS,
    NoTasksError,
    OnceADayError,
    Plan,
    UnwritableError,
    install_lines,
    plan_of,
    write_schedule,
)
from audit.settings import Settings
from cli import main
from reports.texts import LANGUAGES

NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder whose name means something to every one of the formats."""
    folder = tmp_path / "Müller & Söhne 100% 'gut' $HOME"
    folder.mkdir()
    return folder


def written(kind: str, folder: Path, **times: Any) -> dict[str, str]:
    paths = write_schedule(kind, folder, folder / "schedule", Plan(**{"at": "21:30", "until": "5:30", **times}))
    return {path.name: path.read_text(KINDS[kind].encoding) for path in paths}


def unit(text: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


def test_the_service_may_write_its_folder_and_nothing_else(odd: Path) -> None:
    service = unit(written("systemd", odd)["findbar.service"])["Service"]
    folder = str(odd).replace("%", "%%")
    assert service["WorkingDirectory"] == folder
    assert service["ExecStart"].endswith(" audit --scheduled --until 05:30")
    locked = ("ProtectSystem", "ProtectHome", "NoNewPrivileges", "PrivateTmp", "CapabilityBoundingSet")
    assert [service[key] for key in locked] == ["strict", "read-only", "yes", "yes", ""]
    assert service["KillSignal"] == "SIGINT"


def test_the_path_that_may_be_written_holds_where_it_has_blanks(odd: Path) -> None:
    service = unit(written("systemd", odd)["findbar.service"])["Service"]
    assert service["ReadWritePaths"].startswith('"')
    assert service["EnvironmentFile"].startswith("-")


def test_a_night_that_was_missed_is_not_made_up_for_by_day(odd: Path) -> None:
    timer = unit(written("systemd", odd)["findbar.timer"])["Timer"]
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-* 21:30:00", "false")


def test_the_line_of_cron_goes_to_the_folder_whatever_its_name(odd: Path) -> None:
    line = written("cron", odd)["findbar.cron"].strip()
    when, command = line.split(" cd ", 1)
    assert when == "30 21 * * *"
    assert "%" not in command.replace(r"\%", "")
    folder = command.split(" && ")[0].replace(r"\%", "%")
    shell = shutil.which("sh") or "sh"
    shown = subprocess.run([shell, "-c", f"cd {folder} && pwd"], capture_output=True, text=True, check=True)  # noqa: S603
    assert shown.stdout.strip() == str(odd)


def test_the_line_of_cron_knows_the_keys_and_runs_without_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "findbar").write_text('#!/bin/sh\necho "$KEY"\n', encoding="utf-8")
    (tmp_path / "findbar").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    command = written("cron", tmp_path)["findbar.cron"].split(" * * * ", 1)[1].replace(r"\%", "%")
    for keys in (None, "KEY='a b$c'\n"):
        if keys:
            (tmp_path / "findbar.env").write_text(keys, encoding="utf-8")
        subprocess.run([shutil.which("sh") or "sh", "-c", command], check=True)  # noqa: S603
    assert (tmp_path / "findbar.log").read_text("utf-8") == "\na b$c\n"


def test_the_task_of_windows_is_well_formed_and_never_runs_twice_at_once(odd: Path) -> None:
    task = ET.fromstring(written("windows", odd)["findbar-task.xml"].split("?>", 1)[1])  # noqa: S314 - our own
    assert task.findtext(".//t:WorkingDirectory", namespaces=NAMESPACE) == str(odd)
    assert task.findtext(".//t:Arguments", namespaces=NAMESPACE) == "audit --scheduled --until 05:30"
    assert task.findtext(".//t:MultipleInstancesPolicy", namespaces=NAMESPACE) == "IgnoreNew"


@pytest.mark.parametrize(("kind", "name"), [("github", "github.yml"), ("gitlab", "gitlab.yml")])
def test_a_pipeline_keeps_what_earlier_nights_saw_and_knows_the_clock(kind: str, name: str, odd: Path) -> None:
    text = written(kind, odd)[name]
    assert "30 21 * * *" in text
    assert "findbar audit --scheduled --until 05:30" in text
    assert "Europe/Berlin" in text
    assert "findbar.db" in text
    assert "${" not in text.replace("${{ github.run_id }}", "").replace("${{ secrets.NAME }}", "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_is_explained_and_only_its_files_are_written(
    kind: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["--lang", lang, "schedule", kind])
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(KINDS[kind].files)
    assert {"de": "richtet nichts selbst ein", "en": "installs nothing itself"}[lang] in done.output


def test_a_wrong_time_and_a_name_no_file_can_hold_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(NoTimeOfDayError):
        written("cron", tmp_path, at="25:00")
    with pytest.raises(UnwritableError):
        write_schedule("cron", tmp_path / "a\nb", tmp_path / "schedule", Plan(at="22:00", until="06:00"))
    assert list(tmp_path.iterdir()) == []


SETTINGS = Settings.model_validate({
    "run": {"log": "/var/log/findbar/night.jsonl", "heartbeat_env": "BEAT"},
    "notify": {"channels": {"team": {"url_env": "TEAM"}}},
    "tasks": {"gitlab": {"url": "https://gitlab.example", "project": "a/b", "token_env": "KEY"}},
})  # fmt: skip


@pytest.mark.parametrize("kind", ["systemd", "cron", "windows"])
def test_what_quiet_hours_held_back_is_told_by_a_second_job(kind: str, odd: Path) -> None:
    files = written(kind, odd, notify="7:15")
    assert len(files) == 2 * len(KINDS[kind].files)
    second = {name: text for name, text in files.items() if name.startswith("findbar-notify")}
    assert len(second) == len(KINDS[kind].files)
    assert not any("audit" in text for text in second.values())
    assert any(time in text for text in second.values() for time in ("07:15", "15 7 "))
    lines = install_lines(kind, [odd / name for name in files])
    assert any("findbar-notify" in line for line in lines)


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_pipeline_has_one_job_and_says_so(kind: str, odd: Path) -> None:
    with pytest.raises(OnceADayError, match="--notify"):
        written(kind, odd, notify="07:15")


def test_the_service_may_also_write_where_the_settings_say(odd: Path) -> None:
    write_schedule("systemd", odd, odd / "schedule", plan_of(SETTINGS, "22:00", "06:00", ""))
    service = unit((odd / "schedule" / "findbar.service").read_text("utf-8"))["Service"]
    assert service["ReadWritePaths"].endswith(' "/var/log/findbar"')


def test_a_workflow_is_given_every_secret_that_the_settings_name(odd: Path) -> None:
    write_schedule("github", odd, odd / "schedule", plan_of(SETTINGS, "22:00", "06:00", ""))
    text = (odd / "schedule" / "github.yml").read_text("utf-8")
    for name in ("BEAT", "KEY", "TEAM"):
        assert f"      {name}: ${{{{ secrets.{name} }}}}\n" in text
    assert "pip install 'findbar[alerts]'" in text


@pytest.mark.parametrize("kind", ["systemd", "cron", "windows"])
@pytest.mark.parametrize(("notify", "at"), [("", "07:00"), ("7:30", "07:45")])
def test_gaps_are_handed_over_after_the_night_by_a_job_of_their_own(kind: str, notify: str, at: str, odd: Path) -> None:
    plan = plan_of(SETTINGS, "22:00", "06:00", notify, tasks=True)
    paths = write_schedule(kind, odd, odd / "schedule", plan)
    mine = [path.read_text(KINDS[kind].encoding) for path in paths if path.name.startswith("findbar-tasks-gitlab")]
    assert len(mine) == len(KINDS[kind].files)
    assert any("gaps export --to gitlab" in text for text in mine)
    hour, minute = map(int, at.split(":"))
    assert any(time in text for text in mine for time in (f"{at}:00", f"{minute} {hour} * * *"))


@pytest.mark.parametrize(("kind", "name"), [("github", "github.yml"), ("gitlab", "gitlab.yml")])
def test_a_pipeline_hands_gaps_over_after_the_audit_whatever_it_came_to(kind: str, name: str, odd: Path) -> None:
    plain, with_tasks = (
        write_schedule(kind, odd, odd / "schedule", plan_of(SETTINGS, "22:00", "06:00", "", tasks=tasks))[0].read_text()
        for tasks in (False, True)
    )
    assert "gaps export" not in plain
    assert "after_script" not in plain
    assert with_tasks.index("findbar audit") < with_tasks.index("findbar gaps export --to gitlab\n")
    assert ("after_script:" if kind == "gitlab" else "if: success() || failure()") in with_tasks


def test_without_a_system_for_tasks_none_are_promised(tmp_path: Path) -> None:
    with pytest.raises(NoTasksError, match=r"\[tasks\.gitlab\]"):
        plan_of(Settings(), "22:00", "06:00", "", tasks=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_tasks_are_configured_the_schedule_says_whether_they_are_handed_over(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = 'url = "https://gitlab.example"\nproject = "a/b"\ntoken_env = "KEY"\n'
    (tmp_path / "findbar.toml").write_text(f"[tasks.gitlab]\n{named}", encoding="utf-8")
    left, done = (
        " ".join(CliRunner().invoke(main, ["--lang", lang, "schedule", "cron", *more]).output.split())
        for more in ([], ["--tasks"])
    )
    assert "--tasks" in left
    assert "findbar gaps export --to gitlab --dry-run" in done
    assert (tmp_path / "schedule" / "findbar-tasks-gitlab.cron").exists()
