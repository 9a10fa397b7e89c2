"""One archive, two ways to reach it: replayed and served over loopback, with the same pages."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from audit.model import Reason, Visit
from audit.page import Page
from audit.serving import base_urls, serve
from audit.visiting.archive import FAULTS, Archive, BadArchive, spoilt
from audit.visiting.fetching import HttpGetter
from audit.visiting.getting import Getter, Limits, Unreachable
from audit.visiting.guard import Guard
from audit.visiting.marks import classify
from audit.visiting.replay import ReplayGetter
from audit.visiting.templates import fill_times

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Berlin"))  # a Tuesday
QUICK = Limits(connect=1.0, read=0.5, total=1.0)
SITE = """
[[visit]]
path = "/"
file = "start.html"

[[visit]]
path = "/suche?ort=Musterstadt&was=kita%20plätze"
body = '{"treffer": 1}'
type = "application/json"

[[visit]]
path = "/suche?key={TEST_KEY}&was=kita"
body = "[]"
type = "application/json"

[[visit]]
path = "/graphql"
method = "POST"
body_contains = "Beratung"
body = "advice"

[[visit]]
path = "/graphql"
method = "POST"
body = "anything"

[[visit]]
path = "/old"
status = 301
headers = { Location = "/new?x=1", X-Thing = "1" }

[[visit]]
path = "/new?x=1"
status = 404
body = "gone"

[[visit]]
path = "/away"
status = 302
headers = { Location = "https://other.example/" }

[[visit]]
path = "/circle"
status = 302
headers = { Location = "/circle" }

