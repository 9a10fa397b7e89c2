"""Of very many organisations only those reports are written again of which anything changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.auditing import run_audit
from audit.changing import another_than_then
from audit.judging.judge import Case, judge
from audit.model import Result
from audit.requesting import Request
from reports import delivery
from reports.delivery import Delivery
from tests.helpers import DEBT, NOW, organisation, shop, tiny

ORGANISATIONS = tuple(organisation(DEBT, id=f"o{n}", name=f"Hilfe {n} e. V.") for n in range(3))
PAGE = "https://tiny.example/schulden"


def night(folder: Path, number: int, answer: str = "nothing", only: int = 3, **asked: Any) -> set[str]:
    """The files written in one night; ``only`` so many organisations are told of before it breaks off."""
    workshop, _ = shop([tiny()], {PAGE: answer}, at=NOW + timedelta(days=number))
    results = run_audit(workshop, Request(organisations=ORGANISATIONS), folder / "findbar.db")
    before = written(folder)
    another = another_than_then(folder / "findbar.db")
    told = Delivery(lang="en", output=folder / "out", number=len(results), another=another, **asked)
    for result in results[:only]:
        told.take(result)
    after = written(folder)
    assert told.written == len({name.split(".")[0] for name in after if after[name] != before.get(name)})
    return {name for name in after if after[name] != before.get(name)}


def written(folder: Path) -> dict[str, float]:
    return {path.name: path.stat().st_mtime for path in (folder / "out").glob("*")}


EVERY = {f"o{n}.{kind}" for n in range(3) for kind in ("html", "json")}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_FEW", 2)


def test_of_a_few_every_report_is_of_the_last_night(tmp_path: Path) -> None:
    assert night(tmp_path, 0) == EVERY
    assert night(tmp_path, 1) == EVERY


@pytest.mark.usefixtures("many")
def test_of_many_a_report_is_written_where_something_changed_or_there_is_none(tmp_path: Path) -> None:
    assert night(tmp_path, 0) == EVERY
    assert night(tmp_path, 1) == EVERY  # what is absent for the second time is certain
    assert night(tmp_path, 2) == set()
    (tmp_path / "out" / "o1.html").unlink()
    assert night(tmp_path, 3) == {"o1.html"}
    assert night(tmp_path, 4, "listing Schuldnerberatung") == EVERY


@pytest.mark.usefixtures("many")
def test_a_change_whose_report_could_not_be_written_is_in_the_next_nights(tmp_path: Path) -> None:
    for number in range(3):
        night(tmp_path, number)
    assert night(tmp_path, 3, "listing Schuldnerberatung", only=1) == {"o0.html", "o0.json"}
    assert night(tmp_path, 4, "listing Schuldnerberatung") == EVERY - {"o0.html", "o0.json"}


@pytest.mark.usefixtures("many")
def test_reports_that_are_asked_for_are_all_written(tmp_path: Path) -> None:
    for number in range(3):
        night(tmp_path, number)
    assert night(tmp_path, 3, html_file=tmp_path / "out") == {name for name in EVERY if name.endswith("html")}
    assert night(tmp_path, 4, json_file=str(tmp_path / "out")) == {name for name in EVERY if name.endswith("json")}


def test_each_organisation_is_stored_before_the_next_one_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    record = "audit.store.history.record"
    monkeypatch.setattr(record, lambda _db, result, _memory: happened.append(f"stored {result.organisation}"))

    def judged(case: Case) -> Result:
        happened.append(f"judged {case.organisation.id}")
        return judge(case)

    monkeypatch.setattr("audit.auditing.judge", judged)
    workshop, _ = shop([tiny()], {PAGE: "nothing"})
    run_audit(workshop, Request(organisations=ORGANISATIONS), tmp_path / "findbar.db")
    assert happened == [f"{what} o{n}" for n in range(3) for what in ("judged", "stored")]
