"""People are told what became certain: once, in their hours, by their own way; a broken way breaks nothing else."""

from __future__ import annotations

import email
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from audit.auditing import Workshop, run_audit
from audit.changing import confirmed_since
from audit.model import Change, Mover, Organisation, Outcome, Reason, Retention, Span, Telling, Turn, Unit
from audit.notifying.channels import NotifyProblemError
from audit.notifying.hours import is_quiet
from audit.notifying.telling import tell
from audit.requesting import Request as Wish
from audit.settings import ChannelSettings, NotifySettings, PostSettings, Settings
from audit.store import Store, StoreProblemError
from audit.working import WorkingFolder
from reports.digest import MOST, digest
from reports.texts import LANGUAGES
from tests.helpers import ADDICTION, DEBT, NOW, broken, everything_written, organisation, shop, tiny
from tests.post_office import HOST, PASSWORD, USER, PostOffice, post_office
from tests.result_factory import ORGANISATION, SECRET_STREET, make_result

FULL = tiny(retention=Retention.FULL)
FOUND, NOTHING = "listing Schuldnerberatung", "nothing"
TOKEN = "geheimer-schluessel-17"  # noqa: S105 - made up
UNITS = (
    Unit(id="beratung", name="Fachbereich Beratung", email="beratung@hilfe.example"),
    Unit(id="sucht", name="Suchthilfe", email="sucht@hilfe.example"),
)
ORG = organisation(replace(DEBT, unit="beratung"), replace(ADDICTION, unit="sucht"), units=UNITS, state="BE")


class House:
    """A working folder with one run a day; ``tell`` is the command, at the time of the latest run."""

    def __init__(self, root: Path, three_nights: Path | None = None) -> None:
        self.root, self.day, self.at, self.three_nights = root, 0, NOW, three_nights
        self.environment: dict[str, str] = {}

    def nights(self, *answers: Any, org: Organisation = ORG) -> House:
        """Runs in which the debt counselling is shown so; the other service never changes."""
        for answer in answers:
            self.at = NOW + timedelta(days=self.day)
            web = {"https://tiny.example/schulden": answer, "https://tiny.example/sucht": "listing Suchtberatung"}
            run_audit(self.shop(web), Wish(organisations=(org,), fresh=True), self.database)
            self.day += 1
        return self

    def lost(self) -> House:
        """Three nights, the entry gone in the last two: that is certain now, and nobody was told."""
        assert self.three_nights
        shutil.copytree(self.three_nights, self.root, dirs_exist_ok=True)
        self.day, self.at = 3, NOW + timedelta(days=2)
        return self

    def shop(self, web: dict[str, Any]) -> Workshop:
        workshop, _ = shop([FULL], web, at=self.at)
        workshop.environment = self.environment
        return workshop

    @property
    def database(self) -> Path:
        return self.root / "findbar.db"

    def tell(self, settings: NotifySettings | None, *, dry: bool = False, hours: float = 0) -> Telling:
        folder = WorkingFolder(self.root, Settings(notify=settings), self.database)
        self.at += timedelta(hours=hours)
        return tell(folder, self.shop({}), partial(digest, lang="de"), dry=dry)

    def states(self, settings: NotifySettings, **how: Any) -> list[str]:
        return [one.state for one in self.tell(settings, **how).told]


@pytest.fixture(scope="module")
def three_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return House(tmp_path_factory.mktemp("nights")).nights(FOUND, NOTHING, NOTHING).root


@pytest.fixture
def house(tmp_path: Path, three_nights: Path) -> House:
    return House(tmp_path, three_nights)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, house: House) -> Iterator[PostOffice]:
    with post_office(tmp_path) as (running, authority):
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        house.environment["NOTIFY_PASSWORD"] = PASSWORD
        yield running


def mail(port: int, **more: Any) -> NotifySettings:
    sender: dict[str, Any] = {"host": HOST, "port": port, "user": USER, "sender": "findbar@hilfe.example"}
    return NotifySettings(mail=PostSettings(**sender, password_env="NOTIFY_PASSWORD"), **more)  # noqa: S106 - a name


def team(house: House, url: str = "json://127.0.0.1:1", **more: Any) -> NotifySettings:
    house.environment["TEAM_URL"] = url
    return NotifySettings(channels={"team": ChannelSettings(url_env="TEAM_URL", **more)})


