"""Help desks: tickets of four systems, from files and over their APIs on loopback; times and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from audit.enquiries import Imported, Wish, import_enquiries, kind_of
from audit.gathering import place
from audit.model import Organisation
from audit.settings import Settings
from audit.sources import desks, helpdesk, tickets
from audit.sources.gathered import Gathered, SourceProblemError
from audit.ways_out import desk_getter
from tests.helpers import AGENT, everything_written
from tests.mail_factory import organisation
from tests.test_enquiries_import import NOW, SALT, hours, stored, waits_of

TOKEN = "geheimer-schluessel"  # noqa: S105 - invented
PRIVATE = ("Ilse Geheim", "ilse.geheim@privat.example", "Mietschulden dringend", "Liebes Team", TOKEN)


def at(number: float) -> str:
    """ISO, so many hours after Friday 18:00 UTC."""
    return hours(number).isoformat().replace("+00:00", "Z")


def of(text: str | list[Any] | dict[str, Any], system: str = "", *, service: str = "") -> Gathered:
    system, found = helpdesk.tickets(text if isinstance(text, str) else json.dumps(text), system)
    return tickets.gather(found, system, place(organisation(), service), "mail", SALT, NOW)


# --- what each of them writes


def zammad(number: int, answered: float | None = 63, **more: Any) -> dict[str, Any]:
    told = {"title": PRIVATE[2], "customer_id": 7, "create_article_sender_id": 2, "create_article_type_id": 1}
    first = None if answered is None else at(answered)
    return {"id": number, "created_at": at(0), "first_response_at": first, **told, **more}


def test_a_ticket_of_zammad_is_answered_by_the_first_human_response_after_the_acknowledgement() -> None:
    articles = [
        {"sender": "System", "type": "email", "created_at": at(0.5)},
        {"sender": "Agent", "type": "note", "created_at": at(1)},
        {"sender": "Agent", "type": "email", "internal": True, "created_at": at(1.5)},
        {"sender": "Agent", "type": "email", "created_at": at(2)},
    ]
    found = of([
        zammad(1, 0.002, create_article_type_id=11), zammad(2), zammad(3, create_article_sender="Agent"),
        zammad(4, articles=articles), zammad(5, created_at=7), zammad(2), zammad(6, create_article_type="phone"),
        zammad(7, None, group="Kita"),
    ])  # fmt: skip
    assert waits_of(found) == [None, 63, 2, None]
    assert [e.channel for e in found.exchanges] == ["form", "mail", "mail", "mail"]
    assert [e.service for e in found.exchanges] == ["", "", "", "kita"]
    assert dict(found.skipped) == {"not-a-question": 1, "no-date": 1, "duplicate": 1, "phone-note": 1}


def freescout(number: int, *threads: tuple[str, float], via: str = "customer", **more: Any) -> dict[str, Any]:
    said = [{"type": kind, "state": "published", "createdAt": at(h), "body": PRIVATE[3]} for kind, h in threads]
    told = {"subject": PRIVATE[2], "preview": PRIVATE[3], "customer": {"email": PRIVATE[1]}, "type": "email"}
    source = {"type": "email", "via": via}
    return {"id": number, "createdAt": at(0), "source": source, "_embedded": {"threads": said}, **told, **more}


def test_a_conversation_of_freescout_is_answered_by_the_first_message_to_the_customer() -> None:
    rows = [
        freescout(1, ("message", 20), ("note", 1), ("customer", 0)), freescout(2, ("customer", 0), ("lineitem", 1)),
        freescout(3, ("message", 0), via="user"), freescout(4, ("customer", 0), type="phone"),
        freescout(5, state="draft"),
    ]  # fmt: skip
    found = of({"_embedded": {"conversations": rows}, "page": {"totalPages": 1}})
    assert waits_of(found) == [20, None]
    assert dict(found.skipped) == {"not-a-question": 1, "phone-note": 1, "dropped-ticket": 1}


def test_every_documented_shape_of_a_conversation_of_freescout_is_read() -> None:
    said = [{"id": 7, "type": "message", "status": "active", "state": "published", "createdAt": at(3), "to": [],
             "action": {"type": "", "text": "", "associatedEntities": []}, "source": {"type": "web", "via": "user"}},
            {"id": 8, "type": "message", "state": "draft", "createdAt": at(1)}]  # fmt: skip
    person = {"id": 5, "type": "customer", "firstName": PRIVATE[0], "email": PRIVATE[1]}
    told = {"number": 3, "folderId": 11, "status": "active", "state": "published", "subject": PRIVATE[2],
            "assignee": None, "createdAt": at(0), "updatedAt": at(3), "closedBy": None, "closedAt": None,
            "customerWaitingSince": {"time": "", "friendly": "", "latestReplyFrom": ""}, "cc": [], "bcc": [],
            "customer": person, "customFields": []}  # fmt: skip
    answered = {"id": 1, "type": "chat", "mailboxId": 2, "threadsCount": 2, "createdBy": person, **told,
                "_embedded": {"threads": said, "timelogs": [], "tags": []}}  # fmt: skip
    webhook = {"id": 2, "type": "email", "mailbox": {"id": 2, "name": "Kita", "email": "kita@haus.example"},
               "source": {"type": "email", "via": "customer"}, "threads": said, **told}  # fmt: skip
    spam = {"id": 3, "type": "email", **told, "status": "spam"}
    began = {"id": 4, "type": "email", "createdBy": {"id": 1, "type": "user"}, "threads": 1, **told}
    found = of({"_embedded": {"conversations": [answered, webhook, spam, began]}, "page": {"totalPages": 1}})
    assert waits_of(found) == [3, 3]
    assert [(e.channel, e.service) for e in found.exchanges] == [("chat", ""), ("mail", "kita")]
    assert dict(found.skipped) == {"not-a-question": 1, "dropped-ticket": 1}


def zendesk(number: int, minutes: Any, **more: Any) -> dict[str, Any]:
    reply = {"calendar": minutes, "business": 60}
    return {"id": 9000 + number, "ticket_id": number, "created_at": at(0), "reply_time_in_minutes": reply, **more}


def test_zendesk_counts_calendar_minutes_and_not_those_of_its_business_hours() -> None:
    assert waits_of(of({"ticket_metrics": [zendesk(1, 3780), zendesk(2, None), zendesk(3, "viele")]})) == [
        63, None, None,
    ]  # fmt: skip


def test_every_documented_shape_of_zendesks_metrics_is_read() -> None:
    whole = {"id": 33, "ticket_id": 4343, "created_at": at(0), "updated_at": at(9), "assigned_at": at(1), "reopens": 0,
             "assignee_stations": 1, "group_stations": 7, "replies": 1, "solved_at": None, "url": "https://x/33.json",
             "initially_assigned_at": at(1), "latest_comment_added_at": at(2), "requester_updated_at": at(1),
             "agent_wait_time_in_minutes": {"business": 737, "calendar": 2391},
             "reply_time_in_minutes": {"business": 737, "calendar": 120}}  # fmt: skip
    chat = {**whole, "ticket_id": 4344, "reply_time_in_minutes": {"business": None, "calendar": None},
            "reply_time_in_seconds": {"calendar": 1800}}  # fmt: skip
    assert waits_of(of({"ticket_metric": whole})) == [2]
    assert waits_of(of({"ticket_metrics": [whole, chat], "count": 2, "next_page": None})) == [2, 0.5]
    ticket = {"id": 4343, "url": "https://x", "created_at": at(0), "via": {"channel": "email"}}
    assert waits_of(of({"tickets": [ticket], "metric_sets": [whole], "end_of_stream": True})) == [2]


def test_zendesks_export_with_one_ticket_a_line_tells_who_began_and_how() -> None:
    lines = [
        {"id": 1, "created_at": at(0), "url": "https://x", "via": {"channel": "web"}, "requester_id": 5,
         "submitter_id": 5, "subject": PRIVATE[2], "metric_set": zendesk(1, 120)},
        {"id": 2, "created_at": at(0), "url": "https://x", "via": {"channel": "email"}, "requester_id": 5,
         "submitter_id": 8, "metric_set": zendesk(2, 120)},
    ]  # fmt: skip
    found = of("\n".join(json.dumps(line) for line in lines))
    assert (waits_of(found), found.exchanges[0].channel) == ([2], "form")
    assert dict(found.skipped) == {"not-a-question": 1}


def otrs(number: int, first: float | None = 63, **more: Any) -> dict[str, Any]:
    told = {"Title": PRIVATE[2], "CustomerUserID": PRIVATE[1], "Queue": "Beratung::Kita", "FirstResponseInMin": 120}
    times = {"Created": f"{hours(0):%Y-%m-%d %H:%M:%S}"}
    if first is not None:
        times["FirstResponse"] = f"{hours(first):%Y-%m-%d %H:%M:%S}"
    return {"TicketID": str(number), **times, **told, **more}


def article(who: str, number: float, visible: str = "1") -> dict[str, str]:
    when = f"{hours(number):%Y-%m-%d %H:%M:%S}"
    return {"SenderType": who, "IsVisibleForCustomer": visible, "CreateTime": when, "CommunicationChannelID": "1"}


def test_otrs_counts_in_utc_by_its_stamps_and_not_in_working_minutes() -> None:
    said = [article("customer", 0), article("system", 0.1), article("agent", 1, "0"), article("agent", 5)]
    found = of({"Ticket": [otrs(1), otrs(2, None), otrs(3, Article=said), otrs(4, Article=[article("agent", 0)])]})
    assert waits_of(found) == [63, None, 5]
    assert {e.service for e in found.exchanges} == {"kita"}
    assert dict(found.skipped) == {"not-a-question": 1}


def test_the_articles_that_znuny_documents_and_those_of_older_otrs_tell_who_answered() -> None:
    asked, early, seen = (str(int(hours(n).timestamp())) for n in (0, 1, 5))
    documented = [{"ArticleID": 1, "SenderType": "customer", "IsVisibleForCustomer": 1, "IncomingTime": asked},
                  {"ArticleID": 2, "SenderType": "agent", "IsVisibleForCustomer": 0, "IncomingTime": early},
                  {"ArticleID": 3, "SenderType": "agent", "IsVisibleForCustomer": 1, "IncomingTime": seen}]  # fmt: skip
    older = [
        {"SenderType": "customer", "ArticleType": "email-external", "Created": f"{hours(0):%Y-%m-%d %H:%M:%S}"},
        {"SenderType": "agent", "ArticleType": "note-internal", "Created": f"{hours(1):%Y-%m-%d %H:%M:%S}"},
        {"SenderType": "agent", "ArticleType": "email-external", "Created": f"{hours(7):%Y-%m-%d %H:%M:%S}"},
    ]
    assert waits_of(of({"Ticket": [otrs(1, Article=documented), otrs(2, Article=older)]})) == [5, 7]
    assert waits_of(of({"Ticket": [otrs(3, Article=[{"SenderType": "agent", "IncomingTime": "kaputt"}])]})) == [63]


@pytest.mark.shared
def test_the_documented_tickets_of_zammad_are_read(shared: Path) -> None:
    files = sorted((shared / "recordings/helpdesk").glob("*.json"))
    assert files
    for file in files:
        text = file.read_text("utf-8")
        assert dict(of(text).skipped) == {"phone-note": 1}, file.name
        mailed = text.replace('"create_article_type_id": 5', '"create_article_type_id": 1').replace("phone", "email")
        assert [e.asked_at for e in of(mailed).exchanges] == [datetime(2025, 1, 14, 7, 45, 8, 681000, UTC)], file.name


@pytest.mark.parametrize("text", ["{}", "7", "kaputt", "[" * 100_000, '{"Ticket": 5}', '{"_embedded": []}'])
def test_a_json_without_tickets_is_refused_in_words(text: str) -> None:
    with pytest.raises(SourceProblemError, match="no tickets"):
        of(text)


def test_a_json_file_of_any_of_them_is_known_by_its_shape(tmp_path: Path) -> None:
    for system, one in (("zammad", [zammad(1)]), ("freescout", [freescout(1, ("message", 63))]),
                        ("zendesk", [zendesk(1, 3780)]), ("otrs", [otrs(1)])):  # fmt: skip
        file = tmp_path / f"{system}.json"
        file.write_text(json.dumps(one), encoding="utf-8")
        assert kind_of(str(file)) == "desk"
        done = import_enquiries(tmp_path / f"{system}.db", organisation(), Wish(source=str(file)), {}, NOW)
        assert (system, done.questions, done.answered) == (system, 1, 1)


# --- over their APIs


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def ask(server: HTTPServer, database: Path, system: str, *, user: str = "", path: str = "", allow: bool = True,
        house: Organisation | None = None, **wish: Any) -> Imported:  # fmt: skip
    where = f"{user}@127.0.0.1:{server.port}" if user else f"127.0.0.1:{server.port}"
    settings = Settings(allow=(f"127.0.0.1:{server.port}",) if allow else ())
    words = {"source": f"{system}+http://{where}{path}", "token_env": "DESK_TOKEN", **wish}
    return import_enquiries(
        database, house or organisation(), Wish(**words), {"DESK_TOKEN": TOKEN}, NOW,
        lambda host, key: desk_getter(settings, AGENT, key, host, lambda: NOW),
    )  # fmt: skip


def pages(*answers: Any, seen: list[Request] | None = None) -> Callable[[Request], Response]:
    """Answers one after the other; the requests are put into ``seen``."""
    left = list(answers)

    def answer(request: Request) -> Response:
        if seen is not None:
            seen.append(request)
        value = left.pop(0)
        return value if isinstance(value, Response) else Response(json.dumps(value), content_type="application/json")

    return answer


def test_zammad_is_read_page_by_page_and_nothing_is_kept_but_times(httpserver: HTTPServer, database: Path) -> None:
    seen: list[Request] = []
    first = [zammad(n) for n in range(100)]
    httpserver.expect_request("/api/v1/tickets", method="GET").respond_with_handler(
        pages(first, [zammad(200, None)], seen=seen)
    )
    done = ask(httpserver, database, "zammad")
    assert (done.questions, done.answered, done.open, done.lost) == (101, 100, 1, False)
    assert [r.args["page"] for r in seen] == ["1", "2"]
    assert {r.headers["Authorization"] for r in seen} == {f"Token token={TOKEN}"}
    written = everything_written(database.parent)
    assert [word for word in PRIVATE if word.encode() in written] == []


def test_importing_a_help_desk_again_finds_the_answer_that_came_later(httpserver: HTTPServer, database: Path) -> None:
    httpserver.expect_request("/api/v1/tickets").respond_with_handler(pages([zammad(1, None)], [zammad(1)]))
    assert ask(httpserver, database, "zammad").new == 1
    again = ask(httpserver, database, "zammad")
    assert (again.new, again.answered_later) == (0, 1)
    assert [e.answered_at for e in stored(database)] == [hours(63)]


def test_freescout_is_asked_for_the_mailbox_and_the_days_that_were_wished(
    httpserver: HTTPServer, database: Path
) -> None:
    seen: list[Request] = []
    one, other = ({"_embedded": {"conversations": [freescout(n, ("message", 63), ("customer", 0))]},
                   "page": {"totalPages": 2, "number": n}} for n in (1, 2))  # fmt: skip
    httpserver.expect_request("/api/conversations").respond_with_handler(pages(one, other, seen=seen))
    done = ask(httpserver, database, "freescout", path="?mailboxId=3", since=date(2026, 11, 1))
    assert (done.questions, done.answered) == (2, 2)
    assert [(r.args["mailboxId"], r.args["createdSince"], r.args["page"]) for r in seen] == [
        ("3", "2026-11-01T00:00:00Z", "1"), ("3", "2026-11-01T00:00:00Z", "2"),
    ]  # fmt: skip
    assert seen[0].headers["X-FreeScout-API-Key"] == TOKEN


def test_zendesk_is_asked_for_metrics_alone_until_they_are_older_than_wished(
    httpserver: HTTPServer, database: Path
) -> None:
    seen: list[Request] = []
    more = {"has_more": True, "after_cursor": "weiter"}
    old = zendesk(3, 60, created_at="2026-01-05T10:00:00Z")
    httpserver.expect_request("/api/v2/ticket_metrics").respond_with_handler(
        pages({"ticket_metrics": [zendesk(1, 3780)], "meta": more}, {"ticket_metrics": [old], "meta": more}, seen=seen)
    )
    done = ask(httpserver, database, "zendesk", user="post%40haus.example", since=date(2026, 11, 1))
    assert (done.new, len(seen), seen[1].args["page[after]"]) == (1, 2, "weiter")
    login = seen[0].authorization
    assert login is not None
    assert (login.username, login.password) == ("post@haus.example/token", TOKEN)
    assert ("before-since", 1) in done.skipped


def test_znuny_opens_a_session_and_asks_for_times_without_articles(httpserver: HTTPServer, database: Path) -> None:
    base, seen = "/otrs/nph-genericinterface.pl/Webservice/Findbar", list[Request]()
    httpserver.expect_request(f"{base}/Session", method="POST").respond_with_handler(
        pages({"SessionID": "s1"}, seen=seen)
    )
    httpserver.expect_request(f"{base}/Ticket", method="GET").respond_with_handler(pages({"TicketID": ["1", "2"]}))
    httpserver.expect_request(f"{base}/Ticket/1,2", method="GET").respond_with_handler(
        pages({"Ticket": [otrs(1), otrs(2, None)]}, seen=seen)
    )
    done = ask(httpserver, database, "otrs", user="zaehler", path=base)
    assert (done.questions, done.answered) == (2, 1)
    assert json.loads(seen[0].data) == {"UserLogin": "zaehler", "Password": TOKEN}
    assert dict(seen[1].args) == {"SessionID": "s1", "Extended": "1"}


def test_a_server_that_is_busy_is_asked_again_and_what_was_read_counts(httpserver: HTTPServer, database: Path) -> None:
    busy = Response(status=429, headers={"Retry-After": "0"})
    first = [zammad(n) for n in range(100)]
    httpserver.expect_request("/api/v1/tickets").respond_with_handler(
        pages(busy, first, Response(status=502), Response(status=502), Response(status=502))
    )
    done = ask(httpserver, database, "zammad")
    assert (done.questions, done.lost) == (100, True)


def test_what_goes_wrong_at_once_is_told_without_the_token(httpserver: HTTPServer, database: Path) -> None:
    for answer, told in (
        (Response(f"no: {TOKEN}", status=401), "refused the token of DESK_TOKEN"),
        (Response("<html>", status=200), "does not answer like zammad"),
        (Response(status=302, headers={"Location": "https://elsewhere.example/"}), "cannot be read"),
    ):
        httpserver.clear()
        httpserver.expect_request("/api/v1/tickets").respond_with_handler(pages(*[answer] * 3))
        with pytest.raises(SourceProblemError, match=told) as problem:
            ask(httpserver, database, "zammad")
        assert TOKEN not in str(problem.value)


def test_a_server_of_the_house_is_asked_only_where_the_settings_allow_it(
    httpserver: HTTPServer, database: Path
) -> None:
    with pytest.raises(SourceProblemError, match="may not be asked"):
        ask(httpserver, database, "zammad", allow=False)
    assert httpserver.log == []


@pytest.mark.parametrize(
    ("source", "key", "told"),
    [
        ("zammad+http://hilfe.example", "DESK_TOKEN", "sent encrypted only"),
        ("zammad+https://a:b@hilfe.example", "DESK_TOKEN", "without a password in it"),
        ("zammad+https://hilfe.example", "", "capital letters"),
        ("zammad+https://hilfe.example", "LEER", "is empty"),
        ("otrs+https://hilfe.example/x", "DESK_TOKEN", "want a user"),
    ],
)
def test_what_is_missing_is_told_before_a_help_desk_is_asked(source: str, key: str, told: str) -> None:
    with pytest.raises(SourceProblemError, match=told):
        desks.desk(source, {"DESK_TOKEN": TOKEN}, key)


def test_a_desk_never_shows_its_token() -> None:
    desk = desks.desk("zendesk+https://post%40haus.example@haus.zendesk.com", {"DESK_TOKEN": TOKEN}, "DESK_TOKEN")
    assert TOKEN not in repr(desk) + repr(desk.headers())
    assert (desk.base, desk.host) == ("https://haus.zendesk.com", "haus.zendesk.com")


def test_pages_without_an_end_are_bounded(
    httpserver: HTTPServer, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "MOST_PAGES", 3)
    httpserver.expect_request("/api/v1/tickets").respond_with_json([zammad(n) for n in range(100)])
    done = ask(httpserver, database, "zammad")
    assert (done.lost, done.new, len(httpserver.log)) == (True, 100, 4)


def test_times_are_clock_times_in_every_zone() -> None:
    [one] = of([zammad(1, created_at="2026-11-20T19:00:00+01:00")]).exchanges
    assert one.asked_at == datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert one.answered_at == one.asked_at + timedelta(hours=63)
