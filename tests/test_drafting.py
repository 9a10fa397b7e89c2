"""`findbar init`: organisation files from real and from broken lists, and from what a site showed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Address, Item, Link, Listing, Nothing, Organisation
from audit.organisation import mending
from audit.organisation.catalogue import load_catalogue
from audit.organisation.drafting import draft_from_site
from audit.organisation.file import parse
from audit.organisation.importing import Draft, ImportProblem, Stated, draft_from_list

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 24)


def read(text: str) -> Organisation:
    organisation, notes = parse(text, CATALOGUE, file="draft.toml", today=TODAY)
    assert notes.problems == [], "\n".join(map(str, notes.problems))
    assert organisation is not None
    return organisation


def organisations(draft: Draft) -> dict[str, Organisation]:
    found = {file: read(text) for file, text in draft.files.items()}
    assert all(file == f"{organisation.id}.toml" for file, organisation in found.items())
    return found


def draft_of(folder: Path, text: str | bytes, name: str = "kitas.csv", *, website: str = "", kind: str = "") -> Draft:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return draft_from_list(path, CATALOGUE, Stated(website=website, kind=kind))


# --- real lists ---------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_munich_list_becomes_five_organisations_with_a_hundred_places(shared: Path) -> None:
    draft = draft_from_list(shared / "data/osm/muenchen_welfare_orgs.csv", CATALOGUE)
    found = organisations(draft)
    assert (len(found), draft.rows_imported, draft.rows_refused) == (5, 100, [])
    assert draft.columns["carrier"] == "organisation"
    assert draft.columns["house_number"] == "housenumber"
    assert "city" not in draft.columns
    assert sum(len(o.locations) for o in found.values()) == 100
    for organisation in found.values():
        assert [(s.name, s.kind) for s in organisation.services] == [("Kindertagesstätte", "child-day-care")]
        assert len(organisation.offered) == len(organisation.locations)
    awo = found["awo-muenchen.toml"]
    house = next(place for place in awo.locations if "ganz schön frech" in place.name)
    assert (house.phone, house.email) == ("+49 89 3187-4621", "ganz-schoen-frech@awo-kvmucl.de")
    assert house.url.startswith("https://awo-kvmucl.de/")
    assert (house.latitude, house.longitude) == (48.2212855, 11.590537)
    assert [w.split(":")[0] for w in draft.warnings] == ["row 71", "row 87"]


@pytest.mark.shared
def test_the_chemnitz_list_tells_day_nursery_and_after_school_care_apart(shared: Path) -> None:
    draft = draft_from_list(shared / "data/lists/chemnitz_kindertageseinrichtungen.geojson", CATALOGUE)
    found = organisations(draft)
    assert (draft.rows_imported, draft.rows_refused) == (177, [])
    assert sum(len(o.locations) for o in found.values()) == 177
    town = found["stadt-chemnitz.toml"]
    kinds = {pair.service.kind for pair in town.offered}
    assert kinds == {"child-day-care", "after-school-care"}
    first = town.locations[0]
    assert (first.address.street, first.address.house_number) == ("Albert-Köhler-Straße", "91")
    assert (first.address.postcode, first.address.city, first.phone) == ("09122", "Chemnitz", "0371 227044")


@pytest.mark.shared
def test_local_numbers_and_bare_hours_of_the_flensburg_list_are_completed_and_named(shared: Path) -> None:
    draft = draft_from_list(shared / "data/lists/flensburg_kitas.csv", CATALOGUE)
    places = [place for organisation in organisations(draft).values() for place in organisation.locations]
    assert (draft.rows_imported, draft.rows_refused, len(places)) == (70, [], 70)
    assert {place.address.city for place in places} == {"Flensburg"}
    house = next(place for place in places if place.name == "Kinderhaus")
    assert (house.phone, house.opening_hours) == ("0461 3132978", "Mo-Fr 07:30-16:30")
    assert (house.address.street, house.address.house_number) == ("Marientreppe", "10")
    mobile = [place.phone for place in places if place.address.street in {"Boreasmühle", "Klosterholzweg"}]
    assert sorted(mobile) == ["015150731788", "01702428972"]
    assert "taken from the file's name" in draft.warnings[0]
    assert any("area code 0461 was added to '3132978'" in warning for warning in draft.warnings)
    assert sum("Mo-Fr was added" in warning for warning in draft.warnings) == 70


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "rows", "kinds"),
    [
        ("lists/chemnitz_schulsozialarbeit.geojson", 51, {"school-social-work"}),
        ("lists/chemnitz_jugendberufshilfen.geojson", 10, {"youth-vocational-help"}),
    ],
)
def test_other_real_lists_are_imported_whole(shared: Path, path: str, rows: int, kinds: set[str]) -> None:
    draft = draft_from_list(shared / "data" / path, CATALOGUE)
    found = organisations(draft)
    assert draft.rows_imported + len(draft.rows_refused) == rows
    assert {service.kind for organisation in found.values() for service in organisation.services} == kinds


@pytest.mark.shared
def test_a_plain_list_of_care_homes_tells_its_kinds_by_their_columns(shared: Path, tmp_path: Path) -> None:
    homes = json.loads((shared / "data/lists/nrw_pflegeheime.json").read_text(encoding="utf-8"))[:200]
    draft = draft_of(tmp_path, json.dumps(homes), "nrw_pflegeheime.json")
    assert draft.columns["kind short-term-care"] == "has_kurzzeitpflege"
    offered = organisations(draft)["nrw-pflegeheime.toml"].offered
    assert sum(p.service.kind == "short-term-care" for p in offered) == sum(h["has_kurzzeitpflege"] for h in homes)
    assert draft.rows_imported + len(draft.rows_refused) == 200


@pytest.mark.shared
def test_hsds_is_read_with_its_services_and_places(shared: Path) -> None:
    for name in ("example_organization_full.json", "example_service_full.json"):
        path = shared / "recordings/hsds" / name
        draft = draft_from_list(path, CATALOGUE, kind="social-counselling")
        organisation = organisations(draft)["example-organization-inc.toml"]
        assert [service.name for service in organisation.services] == ["Community Counselling"]
        assert [place.name for place in organisation.locations] == ["MyCity Civic Center"]
        assert draft.rows_imported == 1
    refused = draft_from_list(path, CATALOGUE).rows_refused
    assert "knows no such kind" in refused[0][1]


# --- lists of every sort ------------------------------------------------------------------------

LIST = """\
Träger;Einrichtung;Straße und Hausnummer;PLZ;Ort;Telefon;Fax;E-Mail;Öffnungszeiten
AWO Seestadt;Kita Süd;Südring 1;9111;Seestadt;05555 1001;05555 1002;sued@awo.example;Mo-Do 07:00-17:00
AWO Seestadt;Kita Nord;Nordring 2 b;09112;Seestadt;4711;;;7.30-16.30 Uhr
Caritas Seestadt;Kita St. Anna;Domplatz 3;09113;Seestadt;;;"a@b.example; c@d.example";nach Absprache
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_german_list_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    draft = draft_of(tmp_path, LIST.encode(encoding))
    assert draft.columns == {
        "carrier": "Träger",
        "name": "Einrichtung",
        "street": "Straße und Hausnummer",
        "postcode": "PLZ",
        "city": "Ort",
        "phone": "Telefon",
        "email": "E-Mail",
        "opening_hours": "Öffnungszeiten",
    }
    found = organisations(draft)
    south, north = found["awo-seestadt.toml"].locations
    assert (south.address.postcode, south.opening_hours) == ("09111", "Mo-Th 07:00-17:00")
    assert (north.address.house_number, north.phone, north.opening_hours) == ("2 b", "", "Mo-Fr 07:30-16:30")
    assert found["caritas-seestadt.toml"].locations[0].email == "a@b.example"
    assert [w for w in draft.warnings if "4711" in w] == [
        "row 3: phone: '4711' has no area code, and none is known for the place"
    ]
    assert any("leading zero" in warning for warning in draft.warnings)
    assert any("nach Absprache" in warning for warning in draft.warnings)


