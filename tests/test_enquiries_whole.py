"""Imported enquiries from the command line to the report: counted, pooled, judged again alike, and nobody in them."""

from __future__ import annotations

from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import platforms
from audit.auditing import Workshop, run_audit
from audit.demonstration import prepare, workshop
from audit.looking import rejudged
from audit.model import Result
from audit.working import WorkingFolder, organisations_of, request_for
from cli import main
from reports.html import render
from tests.helpers import everything_written
from tests.mail_factory import NAMES, mail, mbox
from tests.test_store import rows

NOW = datetime.now(UTC).replace(microsecond=0)
DEBT = "schuldnerberatung"
OURS = "schulden@hilfsbund-quellstadt.example"


@pytest.fixture
def folder(tmp_path: Path) -> WorkingFolder:
    return prepare(tmp_path / "demo")


def findbar(folder: WorkingFolder, *words: str, lang: str = "en") -> str:
    with chdir(folder.root):
        done = CliRunner().invoke(main, ["--lang", lang, *words], env={"COLUMNS": "200"})
    assert done.exit_code in (0, 2), done.output
    return done.output


def audited(folder: WorkingFolder) -> tuple[Workshop, Result]:
    shop = workshop(folder, platforms)
    organisations, _ = organisations_of(folder.organisations, shop.catalogue)
    request = request_for(organisations, shop.registry, services=(DEBT,), platforms=("website",))
    [result] = run_audit(shop, request, folder.database)
    return shop, result


def write_list(folder: WorkingFolder, name: str, count: int, hours: float) -> Path:
    """So many enquiries, an hour after the other, from a Saturday on, weeks ago."""
    start = (NOW - timedelta(days=60)).replace(hour=10, minute=0, second=0)
    start -= timedelta(days=(start.weekday() - 5) % 7)
    rows = [(start + timedelta(weeks=n % 6, hours=n % 5), n) for n in range(count)]
    text = "id;asked_at;answered_at;service\n" + "".join(
        f"{name}{n};{at.isoformat()};{(at + timedelta(hours=hours)).isoformat()};{DEBT}\n" for at, n in rows
    )
    path = folder.root / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_imported_is_counted_shown_and_a_gap(folder: WorkingFolder) -> None:
    told = findbar(folder, "enquiries", "import", str(write_list(folder, "a", 24, 50)))
    assert "24 enquiries, 24 answered and 0 open; 24 new" in told
    _, result = audited(folder)
    [row] = [row for row in result.score.answering if row.source == "imported"]
    assert (row.level, row.subject, row.count, row.windows[0].median_hours) == ("service", DEBT, 24, 50)
    assert result.score.response.known == 1
    assert [gap.kind for gap in result.gaps if gap.platform == "enquiries"] == ["late-weekend"]
    german = render(result, "de")
    sentence = "Wer am Wochenende fragt, wartet im Mittel 50 Stunden"
    for words in (sentence, "eigenes Postfach", "Am Wochenende keine rechtzeitige Antwort", 'class="week"'):
        assert words in german
    shown = " ".join(findbar(folder, "report").split())
    assert "typically waits 50 hours" in shown
    assert "Target: an answer within 24 hours" in shown


def test_a_late_window_that_became_quick_closes_its_gap(folder: WorkingFolder) -> None:
    findbar(folder, "enquiries", "import", str(write_list(folder, "a", 24, 50)))
    audited(folder)
    assert rows(folder.database, "SELECT state FROM gaps WHERE platform = 'enquiries'") == [("open",)]
    findbar(folder, "enquiries", "import", str(write_list(folder, "b", 240, 1)))
    _, result = audited(folder)
    assert [gap for gap in result.gaps if gap.platform == "enquiries"] == []
    assert rows(folder.database, "SELECT state FROM gaps WHERE platform = 'enquiries'") == [("closed",)]


