"""Earlier answers used again: only conclusive ones, only while the server says so, never where it may not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from audit.auditing import run_audit
from audit.freshness import validators
from audit.looking import explanation, rejudged
from audit.model import Address, Item, Listing, Organisation, Query, Retention, State, Visit
from audit.page import Page
from audit.requesting import Request
from tests.helpers import DEBT, NOW, Tiny, known_to, organisation, shop, tiny
from tests.test_store import rows

URL = "https://tiny.example/schulden"
FOUND = "listing Schuldnerberatung"


@dataclass
class Server:
    """Answers 304 where the mark is still the same; ``asked`` holds the conditions of every request."""

    web: Any
    body: str = FOUND
    headers: dict[str, str] = field(default_factory=lambda: {"etag": '"v1"'})
    asked: list[dict[str, str]] = field(default_factory=list)

    async def get(self, visit: Visit, limits: Any, permit: Any = None) -> Page:
        if not visit.url.startswith(URL):
            return await self.web.get(visit, limits, permit)  # type: ignore[no-any-return]
        self.asked.append(dict(visit.headers))
        same = self.headers.get("etag", "-") == dict(visit.headers).get("if-none-match")
        same = same or self.headers.get("last-modified", "-") == dict(visit.headers).get("if-modified-since")
        shown = tuple({"content-type": "text/plain", **self.headers}.items())
        body = b"" if same else self.body.encode()
        status = 304 if same else 200
        return Page(visit=visit, at=self.web.clock.now(), url=visit.url, status=status, headers=shown, body=body)

    async def close(self) -> None:
        """Nothing is open."""


def audited(
    folder: Path, server: Server, day: float = 0, checker: Tiny | None = None, *, fresh: bool = False,
    org: Organisation | None = None,
) -> Any:  # fmt: skip
    workshop, web = shop([checker or tiny()], {}, at=NOW + timedelta(days=day))
    server.web = web
    workshop.getters = dict.fromkeys(workshop.getters or {}, server)
    request = Request(organisations=(org or organisation(DEBT),), fresh=fresh)
    return run_audit(workshop, request, folder / "findbar.db")[0]


def seen_of(folder: Path) -> Any:
    return explanation(folder / "findbar.db", "hilfe/schulden@haus/tiny").looks[0].seen


def test_a_second_run_asks_only_whether_the_page_changed(tmp_path: Path) -> None:
    server = Server(None)
    first = audited(tmp_path, server)
    second = audited(tmp_path, server, day=1)
    assert server.asked == [{}, {"if-none-match": '"v1"'}]
    assert [cell.state for cell in second.cells] == [cell.state for cell in first.cells] == [State.COMPLETE]
    assert seen_of(tmp_path).cached
    assert seen_of(tmp_path).at == NOW + timedelta(days=1)


def test_a_third_run_can_ask_the_same_again(tmp_path: Path) -> None:
    server = Server(None, headers={"last-modified": "Mon, 23 Nov 2026 08:00:00 GMT"})
    for day in range(3):
        audited(tmp_path, server, day=day)
    condition = {"if-modified-since": "Mon, 23 Nov 2026 08:00:00 GMT"}
    assert server.asked == [{}, condition, condition]


def test_a_changed_page_is_read_anew(tmp_path: Path) -> None:
    server = Server(None)
    audited(tmp_path, server)
    server.headers, server.body = {"etag": '"v2"'}, "nothing"
    (cell,) = audited(tmp_path, server, day=1).cells
    assert cell.state is State.MISSING
    assert not seen_of(tmp_path).cached


def test_what_is_fresh_by_the_servers_own_word_is_not_asked_for_and_keeps_its_age(tmp_path: Path) -> None:
    server = Server(None, headers={"cache-control": "public, max-age=7200"})
    audited(tmp_path, server)
    audited(tmp_path, server, day=1 / 24)
    assert server.asked == [{}]
    assert seen_of(tmp_path).at == NOW
    audited(tmp_path, server, day=3 / 24)
    assert server.asked == [{}, {}]


def test_fresh_asks_for_everything_anew(tmp_path: Path) -> None:
    server = Server(None, headers={"cache-control": "max-age=7200", "etag": '"v1"'})
    audited(tmp_path, server)
    audited(tmp_path, server, fresh=True)
    assert server.asked == [{}, {}]


@pytest.mark.parametrize(
    "headers",
    [
        {"cache-control": "no-store, max-age=600", "etag": '"v1"'}, {"vary": "*", "etag": '"v1"'}, {},
        {"cache-control": "max-age=0"}, {"cache-control": "max-age=600", "age": "600"}, {"expires": "0"},
        {"expires": "Mon, 23 Nov 2026 08:00:00 GMT"}, {"cache-control": "max-age=-5"},
    ],
)  # fmt: skip
def test_what_must_not_be_used_again_is_asked_for_anew(tmp_path: Path, headers: dict[str, str]) -> None:
    server = Server(None, headers=headers)
    audited(tmp_path, server)
    audited(tmp_path, server, day=0.001)
    assert server.asked == [{}, {}]


@pytest.mark.parametrize("answer", ["hello", "raise"])
def test_an_answer_that_was_not_understood_is_asked_for_anew(tmp_path: Path, answer: str) -> None:
    server = Server(None, body=answer, headers={"cache-control": "max-age=7200", "etag": '"v1"'})
    audited(tmp_path, server)
    audited(tmp_path, server)
    assert server.asked == [{}, {}]


def test_where_nothing_may_be_stored_nothing_is_used_again(tmp_path: Path) -> None:
    server = Server(None, headers={"cache-control": "max-age=7200", "etag": '"v1"'})
    for _ in range(2):
        audited(tmp_path, server, checker=tiny(retention=Retention.IDS_ONLY))
    assert server.asked == [{}, {}]


def test_another_reader_reads_the_page_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(None)
    audited(tmp_path, server)
    monkeypatch.setattr("audit.store.earlier.reader_of", lambda _: "another")
    audited(tmp_path, server)
    assert server.asked == [{}, {}]


def test_every_run_has_evidence_of_its_own_that_bears_the_day_of_the_page(tmp_path: Path) -> None:
    server = Server(None)
    for day in range(3):
        audited(tmp_path, server, day=day, checker=tiny(retention=Retention.FULL))
    files = sorted((tmp_path / "findbar.evidence").iterdir())
    found = []
    for path in files:
        with path.open("rb") as stream:
            found += [(r.rec_headers["WARC-Date"], r.content_stream().read()) for r in ArchiveIterator(stream)]
    assert found == [(NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), FOUND.encode())] * 3


def test_without_its_evidence_a_page_is_asked_for_anew(tmp_path: Path) -> None:
    server, full = Server(None), tiny(retention=Retention.FULL)
    audited(tmp_path, server, checker=full)
    for path in (tmp_path / "findbar.evidence").iterdir():
        path.unlink()
    audited(tmp_path, server, checker=full)
    assert server.asked == [{}, {}]


def test_a_run_of_answers_used_again_is_judged_again_alike(tmp_path: Path) -> None:
    server = Server(None)
    for day in range(2):
        audited(tmp_path, server, day=day)
    workshop, _ = shop([tiny()], {})
    assert rejudged(tmp_path / "findbar.db", workshop).equal


class Controlled(Tiny):
    """Is asked for its own service, and for what nobody holds."""

    control = known_to("tiny")
    known: ClassVar[Listing] = Listing(
        name="Rathaus-Apotheke tiny", address=Address(street="Markt", house_number="1", postcode="00930")
    )

    def search(self, query: Query) -> Iterator[Visit]:
        control = "made-up" if "Zwystrup" in query.name else "control" if "Rathaus" in query.name else "schulden"
        yield Visit(f"https://tiny.example/{control}")

    def read(self, page: Page) -> Iterator[Item]:
        yield from [self.known] if page.text == "known" else super().read(page)


class Paid(Controlled):
    """The same with a key."""

    keys = ("TINY_KEY",)
    hosts = ("tiny.example",)


def controls_of(folder: Path, checker: Tiny, hours: float = 0) -> list[str]:
    """The controls that a run makes."""
    fresh = {"cache-control": "max-age=86400", "etag": '"v1"'}
    answers = {
        "https://tiny.example/control": (200, "known", fresh), "https://tiny.example/made-up": (200, "nothing", fresh),
        URL: FOUND,
    }  # fmt: skip
    workshop, web = shop([checker], answers, at=NOW + timedelta(hours=hours))
    workshop.environment = {"TINY_KEY": "secret-value"}
    (result,) = run_audit(workshop, Request(organisations=(organisation(DEBT),)), folder / "findbar.db")
    assert result.cells[0].state is State.COMPLETE
    return [url for url in web.urls if url != URL]


def test_controls_are_made_anew_in_every_run(tmp_path: Path) -> None:
    assert len(controls_of(tmp_path, Controlled())) == 2
    assert len(controls_of(tmp_path, Controlled(), hours=1)) == 2


def test_where_every_request_costs_a_control_of_the_last_day_will_do(tmp_path: Path) -> None:
    made = [len(controls_of(tmp_path, Paid(), hours)) for hours in (0, 1, 23, 25, 26)]
    assert made == [2, 0, 0, 2, 0]
    (said,) = set(rows(tmp_path / "findbar.db", "SELECT control_said FROM ways WHERE way = 'tiny'"))
    assert "control-held" in said[0]


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_no_header_stops_anything(control: str, expires: str, age: str) -> None:
    headers = (("cache-control", control), ("expires", expires), ("age", age))
    validators(Page(visit=Visit(URL), at=NOW, headers=headers))


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_nothing_is_fresh_for_more_than_a_day(most: int, age: int) -> None:
    page = Page(visit=Visit(URL), at=NOW, headers=(("cache-control", f"max-age={most}"), ("age", str(age))))
    until = validators(page).until
    assert until is None or NOW < until <= NOW + timedelta(days=1)
    assert validators(replace(page, status=404)).until is None