def test_umlauts_stay_and_comments_explain(tmp_path: Path) -> None:
    text = draft_of(tmp_path, LIST).files["awo-seestadt.toml"]
    assert 'street = "Südring"' in text
    assert text.startswith("# Drafted from a list of 2 rows.")
    assert "# website = " in text


def test_every_row_is_imported_or_named(tmp_path: Path) -> None:
    draft = draft_of(
        tmp_path, LIST + ";Kita ohne Träger;Weg 1;09111;Seestadt;;;;\nA;;;;;;;;\nA;b;c;d;e;f;g;h;i;zu viel\n"
    )
    assert draft.rows_imported == 3
    assert [(number, why.split(" ", 1)[0]) for number, why in draft.rows_refused] == [
        (5, "names"),
        (6, "has"),
        (7, "has"),
    ]
    assert draft.rows_refused[2][1] == "has 10 fields, the header has 9"


def test_columns_without_telling_headers_are_known_by_their_values(tmp_path: Path) -> None:
    text = "Name,a,b,c\n" + "".join(f"Kita {n},0555{n} 12345,k{n}@e.example,1234{n}\n" for n in range(4))
    assert draft_of(tmp_path, text).columns == {"name": "Name", "phone": "a", "email": "b", "postcode": "c"}


def test_a_header_is_not_believed_against_its_values(tmp_path: Path) -> None:
    text = "Name,Telefon,Kita\nRegenbogen,ja,1\nSonne,nein,1\n"
    assert draft_of(tmp_path, text).columns == {"name": "Name", "kind child-day-care": "Kita"}


