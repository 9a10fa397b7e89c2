"""The organisation file: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Organisation
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import load, load_all, parse, read_all
from audit.organisation.problems import FileProblems, Problem
from audit.organisation.schema import TABLES
from audit.organisation.toml_lines import key_lines
from audit.organisation.values import is_phone, rules, split_street, state_of

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 24)
DOCUMENT = Path(__file__).parent.parent / "docs" / "organisation-file.md"

SHORT = """\
name = "Sozialverein Seestadt e. V."
website = "https://www.sozialverein-seestadt.example"

[[service]]
name = "Schuldnerberatung"

[[service]]
name = "Ambulanter Pflegedienst"

[[location]]
street = "Hauptstr. 5 a"
postcode = "12345"
city = "Seestadt"
"""


def read(text: str) -> Organisation:
    organisation, notes = parse(text, CATALOGUE, file="o.toml", today=TODAY)
    assert notes.problems == []
    assert organisation is not None
    return organisation


def problems(text: str) -> tuple[Problem, ...]:
    return FileProblems(parse(text, CATALOGUE, file="o.toml", today=TODAY)[1].problems).problems


def only(text: str) -> Problem:
    found = problems(text)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_a_useful_file_has_at_most_fifteen_lines(tmp_path: Path) -> None:
    assert len(SHORT.splitlines()) <= 15
    file = tmp_path / "seestadt.toml"
    file.write_text(SHORT, encoding="utf-8")
    organisation = load(file, CATALOGUE, today=TODAY)
    assert organisation.id == "sozialverein-seestadt-e-v"
    assert [(s.id, s.kind, s.confidential) for s in organisation.services] == [
        ("schuldnerberatung", "debt-counselling", True),
        ("ambulanter-pflegedienst", "ambulatory-care", False),
    ]
    place = organisation.locations[0]
    assert (place.id, place.address.street, place.address.house_number) == ("hauptstr-5-a", "Hauptstr.", "5 a")
    assert [pair.id for pair in organisation.offered] == [
        "schuldnerberatung@hauptstr-5-a",
        "ambulanter-pflegedienst@hauptstr-5-a",
    ]


def test_all_errors_come_at_once_each_with_its_line_table_and_hint() -> None:
    text = SHORT.replace("name = ", "nmae = ", 1) + 'phone = "852157"\n'
    text += '[[service]]\nname = "Etwas Unbekanntes"\nweight = 3\nat = ["hauptstr-5-b"]\n'
    text += '[[intended_absence]]\nplatform = "facebook"\nreason = "Datenschutz"\ndecided_by = "Vorstand"\n'
    text += "review = 2028-01-01\n"
    found = {(p.line, p.where, p.key): (p.message, p.hint) for p in problems(text)}
    assert {key: hint for key, (_, hint) in found.items()} == {
        (1, "organisation", "name"): "",
        (1, "organisation", "nmae"): "did you mean name?",
        (14, "location 1 (Seestadt)", "phone"): "write it like 0221 2010-0",
        (15, "service 3 (Etwas Unbekanntes)", "kind"): found[15, "service 3 (Etwas Unbekanntes)", "kind"][1],
        (17, "service 3 (Etwas Unbekanntes)", "weight"): "",
        (18, "service 3 (Etwas Unbekanntes)", "at"): "did you mean hauptstr-5-a?",
        (21, "intended_absence 1 (facebook)", "reason"): "",
    }
    assert "data-protection" in found[21, "intended_absence 1 (facebook)", "reason"][0]


@pytest.mark.parametrize(
    ("key", "value", "said", "hint"),
    [
        ("phon", '"0221 2010"', "no key of this table", "did you mean phone?"),
        ("phone", '"0221/2010-12 oder -13"', "no phone number", "0221"),
        ("phone", "2212010", "text in quotes", ""),
        ("email", '"info(at)example.org"', "no e-mail address", ""),
        ("url", '"www.example.org"', "must begin with https", "did you mean https://www.example.org?"),
        ("url", '"https://user:word@example.org"', "must not hold a user name", ""),
        ("url", '"javascript:alert(1)"', "must begin with https", ""),
        ("url", '"https://[::1"', "no web address", ""),
        ("opening_hours", '"Mo-Do 9 bis 12"', "no OSM opening hours", "Mo-Th"),
        ("postcode", "12345", "text in quotes", ""),
        ("postcode", '"9111"', "five digits", "leading zero"),
        ("latitude", "91.0", "less than or equal to 90", ""),
        ("latitude", "nan", "finite", ""),
        ("latitude", "48.1", "belong together", ""),
        ("state", '"Bayern"', "no federal state", "did you mean BY?"),
        ("id", '"Süd 1"', "is no id", "did you mean sued-1?"),
        ("name", '"a\\u202eb"', "invisible control characters", ""),
        ("name", f'"{"x" * 2001}"', "2001 characters", ""),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected(key: str, value: str, said: str, hint: str) -> None:
    lines = [line for line in SHORT.splitlines() if not line.startswith(f"{key} = ") or line.startswith("name")]
    problem = only("\n".join([*lines, f"{key} = {value}"]))
    assert (problem.key, problem.line) == (key, len(lines) + 1)
    assert said in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"name = \xff", "is not UTF-8 text"),
        (b"a = 1\0", "binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text"),
        (b"name = 'x'\nname =", "no valid TOML"),
        (b"x" * 1_048_577, "larger than 1024 KiB"),
        (b"a = " + b"[" * 20_000, "nested too deeply"),
    ],
)
def test_what_is_no_file_of_ours_is_one_clear_problem(tmp_path: Path, body: bytes, said: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(body)
    with pytest.raises(FileProblems) as caught:
        load(file, CATALOGUE, today=TODAY)
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)


def test_a_missing_file_is_told_and_so_is_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FileProblems, match="does not exist"):
        load(tmp_path / "no.toml", CATALOGUE)
    with pytest.raises(FileProblems, match="holds no organisation file"):
        load_all(tmp_path, CATALOGUE)


def test_a_syntax_error_names_its_line() -> None:
    assert only('name = "x"\n\nwebsite = "').line == 3


def test_a_row_left_out_does_not_shift_the_lines_of_the_others() -> None:
    text = 'name = "V"\n[[service]]\nkey = true\n[[service]]\nname = "Kita"\nat = ["x"]\n[[location]]\ncity = "S"\n'
    assert [(p.line, p.where, p.key) for p in problems(text)] == [
        (2, "service 1", "name"),
        (6, "service 2 (Kita)", "at"),
    ]


def test_a_reference_to_a_table_with_an_error_is_no_error_of_its_own() -> None:
    text = 'name = "V"\n[[service]]\nname = "Kita"\nunit = "buero"\n[[unit]]\nid = "buero"\n'
    assert [(p.where, p.key) for p in problems(text)] == [("unit 1 (buero)", "name")]


def test_duplicate_ids_of_services_and_places_are_refused() -> None:
    again = '[[service]]\nname = "Schuldnerberatung"\n[[location]]\nstreet = "Hauptstr. 5 a"\n'
    assert [(p.where, p.key) for p in problems(SHORT + again)] == [
        ("service 3 (Schuldnerberatung)", "id"),
        ("location 2", "id"),
    ]


def test_own_values_of_one_service_at_one_place_are_kept() -> None:
    text = SHORT + '[[offered]]\nservice = "schuldnerberatung"\nlocation = "hauptstr-5-a"\nphone = "05555 123"\n'
    assert [pair.phone for pair in read(text).offered] == ["05555 123", ""]
    assert "repeats" in only(text + text[text.index("[[offered]]") :]).message
    wrong = text.replace('service = "schuldnerberatung"', 'service = "schuldnerberatun"')
    assert only(wrong).hint == "did you mean schuldnerberatung?"


def test_a_service_is_offered_everywhere_unless_it_says_where() -> None:
    text = SHORT.replace('dienst"', 'dienst"\nat = ["markt"]') + '[[location]]\nid = "markt"\ncity = "Seestadt"\n'
    assert [pair.id for pair in read(text).offered] == [
        "schuldnerberatung@hauptstr-5-a",
        "schuldnerberatung@markt",
        "ambulanter-pflegedienst@markt",
    ]
    apart = text + '[[offered]]\nservice = "ambulanter-pflegedienst"\nlocation = "hauptstr-5-a"\n'
    assert "is not where" in only(apart).message


def test_a_closed_service_stays_in_the_file() -> None:
    text = SHORT.replace('name = "Schuldnerberatung"', 'name = "Schuldnerberatung"\nstatus = "defunct"')
    assert read(text).services[0].status == "defunct"


def test_places_take_the_state_of_the_organisation() -> None:
    assert read(f'state = "NW"\n{SHORT}').locations[0].state == "NW"
    assert read(f'state = "NW"\n{SHORT}state = "BY"\n').locations[0].state == "BY"


FULL = (
    SHORT
    + """
