"""findbar against real AT Protocol servers on loopback (FINDBAR_ATPROTO, as .ci/atproto start FOLDER prints it)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from audit.model import Exchange, Finding, Observed, Outcome, State
from audit.store import Store

from .conftest import skip_or_fail
from .helpers import everything_written
from .sites import cells, configure, findbar, hurried, no_internet, results

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.usefixtures("hurried", "no_internet")

PROFILE = "https://bsky.app/profile/"


@pytest.fixture
def base() -> str:
    """The base address of a running AppView."""
    url = os.environ.get("FINDBAR_ATPROTO", "").rstrip("/")
    if not url:
        skip_or_fail("atproto", "no server is named in FINDBAR_ATPROTO (start one: .ci/atproto start FOLDER)")
    return url


def audited(tmp_path: Path, base: str, handle: str, known: str = "ruhend.test") -> Path:
    """One service of an organisation that declares this account; the control asks for another one."""
    lines = [
        f'allow = ["{urlsplit(base).netloc}"]',
        "[base_urls]",
        f'"public.api.bsky.app" = "{base}"',
        "[controls.bluesky]",
        f'name = "Ruhender Treff"\nprofile = "{PROFILE}{known}"',
    ]
    folder = configure(tmp_path / "work", *lines)
    # in lower case: this AppView looks for the very letters of a handle, the public one is said to be kinder
    told = ['name = "lotsenhaus"', 'website = "https://www.lotsenhaus-quellstadt.example"', "[[location]]"]
    told += ['city = "Quellstadt"', "[[service]]", 'name = "Schuldnerberatung"', 'kind = "debt-counselling"']
    told += ["[[profile]]", 'platform = "bluesky"', f'url = "{PROFILE}{handle}"']
    (folder / "lotsenhaus.toml").write_text("\n".join(told) + "\n", encoding="utf-8")
    findbar(folder, "audit", "--platform", "bluesky", folder / "lotsenhaus.toml")
    return folder


def observed(folder: Path) -> Observed:
    store = Store(folder / "findbar.db", writing=False)
    try:
        return store.observed(store.latest_run() or "")
    finally:
        store.close()


def finding(folder: Path, criterion: str) -> Finding:
    (cell,) = cells(folder, "bluesky")
    (found,) = [one for one in cell.findings if one.criterion == criterion]
    return found


def ago(at: datetime) -> timedelta:
    return datetime.now(UTC) - at


def test_a_question_and_its_answer_are_read_with_their_times(tmp_path: Path, base: str) -> None:
    work = audited(tmp_path, base, "lotsenhaus.test")
    (cell,) = cells(work, "bluesky")
    assert cell.match
    listing = cell.match.listing
    assert listing.name == "Lotsenhaus Quellstadt"
    # the domain that is its handle, and the link in its description
    assert listing.websites == ("https://lotsenhaus.test", "https://www.lotsenhaus-quellstadt.example")
    items = [item for way in observed(work).ways for answer in way.answers for item in answer.items]
    told = {e.id: e for e in items if isinstance(e, Exchange)}
    (thanks,) = [e for e in told.values() if e.kind == "comment"]
    assert thanks.answered_at
    assert thanks.answered_at - thanks.asked_at == timedelta(hours=1)
    asked = {id_: e for id_, e in told.items() if e.kind == "question"}
    answered = [e for e in asked.values() if e.answered_at]
    still_open = [e for e in asked.values() if not e.answered_at]
    assert (len(answered), len(still_open)) == (1, 1)
    assert answered[0].answered_at
    assert answered[0].answered_at - answered[0].asked_at == timedelta(hours=2)
    assert timedelta(hours=40) < ago(still_open[0].asked_at) < timedelta(hours=60)
    assert finding(work, "answered").outcome is Outcome.NOT_MET
    assert finding(work, "active").outcome is Outcome.MET
    # nobody's words and names but the account's own are kept
    findbar(work, "report", "--html", "out/a.html", "--json", "out/a.json")
    written = everything_written(work)
    words = ("ratsuchend", "freie Termin", "Wo finde ich", "Vielen Dank")
    assert [word for word in words if word.encode() in written] == []


def test_an_account_that_does_not_exist_is_missing_because_the_server_says_so(tmp_path: Path, base: str) -> None:
    work = audited(tmp_path, base, "niemand.test")
    (cell,) = cells(work, "bluesky")
    assert (cell.state, cell.reason) == (State.MISSING, None)


def test_an_account_without_a_post_for_a_year_looks_abandoned(tmp_path: Path, base: str) -> None:
    work = audited(tmp_path, base, "ruhend.test", known="lotsenhaus.test")
    assert finding(work, "active").outcome is Outcome.NOT_MET


def test_an_account_that_never_posted_is_listed_and_nothing_more(tmp_path: Path, base: str) -> None:
    work = audited(tmp_path, base, "leer.test")
    (cell,) = cells(work, "bluesky")
    assert cell.match
    assert {f.criterion for f in cell.findings}.isdisjoint({"active", "answered"})


def test_another_account_of_the_name_is_shown_as_a_namesake(tmp_path: Path, base: str) -> None:
    work = audited(tmp_path, base, "lotsenhaus.test")
    (result,) = results(work)
    found = [(s.kind, s.name, s.url) for s in result.strays]
    assert found == [("namesake", "Lotsenhaus Quellstadt", f"{PROFILE}lotsenhaus-gewinn.test")]


def test_without_the_control_the_server_is_not_believed(tmp_path: Path, base: str) -> None:
    work = audited(tmp_path, base, "lotsenhaus.test", known="niemand.test")
    (cell,) = cells(work, "bluesky")
    assert cell.state is State.UNKNOWN
