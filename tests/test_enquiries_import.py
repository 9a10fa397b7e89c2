"""Imported enquiries: threads of mail, call logs, help desk and lists become times; nothing else is kept."""

from __future__ import annotations

import sqlite3
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.enquiries import Imported, Wish, import_enquiries, kind_of
from audit.model import Exchange, Service
from audit.sources import calls, headers, tables, threads
from audit.sources.gathered import Gathered, SourceProblemError
from audit.sources.hashing import Salt
from audit.store import Store, exchanges
from audit.store.pruning import Policy, prune
from audit.working import UnknownNameError
from tests.mail_factory import NAMES, OURS, mail, maildir, mbox, organisation

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 18, tzinfo=UTC)
SALT = Salt(b"x" * 32)
HOUSE = headers.House(frozenset({"haus.example"}), frozenset(), {}, confidential=False)


def hours(number: float) -> datetime:
    return FRIDAY + timedelta(hours=number)


def threaded(*messages: bytes, house: headers.House = HOUSE, known: Any = None) -> Gathered:
    read = [headers.envelope(message, house, SALT) for message in messages]
    return threads.exchanges(read, "", "mail", SALT, known or {}, NOW)


def waits_of(gathered: Gathered) -> list[float | None]:
    return [(e.answered_at - e.asked_at) / timedelta(hours=1) if e.answered_at else None for e in gathered.exchanges]


def import_file(path: Path, database: Path, **wish: Any) -> Imported:
    return import_enquiries(database, organisation(), Wish(source=str(path), **wish), {}, NOW)


def stored(database: Path) -> tuple[Exchange, ...]:
    """What a run that begins now would count."""
    store = Store(database)
    try:
        run = store.free_id("jetzt")
        store.begin(run, at=NOW, method=1, manifest={}, organisations=(), scope={})
        return exchanges.known_to(store.tables, "haus", run)
    finally:
        store.close()


# --- threads of mail


def test_the_first_human_answer_of_the_house_stops_the_clock_whoever_of_it_writes() -> None:
    found = threaded(
        mail("q", FRIDAY),
        mail(
            "auto",
            hours(0.1),
            OURS,
            "ilse.geheim@privat.example",
            reply_to="q",
            Auto_Submitted="auto-replied (vacation)",
        ),
        mail("a", hours(64), "E. Muster <e.muster@nord.haus.example>", "ilse.geheim@privat.example", reply_to="q"),
        mail("thanks", hours(65), reply_to="a"),
    )
    assert waits_of(found) == [64]
    assert found.noted["automatic"] == 1


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied (vacation)"}, {"Auto_Submitted": "Auto-Generated; owner-email=x"},
        {"Precedence": "bulk"}, {"X_Precedence": "auto_reply"}, {"X_Autoreply": "yes"}, {"X_Loop": "yes"},
        {"Content_Type": "multipart/report; report-type=disposition-notification"}, {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "OOF", "subject": "Abwesenheit: Urlaub"},
    ],
)  # fmt: skip
def test_an_automatic_reply_is_counted_and_no_answer(header: dict[str, str]) -> None:
    reply = mail("auto", hours(1), OURS, "ilse.geheim@privat.example", reply_to="q", **header)  # type: ignore[arg-type]
    found = threaded(mail("q", FRIDAY), reply)
    assert waits_of(found) == [None]
    assert found.noted["automatic"] == 1


@pytest.mark.parametrize(
    "header", [{"Auto_Submitted": "no"}, {"X_Auto_Response_Suppress": "All"}, {"X_Loop": "ticket-7"}]
)
def test_what_people_and_help_desks_also_write_is_no_sign_of_a_machine(header: dict[str, str]) -> None:
    reply = mail("a", hours(1), OURS, "ilse.geheim@privat.example", reply_to="q", **header)  # type: ignore[arg-type]
    assert waits_of(threaded(mail("q", FRIDAY), reply)) == [1]


def test_a_reply_within_a_minute_is_probably_automatic_and_does_not_stop_the_clock() -> None:
    quick = mail("quick", FRIDAY + timedelta(seconds=59), OURS, "ilse.geheim@privat.example", reply_to="q")
    later = mail("a", hours(3), OURS, "ilse.geheim@privat.example", reply_to="q")
    assert waits_of(threaded(mail("q", FRIDAY), quick)) == [None]
    found = threaded(mail("q", FRIDAY), quick, later)
    assert (waits_of(found), found.noted["probably-automatic"]) == ([3], 1)


