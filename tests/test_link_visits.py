"""Link visits from end to end: a loopback server stands for a booking portal, and is asked for one page alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audit.model import Cell, Listing, Reason, State
from audit.store import Store
from tests.sites import archive_of, cells, configure, findbar, hurried, no_internet, put, results, served

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.usefixtures("hurried", "no_internet")

SITE, PORTAL = "www.lotsenhaus.example", "termin.example"
ROW = f"""
[[platform]]
id = "stadttermin"
name = "Stadttermin"
kind = "booking"
how = "visit"
hosts = ["{PORTAL}"]
marks = ["Stadttermin"]
gone = ["Dieser Kalender wurde gelöscht"]
link = "https://{PORTAL}"
ask_de = "Führt der Link zum Angebot?"
ask_en = "Does the link lead to the service?"
edited_by = "owner"
policy_url = "https://{PORTAL}/agb"
read_on = 2026-11-24
why = "no interface"
actions = ["book"]
"""
ORGANISATION = f"""
name = "Lotsenhaus e. V."
website = "https://{SITE}/"
[[location]]
city = "Quellstadt"
[[service]]
id = "debt"
name = "Schuldnerberatung"
kind = "debt-counselling"
[[service]]
id = "addiction"
name = "Suchtberatung"
kind = "addiction-counselling"
[[profile]]
platform = "stadttermin"
url = "https://{PORTAL}/lotsenhaus"
"""


def page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} | Stadttermin</title></head><body>'
        f"<h1>{title}</h1><p>{body}</p></body></html>"
    )


GOOD = page("Termine im Lotsenhaus", "Buchen Sie ein Gespräch in der Schuldnerberatung. " * 8)


def audited(tmp_path: Path, body: str = GOOD, robots: str = "User-agent: *\nAllow: /\n", **more: Any) -> Path:
    web, work = tmp_path / "web", tmp_path / "work"
    put(web, PORTAL, {"/robots.txt": robots})
    put(web, PORTAL, {"/lotsenhaus": body}, **more)
    archive = archive_of(web)
    with served(archive) as base:
        configure(work, served=(archive, base))
        (work / "platforms.d").mkdir()
        (work / "platforms.d" / "stadt.toml").write_text(ROW, "utf-8")
        (work / "lotsenhaus.toml").write_text(ORGANISATION, "utf-8")
        findbar(work, "audit", "--platform", "stadttermin", "lotsenhaus.toml")
    return work


def judged(work: Path) -> dict[str, Cell]:
    return {cell.subject.split("/")[1].split("@")[0]: cell for cell in cells(work)}


def test_a_living_page_that_names_one_service_says_nothing_of_the_other(tmp_path: Path) -> None:
    work = audited(tmp_path)
    found = judged(work)
    assert found["debt"].state is State.GAPS  # named in the text only
    assert found["debt"].way == "stadttermin-link"
    assert (found["addiction"].state, found["addiction"].reason) == (State.UNKNOWN, Reason.TRUNCATED)
    assert "missing" not in {gap.kind for gap in results(work)[0].gaps}
    said = findbar(work, "assist", "--list").output
    assert "Suchtberatung" in said
    assert f"https://{PORTAL}/lotsenhaus" in said


def test_one_page_is_asked_for_and_nothing_behind_it(tmp_path: Path) -> None:
    work = audited(tmp_path, GOOD.replace("<h1>", '<a href="/lotsenhaus/termine">Termine</a><h1>'))
    store = Store(work / "findbar.db", writing=False)
    try:
        visits = [
            seen.visit for way in store.observed(store.latest_run() or "").ways for a in way.answers for seen in a.chain
        ]
    finally:
        store.close()
    assert [(visit.method, visit.url, visit.body) for visit in visits] == [("GET", f"https://{PORTAL}/lotsenhaus", "")]


@pytest.mark.parametrize("gone", ["status", "words"])
def test_a_dead_link_is_missing_for_every_service(tmp_path: Path, gone: str) -> None:
    body = page(
        "Nicht gefunden", "Diese Seite gibt es nicht." if gone == "status" else "Dieser Kalender wurde gelöscht."
    )
    more: dict[str, Any] = {"status": 404} if gone == "status" else {}
    work = audited(tmp_path, body, **more)
    assert {cell.state for cell in cells(work)} == {State.MISSING}


@pytest.mark.parametrize(
    ("body", "more", "reason"),
    [
        (GOOD, {"robots": "User-agent: *\nDisallow: /\n"}, Reason.ROBOTS_FORBIDDEN),
        (GOOD, {"status": 403}, Reason.BLOCKED),
        (page("Nur einen Moment", "Bestätigen Sie, dass Sie ein Mensch sind."), {}, Reason.BLOCKED),
        ("<html><title>nginx</title><h1>404 Not Found</h1></html>", {"status": 404}, Reason.LAYOUT_CHANGED),
        (
            "<html><title>Stadttermin</title><div id=app></div><script src=a.js></script></html>",
            {},
            Reason.LAYOUT_CHANGED,
        ),
    ],
    ids=["robots", "refused", "challenge", "another 404", "drawn by scripts"],
)
def test_what_could_not_be_seen_is_unknown_and_a_person_is_asked(
    tmp_path: Path, body: str, more: dict[str, Any], reason: Reason
) -> None:
    work = audited(tmp_path, body, **more)
    assert {(cell.state, cell.reason) for cell in cells(work)} == {(State.UNKNOWN, reason)}
    assert len(findbar(work, "assist", "--list").output.splitlines()) == 3


def test_a_portal_that_only_the_own_website_links_to_is_visited(tmp_path: Path) -> None:
    web, work = tmp_path / "web", tmp_path / "work"
    home = page("Lotsenhaus", '<a href="https://www.etermin.net/lotsenhaus">Schuldnerberatung: Termin buchen</a>')
    put(web, SITE, {"/": home, "/robots.txt": "User-agent: *\nAllow: /\n"})
    put(web, "www.etermin.net", {"/robots.txt": "", "/lotsenhaus": GOOD.replace("Stadttermin", "eTermin")})
    archive = archive_of(web)
    with served(archive) as base:
        configure(work, served=(archive, base))
        (work / "lotsenhaus.toml").write_text(ORGANISATION.partition("[[profile]]")[0], "utf-8")
        findbar(work, "audit", "--platform", "website", "--platform", "etermin", "lotsenhaus.toml")
    store = Store(work / "findbar.db", writing=False)
    try:
        ways = {way.way: way for way in store.observed(store.latest_run() or "").ways}
    finally:
        store.close()
    (answer,) = ways["etermin-link"].answers
    assert [seen.visit.url for seen in answer.chain] == ["https://www.etermin.net/lotsenhaus"]
    assert any(isinstance(item, Listing) for item in answer.items)