[[unit]]
name = "Öffentlichkeitsarbeit"
email = "presse@sozialverein-seestadt.example"

[[profile]]
platform = "mastodon"
url = "https://social.example/@seestadt"
service = "schuldnerberatung"

[[target]]
figure = "findability"
value = 90
due = 2027-06-30

[[contact_point]]
channel = "mail"
value = "hilfe@sozialverein-seestadt.example"
hours = "Mo-Fr 09:00-17:00"
reply_hours = 24

[[intended_absence]]
platform = "facebook"
reason = "data-protection"
decided_by = "Vorstand"
review = 2027-11-24

[platforms]
mastodon = 5
apple-maps = 0
"""
)


def test_everything_an_organisation_states_arrives_in_the_model() -> None:
    organisation = read(FULL)
    assert organisation.units[0].id == "oeffentlichkeitsarbeit"
    assert organisation.profiles[0].platform == "mastodon"
    assert (organisation.targets[0].value, organisation.targets[0].due) == (90, date(2027, 6, 30))
    assert organisation.contact_points[0].reply_hours == 24
    assert organisation.intended[0].review == date(2027, 11, 24)
    assert organisation.platforms == (("apple-maps", 0.0), ("mastodon", 5.0))


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("2027-11-24", "2027-11-25", "review", "more than 12 months"),
        ("2027-11-24", '"2027-11-24"', "review", "date without quotes"),
        ("value = 90", "value = 101", "value", "less than or equal to 100"),
        ('"findability"', '"findabilty"', "figure", "is none of"),
        ('channel = "mail"', 'channel = "phone"', "value", "no phone number"),
        ("mastodon = 5", "mastodon = 4", "mastodon", "is none of 10"),
        ('service = "schuldnerberatung"', 'service = "x"', "service", "does not have"),
    ],
)
def test_what_is_promised_is_checked_too(old: str, new: str, key: str, said: str) -> None:
    problem = only(FULL.replace(old, new))
    assert problem.key == key
    assert said in problem.message


def test_a_review_that_has_passed_and_an_unknown_platform_are_warnings(tmp_path: Path) -> None:
    file = tmp_path / "o.toml"
    text = FULL.replace("2027-11-24", "2026-11-23").replace("mastodon = 5", "mastadon = 5")
    file.write_text(text, encoding="utf-8")
    read = read_all(file, CATALOGUE, today=TODAY)
    assert [(w.key, w.hint) for w in read.warnings] == [("mastadon", "did you mean mastodon?"), ("review", "")]


def test_a_file_without_services_or_places_gets_a_warning() -> None:
    _, notes = parse('name = "V"', CATALOGUE, file="o.toml", today=TODAY)
    assert "no [[service]]" in notes.warnings[0].message
    _, notes = parse('name = "V"\n[[service]]\nname = "Kita"', CATALOGUE, file="o.toml", today=TODAY)
    assert "no [[location]]" in notes.warnings[0].message


# --- protected, confidential, crisis ------------------------------------------------------------

SHELTER = 'name = "V"\n[[service]]\nname = "Frauenhaus"\n[[location]]\ncity = "Seestadt"\n'


def test_a_shelter_is_protected_without_being_told() -> None:
    service = read(SHELTER).services[0]
    assert (service.protected, service.confidential, service.crisis) == (True, True, True)


@pytest.mark.parametrize("flag", ["protected", "confidential", "crisis"])
def test_a_file_may_tighten_but_never_loosen(flag: str) -> None:
    loose = SHELTER.replace('haus"', f'haus"\n{flag} = false')
    assert "may only tighten" in only(loose).message
    tight = read(SHORT.replace('dienst"', f'dienst"\n{flag} = true').replace('street = "Hauptstr. 5 a"\n', ""))
    assert getattr(tight.services[1], flag) is True


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('street = "Hauptstr. 5"', "street"),
        ('house_number = "5"', "house_number"),
        ('district = "Altstadt"', "district"),
        ("latitude = 48.1\nlongitude = 11.5", "latitude"),
        ('name = "Haus in der Hauptstr. 5"', "name"),
        ('name = "Frau Beispiel"', "name"),
    ],
)
def test_nothing_in_the_file_may_lead_to_a_protected_place(line: str, key: str) -> None:
    found = problems(SHELTER + line + "\n")
    assert key in {problem.key for problem in found}
    assert all("protected" in problem.message for problem in found)
    assert not any("Hauptstr" in problem.message or "Beispiel" in problem.message for problem in found)


@pytest.mark.parametrize("key", ["description", "application_process"])
def test_the_words_of_a_protected_service_may_not_give_it_away(key: str) -> None:
    for text in ("Sie finden uns am Marktplatz 12.", "Fragen Sie nach Frau Beispiel."):
        assert only(SHELTER.replace('haus"', f'haus"\n{key} = "{text}"')).key == key
    assert read(SHELTER.replace('haus"', f'haus"\n{key} = "Rufen Sie an, 24 Stunden am Tag."'))


def test_a_protected_service_beside_an_open_one_needs_a_place_of_its_own() -> None:
    both = SHORT + '[[service]]\nname = "Frauenhaus"\n'
    assert "at = [" in only(both).hint
    apart = both + 'at = ["geheim"]\n[[location]]\nid = "geheim"\ncity = "Seestadt"\n'
    apart = apart.replace('name = "Schuldnerberatung"', 'name = "Schuldnerberatung"\nat = ["hauptstr-5-a"]')
    shelter = [pair for pair in read(apart).offered if pair.service.protected]
    assert [(pair.location.id, str(pair.location.address)) for pair in shelter] == [("geheim", "Seestadt")]


def test_a_unit_is_never_a_person() -> None:
    assert only(SHORT + '[[unit]]\nname = "Frau Beispiel"\n').message == "names a person"


def test_a_persons_mailbox_at_a_protected_service_is_a_warning() -> None:
    text = SHELTER.replace('haus"', 'haus"\nemail = "erika.beispiel@example.org"')
    _, notes = parse(text, CATALOGUE, file="o.toml", today=TODAY)
    assert [(w.where, w.key) for w in notes.warnings] == [("service 1 (Frauenhaus)", "email")]


# --- federation ---------------------------------------------------------------------------------


def federation(folder: Path, **parents: str) -> Path:
    for name, parent in parents.items():
        text = f'id = "{name}"\n' + (f'parent = "{parent}"\n' if parent else "") + SHORT
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_of_files_with_parents_is_a_federation(tmp_path: Path) -> None:
    found = load_all(federation(tmp_path, land="", kreis="land", ort="kreis"), CATALOGUE, today=TODAY)
    assert [(o.id, o.parent) for o in found] == [("kreis", "land"), ("land", ""), ("ort", "kreis")]


def test_a_looping_or_unknown_parent_is_named_and_its_organisation_goes_on(tmp_path: Path) -> None:
    read = read_all(federation(tmp_path, a="b", b="a", c="c", d="no-such", e="a"), CATALOGUE, today=TODAY)
    told = {Path(p.file).stem: (p.line, p.key, p.message) for p in read.warnings}
    assert {name: (line, key) for name, (line, key, _) in told.items()} == dict.fromkeys("abcd", (2, "parent"))
    assert "a > b > a" in told["a"][2]
    assert "c > c" in told["c"][2]
    assert "no file of the folder has that id" in told["d"][2]
    parents = [(o.id, o.parent) for o in read.organisations]
    assert parents == [("a", ""), ("b", ""), ("c", ""), ("d", "no-such"), ("e", "a")]


def test_of_one_id_in_two_files_neither_is_taken_and_the_others_are(tmp_path: Path) -> None:
    federation(tmp_path, a="", c="a")
    (tmp_path / "b.toml").write_text(f'id = "a"\n{SHORT}', encoding="utf-8")
    read = read_all(tmp_path, CATALOGUE, today=TODAY)
    assert [o.id for o in read.organisations] == ["c"]
    assert [(Path(p.file).name, p.line, p.key) for p in read.problems] == [("a.toml", 1, "id"), ("b.toml", 1, "id")]
    assert "also the id of the organisation in" in str(read.problems[0])
    assert read.warnings == ()
    with pytest.raises(FileProblems, match="give each an id of its own"):
        load_all(tmp_path, CATALOGUE, today=TODAY)


def test_broken_files_of_a_folder_are_named_all_at_once_and_the_good_ones_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("", encoding="utf-8")
    (tmp_path / "b.toml").write_text("name = 3", encoding="utf-8")
    federation(tmp_path, c="in-the-empty-file")
    read = read_all(tmp_path, CATALOGUE, today=TODAY)
    assert {Path(problem.file).name for problem in read.problems} == {"a.toml", "b.toml"}
    assert [o.id for o in read.organisations] == ["c"]
    assert not [warning for warning in read.warnings if warning.key == "parent"]


def test_a_folder_in_which_nothing_is_good_is_refused_with_every_problem(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(SHORT.replace('name = "', 'nmae = "', 1), encoding="utf-8")
    with pytest.raises(FileProblems) as caught:
        read_all(tmp_path, CATALOGUE, today=TODAY)
    assert {Path(problem.file).name for problem in caught.value.problems} == {"a.toml", "b.toml"}


# --- single parts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("Hauptstr. 5", ("Hauptstr.", "5")),
        ("Preesterbarg 20 a", ("Preesterbarg", "20 a")),
        ("Angelburger Str. 75/77", ("Angelburger Str.", "75/77")),
        ("Forststraße 26-30", ("Forststraße", "26-30")),
        ("Straße des 17. Juni", ("Straße des 17. Juni", "")),
        ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
        ("Marktplatz", ("Marktplatz", "")),
        ("August-Bebel-Straße (Grüna) 7", ("August-Bebel-Straße (Grüna)", "7")),
        ("", ("", "")),
    ],
)
def test_a_street_line_is_split_into_street_and_number(street: str, parts: tuple[str, str]) -> None:
    assert split_street(street) == parts


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("0221 / 20 10-123", True),
        ("+49 89 3187-4621", True),
        ("116123", True),
        ("110", True),
        ("852157", False),
        ("0221 CALL ME", False),
        ("0371 50220 / 52027551", False),
        ("", False),
    ],
)
def test_a_phone_number_needs_its_area_code(number: str, fits: bool) -> None:
    assert is_phone(number) is fits


def test_a_state_is_read_where_it_is_stated_and_never_guessed() -> None:
    assert [state_of(text) for text in ("Bayern", "DE-NW", "by", "THUERINGEN")] == ["BY", "NW", "BY", "TH"]
    assert [state_of(text) for text in ("80331", "München", "", "Deutschland")] == ["", "", "", ""]
    assert len(rules()["states"]) == 16


def test_lines_are_found_past_strings_and_arrays_over_several_lines() -> None:
    text = 'a = """\n[[service]]\nname = 1\n"""\nb = [\n  "]", # ]\n  "c = 1",\n]\n'
    text += '[[service]]\n"x y" = 2\n[t.u]\nv.w = 3\n'
    assert key_lines(text) == {
        ("a",): 1,
        ("b",): 5,
        ("service", 0): 9,
        ("service", 0, "x y"): 10,
        ("t", "u"): 11,
        ("t", "u", "v", "w"): 12,
    }


def test_every_key_and_every_word_of_a_closed_set_is_in_the_document() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    sections = {part.split("\n", 1)[0].strip("`[] "): part for part in re.split(r"^## ", document, flags=re.M)[1:]}
    for table, model in TABLES.items():
        section = sections[table or "The organisation"]
        for key in model.model_fields:
            shown = f"`{key}`" in section or f"`[[{key}]]`" in document or f"`[{key}]`" in document
            assert shown, f"{table or 'top level'}: {key} is not explained"
    closed = ("absence_reasons", "channels", "statuses", "figures", "states")
    assert [word for name in closed for word in rules()[name] if f"`{word}`" not in document] == []


def test_every_example_of_the_document_can_be_read() -> None:
    examples = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    whole = [example for example in examples if example.lstrip().startswith(("name =", "#"))]
    assert len(whole) >= 2
    for example in whole:
        assert read(example).services
    for example in set(examples) - set(whole):
        _, notes = parse(f'name = "V"\n{example}', CATALOGUE, file="doc", today=TODAY)
        assert [p for p in notes.problems if "does not have" not in p.message] == []


ODD = ["[]", "[1]", '["a"]', "{a = 1}", "[{name = 1}]", "[[1], 2]", "2026-01-01", "1e400", "nan", "true", "5"]
FITTING = [
    '"Kita"',
    '"Frauenhaus"',
    '"kita"',
    '"a"',
    '["kita"]',
    '"Hauptstr. 5"',
    '"https://a.example"',
    '"mail"',
    "10",
]
VALUE = st.one_of(st.sampled_from(ODD + FITTING), st.text(max_size=8).map(json.dumps))
KEY = st.sampled_from(sorted({key for model in TABLES.values() for key in model.model_fields} | {"x", "a.b"}))
HEADER = st.sampled_from(["", *[f"[[{t}]]" for t in TABLES if t], "[service]", "[platforms]", "[[platforms]]", "[[["])


@given(st.lists(st.tuples(HEADER, st.dictionaries(KEY, VALUE, max_size=6)), max_size=6))
def test_no_file_whatsoever_raises_anything_but_its_problems(tables: list[tuple[str, dict[str, str]]]) -> None:
    rows = ["\n".join([header, *(f"{key} = {value}" for key, value in row.items())]) for header, row in tables]
    text = "\n".join(rows)
    organisation, notes = parse(text, CATALOGUE, file="o.toml", today=TODAY)
    assert organisation is not None or notes.problems
    assert all(str(problem).startswith("o.toml") for problem in notes.problems)


@given(st.binary(max_size=200))
def test_no_bytes_whatsoever_raise_anything_but_problems(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "o.toml"
    file.write_bytes(body)
    with pytest.raises(FileProblems):
        load(file, CATALOGUE, today=TODAY)


def test_a_state_that_all_places_share_is_the_organisations_too(tmp_path: Path) -> None:
    place = '[[location]]\nid = "{0}"\ncity = "Köln"\nstate = "{1}"\n'
    text = 'name = "Verein"\n[[service]]\nname = "Schuldnerberatung"\n'
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(text + place.format("a", "NW") + place.format("b", "NW"), encoding="utf-8")
    two.write_text(text + place.format("a", "NW") + place.format("b", "BY"), encoding="utf-8")
    assert [load(path, load_catalogue()).state for path in (one, two)] == ["NW", ""]
