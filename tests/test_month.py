"""A month of nights over the demonstration's federation: what was seen, what changed, how fast, and all together.

The real code path with an injected clock; the little web breaks as real ones do. It takes seconds that the usual run
of the tests does not have: with FINDBAR_REQUIRE=month.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

import platforms
from audit.auditing import Workshop, run_audit
from audit.changing import changed
from audit.deciding import assign, dispute, intend
from audit.demonstration import prepare, source
from audit.federating import the_federation
from audit.judging.promptness import BERLIN
from audit.looking import rejudged
from audit.model import Cell, Federation, Mover, Reason, Result, Turn, Via, Visit
from audit.nights import minutes_until
from audit.organisation.file import Read, read_all
from audit.pacing import pace
from audit.page import Page
from audit.store import Store
from audit.store.lives import lives
from audit.visiting.archive import Archive
from audit.visiting.getting import Limits, Permit, Unreachable, permit_all
from audit.visiting.replay import ReplayGetter
from audit.working import WorkingFolder, request_for, workshop_for
from tests.conftest import required
from tests.helpers import FakeClock

FIRST_DAY, NIGHTS = date(2026, 10, 5), 30
BLOCKED, BROKEN_FILE, GONE, NO_NETWORK, BACK, MENDED, KILLED, CLOCKS_BACK = {5, 6, 7}, 8, 10, 12, 14, 16, 18, 19
TOP, HERE, MILL, QUELL = (
    "landesverband-hilfsbund", "hilfsbund-quellstadt-e-v", "nachbarschaftshilfe-muehlbrunn", "pflege-quelltal",
)  # fmt: skip
KILL_AFTER = 14  # visits
DIRECTORY, OSM = "gelbe-seiten", "openstreetmap"
WRONG, RIGHT = b"+49 3600 8299", b"+49 3600 8200"
DUE = date(2026, 10, 28)
TARGET = f'\n[[unit]]\nid = "presse"\nname = "Presse"\n\n[[target]]\nfigure = "accuracy"\nvalue = 100\ndue = {DUE}\n'


class KilledError(BaseException):
    """The machine is switched off."""


@dataclass
class Weather:
    """The demonstration's little web as it is in one night. ``kill_after`` visits the machine is switched off."""

    inner: ReplayGetter
    night: int
    kill_after: int = 0
    asked: list[str] = field(default_factory=list)

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        self.asked.append(visit.url)
        if self.kill_after and len(self.asked) > self.kill_after:
            raise KilledError
        host = urlsplit(visit.url).netloc
        if self.night == NO_NETWORK:
            raise Unreachable(Reason.NETWORK_DOWN, "no network")
        if host == "www.gelbeseiten.de" and self.night in BLOCKED:
            raise Unreachable(Reason.BLOCKED, "go away")
        page = await self.inner.get(visit, limits, permit)
        return replace(page, body=self._body(page.body)) if page.body.startswith(b"{") else page

    def _body(self, body: bytes) -> bytes:
        data = json.loads(body)
        hidden = {2005} if GONE <= self.night < BACK else set()
        data["elements"] = [element for element in data["elements"] if element["id"] not in hidden]
        text = json.dumps(data).encode()
        return text.replace(WRONG, RIGHT) if self.night >= MENDED else text

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Month:
    """Thirty nights: the database, and what each night gave."""

    folder: WorkingFolder
    shop: Workshop
    results: list[dict[str, Result]] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)  # one list more than there are nights: one is killed
    spans: list[int] = field(default_factory=list)
    disputed: str = ""

    def at(self, night: int) -> datetime:
        day = FIRST_DAY + timedelta(days=night)
        return datetime.combine(day, time(22), BERLIN).astimezone(UTC)

    def files(self, night: int) -> Read:
        return read_all(self.folder.organisations, self.shop.catalogue, today=self.at(night).astimezone(BERLIN).date())

    def go(self, night: int, kill_after: int = 0) -> None:
        self.shop.clock = clock = FakeClock(self.at(night))
        archive = Archive(source() / "web", clock.now().astimezone(BERLIN))
        weather = Weather(ReplayGetter(archive, clock.now, wait=False), night, kill_after)
        self.shop.getters = {Via.HTTP: weather}
        minutes = minutes_until("06:00", clock.now(), BERLIN)
        request = request_for(
            self.files(night).organisations, self.shop.registry, platforms=(OSM, DIRECTORY), scheduled=True,
            run_minutes=minutes,
        )  # fmt: skip
        try:
            results = run_audit(self.shop, request, self.folder.database)
        finally:
            self.asked.append(weather.asked)
        self.results.append({result.organisation: result for result in results})
        self.spans.append(self.count("SELECT count(*) FROM spans"))

    def column(self, query: str, *values: str) -> list[Any]:
        store = Store(self.folder.database, writing=False)
        try:
            return [row[0] for row in store.tables.execute(query, values)]
        finally:
            store.close()

    def count(self, query: str) -> int:
        return int(self.column(query)[0])

    def federation(self, night: int) -> Federation:
        return the_federation(self.folder.database, self.shop.catalogue, self.results[night][TOP].run)

    def changes(self, organisation: str) -> list[tuple[int, str, Turn, Mover]]:
        """What became certain from night to night: the night, the criterion, what turned and who moved."""
        found = []
        for night in range(1, NIGHTS):
            runs = (self.results[night - 1][organisation].run, self.results[night][organisation].run)
            told = changed(self.folder.database, self.shop, organisation, *runs)[1]
            found += [(night, c.criterion, c.turn, c.mover) for c in told.changes if c.confirmed]
        return found

    def cells(self, night: int, organisation: str, platform: str) -> list[Cell]:
        return [cell for cell in self.results[night][organisation].cells if cell.platform == platform]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    if "month" not in required():
        pytest.skip("thirty nights take about 8 seconds: FINDBAR_REQUIRE=month")
    folder = prepare(tmp_path_factory.mktemp("month"), federation=True)
    shop = workshop_for(folder, platforms)
    shop.pace, shop.environment = 0.0, {}
    mill = folder.organisations / f"{MILL}.toml"
    mill.write_text(mill.read_text("utf-8") + TARGET, "utf-8")
    made = Month(folder, shop)
    for night in range(NIGHTS):
        before(made, night)
        made.go(night)
    return made


