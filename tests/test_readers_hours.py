"""Opening hours of every kind to OSM syntax."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours, State, validate

from audit.readers import from_german, from_periods, from_schema, from_specification, hours_in, repaired
from tests.hours_oracle import measure

FRAGMENTS = ["Mo", "-", "Do", " ", "9", "12", ":30", ".", "Uhr", ",", "und", "bis", "nach Vereinbarung", ";", "PH", '"']
FRAGMENTS += [
    "geschlossen",
    "täglich",
    "nachmittags",
    "(",
    "24/7",
    "–",
    "25:99",
    "\x00",
    "so",
    "werktags",
    "außer",
    "ab",
]
FRAGMENTS += [
    "1. ",
    " im Monat",
    "Ferien",
    "nur mit Termin",
    "[1]",
    "week ",
    "Jan",
    "easter",
    "sunrise",
    "+",
    "||",
    "off",
]


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        (
            "Mo-Do 9-12 Uhr und 14-16 Uhr, Fr nach Vereinbarung",
            'Mo-Th 09:00-12:00,14:00-16:00; Fr unknown "nach Vereinbarung"',
        ),
        ("montags bis freitags von 8.00 bis 12.00 Uhr", "Mo-Fr 08:00-12:00"),
        ("Di 14–18 Uhr", "Tu 14:00-18:00"),
        ("Mo, Di, Do 9-12 Uhr sowie nach Vereinbarung", 'Mo,Tu,Th 09:00-12:00 || unknown "nach Vereinbarung"'),
        ("Montag 9:00–12:00 Uhr Dienstag 14:00–18:00 Uhr", "Mo 09:00-12:00; Tu 14:00-18:00"),
        ("9-12 Uhr (Mo-Fr)", "Mo-Fr 09:00-12:00"),
        ("täglich 10-18 Uhr, Mi geschlossen", "Mo,Tu,Th-Su 10:00-18:00; We off"),
        ("Do nachmittags 14-18 Uhr", "Th 14:00-18:00"),
        ("Fr 18-2 Uhr", "Fr 18:00-02:00"),
        ("So-Di 10-12 Uhr", "Mo,Tu,Su 10:00-12:00"),
        ("nach Vereinbarung", 'unknown "nach Vereinbarung"'),
        ("montags bis donnerstags von 8.00 bis 16.30 Uhr", "Mo-Th 08:00-16:30"),
        ("Mo., Mi. u. Fr. 9 – 12 h", "Mo,We,Fr 09:00-12:00"),
        ("Mo-Fr 0800-1630", "Mo-Fr 08:00-16:30"),
        ("täglich außer Sonntag 9-18 Uhr", "Mo-Sa 09:00-18:00"),
        ("täglich 9-18 Uhr außer sonntags", "Mo-Sa 09:00-18:00; Su off"),
        ("jeden 1. Dienstag im Monat 14-16 Uhr", "Tu[1] 14:00-16:00"),
        ("Mo 9-12 Uhr, jeden ersten und dritten Montag im Monat 17-19 Uhr", "Mo 09:00-12:00, Mo[1,3] 17:00-19:00"),
        ("letzter Freitag im Monat 9-12", "Fr[-1] 09:00-12:00"),
        ("Di. 14-18 Uhr (nur mit Termin)", 'Tu 14:00-18:00 unknown "nur mit Termin"'),
        ("Mo-Fr 9-13 Uhr ohne Termin", "Mo-Fr 09:00-13:00"),
        ("Mo-Fr 8-16 Uhr, in den Schulferien geschlossen", "Mo-Fr 08:00-16:00; SH off"),
        ("Mi 14-16 Uhr, außer an Feiertagen und in den Ferien", "We 14:00-16:00; PH off; SH off"),
        ("rund um die Uhr", "24/7"),
        ("24/7", "24/7"),
        ("Mo–Fr: 24 Stunden", "Mo-Fr 00:00-24:00"),
        ("Mo ab 18 Uhr", "Mo 18:00+"),
        ("Do 18-2 Uhr, Fr 18-4 Uhr", "Th 18:00-02:00, Fr 18:00-04:00"),
        (
            "Termine nur nach vorheriger telefonischer Vereinbarung",
            'unknown "Termine nur nach vorheriger telefonischer Vereinbarung"',
        ),
        ("Fr 9-12 Uhr; Fr nach Absprache", 'Fr 09:00-12:00 || Fr unknown "nach Absprache"'),
        ("Öffnungszeiten: Mo 9-12 Uhr", "Mo 09:00-12:00"),
        ("Mon-Fri 9 am to 5.30 p.m., closed on public holidays", "Mo-Fr 09:00-17:30; PH off"),
        ("Montag-Freitag, 9-17 Uhr, Sonn- und Feiertage geschlossen", "Mo-Fr 09:00-17:00; Su,PH off"),
        ("Tuesdays and Thursdays 2-4 pm, Fri 9-5 pm", "Tu,Th 14:00-16:00; Fr 09:00-17:00"),
        ("Mo bis einschließlich Do 9-12 Uhr, Fr n.V.", 'Mo-Th 09:00-12:00; Fr unknown "n.V"'),
        (
            "Mo 9-12 Uhr. Außerhalb dieser Zeiten nach Absprache",
            'Mo 09:00-12:00 || unknown "Außerhalb dieser Zeiten nach Absprache"',
        ),
        (
            "Di 16-18 Uhr (telefonische Anmeldung erforderlich)",
            'Tu 16:00-18:00 unknown "telefonische Anmeldung erforderlich"',
        ),
        ("Every first Tuesday of the month 14:00-16:00", "Tu[1] 14:00-16:00"),
        ("Mo-Fr 8-16 Uhr, Fr 8-13 Uhr", "Mo-Th 08:00-16:00; Fr 08:00-13:00"),
        ("Mo-Fr 10-12 u. 14-16; Mi 10-12", "Mo,Tu,Th,Fr 10:00-12:00,14:00-16:00; We 10:00-12:00"),
        ("Mo-Fr 9-12, Mi 14-16", "Mo,Tu,Th,Fr 09:00-12:00; We 09:00-12:00,14:00-16:00"),
        ("Mo-Fr 9-18 ; 9-13.30 Sa", "Mo-Fr 09:00-18:00; Sa 09:00-13:30"),
        ("Di-Sa 9-17, So feiertags 13-17", "Tu-Sa 09:00-17:00; Su,PH 13:00-17:00"),
        ("Mo-Fr 9-12, Feiertage ges.", "Mo-Fr 09:00-12:00; PH off"),
        ("1. und 3. Dienstag 18-19 Uhr", "Tu[1,3] 18:00-19:00"),
        ("MoDiDo 8:30-12 MiFr 8:30-11", "Mo,Tu,Th 08:30-12:00; We,Fr 08:30-11:00"),
        ("Mo-Fr 11.30-14.00 und ab 17.00, Mi Ruhetag", "Mo,Tu,Th,Fr 11:30-14:00,17:00+; We off"),
        ("tägl. ab 17:30; Di und Mi Ruhetage", "Mo,Th-Su 17:30+; Tu,We off"),
        ("Sa-12:00-16:00", "Sa 12:00-16:00"),
        ("Mo bis Fr zwischen 9.00 und 12.00 Uhr", "Mo-Fr 09:00-12:00"),
        ("daily except Sunday 10am-6pm; by appointment", 'Mo-Sa 10:00-18:00 || unknown "by appointment"'),
    ],
)
def test_german_hours_become_osm_syntax(text: str, osm: str) -> None:
    assert from_german(text) == osm


@pytest.mark.parametrize(
    "text",
    [
        "",
        "täglich außer Sonntag",
        "werktags",
        "Mo-Fr 8-16 Uhr, Mo-Fr 8-13 Uhr",  # every day says two things
        "Mo-Do 8-12, 15-17, Di 15-18",  # Tuesday: all day, or the afternoon only
        "Mo nachmittags 2-5 Uhr",  # 14 to 17, or 2 to 5
        "Mo 9-12 Uhr nach Vereinbarung",  # only then, or besides
        "Mo 12-9 Uhr",
        "jeden zweiten Mittwoch 9-12 Uhr",  # of the month, or every fortnight
        "Mo-Fr PH 9-12 Uhr",
        "9 am - 5",
        "Mo-Fr 9-12 Uhr (Termine nach Vereinbarung)",
        "Mo-Fr 9-5",  # in the afternoon, or the next morning
        "1. Dezember 10-12 Uhr",
        "Mo 12.11. 9-12 Uhr",
        "9-12 Uhr",
        "Mo",
        "Wir sind gern für Sie da",
        "Mo 25-26 Uhr",
    ],
)
def test_what_is_not_understood_is_never_guessed(text: str) -> None:
    assert from_german(text) == ""


def test_saturday_is_a_workday_by_law_and_not_in_everyday_use_so_it_stays_open() -> None:
    assert from_german("werktags 9-12 Uhr") == 'Mo-Fr 09:00-12:00, Sa 09:00-12:00 unknown "werktags"; PH off'
    assert from_german("werktags 8-18 Uhr, Sa 9-13 Uhr") == "Mo-Fr 08:00-18:00; Sa 09:00-13:00; PH off"


def test_by_appointment_is_neither_open_nor_closed() -> None:
    hours = OpeningHours(from_german("Mo-Do 9-12 Uhr, Fr nach Vereinbarung"))
    assert hours.state(datetime(2026, 11, 27, 10))[0] == State.UNKNOWN  # noqa: DTZ001 - local wall clock


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Mo-Fr 08:00-12:00; PH off", "Mo-Fr 08:00-12:00; PH off"),
        (
            "Mo,Th 07:30-16:00;Tu,We07:30-16:30;Fr 07:30-14:30;PH off",
            "Mo,Th 07:30-16:00; Tu,We 07:30-16:30; Fr 07:30-14:30; PH off",
        ),
        ("Mo-Thu 08:00-17:00; Fr 07:00-16:00", "Mo-Th 08:00-17:00; Fr 07:00-16:00"),
        ("Mo-Di,Do-Fr 08:00-18:30; Mi 08:00-13:00", "Mo-Tu,Th-Fr 08:00-18:30; We 08:00-13:00"),
        ("Mo,Tu,Th 09:00-12:00 and 15:00-16:30; PH off", "Mo,Tu,Th 09:00-12:00,15:00-16:30; PH off"),
        ("Mo,We 08:30–18:00; Tu 08:30–14:30", "Mo,We 08:30-18:00; Tu 08:30-14:30"),
        ('"nach Vereinbarung"', 'unknown "nach Vereinbarung"'),
        ('|| "Termin nach Vereinbarung"', 'unknown "Termin nach Vereinbarung"'),
        ('Mo-Fr 8:00-12:00 "Mo oder Di"', 'Mo-Fr 08:00-12:00 unknown "Mo oder Di"'),
        ("Mo, Th 07:30-16:00", "Mo,Th 07:30-16:00"),
        ("mo-fr 8.00 – 12.00 uhr; ; sa,so geschlossen;", "Mo-Fr 08:00-12:00; Sa,Su off"),
        ("Mo-Fr 08:00-12:00 14:00-18:00 Sa 9-12", "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00"),
        ("08:00-12:00 Mo-Fr", "Mo-Fr 08:00-12:00"),
        ("Mo-Fr 9am-5pm", "Mo-Fr 09:00-17:00"),
        ("Mo-Fr 08:00-12:00, nach Vereinbarung", 'Mo-Fr 08:00-12:00 || unknown "nach Vereinbarung"'),
        ("Sa,Su;PH off", "Sa,Su,PH off"),
        ("SH Mo-Fr 8-16; Mo-We 24/7", "SH Mo-Fr 08:00-16:00; Mo-We 00:00-24:00"),
        ("week 1-53/2 Tu[1,-1] 18:00+", "week 01-53/02 Tu[1,-1] 18:00+"),
        ("Apr-Okt, Dez 1-24: Mo-Fr 10:00-12:00", "Apr-Oct,Dec 01-24 Mo-Fr 10:00-12:00"),
        ("easter +1 day off; sunrise-(sunset-01:00)", "easter +1 day off; sunrise-(sunset-01:00)"),
        ("Fr 17:00 bis Open End", "Fr 17:00+"),
        ("week 01,week 03 Mo 9-12", "week 01,03 Mo 09:00-12:00"),
        ("Mo-Su; Su off", ""),  # the hours are missing
        ("Mo-Fr; Sa geschlossen", ""),
        ('Mo-Fr 11:00-14:00 "Küche" open', ""),
        ("irgendwann", ""),
        ('Mo "', ""),
        ("Mo", ""),  # all day, or the times are missing
        ("Mo 10:00", ""),
        ("Mo-Fr 9-5", ""),
        ("Mo-Fr PH 10:00-11:00", ""),
        ("10:00-16:00/90", ""),
        ("Mo-Fr 25:00-26:00", ""),
    ],
)
def test_osm_values_are_mended_where_their_meaning_is_plain(text: str, osm: str) -> None:
    assert repaired(text) == osm


@pytest.mark.shared
def test_real_values_are_understood_and_give_the_intervals_of_the_oracle(shared: Path) -> None:
    """python benchmarks/hours.py names the values that do not."""
    found = measure(shared / "data/opening_hours/real_munich_2025.json")
    assert found.values == 1381
    assert found.understood >= 0.99
    assert found.same >= 0.97


def test_schema_texts_add_up() -> None:
    texts = ["Mo-Sa 11:00-14:30", "Mo-Th 17:00-21:30", "Fr-Sa 17:00-22:00"]
    assert from_schema(texts) == "Mo-Th 11:00-14:30,17:00-21:30; Fr,Sa 11:00-14:30,17:00-22:00"
    assert from_schema([", , , , , ,"]) == ""
    assert from_schema(["Mo-Fr 09:00-12:00", 'Mo "nur mit Termin"']) == (
        'Mo-Fr 09:00-12:00, Mo unknown "nur mit Termin"'
    )


def test_a_specification_knows_url_english_and_german_days() -> None:
    days = ["http://schema.org/Monday", "Tuesday", "Mittwoch"]
    assert from_specification([{"dayOfWeek": days, "opens": "09:00:00", "closes": "17:00"}]) == "Mo-We 09:00-17:00"


def test_a_specification_knows_several_days_in_one_word_and_times_with_a_zone() -> None:
    one = {"dayOfWeek": "Mo-Fr", "opens": "9:00 AM", "closes": "17:00:00+01:00"}
    night = {"dayOfWeek": ["https://schema.org/Saturday/"], "opens": "20:00", "closes": "00:00"}
    assert from_specification([one, night]) == "Mo-Fr 09:00-17:00; Sa 20:00-24:00"


def test_a_specification_of_public_holidays_is_none_of_a_weekday() -> None:
    one = {"dayOfWeek": "https://schema.org/PublicHolidays", "opens": "00:00", "closes": "00:00"}
    assert from_specification([one]) == "PH off"


def test_a_specification_of_midnight_twice_means_closed() -> None:
    assert from_specification([{"dayOfWeek": "Sunday", "opens": "00:00", "closes": "00:00"}]) == "Su off"


def test_a_season_of_a_specification_is_kept() -> None:
    one = {
        "dayOfWeek": "Mo",
        "opens": "18:00",
        "closes": "19:00",
        "validFrom": "2026-01-01",
        "validThrough": "2026-03-01",
    }
    assert from_specification([one]) == "2026 Jan 01-2026 Mar 01 Mo 18:00-19:00"


def test_a_season_without_days_is_every_day_and_one_open_side_is_far_away() -> None:
    closed = {"opens": "00:00", "closes": "00:00", "validFrom": "2026-12-24", "validThrough": "2026-12-26"}
    always = {"dayOfWeek": "Mo", "opens": "09:00", "closes": "12:00"}
    assert from_specification([closed, always]) == "Mo 09:00-12:00; 2026 Dec 24-2026 Dec 26 Mo-Su off"
    assert from_specification([always | {"validFrom": "2026-03-01"}]) == "2026 Mar 01-2099 Dec 31 Mo 09:00-12:00"


@pytest.mark.parametrize(
    "one", [{}, {"dayOfWeek": "Tag", "opens": "9", "closes": "10"}, {"dayOfWeek": "Mo", "opens": "x"}]
)
def test_a_specification_that_is_not_understood_is_empty(one: dict[str, str]) -> None:
    assert from_specification([one]) == ""


def test_google_periods_with_sunday_first_and_midnight() -> None:
    periods: list[dict[str, Any]] = [
        {"open": {"day": 1, "hour": 9}, "close": {"day": 1, "hour": 17, "minute": 30}},
        {"open": {"day": 0, "time": "2200"}, "close": {"day": 1, "time": "0200"}},
    ]
    assert from_periods(periods) == "Mo 09:00-17:30; Su 22:00-02:00"


def test_a_period_may_last_from_noon_into_the_night_on_every_day() -> None:
    periods: list[dict[str, Any]] = [
        {"open": {"day": day, "hour": 11}, "close": {"day": (day + 1) % 7, "hour": 2 + day // 6}} for day in range(7)
    ]
    assert from_periods(periods) == "Mo-Fr,Su 11:00-02:00, Sa 11:00-03:00"


def test_periods_without_close_are_always_open_and_none_at_all_never() -> None:
    assert from_periods([{"open": {"day": 0, "hour": 0}}]) == "24/7"
    assert from_periods([]) == "off"
    assert from_periods(None) == ""
    assert from_periods([{"open": 7}, {"recurrence": 3}]) == ""


def test_here_hours_with_start_and_duration() -> None:
    one = {"start": "T100000", "duration": "PT08H30M", "recurrence": "FREQ:DAILY;BYDAY:MO,TU"}
    assert from_periods([one]) == "Mo,Tu 10:00-18:30"


def test_hours_in_a_page_stand_apart_from_telephone_hours() -> None:
    text = "Kontakt Öffnungszeiten: Mo-Fr 9-12 Uhr So finden Sie uns. Telefonzeiten: Di 14-16 Uhr"
    assert hours_in(text) == ("Mo-Fr 09:00-12:00", "Mo-Fr 9-12 Uhr")


def test_telephone_hours_alone_are_shown_but_are_no_opening_hours() -> None:
    assert hours_in("Telefonzeiten: Di 14-16 Uhr") == ("", "Di 14-16 Uhr")


def test_two_different_opening_hours_on_one_page_are_not_mixed() -> None:
    text = "Öffnungszeiten Haus A Mo 9-12 Uhr Öffnungszeiten Haus B Mo 10-12 Uhr"
    assert hours_in(text) == ("", "Mo 9-12 Uhr | Mo 10-12 Uhr")


@pytest.mark.parametrize(
    "text", ["jeden 1. Montag 9-12 Uhr", "Fr 9-12 Uhr in ungeraden Wochen", "Di 9-11 Uhr 14-tägig"]
)
def test_irregular_days_are_shown_but_not_translated(text: str) -> None:
    hours, shown = hours_in(text)
    assert hours == ""
    assert shown


def test_days_behind_a_word_that_is_not_understood_are_only_a_part() -> None:
    assert hours_in("Öffnungszeiten: Mo bis inklusive Do 9-12 Uhr") == ("", "Do 9-12 Uhr")
    assert hours_in("Mo-Do 10-18 Uhr, Fr bis 19 Uhr") == ("", "Mo-Do 10-18 Uhr")
    assert hours_in("Wir beraten Mo bis Fr zwischen 9 und 12 Uhr.")[0] == "Mo-Fr 09:00-12:00"
    assert hours_in("So finden Sie uns. Mo-Fr 9-12 Uhr")[0] == "Mo-Fr 09:00-12:00"


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Unsere Öffnungszeiten: Di 9-11 Uhr (außer in den Schulferien). Kommen Sie!", "Tu 09:00-11:00; SH off"),
        ("Sprechstunde Mi 14-16 Uhr (nur mit Termin)", 'We 14:00-16:00 unknown "nur mit Termin"'),
        ("Opening hours: Mon - Fri 9am - 5pm", "Mo-Fr 09:00-17:00"),
    ],
)
def test_what_limits_hours_on_a_page_is_read_with_them(text: str, osm: str) -> None:
    assert hours_in(text)[0] == osm


@pytest.mark.parametrize("text", ["24. April 2020 08:30 Uhr", "Mo 3-5 Kinder", "Samstag, 5. Dezember 2026, 10-12 Uhr"])
def test_dates_and_numbers_are_no_opening_hours(text: str) -> None:
    assert hours_in(text)[0] == ""


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=80))
def test_whatever_the_text_the_answer_is_empty_or_valid_and_reads_the_same_again(text: str) -> None:
    for osm in (from_german(text), repaired(text), from_schema([text, text]), hours_in(text)[0]):
        assert osm == "" or validate(osm)
        assert repaired(osm) == osm


def test_what_is_closed_on_a_numbered_day_is_read_to_its_end() -> None:
    assert from_german("geschlossen 1. PH") == ""
    assert from_german("Mo-Fr 9-12 Uhr, geschlossen am 1. Montag im Monat") == "Mo-Fr 09:00-12:00; Mo[1] off"


HOSTILE = [
    "Mo ",
    "Mo,",
    "1. ",
    "nach ",
    "Mo nach ",
    "termine nur nach vorheriger ",
    "24 ",
    "9 am ",
    "(",
    '"',
    "school ",
]
HOSTILE += ["Mo 24 ", " ", "Mo-Fr 9-12 Uhr, ", "; Mo 09:00-12:00", "week 1-53/2 Mo[1] 10:00+, ", "1"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_hostile_texts_are_refused_before_they_cost_much(piece: str) -> None:
    """Refused by their length: quadratic work over a text this long would not end within the test's time."""
    text = piece * (300_000 // len(piece)) + " 9-12 Uhr"
    assert from_german(text) == ""
    assert repaired(text) == ""
    assert from_schema([text] * 200) == ""
    hours_in(text[:20_000])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["open", "close", "day", "hour", "time"]), inner)
    ),
    max_leaves=8,
)
PERIOD = st.dictionaries(
    st.sampled_from(["open", "close", "recurrence", "start", "duration", "dayOfWeek", "opens"]), JSON
)


@given(st.lists(PERIOD, max_size=3))
def test_periods_of_any_shape_never_raise(periods: list[dict[str, object]]) -> None:
    for osm in (from_periods(periods), from_specification(periods)):
        assert osm == "" or validate(osm)