def url_of(server: HTTPServer) -> str:
    return f"json://{server.host}:{server.port}/{TOKEN}"


def messages(server: HTTPServer) -> list[dict[str, Any]]:
    return [request.get_json() for request, _ in server.log]


def read(content: bytes) -> Any:
    return email.message_from_bytes(content, policy=default)


def test_the_unit_concerned_gets_a_mail_once_a_second_night_agrees_and_never_again(
    house: House, office: PostOffice
) -> None:
    settings = mail(office.port)
    house.nights(FOUND, NOTHING)
    assert house.tell(settings).told == ()
    house.nights(NOTHING)
    shown = house.tell(settings, dry=True).told[0]
    assert office.arrived == []
    assert house.states(settings) == ["sent"]
    assert (office.receivers, read(office.arrived[0])["To"]) == (["beratung@hilfe.example"], "beratung@hilfe.example")
    assert read(office.arrived[0])["Subject"] == shown.subject
    assert read(office.arrived[0])["Auto-Submitted"] == "auto-generated"
    assert read(office.arrived[0]).get_content().replace("\r\n", "\n") == shown.body
    assert "Tiny: Schuldnerberatung, Haus" in shown.body
    assert "Als Nächstes" in shown.body
    house.nights(NOTHING)
    assert house.tell(settings).told == ()
    assert PASSWORD.encode() not in everything_written(house.root)


def test_a_mailbox_that_is_refused_keeps_nobody_else_from_being_told(house: House, office: PostOffice) -> None:
    both = organisation(replace(DEBT, unit="beratung"), replace(DEBT, id="zwei", unit="sucht"), units=UNITS)
    house.nights("listing Schuldnerberatung", "nothing", "nothing", org=both)
    office.refuse = "beratung@hilfe.example"
    told = house.tell(mail(office.port)).told
    assert {one.unit: one.state for one in told}["beratung"] == "refused"
    assert set(office.receivers) <= {"sucht@hilfe.example"}