def before(month: Month, night: int) -> None:
    """What people do, and what befalls the machine, on the day before the night."""
    folder, shop = month.folder, month.shop
    broken = folder.organisations / "broken.toml"
    if night == 3:
        gaps = month.results[-1][HERE].gaps
        month.disputed = next(gap.id for gap in gaps if gap.kind == "missing" and gap.platform == OSM)
        dispute(folder, shop, month.disputed, "Steht unter dem Namen des Hauses.")
        phone = next(gap for gap in month.results[-1][MILL].gaps if gap.kind == "wrong-phone")
        assign(folder, shop, phone.id, "presse")
    if night == 4:
        intend(
            folder, shop, "freiwilligenzentrum", DIRECTORY, reason="cost", decided_by="Vorstand",
            review=date(2027, 6, 30), organisation=MILL,
        )  # fmt: skip
    if night == BROKEN_FILE:
        broken.write_text("name = 7\n", "utf-8")
    if night == BROKEN_FILE + 1:
        broken.unlink()
    if night == KILLED:
        with pytest.raises(KilledError):
            month.go(night, kill_after=KILL_AFTER)


# --- nights


def test_every_night_is_one_complete_run_of_the_whole_federation(month: Month) -> None:
    assert month.count("SELECT count(*) FROM runs WHERE state = 'complete'") == NIGHTS
    assert month.count("SELECT count(*) FROM runs WHERE state != 'complete'") == 0
    assert {len(night) for night in month.results} == {6}
    assert len({night[TOP].run for night in month.results}) == NIGHTS


def test_a_killed_night_goes_on_and_asks_nothing_twice(month: Month) -> None:
    killed, resumed = month.asked[KILLED], month.asked[KILLED + 1]
    before, night = month.results[KILLED - 1][TOP].run, month.results[KILLED][TOP].run
    understood = set(month.column("SELECT url FROM visits WHERE run = ? AND reason IS NULL", before))
    answered = {url for url in killed[:KILL_AFTER] if "/suche/" in url} & understood
    assert len(answered) > 3
    assert not answered & set(resumed)
    ways = "SELECT way || ' ' || url FROM visits WHERE run = ? ORDER BY 1"
    assert month.column(ways, before) == month.column(ways, night)
    assert month.results[KILLED][TOP].vantage is None


def test_the_night_of_the_clocks_is_an_hour_longer_and_otherwise_like_any_other(month: Month) -> None:
    assert minutes_until("06:00", month.at(CLOCKS_BACK), BERLIN) == 9 * 60
    after, night = month.results[CLOCKS_BACK + 1][TOP].started, month.results[CLOCKS_BACK][TOP].started
    assert after - night == timedelta(hours=25)


def test_without_a_network_nothing_is_missing_and_everything_keeps_its_last_verdict(month: Month) -> None:
    night = month.results[NO_NETWORK]
    assert {night[id_].vantage for id_ in (HERE, MILL, QUELL)} == {Reason.NETWORK_DOWN}
    cells = [cell for result in night.values() for cell in result.cells if cell.carried_from]
    assert {cell.reason for cell in cells} == {Reason.NETWORK_DOWN}
    assert {round(cell.age_days) for cell in cells} == {1}


def test_a_platform_that_blocks_says_so_and_keeps_what_was_last_seen_with_its_age(month: Month) -> None:
    fine = month.cells(4, HERE, DIRECTORY)
    for night, days in ((5, 1), (6, 2), (7, 3)):
        blocked = month.cells(night, HERE, DIRECTORY)
        assert [cell.state for cell in blocked] == [cell.state for cell in fine]
        old = [cell for cell in blocked if cell.carried_from]
        assert old
        assert {(cell.reason, round(cell.age_days)) for cell in old} == {(Reason.BLOCKED, days)}
        column = next(c for c in month.results[night][HERE].columns if c.id == DIRECTORY)
        assert column.ways[0].control != ""
    assert not [cell for cell in month.cells(8, HERE, DIRECTORY) if cell.carried_from]


