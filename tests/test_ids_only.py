"""Providers that forbid storing: judged in memory, and not one of their words is written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.auditing import Request, Workshop, run_audit
from audit.looking import explanation, rejudged
from audit.model import Item, Listing, Nothing, Outcome, Result, Retention, State
from audit.page import Page
from audit.store import Store
from reports.data import dumps
from reports.delivery import deliver
from reports.terminal import print_explain
from tests.helpers import ADDICTION, ADDRESS, DEBT, Tiny, Web, everything_written, organisation, shop, tiny
from tests.test_report_terminal import console, printed

URL = "https://forbidding.example/"
THEIRS = Listing(
    name="Schuldnerberatung", alternate_names=("Quarzenfelder Stelle",), id="place-17", address=ADDRESS,
    url="https://x.example/quarzenfeld",
    phones=("+49 3600 998877",), hours_text="Zwystruptags", operator="Hilfe e. V.", text="Lichtwolken",
)  # fmt: skip
STRAY = replace(THEIRS, name="Hilfe e. V. Kleiderkammer Mondscheingasse", id="place-18", phones=(), url="")
WORDS = (b"Quarzenfeld", b"quarzenfeld", b"998877", b"Zwystrup", b"Lichtwolken", b"Mondschein")


class Forbidding(Tiny):
    """Shows one entry of ours with another telephone number, and one that nobody stated."""

    id = "forbidding"
    platform = replace(Tiny.platform, id="forbidding", name="Forbidding")
    host = "forbidding.example"
    retention = Retention.IDS_ONLY

    def read(self, page: Page) -> Iterator[Item]:
        """The entries where they are said to be there."""
        yield from [THEIRS, STRAY] if page.text == "there" else [Nothing("no hits")]


ORG = organisation(replace(DEBT, phone="+49 3600 112"), ADDICTION, platforms=("forbidding",))
ANSWERS: dict[str, Any] = {f"{URL}schulden": "there", f"{URL}sucht": "no"}


def audited(folder: Path) -> tuple[Workshop, Web, Result]:
    made, web = shop([Forbidding()], ANSWERS)
    (result,) = run_audit(made, Request(organisations=(ORG,)), folder / "findbar.db")
    return made, web, result


def test_the_entry_is_judged_by_what_it_showed(tmp_path: Path) -> None:
    debt, addiction = audited(tmp_path)[2].cells
    assert debt.match
    assert (debt.match.listing, debt.match.probability > 0.9) == (Listing(name="", id="place-17"), True)
    phone = next(finding for finding in debt.findings if finding.criterion == "phone")
    assert (phone.outcome, phone.stated, phone.shown) == (Outcome.NOT_MET, "+49 3600 112", "")
    assert addiction.state is State.MISSING


def test_not_one_word_of_theirs_is_written_or_shown(tmp_path: Path) -> None:
    _, _, result = audited(tmp_path)
    deliver([result], "en", tmp_path / "out", json_file=None, html_file=None)
    found = explanation(tmp_path / "findbar.db", result.cells[0].id)
    to = console(120)
    print_explain(found.result, found.cell, "en", to, found.looks)
    written = everything_written(tmp_path) + printed(to).encode() + dumps(result).encode()
    assert b"place-17" in written
    assert [word for word in WORDS if word in written] == []
    assert "place-17" in printed(to)


def test_a_way_that_may_keep_more_still_does(tmp_path: Path) -> None:
    made, _ = shop(
        [tiny()],
        {"https://tiny.example/schulden": "listing Schuldnerberatung", "https://tiny.example/sucht": "nothing"},
    )
    (result,) = run_audit(made, Request(organisations=(organisation(DEBT, ADDICTION),)), tmp_path / "findbar.db")
    assert result.cells[0].match
    assert result.cells[0].match.listing.name == "Schuldnerberatung"


def test_a_run_judged_again_keeps_such_cells_as_they_were(tmp_path: Path) -> None:
    made, web, result = audited(tmp_path)
    asked = len(web.asked)
    again = rejudged(tmp_path / "findbar.db", made)
    assert again.equal
    assert again.changed == ()
    assert len(web.asked) == asked
    assert result.gaps


def test_an_audit_that_was_killed_asks_for_them_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, web = shop([Forbidding()], ANSWERS)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "observe", killed)
        with pytest.raises(KeyboardInterrupt):
            run_audit(made, Request(organisations=(ORG,)), tmp_path / "findbar.db")
    first = [url for url, *_ in web.asked]
    (result,) = run_audit(made, Request(organisations=(ORG,)), tmp_path / "findbar.db")
    second = [url for url, *_ in web.asked][len(first) :]
    assert f"{URL}schulden" in second  # only its id was kept
    assert f"{URL}sucht" not in second  # that nothing is there may be kept
    assert [cell.state for cell in result.cells] == [State.GAPS, State.MISSING]