def test_the_website_is_the_organisations_where_the_list_has_one_carrier(tmp_path: Path) -> None:
    one = "Name,Ort\nKita A,Seestadt\nKita B,Seestadt\n"
    draft = draft_of(tmp_path, one, "kitas_seestadt.csv", website="https://a.example/")
    assert [o.website for o in organisations(draft).values()] == ["https://a.example/"]
    several = draft_of(tmp_path, LIST, website="https://a.example/")
    assert {o.website for o in organisations(several).values()} == {""}


def test_addresses_of_a_list_of_shelters_are_left_out(tmp_path: Path) -> None:
    text = "Träger,Name,Straße,PLZ,Ort,lat,lon\nVerein,Haus am Markt 5,Markt 5,12345,Seestadt,50.1,10.1\n"
    draft = draft_of(tmp_path, text, "frauenhaeuser.csv", kind="womens-shelter")
    place = organisations(draft)["verein.toml"].locations[0]
    assert (str(place.address), place.name, place.latitude) == ("12345 Seestadt", "", None)
    assert "Markt" not in draft.files["verein.toml"]


def test_a_spreadsheet_is_read_like_a_list(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rows = [["Kitas in Seestadt"], [], ["Träger", "Name", "PLZ", "Telefon"], ["AWO", "Kita Süd", 9111, "05555 100"]]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "liste.xlsx")
    draft = draft_from_list(tmp_path / "liste.xlsx", CATALOGUE)
    place = organisations(draft)["awo.toml"].locations[0]
    assert (place.name, place.address.postcode, place.phone) == ("Kita Süd", "09111", "05555 100")


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        (b"", "a.csv", "is empty"),
        (b"nothing here", "a.csv", "no table"),
        (b"a,b\0c\n", "a.csv", "binary file"),
        (b'a,b\n"' + b"x" * 200_000, "a.csv", "no CSV"),
        (b"{", "a.geojson", "no valid JSON"),
        (b"[" * 100_000, "a.json", "no valid JSON"),
        (b'{"type": "FeatureCollection"}', "a.geojson", "no list of features"),
        (b'{"a": 1}', "a.json", "neither GeoJSON nor HSDS"),
        (b"PK\x03\x04rest", "a.xlsx", "cannot be read"),
        (b"x,y\n1,2\n", "a.csv", "no column holds names"),
        (b"Name,Ort\nRegenbogen,Seestadt\n", "a.csv", "state it as kind"),
    ],
)
def test_a_broken_list_is_one_clear_message(tmp_path: Path, body: bytes, name: str, said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        draft_of(tmp_path, body, name)


def test_a_list_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="cannot be read"):
        draft_from_list(tmp_path / "none.csv", CATALOGUE)
    with pytest.raises(ImportProblem, match="larger than 20 MiB"):
        draft_of(tmp_path, b"a" * 20_971_521)