def test_a_broken_file_of_one_night_is_named_and_stops_nobody(month: Month) -> None:
    (month.folder.organisations / "broken.toml").write_text("name = 7\n", "utf-8")
    try:
        (problem,) = month.files(BROKEN_FILE).problems
    finally:
        (month.folder.organisations / "broken.toml").unlink()
    assert (problem.line, problem.key) == (1, "name")
    assert len(month.results[BROKEN_FILE]) == 6


# --- history


def test_what_went_and_came_back_is_told_twice_and_only_once_it_is_certain(month: Month) -> None:
    listed = [change for change in month.changes(QUELL) if change[1] == "listed"]
    assert listed == [
        (GONE + 1, "listed", Turn.BROKE, Mover.PLATFORM),
        (BACK + 1, "listed", Turn.FOUND, Mover.PLATFORM),
    ]


def test_what_was_mended_is_told_and_nothing_else(month: Month) -> None:
    assert month.changes(MILL) == [(MENDED + 1, "phone", Turn.MENDED, Mover.PLATFORM)]
    assert month.changes(HERE) == []


def test_quiet_nights_write_no_history(month: Month) -> None:
    assert month.spans[BACK + 8] == month.spans[NIGHTS - 1]


def test_any_night_is_judged_again_to_the_same_bytes(month: Month) -> None:
    for night in (6, NO_NETWORK, KILLED):
        assert rejudged(month.folder.database, month.shop, month.results[night][TOP].run).equal


def test_a_disputed_gap_stays_disputed_through_everything(month: Month) -> None:
    for night in month.results[3:]:
        assert [gap.id for gap in night[HERE].disputed] == [month.disputed]
        assert month.disputed not in {gap.id for gap in night[HERE].gaps}


def test_an_intended_absence_is_no_gap_from_then_on(month: Month) -> None:
    missing = [
        any(gap.platform == DIRECTORY and "freiwilligenzentrum" in gap.id for gap in night[MILL].gaps)
        for night in month.results
    ]
    assert missing == [True] * 4 + [False] * (NIGHTS - 4)


# --- pace


def test_gaps_have_one_life_each_however_often_they_could_not_be_seen(month: Month) -> None:
    store = Store(month.folder.database, writing=False)
    try:
        mine, theirs = lives(store.tables, MILL), lives(store.tables, QUELL)
    finally:
        store.close()
    assert max(Counter(life.gap for life in mine).values()) == 1
    (phone,) = [life for life in mine if "wrong-phone" in life.gap]
    assert phone.unit == "presse"
    assert phone.closed
    assert (phone.closed - phone.opened).days == MENDED
    lost = [life for life in theirs if "/missing/" in life.gap and life.closed]
    assert [(life.closed - life.opened).days for life in lost if life.closed] == [BACK - GONE]


def test_the_pace_counts_what_was_closed_by_whom_and_in_time(month: Month) -> None:
    _, told = pace(month.folder.database, MILL)
    unit = next(unit for unit in told.units if unit.unit == "presse")
    assert (unit.open, unit.closed, unit.days_to_close, unit.in_time) == (0, 1, pytest.approx(MENDED, abs=0.1), 1.0)
    assert [month.month for month in told.months] == ["2026-10", "2026-11"]
    assert [month.closed for month in told.months] == [2, 0]


def test_a_target_whose_day_is_over_is_missed(month: Month) -> None:
    _, told = pace(month.folder.database, MILL)
    (aim,) = told.aims
    assert aim.due < told.at.date()
    assert aim.actual is not None
    assert aim.actual < 100
    assert aim.on_course is False


# --- all together


def test_the_federation_shows_a_loss_and_a_gain_and_no_weather(month: Month) -> None:
    def value(night: int, id_: str = TOP) -> float:
        found = month.federation(night).node(id_).whole.findability.value
        assert found is not None
        return round(found, 3)

    calm, blocked, lost, back = value(4), value(6), value(GONE + 1), value(BACK)
    assert (calm, back, value(NO_NETWORK)) == (blocked, calm, lost)
    assert lost < calm
    assert value(GONE, QUELL) == 0.0
    coverage = {night: month.federation(night).node(TOP).whole.coverage for night in (4, 6, 8)}
    assert coverage[6] < coverage[4] == coverage[8], "age fades coverage and nothing else"


def test_the_tree_of_the_last_night_holds_everybody(month: Month) -> None:
    top = month.federation(NIGHTS - 1).node(TOP)
    assert (top.whole.organisations, top.without_unit < top.open_gaps) == (5, True)
    assert sum(number for _, number in top.whole.states) == sum(
        sum(number for _, number in month.federation(NIGHTS - 1).node(id_).whole.states)
        for id_ in (HERE, MILL, "sozialwerk-steinwerda", "lebenswege-auental")
    )