def test_a_channel_gets_one_digest_for_all_and_its_address_stands_nowhere(house: House, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/{TOKEN}").respond_with_data("")
    house.lost()
    told = house.tell(team(house, url_of(httpserver))).told
    assert [(one.receiver, one.unit, one.state) for one in told] == [("channel team", "", "sent")]
    assert messages(httpserver)[0]["title"] == told[0].subject
    assert messages(httpserver)[0]["message"].strip() == told[0].body.strip()
    assert TOKEN not in repr(told)
    assert TOKEN.encode() not in everything_written(house.root)


def test_a_channel_may_be_for_some_units_and_some_organisations(house: House) -> None:
    house.lost()
    assert house.tell(team(house, units=("sucht",)), dry=True).told == ()
    assert house.tell(team(house, organisations=("others",)), dry=True).told == ()
    assert [one.unit for one in house.tell(team(house, units=("beratung",)), dry=True).told] == ["beratung"]


def test_what_a_notifier_that_is_down_could_not_tell_is_told_once_it_is_back(
    house: House, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    down = house.lost().tell(team(house, f"json://127.0.0.1:1/{TOKEN}")).told
    assert [one.state for one in down] == ["failed"]
    assert TOKEN not in repr(down) + caplog.text + "".join(capfd.readouterr())
    httpserver.expect_ordered_request(f"/{TOKEN}").respond_with_data("", status=500)
    httpserver.expect_request(f"/{TOKEN}").respond_with_data("")
    house.nights(NOTHING)
    assert house.states(team(house, url_of(httpserver))) == ["failed"]
    assert house.states(team(house, url_of(httpserver)), hours=1) == ["sent"]
    assert house.tell(team(house, url_of(httpserver))).told == ()
    assert "Tiny: Schuldnerberatung" in messages(httpserver)[1]["message"]


def test_a_change_that_was_undone_before_it_could_be_told_is_told_nobody(house: House, httpserver: HTTPServer) -> None:
    house.nights(FOUND, FOUND, NOTHING, NOTHING)
    assert house.states(team(house)) == ["failed"]
    house.nights(FOUND, FOUND)
    assert house.tell(team(house, url_of(httpserver))).told == ()


def test_runs_nobody_was_told_of_are_made_up_for(house: House, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/{TOKEN}").respond_with_data("")
    house.nights(FOUND)
    assert house.tell(team(house, url_of(httpserver))).told == ()
    house.nights(NOTHING, NOTHING, NOTHING)
    assert house.states(team(house, url_of(httpserver))) == ["sent"]


def test_a_channel_that_is_new_is_not_told_what_others_heard_long_ago(house: House, httpserver: HTTPServer) -> None:
    assert house.lost().states(team(house)) == ["failed"]
    channels = {name: ChannelSettings(url_env="TEAM_URL") for name in ("team", "new")}
    told = house.tell(NotifySettings(channels=channels), hours=1).told
    assert [(one.receiver, one.state) for one in told] == [("channel team", "failed")]


def test_what_falls_into_quiet_hours_is_sent_after_them(house: House, httpserver: HTTPServer) -> None:
    httpserver.expect_request(f"/{TOKEN}").respond_with_data("")
    quiet = replace_settings(team(house, url_of(httpserver)), quiet="11:00-14:00")  # the runs end at noon in Berlin
    house.lost()
    assert house.states(quiet, dry=True) == ["waiting"]
    assert house.states(quiet) == ["waiting"]
    assert messages(httpserver) == []
    house.nights(NOTHING)
    assert house.states(quiet) == ["waiting"]
    assert house.states(quiet, hours=3) == ["sent"]
    assert house.tell(quiet).told == ()


def replace_settings(settings: NotifySettings, **more: Any) -> NotifySettings:
    return settings.model_copy(update=more)


def test_a_digest_in_the_middle_of_which_the_process_was_killed_is_never_sent_again(house: House) -> None:
    house.lost()
    assert house.states(team(house)) == ["failed"]
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE told SET state = 'sending' WHERE state = 'failed'")
    connection.commit()
    connection.close()
    assert house.tell(team(house)).told == ()
    assert house.tell(team(house), hours=24).told == ()


def test_a_service_that_takes_it_and_does_not_answer_in_time_is_not_told_twice(
    house: House, httpserver: HTTPServer
) -> None:
    def late(_: Request) -> Response:
        time.sleep(0.3)
        return Response("")

    httpserver.expect_request(f"/{TOKEN}").respond_with_handler(late)
    house.lost()
    settings = team(house, f"{url_of(httpserver)}?rto=0.1")
    assert house.states(settings) == ["uncertain"]
    assert house.tell(settings).told == ()


@pytest.mark.parametrize("url", ["", "gibberish", "nosuch://host"])
def test_an_address_that_leads_nowhere_is_named_by_its_variable(house: House, url: str) -> None:
    house.lost()
    (one,) = house.tell(team(house, url)).told
    assert one.state == "failed"
    assert "TEAM_URL" in one.note


def test_a_password_that_is_missing_is_said_and_tried_again(house: House) -> None:
    house.lost()
    for _ in range(2):
        (one,) = house.tell(mail(1), hours=1).told
        assert one.state == "failed"
        assert "NOTIFY_PASSWORD" in one.note


def test_without_anybody_to_tell_it_says_what_to_write(house: House) -> None:
    house.nights(FOUND)
    with pytest.raises(NotifyProblemError, match=r"\[notify\.mail\]"):
        house.tell(None)


def test_the_first_run_and_one_that_saw_nothing_tell_nothing(house: House) -> None:
    house.nights(FOUND)
    assert house.tell(team(house)).told == ()
    house.nights(broken(Reason.BLOCKED), broken(Reason.NETWORK_DOWN))
    assert house.tell(team(house)).told == ()


def test_somebody_who_reads_the_database_keeps_nobody_from_being_told(house: House) -> None:
    house.lost()
    reader = sqlite3.connect(house.database)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM told").fetchall()
    try:
        assert house.states(team(house)) == ["failed"]
    finally:
        reader.close()


def test_while_an_audit_writes_nothing_is_told(house: House) -> None:
    house.lost()
    writer = Store(house.database)
    try:
        with pytest.raises(StoreProblemError, match="in use"):
            house.tell(team(house))
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("at", "settings", "quiet"),
    [
        (datetime(2026, 11, 24, 18, 59, tzinfo=UTC), {"quiet": "20:00-07:00"}, False),
        (datetime(2026, 11, 24, 19, 0, tzinfo=UTC), {"quiet": "20:00-07:00"}, True),
        (datetime(2026, 11, 25, 5, 59, tzinfo=UTC), {"quiet": "20:00-07:00"}, True),
        (datetime(2026, 11, 25, 6, 0, tzinfo=UTC), {"quiet": "20:00-07:00"}, False),
        (datetime(2026, 7, 24, 18, 0, tzinfo=UTC), {"quiet": "20:00-07:00"}, True),  # summer time
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), {"quiet": "12:00-14:00"}, True),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), {}, False),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), {"quiet_days": True}, True),  # a Saturday
        (datetime(2026, 3, 9, 12, 0, tzinfo=UTC), {"quiet_days": True}, False),
        (datetime(2027, 3, 8, 12, 0, tzinfo=UTC), {"quiet_days": True}, True),  # a holiday in Berlin alone
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall_and_the_holidays_of_the_state(
    at: datetime, settings: dict[str, Any], quiet: bool
) -> None:
    assert is_quiet(at, NotifySettings(**settings), "BE") is quiet