def test_bounces_lists_newsletters_and_what_we_began_are_no_enquiries() -> None:
    found = threaded(
        mail("b", FRIDAY, "MAILER-DAEMON@mx.example"),
        mail("l", FRIDAY, "x@liste.example", List_Id="<rundbrief.liste.example>"),
        mail("n", FRIDAY, "x@shop.example", List_Unsubscribe="<mailto:weg@shop.example>"),
        mail("ours", FRIDAY, OURS, "ilse.geheim@privat.example"),
        mail("reply", hours(1), reply_to="ours"),
        mail("inner", FRIDAY, OURS, "kita@haus.example"),
    )
    assert found.exchanges == []
    assert dict(found.skipped) == {"bounce": 1, "list": 1, "newsletter": 1, "we-wrote-first": 2, "internal": 1}


def test_a_message_passed_on_inside_the_house_is_no_answer() -> None:
    passed_on = mail("fwd", hours(1), OURS, "kita@haus.example", reply_to="q")
    answer = mail("a", hours(5), "kita@haus.example", "ilse.geheim@privat.example", reply_to="fwd")
    assert waits_of(threaded(mail("q", FRIDAY), passed_on, answer)) == [5]


def test_a_second_question_before_the_answer_keeps_the_first_clock() -> None:
    again = mail("q2", hours(10), reply_to="q")
    answer = mail("a", hours(20), OURS, "ilse.geheim@privat.example", reply_to="q2")
    assert waits_of(threaded(mail("q", FRIDAY), again, answer)) == [20]


def test_without_references_subject_and_address_find_the_question_unless_the_service_is_confidential() -> None:
    question = mail("q", FRIDAY)
    answer = mail("a", hours(2), OURS, "ilse.geheim@privat.example", subject="AW: Re: Mietschulden  dringend")
    other = mail("x", hours(1), OURS, "jemand@anders.example", subject="AW: Mietschulden dringend")
    assert waits_of(threaded(question, other, answer)) == [2]
    closed = headers.House(HOUSE.domains, frozenset(), {}, confidential=True)
    assert waits_of(threaded(question, answer, house=closed)) == [None]
    assert headers.envelope(question, closed, SALT).topic == ""


def test_a_plus_address_finds_the_question() -> None:
    question = mail("q", FRIDAY, "audit+q7f3@pruefer.example")
    answer = mail("a", hours(2), "wer@haus.example", "audit+q7f3@pruefer.example", subject="Antwort")
    closed = headers.House(HOUSE.domains, frozenset(), {}, confidential=True)
    assert waits_of(threaded(question, answer, house=closed)) == [2]


def test_a_contact_form_that_writes_from_the_houses_own_address_asks_for_someone_else() -> None:
    form = mail("q", FRIDAY, "www@haus.example", OURS, Reply_To="ilse.geheim@privat.example")
    answer = mail("a", hours(4), OURS, "ilse.geheim@privat.example", reply_to="q")
    found = threaded(form, answer)
    assert (waits_of(found), found.exchanges[0].channel) == ([4], "form")


def test_clocks_that_differ_a_little_make_no_negative_wait() -> None:
    early = mail("a", FRIDAY - timedelta(minutes=5), OURS, "ilse.geheim@privat.example", reply_to="q")
    assert waits_of(threaded(mail("q", FRIDAY), early)) == [0]


def test_the_arrival_on_our_own_server_counts_and_not_what_the_sender_says() -> None:
    received = "from mx by haus.example with LMTP id 1; Fri, 20 Nov 2026 19:00:00 +0100"
    question = mail("q", "Fri, 20 Nov 2020 01:00:00 +0100", Received=received)
    assert threaded(question).exchanges[0].asked_at == FRIDAY