def test_a_run_judged_again_counts_what_was_known_when_it_ended(folder: WorkingFolder) -> None:
    findbar(folder, "enquiries", "import", str(write_list(folder, "a", 6, 5)))
    shop, before = audited(folder)
    assert rejudged(folder.database, shop).equal
    findbar(folder, "enquiries", "import", str(write_list(folder, "b", 6, 90)))
    assert rejudged(folder.database, shop, before.run).equal
    _, after = audited(folder)
    counts = [sum(r.count for r in result.score.answering if r.source == "imported") for result in (before, after)]
    assert counts == [6, 12]


def test_a_small_team_is_not_shown_by_itself(folder: WorkingFolder) -> None:
    file = folder.organisations / "hilfsbund-quellstadt.toml"
    file.write_text(file.read_text("utf-8").replace("team_size = 6", "team_size = 4"), encoding="utf-8")
    findbar(folder, "enquiries", "import", str(write_list(folder, "a", 24, 50)))
    _, result = audited(folder)
    assert {row.level for row in result.score.answering if row.source == "imported"} == {"organisation"}
    assert ("schuldnerberatung", "small-team") in {(one.service, one.why) for one in result.score.unmeasured}


def test_nobody_is_in_database_evidence_report_or_what_is_printed(folder: WorkingFolder, tmp_path: Path) -> None:
    asked = NOW - timedelta(days=9)
    messages = [mail(f"geheim-{n}@privat.example", asked + timedelta(hours=n), to=OURS) for n in range(6)]
    messages.append(
        mail("a", asked + timedelta(hours=9), OURS, "ilse.geheim@privat.example", reply_to="geheim-0@privat.example")
    )
    box = mbox(tmp_path / "post.mbox", messages)
    printed = findbar(folder, "enquiries", "import", str(box)) + findbar(
        folder, "enquiries", "import", str(box), lang="de"
    )
    assert "6 enquiries, 1 answered and 5 open; 6 new" in printed
    _, result = audited(folder)
    printed += findbar(folder, "report", "--html", "out/a.html", "--json", "out/a.json", "--csv", "out/a.csv")
    printed += render(result, "en")
    written = everything_written(folder.root)
    for secret in (*NAMES, "privat.example", "geheim-0"):
        assert secret not in printed, secret
        assert secret.encode() not in written, secret


def test_a_list_of_reviews_is_a_figure_of_its_own_and_no_enquiry(folder: WorkingFolder) -> None:
    rows = [(NOW - timedelta(days=30 + n), n) for n in range(4)]
    text = "asked_at;answered_at;kind;service\n" + "".join(
        f"{at.isoformat()};{(at + timedelta(hours=5)).isoformat() if n else ''};review;{DEBT}\n" for at, n in rows
    )
    folder.root.joinpath("bewertungen.csv").write_text(text, encoding="utf-8")
    told = findbar(folder, "enquiries", "import", "bewertungen.csv", "--organisation", "hilfsbund-quellstadt-e-v")
    assert "0 enquiries, 0 answered and 0 open; 4 new" in told
    assert "4 of the new and known rows are reviews" in told
    _, result = audited(folder)
    (row,) = result.score.replies
    assert (row.kind, row.source, row.count, row.answered, row.median_hours) == ("review", "imported", 4, 3, 5)
    assert not [one for one in result.score.answering if one.source == "imported"]


def test_bad_input_ends_in_a_sentence(folder: WorkingFolder, tmp_path: Path) -> None:
    (tmp_path / "leer.csv").write_text("", encoding="utf-8")
    (tmp_path / "x.mbox").write_bytes(b"kein Postfach")
    (tmp_path / "x.csv").write_text("a;b\n", encoding="utf-8")
    for words in (
        ["leer.csv"],
        ["x.csv", "--channel", "y"],
        ["x.mbox"],
        ["x.mbox", "--service", "unbekannt"],
        ["fehlt.csv"],
        ["imap://a@b.example"],
        ["leer.csv", "--organisation", "fremd"],
    ):
        source, *rest = words
        said = findbar(folder, "enquiries", "import", str(tmp_path / source) if "://" not in source else source, *rest)
        assert said.startswith("findbar: "), words
        assert "Traceback" not in said