def test_features_without_properties_or_place_are_named_or_kept(tmp_path: Path) -> None:
    features = [
        {"properties": {"name": "Kita A"}, "geometry": {"type": "Point", "coordinates": [10.5, 50.5]}},
        {"properties": {"name": "Kita B"}, "geometry": {"type": "Point", "coordinates": ["x"]}},
        {"properties": None},
        7,
    ]
    draft = draft_of(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "kitas.geojson")
    places = organisations(draft)["kitas.toml"].locations
    assert [(place.name, place.latitude) for place in places] == [("Kita A", 50.5), ("Kita B", None)]
    assert draft.rows_refused == [(3, "holds no properties"), (4, "holds no properties")]


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("0461 43136", "", "0461 43136"),
        ("43136", "0461", "0461 43136"),
        ("43136", "", ""),
        ("1702428972", "", "01702428972"),
        ("3714004990", "0371", "03714004990"),
        ("0371 50220 / 52027551", "", "0371 50220"),
        ("0371 6004814 0371 4334132", "", "0371 6004814"),
        ("+030 (666) 33 7 90", "", "030 (666) 33 7 90"),
        ("auf Anfrage", "0461", ""),
        ("", "0461", ""),
    ],
)
def test_a_phone_number_is_completed_only_on_good_grounds(text: str, code: str, number: str) -> None:
    mended = mending.phone(text, code)
    assert mended.value == number
    assert bool(mended.done) is (mended.value != text)


@pytest.mark.parametrize(
    ("text", "days", "hours"),
    [
        ("07:30-16:30", "Mo-Fr", "Mo-Fr 07:30-16:30"),
        ("7.00 – 17.00 Uhr", "Mo-Fr", "Mo-Fr 07:00-17:00"),
        ("07:30-16:30", "", ""),
        ("Mo-Fr 07:00-17:00; PH off", "", "Mo-Fr 07:00-17:00; PH off"),
        ("Di, Do 09:00-12:00 Uhr", "", "Tu,Th 09:00-12:00"),
        (
            "montags bis freitags von 8 bis 12 Uhr und nach Vereinbarung",
            "",
            'Mo-Fr 08:00-12:00 || unknown "nach Vereinbarung"',
        ),
        ("27:99-30:00", "Mo-Fr", ""),
        ("immer", "Mo-Fr", ""),
    ],
)
def test_hours_become_osm_syntax_or_are_left_out(text: str, days: str, hours: str) -> None:
    assert mending.hours(text, days).value == hours


# --- a site -------------------------------------------------------------------------------------

SITE: list[Item] = [
    Listing(
        name="Sozialverein Seestadt e. V.",
        address=Address(street="Südring", house_number="1", postcode="12345", city="Seestadt"),
        phones=("05555 123-0",),
        emails=("info@seestadt.example",),
        opening_hours="Mo-Fr 09:00-12:00",
        text="Wir bieten Schuldner- und Insolvenzberatung, Essen auf Rädern und ein Frauenhaus.",
    ),
    Listing(name="Kita Regenbogen", operator="Sozialverein Seestadt e. V.", address=Address(city="Seestadt")),
    Link(kind="profile", platform="mastodon", target="https://social.example/@seestadt", found_on="https://a.example"),
    Link(kind="profile", platform="", target="https://unknown.example/x", found_on="https://a.example"),
    Link(kind="mail", target="mailto:info@seestadt.example", found_on="https://a.example"),
    Nothing("passed over"),
]


def test_a_first_file_is_drafted_from_what_a_site_shows() -> None:
    text = draft_from_site("https://www.seestadt.example/", SITE)
    organisation = read(text)
    assert (organisation.name, organisation.website) == (
        "Sozialverein Seestadt e. V.",
        "https://www.seestadt.example/",
    )
    assert (organisation.phone, organisation.email) == ("05555 123-0", "info@seestadt.example")
    kinds = [service.kind for service in organisation.services]
    assert kinds == ["child-day-care", "debt-counselling", "meals-on-wheels", "womens-shelter"]
    assert [(p.platform, p.url) for p in organisation.profiles] == [("mastodon", "https://social.example/@seestadt")]
    assert organisation.locations[0].opening_hours == "Mo-Fr 09:00-12:00"
    assert "Essen auf Rädern" in text
    assert text.startswith("# Drafted from https://www.seestadt.example/: please check")


def test_a_shelter_found_on_a_site_gets_a_place_without_address() -> None:
    organisation = read(draft_from_site("https://www.seestadt.example/", SITE))
    shelter = [pair for pair in organisation.offered if pair.service.protected]
    assert [str(pair.location.address) for pair in shelter] == ["Seestadt"]
    open_places = {pair.location.id for pair in organisation.offered if not pair.service.protected}
    assert shelter[0].location.id not in open_places