def test_odd_messages_are_counted_by_reason_and_never_raise() -> None:
    found = threaded(
        b"", b"\x00\xff" * 500, mail("n", "gestern"), mail("f", NOW + timedelta(days=900)), mail("q", FRIDAY),
        mail("q", FRIDAY), b"Subject: \xe4\xff\r\nFrom: a@b.example\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n\r\n",
        b"From: " + b"<" * 200_000 + b"\r\nDate: x\r\n\r\n",
    )  # fmt: skip
    assert dict(found.skipped) == {"broken": 2, "no-date": 2, "future-date": 1, "duplicate": 1}
    assert found.noted["odd-charset"] == 1
    assert len(found.exchanges) == 2


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reading_of_headers_raise(block: bytes) -> None:
    threaded(b"From: " + block, b"Date: " + block, block)


@pytest.mark.parametrize("make", [mbox, maildir])
def test_mailbox_files_are_read_by_their_headers(make: Any, tmp_path: Path) -> None:
    tricky = mail("q2", FRIDAY).replace(b"Liebes Team", b"\r\nFrom here on it is a text\r\n\r\nFrom: x")
    answer = mail("a", hours(2), OURS, "ilse.geheim@privat.example", reply_to="q")
    done = import_file(make(tmp_path / "box.mbox", [mail("q", FRIDAY), tricky, answer]), tmp_path / "a.db")
    assert (done.questions, done.answered, done.open, done.new) == (2, 1, 1, 2)


@pytest.mark.shared
def test_a_real_vacation_reply_is_no_answer_and_a_real_answer_from_another_address_is(shared: Path) -> None:
    folder = shared / "recordings/mail-loopback"
    read = [(folder / f"{name}.eml").read_bytes() for name in
            ("enquiry-as-received", "auto-reply-sieve-vacation", "human-reply")]  # fmt: skip
    house = headers.House(frozenset({"caritas.test"}), frozenset(), {}, confidential=True)
    later = read[2].replace(b"07:43:22", b"09:43:22")
    found = threaded(read[0], read[1], later, house=house)
    assert waits_of(found) == [pytest.approx(2, abs=0.001)]
    assert found.noted["automatic"] == 1


# --- importing again, and later


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    box, database = mbox(tmp_path / "b.mbox", [mail("q", FRIDAY), mail("p", hours(1))]), tmp_path / "a.db"
    assert import_file(box, database).new == 2
    before = stored(database)
    assert import_file(box, database).new == 0
    assert stored(database) == before