def turned(subject: str, platform: str = "openstreetmap", **more: Any) -> Change:
    stated = {"criterion": "address", "turn": Turn.BROKE, "mover": Mover.PLATFORM, "before": "", "after": SECRET_STREET}
    return Change(subject=subject, platform=platform, since=NOW, confirmed=True, **{**stated, **more})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_digest_holds_what_an_entry_shows_or_where_a_protected_service_is(lang: str) -> None:
    shelter = turned(f"{ORGANISATION}/frauenhaus@mitte")
    subject, body = digest(make_result(), [shelter], "", lang, 20)
    assert "Frauenhaus" in body
    assert SECRET_STREET not in subject + body
    hostile = turned(f"{ORGANISATION}/kita@west", after="@everyone \x1b[31m https://evil.example")
    assert "evil" not in digest(make_result(), [hostile], "", lang)[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_digest_of_a_unit_names_its_own_gaps_and_counts_what_is_too_much(lang: str) -> None:
    result = make_result()
    many = [turned(f"{ORGANISATION}/kita@west", platform=f"p{n}") for n in range(MOST + 5)]
    body = digest(result, many, "kinder", lang)[1]
    assert len([line for line in body.splitlines() if line.startswith("- p")]) == MOST
    assert {"de": "und 5 weitere", "en": "and 5 more"}[lang] in body
    mine = {gap.id for gap in result.gaps if gap.unit == "kinder"}
    assert mine
    assert body.count("\n1. ") == 1
    assert "\n   " in body  # what to do stands below its heading


def moving(before: str, after: str, outcome: Outcome = Outcome.MET) -> tuple[Span, Span]:
    old = Span(
        subject="hilfe/schulden@haus", platform="tiny", criterion="offered_times", outcome=Outcome.MET,
        difference=before, first_run="a", last_run="a",
        since=NOW - timedelta(days=9), confirmed=NOW - timedelta(days=8),
    )  # fmt: skip
    new = replace(old, since=NOW - timedelta(days=2), confirmed=NOW - timedelta(days=1))
    return old, replace(new, difference=after, outcome=outcome, first_run="b", last_run="b")


@pytest.mark.parametrize(("outcome", "news"), [(Outcome.MET, 0), (Outcome.NOT_MET, 1)])
def test_that_other_times_are_free_is_no_news_and_that_none_are_is(
    outcome: Outcome, news: int, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.changing.spans_of", lambda *_: moving("3 free", "2 free", outcome))
    store = Store(house.lost().database)
    try:
        result = replace(store.results(store.latest_run() or "")[0], finished=NOW)
        assert len(confirmed_since(store, house.shop({}), result, NOW - timedelta(days=3))) == news
    finally:
        store.close()


def test_a_mail_server_that_is_gone_is_named_and_its_digest_goes_out_later(house: House, office: PostOffice) -> None:
    (one,) = house.lost().tell(mail(1)).told
    assert one.state == "failed"
    assert "127.0.0.1:1 cannot be reached" in one.note
    house.nights(broken(Reason.NETWORK_DOWN))  # the network is gone: nothing is certain, nothing is undone
    assert house.states(mail(office.port)) == ["sent"]
    assert house.tell(mail(office.port)).told == ()