[[visit]]
path = "/slow"
delay_ms = 60
body = "late"
"""
BREAKING = "".join(f'[[visit]]\npath = "/{fault}"\nbody = "0123456789"\nfault = "{fault}"\n' for fault in FAULTS)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    for host, table in (
        ("site.example", SITE + BREAKING),
        ("other.example", '[[visit]]\npath = "/"\nbody = "other"\n'),
    ):
        (tmp_path / host).mkdir()
        (tmp_path / host / "visits.toml").write_text(table, "utf-8")
    start = "<title>Haus</title><p>Nächster Termin {{next-sat T}} {{next-sat+0T10:00}} {{today+3|de}} {{unbekannt}}"
    (tmp_path / "site.example" / "start.html").write_text(start, "utf-8")
    return Archive(tmp_path, NOW)


def served(archive: Archive, base: str) -> HttpGetter:
    port = int(base.rpartition(":")[2])
    return HttpGetter(
        Guard(frozenset({("127.0.0.1", port)})), "findbar", base_urls=base_urls(archive, base), now=lambda: NOW
    )


async def outcome(getter: Getter, visit: Visit) -> Page | Reason:
    try:
        return await getter.get(visit, QUICK)
    except Unreachable as end:
        return end.reason


S = "https://site.example"
VISITS = [
    Visit(f"{S}/"),
    Visit(S),
    Visit(f"{S}/suche", params=(("was", "kita plätze"), ("ort", "Musterstadt"))),
    Visit(f"{S}/suche?ort=Musterstadt", params=(("was", "kita plätze"),)),
    Visit(f"{S}/suche", params=(("was", "kita"), ("key", "anything at all"))),
    Visit(f"{S}/graphql", method="POST", body='{"q": "Beratung"}'),
    Visit(f"{S}/graphql", method="POST", body='{"q": "Kita"}'),
    Visit(f"{S}/old#part"),
    Visit(f"{S}/away"),
    Visit(f"{S}/circle"),
    Visit(f"{S}/slow"),
    Visit(f"{S}/robots.txt"),
    *[Visit(f"{S}/{fault}") for fault in FAULTS],
]


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.url + visit.body)
async def test_both_ways_to_an_archive_give_the_same(archive: Archive, visit: Visit) -> None:
    async with serve(archive) as base:
        over_http = served(archive, base)
        got = await outcome(over_http, visit)
        await over_http.close()
    assert got == await outcome(ReplayGetter(archive, lambda: NOW), visit)


async def test_what_is_not_in_the_archive_is_no_absence(archive: Archive) -> None:
    replay = ReplayGetter(archive, lambda: NOW)
    with pytest.raises(Unreachable) as end:
        await replay.get(Visit(f"{S}/suche?ort=Woanders"), QUICK)
    assert end.value.reason is Reason.NETWORK_DOWN
    assert (await replay.get(Visit("https://unlisted.example/robots.txt"), QUICK)).status == 404
    assert replay.asked == [f"{S}/suche?ort=Woanders", "https://unlisted.example/robots.txt"]


async def test_times_in_answers_count_from_now(archive: Archive) -> None:
    page = await ReplayGetter(archive, lambda: NOW).get(Visit(f"{S}/"), QUICK)
    assert "2026-11-28T10:00:00+01:00 27.11.2026 {{unbekannt}}" in page.text


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("{{today}}", "2026-11-24"),
        ("{{today-2w}}", "2026-11-10"),
        ("{{today+3T18:30}}", "2026-11-27T18:30:00+01:00"),
        ("{{today+200T18:30}}", "2027-06-12T18:30:00+02:00"),
        ("{{now}}", "2026-11-24T12:00:00+01:00"),
        ("{{now-26h}}", "2026-11-23T10:00:00+01:00"),
        ("{{next-tue}}", "2026-12-01"),
        ("{{last-tue}}", "2026-11-17"),
        ("{{last-fri+1T09:00|http}}", "Sat, 21 Nov 2026 08:00:00 GMT"),
        ("{{now|epoch}}", "1795518000"),
        ("{{now|ms}}", "1795518000000"),
        ("{{today|%d.%m.}}", "24.11."),
        ("{{tomorrow}} {{ today }}", "{{tomorrow}} {{ today }}"),
    ],
)
def test_every_form_of_a_relative_time_is_resolved(token: str, text: str) -> None:
    assert fill_times(f"a {token} b".encode(), NOW).decode() == f"a {text} b"


@pytest.mark.parametrize("fault", ["429", "503", "500", "challenge", "maintenance", "reset", "truncated", "empty"])
async def test_a_fault_for_the_whole_server_reaches_every_answer(archive: Archive, fault: str) -> None:
    async with serve(archive, fault=fault) as base:
        getter = served(archive, base)
        got = await outcome(getter, Visit(f"{S}/"))
        await getter.close()
    reason = got if isinstance(got, Reason) else (classify(got) or (None,))[0]
    expected = {"429": Reason.RATE_LIMITED, "challenge": Reason.BLOCKED, "maintenance": Reason.MAINTENANCE,
                "truncated": Reason.TRUNCATED, "empty": None}  # fmt: skip
    assert reason == expected.get(fault, Reason.SERVER_ERROR)


async def test_latency_is_waited_for(archive: Archive) -> None:
    async with serve(archive, latency=0.05) as base:
        getter = served(archive, base)
        start = time.monotonic()
        assert isinstance(await outcome(getter, Visit(f"{S}/")), Page)
        assert time.monotonic() - start >= 0.05
        await getter.close()


async def test_an_unknown_fault_is_refused_with_the_known_ones(archive: Archive) -> None:
    with pytest.raises(ValueError, match="challenge"):
        async with serve(archive, fault="fire"):
            pass


def test_one_table_of_whole_addresses_holds_the_fixtures_of_a_checker(tmp_path: Path) -> None:
    table = '[[visit]]\nurl = "https://api.example/v1?q=x"\nfile = "x.json"\n'
    (tmp_path / "visits.toml").write_text(table, "utf-8")
    (tmp_path / "x.json").write_text("{}", "utf-8")
    archive = Archive(tmp_path, NOW)
    answer = archive.answer("GET", "https://api.example/v1?q=x")
    assert answer is not None
    assert (answer.body, answer.headers) == (b"{}", (("content-type", "application/json"),))
    assert archive.urls == ["https://api.example/v1?q=x"]


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ("[[visit]\n", "visits.toml"),
        ('[[visit]]\nfile = "x"\n', "path"),
        ('[[visit]]\npath = "/"\nfile = "absent.html"\n', "absent.html"),
        ('[[visit]]\npath = "/"\nfault = "fire"\n', "fire"),
        ('[[visit]]\npath = "/"\nstaus = 200\n', "staus"),
        ('[[visit]]\npath = "/"\nstatus = "x"\n', "visit 1"),
        ('visit = "x"\n', "visit 1"),
    ],
)
def test_a_faulty_archive_says_where_the_fault_is(tmp_path: Path, table: str, word: str) -> None:
    (tmp_path / "site.example").mkdir()
    (tmp_path / "site.example" / "visits.toml").write_text(table, "utf-8")
    with pytest.raises(BadArchive, match=word):
        Archive(tmp_path, NOW)


def test_an_empty_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(BadArchive):
        Archive(tmp_path, NOW)


def test_every_fault_changes_an_answer(archive: Archive) -> None:
    answer = archive.answer("GET", f"{S}/")
    assert answer is not None
    assert all(spoilt(answer, fault) != answer for fault in FAULTS)