def test_an_answer_in_a_later_file_finds_its_question(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    import_file(mbox(tmp_path / "1.mbox", [mail("q", FRIDAY)]), database)
    answer = mail("a", hours(9), OURS, "ilse.geheim@privat.example", reply_to="q")
    done = import_file(mbox(tmp_path / "2.mbox", [answer]), database)
    assert (done.answered_later, done.new) == (1, 0)
    assert [e.answered_at for e in stored(database)] == [hours(9)]


def test_what_became_known_after_a_run_does_not_change_the_run(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    store.begin("erster", at=NOW, method=1, manifest={}, organisations=(), scope={})
    store.finish("erster", NOW, [])
    store.close()
    import_file(mbox(tmp_path / "1.mbox", [mail("q", FRIDAY)]), tmp_path / "a.db")
    assert len(stored(tmp_path / "a.db")) == 1
    store = Store(tmp_path / "a.db", writing=False)
    assert exchanges.known_to(store.tables, "haus", "erster") == ()
    store.close()


def test_two_databases_hash_the_same_message_differently(tmp_path: Path) -> None:
    box = mbox(tmp_path / "1.mbox", [mail("q", FRIDAY)])
    for name in ("a.db", "b.db"):
        import_file(box, tmp_path / name)
    assert stored(tmp_path / "a.db")[0].id != stored(tmp_path / "b.db")[0].id


def test_pruning_turns_ids_into_numbers_and_importing_again_counts_nobody_twice(tmp_path: Path) -> None:
    box, database = mbox(tmp_path / "1.mbox", [mail("q", FRIDAY), mail("p", hours(1))]), tmp_path / "a.db"
    import_file(box, database)
    policy = Policy(evidence_days=9, visits_days=9, personal_days=180, abandoned_days=9)
    assert prune(database, policy, NOW + timedelta(days=179)).enquiries == ()
    done = prune(database, policy, NOW + timedelta(days=181))
    assert "hashes of imported enquiries: 2" in done.lines
    assert [e.id for e in stored(database)] == ["expired-000001", "expired-000002"]
    assert sqlite3.connect(database).execute("SELECT count(*) FROM messages").fetchone() == (0,)
    assert import_file(box, database).new == 0


def test_no_name_address_subject_or_text_of_a_person_is_in_the_database(tmp_path: Path) -> None:
    messages = [mail("geheime-id@privat.example", FRIDAY), mail("p", hours(1), OURS, "ilse.geheim@privat.example")]
    import_file(mbox(tmp_path / "1.mbox", messages), tmp_path / "a.db", service="kita")
    calls_file = tmp_path / "anrufe.csv"
    calls_file.write_text("Zeit;Ergebnis;Rufnummer\n20.11.2026 09:00;verpasst;0170 5550123\n", encoding="utf-8")
    import_file(calls_file, tmp_path / "a.db")
    whole = b"".join(path.read_bytes() for path in tmp_path.glob("a.db*"))
    assert b"schulden" not in whole
    for secret in (*NAMES, "privat.example", "geheime-id", "5550123"):
        assert secret.encode() not in whole, secret


def test_the_mailbox_of_another_house_is_named_and_not_counted(tmp_path: Path) -> None:
    box = mbox(tmp_path / "1.mbox", [mail("q", FRIDAY, to="info@fremd.example")])
    with pytest.raises(SourceProblemError, match="another house"):
        import_file(box, tmp_path / "a.db")
    assert stored(tmp_path / "a.db") == ()


def test_a_question_belongs_to_the_service_it_was_sent_to(tmp_path: Path) -> None:
    messages = [mail("q", FRIDAY, to="kita@haus.example"), mail("p", FRIDAY, to=OURS)]
    import_file(mbox(tmp_path / "1.mbox", messages), tmp_path / "a.db")
    assert sorted(e.service for e in stored(tmp_path / "a.db")) == ["", "kita"]


def test_a_public_mail_providers_domain_says_nothing_about_the_house(tmp_path: Path) -> None:
    house = organisation(email="haus-example@gmx.de", services=())
    box = mbox(tmp_path / "1.mbox", [mail("q", FRIDAY, "ilse.geheim@gmx.de", "haus-example@gmx.de")])
    done = import_enquiries(tmp_path / "a.db", house, Wish(source=str(box)), {}, NOW)
    assert done.questions == 1


# --- the general list


def listed(text: str, channel: str = "mail") -> Gathered:
    place = {"": "", "kita": "kita"}.get
    return tables.from_csv(text, place, channel, SALT, NOW)


def test_local_times_are_berlins_with_the_change_of_clocks_resolved() -> None:
    found = listed(
        "id;asked_at;answered_at\n"
        "1;2026-10-25T02:30;2026-10-25T02:10\n"  # the second pass of the hour: 40 minutes later
        "2;24.10.2026 20:00;25.10.2026 20:00\n"
        "3;2026-03-29 02:30;\n"
        "4;2026-10-24T18:00:00Z;2026-10-24T21:00+02:00\n"
    )
    assert waits_of(found) == [pytest.approx(40 / 60), 25, 1]
    assert found.skipped["no-such-time"] == 1


def test_odd_rows_are_counted_by_reason() -> None:
    found = listed(
        "nummer,eingang,beantwortet,dienst,kanal,art\n1,20.11.2026 10:00,,kita,telefon,\n1,20.11.2026 10:00,,kita,,\n"
        "2,,,,,\n3,2036-01-01T10:00,,,,\n4,2026-11-20T10:00,2026-11-01T10:00,,,\n5,2026-11-20T10:00,,sauna,,\n"
        "6,2026-11-20T10:00,,,brieftaube,\n7,2026-11-20T10:00,,,,witz\n8,quatsch,,,,\n9,2026-11-20,,,,\n"
    )
    assert [e.channel for e in found.exchanges] == ["phone"]
    assert dict(found.skipped) == {
        "duplicate": 1, "no-date": 3, "future-date": 1, "answered-before-asked": 1, "unknown-service": 1,
        "unknown-channel": 1, "unknown-kind": 1,
    }  # fmt: skip


def test_json_lines_say_the_same_as_csv() -> None:
    text = '{"id": 7, "asked_at": "2026-11-20T18:00:00Z", "kind": "review"}\n[1]\nkaputt\n{"id": 8}\n'
    found = tables.from_json_lines(text, {"": ""}.get, "form", SALT, NOW)
    assert [(e.kind, e.channel, e.source, e.asked_at) for e in found.exchanges] == [
        ("review", "form", "imported", FRIDAY)
    ]
    assert dict(found.skipped) == {"broken": 2, "no-date": 1}


def test_a_list_of_another_house_and_a_list_that_is_none_are_refused_in_words() -> None:
    with pytest.raises(SourceProblemError, match="another house"):
        listed("asked_at;service\n2026-11-20T10:00;sauna\n")
    with pytest.raises(SourceProblemError, match="asked_at"):
        listed("Name;Ort\nx;y\n")


def test_rows_without_an_id_are_told_apart_by_their_order() -> None:
    found = listed("asked_at\n2026-11-20T10:00\n2026-11-20T10:00\n")
    assert len({e.id for e in found.exchanges}) == 2


# --- calls


def called(text: str, known: Any = None) -> Gathered:
    return calls.from_call_log(text, {"": "", "kita": "kita"}.get, {"36005550": "kita"}, SALT, known or {}, NOW)


def test_a_missed_call_starts_the_clock_and_the_call_back_stops_it() -> None:
    found = called(
        "time;status;number\n2026-11-20 09:00;missed;0170 1\n2026-11-20 09:30;missed;+49 170 1\n"
        "2026-11-20 11:00;called back;0049170 1\n2026-11-20 12:00;answered;0170 2\n2026-11-20 13:00;missed;\n"
        "2026-11-20 14:00;called back;0170 9\n2026-11-20 15:00;verschollen;1\n"
    )
    assert waits_of(found) == [2, 0, None]
    assert dict(found.skipped) == {"own-call": 1, "unknown-status": 1}
    assert found.noted["called-again"] == 1


def test_the_call_lists_of_a_fritzbox_and_of_asterisk_are_read() -> None:
    fritz = called(
        "sep=;\nTyp;Datum;Name;Rufnummer;Landes-/Ortsnetzbereich;Nebenstelle;Eigene Rufnummer;Dauer\n"
        "2;20.11.26 09:00;Ilse;0360 1;Ort;;5550;0:00\n3;20.11.26 10:00;Ilse;0360 1;Ort;1;5550;0:02\n"
        "1;20.11.26 11:00;;;;1;5550;0:05\n"
    )
    assert waits_of(fritz) == [1, 0]
    assert {e.service for e in fritz.exchanges} == {"kita"}  # its own number is the one that was called
    asterisk = called(
        "src,dst,start,disposition,direction\n111,5550,2026-11-20 09:00:00,NO ANSWER,inbound\n"
        "5550,111,2026-11-20 12:00:00,ANSWERED,outbound\n5550,222,2026-11-20 12:10:00,BUSY,outbound\n"
    )
    assert waits_of(asterisk) == [3]


def test_calls_on_a_number_that_nobody_stated_are_named(tmp_path: Path) -> None:
    log = tmp_path / "anrufe.csv"
    log.write_text(
        "Datum;Typ;Rufnummer;Eigene Rufnummer\n20.11.26 09:00;2;0170 1;089 7654321\n20.11.26 10:00;2;0170 2;620\n"
        "20.11.26 11:00;2;0170 3;+49 3600 5550\n20.11.26 12:00;2;0170 4;36007000\n", encoding="utf-8",
    )  # fmt: skip
    house = organisation(phone="+49 3600 7000", services=(Service(id="kita", kind="", name="Kita", phone="036005550"),))
    done = import_enquiries(tmp_path / "a.db", house, Wish(source=str(log)), {}, NOW)
    assert (done.questions, dict(done.noted)) == (4, {"other-line": 1})
    assert sorted(e.service for e in stored(tmp_path / "a.db")) == ["", "", "", "kita"]


def test_a_call_log_with_two_time_zones_and_gaps_counts_moments_and_tells_what_it_cannot() -> None:
    found = calls.from_call_log(
        "start,disposition,src\n2026-11-20T17:00:00+00:00,NO ANSWER,0170 1\n20.11.2026 19:30,angenommen,0170 1\n"
        ",ANSWERED,0170 2\n2026-11-20,ANSWERED,0170 2\n2026-03-29 02:30,ANSWERED,0170 3\n"
        "2026-11-20T23:00:00+05:30,ANSWERED,\n",
        lambda word: word, {}, SALT, {}, NOW,
    )  # fmt: skip
    assert waits_of(found) == [1.5, 0]
    assert dict(found.skipped) == {"no-date": 2, "no-such-time": 1}


def test_a_call_back_of_the_next_months_log_finds_its_call(tmp_path: Path) -> None:
    database, first, second = tmp_path / "a.db", tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("Zeit;Status;Rufnummer\n20.11.2026 09:00;verpasst;0170 1\n", encoding="utf-8")
    second.write_text("Zeit;Status;Rufnummer\n21.11.2026 09:00;Rückruf;0170 1\n", encoding="cp1252")
    assert (import_file(first, database).kind, import_file(second, database).answered_later) == ("calls", 1)
    assert import_file(second, database).answered_later == 0
    assert [e.answered_at for e in stored(database)] == [datetime(2026, 11, 21, 8, tzinfo=UTC)]


# --- what is asked for


def test_unknown_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceProblemError, match="--kind"):
        kind_of("post.pdf")
    with pytest.raises(SourceProblemError, match="cannot be read"):
        import_file(tmp_path / "fehlt.csv", tmp_path / "a.db", kind="csv")
    with pytest.raises(UnknownNameError, match="kita"):
        import_file(tmp_path / "x.csv", tmp_path / "a.db", kind="csv", service="kitta")


# --- hostile and broken mail


def test_what_a_header_smuggles_in_is_no_header() -> None:
    smuggled = "=?utf-8?q?Hallo=0D=0AAuto-Submitted:_auto-replied=0D=0AFrom:_kita@haus.example?="
    bare = "Hallo\rAuto-Submitted: auto-replied\rFrom: kita@haus.example"
    people = ("ilse.geheim@privat.example", "uwe@privat.example", '"kita@haus.example" <ada@privat.example>')
    subjects = (smuggled, bare, "Hallo")
    found = threaded(*(mail(p, FRIDAY, p, subject=s) for p, s in zip(people, subjects, strict=True)))
    assert waits_of(found) == [None, None, None]
    assert (found.skipped.total(), found.noted.total()) == (0, 0)


def test_broken_mime_is_not_looked_at_and_hides_no_message(tmp_path: Path) -> None:
    open_end = mail("q", FRIDAY, Content_Type='multipart/mixed; boundary="=_x"').replace(
        b"Liebes Team", b"--=_x\r\nContent-Type: text/plain; charset=klingonisch\r\n\r\n--=_y\r\nAuto-Submitted: yes"
    )
    nested = mail("p", FRIDAY, Content_Type="multipart/mixed").replace(b"Liebes Team", b"--\r\n" * 500)
    wrong = mail("r", FRIDAY, Content_Type="text/plain; charset=utf-16", Content_Transfer_Encoding="base64")
    answers = [mail(f"a{to}", hours(2), OURS, "ilse.geheim@privat.example", reply_to=to) for to in "qpr"]
    done = import_file(mbox(tmp_path / "box.mbox", [open_end, nested, wrong, *answers]), tmp_path / "a.db")
    assert (done.questions, done.answered, done.skipped) == (3, 3, ())


def test_messages_of_50_megabytes_cost_no_memory_and_hide_nobody(tmp_path: Path) -> None:
    file, post = tmp_path / "box.mbox", b"From x@y.example Mon Nov 23 07:43:21 2026\n"
    long_text, long_field, usual = (mail(id_, FRIDAY).replace(b"\r\n", b"\n") for id_ in "tfu")
    with file.open("wb") as stream:
        stream.write(post + long_text)
        stream.seek(50_000_000, 1)
        stream.write(b"\n\n" + post + b"X-Endless: ")
        stream.seek(50_000_000, 1)
        stream.write(b"\n" + long_field + b"\n" + post + usual)
    tracemalloc.start()
    try:
        done = import_file(file, tmp_path / "a.db")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (done.questions, done.skipped) == (2, (("broken", 1),))
    assert peak < 5_000_000
