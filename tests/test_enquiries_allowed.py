"""Who may be asked by test: consent of the organisation's own file, and bars that no file can lift."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.enquiring.allowing import Addressee, addressees
from audit.enquiring.scheduling import Slot, schedule, within_caps
from audit.enquiring.tables import rules, texts
from audit.judging.calendar import public_holidays
from audit.judging.promptness import BERLIN, SCORED, window
from audit.model import Organisation, Window
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import parse
from audit.organisation.problems import FileProblems
from audit.organisation.protecting import shows_person
from audit.organisation.values import rules as file_rules

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 24)
FILE = """
name = "Sozialverein Seestadt e. V."
state = "NW"
email = "info@verein.example"
{top}
[[service]]
name = "Kita Regenbogen"
email = "kita@verein.example"
[[service]]
id = "other"
name = "{name}"
kind = "{kind}"
{more}
[[location]]
id = "haus"
city = "Seestadt"
email = "haus@verein.example"
[consent]
agreed_by = "Geschäftsführung"
agreed_on = 2026-11-02
until = 2027-10-31
addresses = [{addresses}]
kinds = {kinds}
"""
ALL_KINDS = '["general", "placement", "care", "day-care", "volunteering", "course"]'


def written(
    *addresses: str, name: str = "Sprachkurs", kind: str = "language-course", more: str = "", kinds: str = ALL_KINDS,
    top: str = "",
) -> str:  # fmt: skip
    shown = ", ".join(f'"{address}"' for address in addresses)
    return FILE.format(addresses=shown, name=name, kind=kind, more=more, kinds=kinds, top=top)


def read(text: str) -> Organisation:
    organisation, notes = parse(text, CATALOGUE, file="o.toml", today=TODAY)
    assert organisation is not None
    assert notes.problems == []
    return organisation


def forced(text: str) -> Organisation:
    """The organisation of a file, whatever is wrong with it: what a later step must refuse by itself."""
    organisation, _ = parse(text, CATALOGUE, file="o.toml", today=TODAY)
    assert organisation is not None
    return organisation


def problems(text: str) -> str:
    return str(FileProblems(parse(text, CATALOGUE, file="o.toml", today=TODAY)[1].problems))


def reasons(organisation: Organisation, *others: Organisation, day: date = TODAY) -> dict[str, str]:
    allowed, refused = addressees(organisation, [organisation, *others], CATALOGUE, day)
    assert not {one.address for one in allowed} & {one.address for one in refused}
    return {one.address: one.reason for one in refused}


def test_a_mailbox_that_is_stated_and_consented_is_asked_about_its_own_service() -> None:
    allowed, refused = addressees(read(written("kita@verein.example", "info@verein.example")), [], CATALOGUE, TODAY)
    assert refused == []
    assert {(one.address, one.service, one.kinds) for one in allowed} == {
        ("kita@verein.example", "kita-regenbogen", ("day-care", "general")),
        ("info@verein.example", "", ("general",)),
    }


BARRED = [kind.id for kind in CATALOGUE.kinds.values() if kind.confidential or kind.crisis or kind.protected]


@pytest.mark.parametrize("kind", BARRED)
def test_no_confidential_crisis_or_protected_service_is_ever_asked(kind: str) -> None:
    text = written("dienst@verein.example", name="Dienst", kind=kind, more='email = "dienst@verein.example"')
    assert "never asked by test" in problems(text)
    assert reasons(forced(text)) == {"dienst@verein.example": "barred"}


@pytest.mark.parametrize("flag", ["confidential", "crisis", "protected"])
def test_a_service_that_the_file_itself_makes_sensitive_is_not_asked(flag: str) -> None:
    more = f'email = "dienst@verein.example"\n{flag} = true\nat = []'
    assert reasons(forced(written("dienst@verein.example", more=more))) == {"dienst@verein.example": "barred"}


def test_a_harmless_kind_does_not_hide_what_a_service_is_called() -> None:
    text = written("x@verein.example", name="Schuldnerberatung", more='email = "x@verein.example"')
    assert reasons(forced(text)) == {"x@verein.example": "barred"}


def test_a_counselling_service_without_a_mailbox_of_its_own_bars_the_mailbox_of_its_place() -> None:
    text = written("haus@verein.example", name="Schuldnerberatung", kind="debt-counselling")
    assert reasons(forced(text)) == {"haus@verein.example": "barred"}
    own = text.replace('kind = "debt-counselling"', 'kind = "debt-counselling"\nemail = "s@v.example"')
    assert reasons(read(own)) == {}


def test_a_counselling_service_that_nobody_can_reach_otherwise_bars_the_general_mailbox() -> None:
    text = written("info@verein.example", name="Schuldnerberatung", kind="debt-counselling", more="at = []")
    assert reasons(forced(text)) == {"info@verein.example": "barred"}


@pytest.mark.parametrize("written_as", ["Kita@Verein.example", "kita+neu@verein.example"])
def test_another_spelling_of_a_barred_mailbox_is_the_same_mailbox(written_as: str) -> None:
    more = 'email = "kita@verein.example"'
    text = written(written_as, name="Schuldnerberatung", kind="debt-counselling", more=more)
    assert reasons(forced(text)) == {written_as: "barred"}


def test_a_mailbox_that_serves_a_barred_service_of_another_organisation_is_barred() -> None:
    other = read(
        'name = "Beratung gGmbH"\n[[service]]\nname = "Suchtberatung"\nemail = "kita@verein.example"\n'
        '[[location]]\ncity = "Seestadt"'
    )
    assert reasons(read(written("kita@verein.example")), other) == {"kita@verein.example": "barred"}


@pytest.mark.parametrize("local", ["krisendienst", "beratung", "frauen-haus", "Suchthilfe"])
def test_a_mailbox_whose_name_speaks_of_need_is_not_asked(local: str) -> None:
    address = f"{local}@verein.example"
    text = written(address, more=f'email = "{address}"')
    assert "people in need" in problems(text)
    assert reasons(forced(text)) == {address: "need"}


def test_an_address_that_the_file_does_not_state_is_not_asked() -> None:
    assert "is not stated in this file" in problems(written("fremd@anderswo.example"))
    assert reasons(forced(written("fremd@anderswo.example"))) == {"fremd@anderswo.example": "not-stated"}


def test_a_parents_consent_is_not_inherited() -> None:
    parent = read(written("kita@verein.example", top='id = "oben"'))
    child = read('name = "Kind"\nparent = "oben"\nemail = "kita@verein.example"\n[[location]]\ncity = "X"')
    assert child.consent is None
    allowed, refused = addressees(child, [parent, child], CATALOGUE, TODAY)
    assert allowed == []
    assert [one.reason for one in refused] == ["no-consent"]


@pytest.mark.parametrize(("day", "reason"), [(date(2026, 11, 1), "not-yet"), (date(2027, 11, 1), "expired")])
def test_a_consent_holds_for_its_days_only(day: date, reason: str) -> None:
    assert reasons(read(written("kita@verein.example")), day=day) == {"": reason}


def test_only_the_kinds_that_were_consented_to_are_asked() -> None:
    (one,), _ = addressees(read(written("kita@verein.example", kinds='["day-care"]')), [], CATALOGUE, TODAY)
    assert one.kinds == ("day-care",)
    assert reasons(read(written("info@verein.example", kinds='["day-care"]'))) == {"info@verein.example": "kind"}


def test_a_closed_service_is_not_asked() -> None:
    text = written("k@verein.example", more='email = "k@verein.example"\nstatus = "defunct"')
    assert reasons(read(text)) == {"k@verein.example": "kind"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Geschäftsführung"', '"Frau Beispiel"', "names a person"),
        ("2026-11-02", "2026-12-02", "lies ahead"),
        ("2027-10-31", "2028-10-31", "at most 366 days"),
        ("until = 2027-10-31\n", "", "consent, until is missing"),
        ('"day-care"', '"counselling"', "consent, kinds"),
        ("[consent]", "[[consent]]", "must be a table"),
        ('"kita@verein.example"]', "]", "addresses"),
    ],
)
def test_a_consent_that_says_too_little_or_too_much_is_refused(old: str, new: str, told: str) -> None:
    text = written("kita@verein.example").replace(old, new)
    assert text != written("kita@verein.example")
    assert told in problems(text)


def test_a_consent_that_has_run_out_is_a_warning() -> None:
    _, notes = parse(written("kita@verein.example"), CATALOGUE, file="o.toml", today=date(2027, 12, 1))
    assert any("has passed" in str(warning) for warning in notes.warnings)


# --- the schedule


def mailboxes(number: int) -> list[Addressee]:
    return [
        Addressee(address=f"m{n}@v.example", service=f"s{n}", subject=f"S {n}", kinds=("general",))
        for n in range(number)
    ]


STARTS = st.dates(date(2026, 1, 1), date(2027, 6, 1))


@settings(max_examples=12)
@given(st.integers(1, 12), st.text(max_size=8), STARTS, st.sampled_from([*file_rules()["states"], ""]))
def test_whatever_the_seed_caps_hold_and_every_window_gets_its_share(
    number: int, seed: str, first: date, state: str
) -> None:
    slots = schedule(mailboxes(number), first, first + timedelta(days=199), state, seed)
    for place, slot in enumerate(slots):
        before = [{"service": s.addressee.service, "planned_at": s.at.isoformat()} for s in slots[:place]]
        assert within_caps(slot, before)
        assert sum(s["service"] == slot.addressee.service for s in before) < rules()["caps"]["service"]
        assert window(slot.at, state) is slot.window is window(slot.at + timedelta(minutes=29), state)
    monday = first + timedelta(days=-first.weekday() % 7)
    shares = [0, 0, 0]
    for slot in slots:
        if monday <= slot.at.date() < monday + timedelta(days=28):
            shares[SCORED.index(slot.window)] += 1
    assert min(shares) >= 1
    assert max(shares) - min(shares) <= 2


def test_the_same_seed_gives_the_same_schedule_and_another_one_another() -> None:
    def made(seed: str) -> list[Slot]:
        return schedule(mailboxes(3), TODAY, TODAY + timedelta(days=60), "NW", seed)

    assert made("a") == made("a")
    assert made("a") != made("b")


def test_over_a_consent_each_mailbox_is_asked_in_all_windows_alike_and_no_more_than_the_cap() -> None:
    slots = schedule(mailboxes(2), date(2026, 1, 5), date(2026, 12, 31), "NW", "x")
    for n in range(2):
        found = [slot.window for slot in slots if slot.addressee.service == f"s{n}"]
        assert [found.count(word) for word in SCORED] == [6, 6, 6]


def test_a_holiday_counts_as_weekend_in_its_state_only() -> None:
    corpus_christi = date(2026, 6, 4)
    assert corpus_christi in public_holidays("NW", 2026)
    for state, expected in (("NW", {Window.WEEKEND}), ("HH", {Window.OFFICE, Window.EVENING})):
        seen = {
            slot.window
            for seed in range(300)
            for slot in schedule(mailboxes(1), corpus_christi, corpus_christi, state, str(seed))
        }
        assert seen <= expected


def test_the_caps_count_what_was_sent_under_another_schedule() -> None:
    slot = schedule(mailboxes(1), TODAY, TODAY + timedelta(days=14), "", "x")[0]
    at = slot.at.isoformat()
    assert within_caps(slot, [])
    assert not within_caps(slot, [{"service": "s0", "planned_at": at}])
    assert not within_caps(slot, [{"service": "a", "planned_at": at}, {"service": "b", "planned_at": at}])


# --- the texts


def test_every_kind_has_several_texts_and_none_names_a_person_or_a_need() -> None:
    for kind in file_rules()["enquiry_kinds"]:
        found = [text for text in texts()["text"] if text["kind"] == kind]
        assert len(found) >= 2, kind
        for text in found:
            told = f"{text['subject']} {text['body']}"
            assert "{subject}" in text["body"]
            assert not shows_person(told)
            assert not any(word in told.lower() for word in file_rules()["mailboxes_of_need"])
    assert {text["kind"] for text in texts()["text"]} == set(file_rules()["enquiry_kinds"])


def test_every_kind_and_field_of_the_table_exists() -> None:
    assert set(rules()["fields"]) <= set(CATALOGUE.fields)
    assert set(rules()["kinds"]) <= set(CATALOGUE.kinds)
    told = {*rules()["fields"].values(), *rules()["kinds"].values()} - {""}
    assert told <= set(file_rules()["enquiry_kinds"])


def test_no_enquiry_is_planned_at_night() -> None:
    slots = schedule(mailboxes(5), date(2026, 1, 5), date(2026, 12, 31), "BY", "night")
    hours = {datetime.fromisoformat(slot.at.isoformat()).astimezone(BERLIN).hour for slot in slots}
    assert hours <= set(range(8, 22))