def entry(name: str, street: str, phone: str) -> Listing:
    """A page of a service with its own address and number."""
    address = Address(street=street, house_number="4", postcode="12345", city="Seestadt")
    url = f"https://www.seestadt.example/{street.lower()}"
    return Listing(name=name, url=url, address=address, phones=(phone,))


def test_each_service_stands_where_its_own_page_says_and_with_its_own_number() -> None:
    site: list[Item] = [
        entry("Schuldnerberatung", "Markt", "05555 1"),
        entry("Kita Regenbogen", "Ring", "05555 2"),
        entry("Schuldnerberatung und Kita", "Hafen", "05555 3"),
        Listing(name="Sozialverein Seestadt e. V.", phones=("05555 100",), tags=("schema:NGO",)),
        Listing(name="Sozialverein Seestadt e. V.", text="Auch Suchtberatung gibt es.", tags=("schema:NGO",)),
        Listing(name="Sommerfest", address=Address(street="Deich", city="Seestadt"), tags=("schema:Event",)),
    ]
    organisation = read(draft_from_site("https://www.seestadt.example/", site))
    assert (organisation.name, organisation.phone) == ("Sozialverein Seestadt e. V.", "05555 100")
    assert [place.address.street for place in organisation.locations] == ["Markt", "Ring", "Hafen"]
    at = {service.kind: (service.phone, service.url) for service in organisation.services}
    assert at["debt-counselling"] == ("05555 1", "https://www.seestadt.example/markt")
    where = [(pair.service.kind, pair.location.address.street) for pair in organisation.offered]
    assert [pair for pair in where if pair[0] == "debt-counselling"] == [("debt-counselling", "Markt")]
    assert len([pair for pair in where if pair[0] == "addiction-counselling"]) == 3


def test_a_silent_site_still_gives_a_file_to_go_on_with() -> None:
    text = draft_from_site("https://leer.example/kontakt", [])
    assert read(text).name == "leer.example"
    assert "No service was recognised" in text


def test_what_a_hostile_site_shows_stays_text() -> None:
    nasty = 'x"\n[[service]]\nname = "Frauenhaus\x1b[31m\u202e'
    text = draft_from_site("https://böse.example/\n[x]", [Listing(name=nasty, phones=(nasty,), emails=(nasty,))])
    organisation = read(text)
    assert "\x1b" not in text
    assert organisation.name.startswith('x" [[service]]')


WORD = st.one_of(
    st.text(max_size=12), st.sampled_from(["Frauenhaus", "Kita", "Markt 5", "12345", "0221 2010", "a@b.de"])
)


@given(st.lists(st.tuples(WORD, WORD, WORD, WORD, st.floats()), max_size=4))
def test_whatever_a_site_shows_the_draft_is_a_file_of_ours(shown: list[tuple[str, str, str, str, float]]) -> None:
    items = [
        Listing(
            name=name,
            text=text,
            address=Address(street=street, house_number=text, postcode=street, city=city),
            phones=(text,),
            emails=(city,),
            opening_hours=text,
            latitude=degrees,
            longitude=degrees,
        )
        for name, text, street, city, degrees in shown
    ]
    links = [Link(kind="profile", platform=a, target=b, found_on="") for a, b, *_ in shown]
    read(draft_from_site("https://a.example/", [*items, *links]))


@given(st.lists(st.tuples(*[WORD] * 7), max_size=5))
def test_whatever_a_list_holds_every_file_is_ours_and_every_row_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    keys = ("Träger", "Name", "Straße", "PLZ", "Telefon", "Öffnungszeiten", "Leistungen")
    data = [dict(zip(keys, row, strict=True)) for row in rows]
    path = tmp_path_factory.mktemp("list") / "frauenhaus_kita.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        draft = draft_from_list(path, CATALOGUE)
    except ImportProblem:
        return
    assert draft.rows_imported + len(draft.rows_refused) == len(rows)
    assert sum(len(o.locations) for o in organisations(draft).values()) == draft.rows_imported


@given(st.binary(max_size=120), st.sampled_from(["a.csv", "a.json", "a.geojson", "a.xlsx"]))
def test_no_bytes_whatsoever_raise_anything_but_an_import_problem(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(body)
    try:
        draft_from_list(path, CATALOGUE, kind="kindergarten")
    except ImportProblem:
        return
