"""Map services that need a key: what is asked, what is read, and what is not mistaken for absence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import About, Checker, Key, Listing, More, Nothing, NotUnderstood, Page, Query, Visit
from audit.judging.controls import finds, made_up, question, subject_of
from audit.model import Address, Location, Organisation, Retention, Service, ServiceAtLocation, Subject
from audit.visiting.getting import canonical_url
from audit.visiting.understanding import read as understood
from platforms.apple_maps import AppleMaps
from platforms.azure_maps import AzureMaps
from platforms.foursquare import Foursquare
from platforms.google_maps import GooglePlaces
from platforms.tomtom import TomTom

AT = datetime(2026, 11, 23, tzinfo=UTC)
ALL: list[Checker] = [AppleMaps(), AzureMaps(), Foursquare(), GooglePlaces(), TomTom()]
POINTS: list[Checker] = [AzureMaps(), TomTom()]


def name(checker: Checker) -> str:
    return checker.id


def query(latitude: float | None = 52.1, city: str = "Muster/Stadt", **other: Any) -> Query:
    longitude = None if latitude is None else 11.6
    place = Location(id="o", address=Address(city=city, postcode="12345"), latitude=latitude, longitude=longitude)
    offered = ServiceAtLocation(service=Service(id="d", kind="", name="Hort & Kita"), location=place)
    organisation = Organisation(id="m", name="Musterverein")
    return Query(subject=Subject(about=About.SERVICE_AT_LOCATION, organisation=organisation, offered=offered), **other)


def answered(told: Any, visit: Visit | None = None, status: int = 200) -> Page:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    kind = (("content-type", "application/json"),)
    return Page(visit=visit or Visit("https://x.example"), at=AT, body=body, headers=kind, status=status)


def read(checker: Checker, told: Any, visit: Visit | None = None) -> list[Any]:
    return list(checker.read(answered(told, visit)))


def entry(checker: Checker, title: str = "Hort", **where: Any) -> dict[str, Any]:
    """An answer of each service that shows one place of that name, told as that service tells it."""
    at = {"street": "Lindenallee", "number": "7", "postcode": "12345", "city": "Musterstadt", "lat": 52.1, "lon": 11.6}
    at |= where
    line = f"{at['street']} {at['number']}"
    match checker.id:
        case "apple-maps-server":
            parts = {"thoroughfare": at["street"], "subThoroughfare": at["number"], "postCode": at["postcode"],
                     "locality": at["city"]}  # fmt: skip
            spot = {"latitude": at["lat"], "longitude": at["lon"]}
            return {"results": [{"name": title, "structuredAddress": parts, "coordinate": spot}]}
        case "foursquare":
            parts = {"address": line, "postcode": at["postcode"], "locality": at["city"]}
            one = {
                "fsq_place_id": "5f",
                "name": title,
                "location": parts,
                "latitude": at["lat"],
                "longitude": at["lon"],
            }
            return {"results": [one]}
        case "google-maps-places":
            parts = {"addressLines": [line], "postalCode": at["postcode"], "locality": at["city"]}
            spot = {"latitude": at["lat"], "longitude": at["lon"]}
            return {"places": [{"id": "C", "displayName": {"text": title}, "postalAddress": parts, "location": spot}]}
        case _:
            parts = {"streetName": at["street"], "streetNumber": at["number"], "postalCode": at["postcode"],
                     "municipality": at["city"]}  # fmt: skip
            one = {"type": "POI", "id": "p", "poi": {"name": title}, "address": parts,
                   "position": {"lat": at["lat"], "lon": at["lon"]}}  # fmt: skip
            return {"summary": {"numResults": 1, "totalResults": 1}, "results": [one]}


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_the_key_stands_as_its_name_and_goes_nowhere_else(checker: Checker) -> None:
    (key,) = checker.keys
    for visit in checker.search(query()):
        told = canonical_url(visit) + str(visit.headers) + visit.body
        assert told.count("{" + key + "}") == 1
        assert visit.url.split("/")[2] in checker.hosts


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_a_key_says_where_it_comes_from_and_what_it_needs(checker: Checker) -> None:
    (key,) = checker.keys
    assert isinstance(key, Key)
    assert key.get_url.startswith("https://")
    assert key.note


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_nothing_but_ids_may_be_kept(checker: Checker) -> None:
    assert checker.retention is Retention.IDS_ONLY


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_without_a_town_and_coordinates_or_a_further_word_nothing_is_asked(checker: Checker) -> None:
    assert [*checker.search(query(None, "")), *checker.search_again(query())] == []


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_a_place_is_asked_about_by_name_and_town_where_its_coordinates_are_not_stated(checker: Checker) -> None:
    (visit,) = checker.search(query(None, words=("Hort",)))
    (word,) = checker.search_again(query(None, words=("Hort",)))
    assert visit != word
    assert "52.1" not in f"{visit}{word}"


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_the_control_finds_its_entry_and_no_made_up_one(checker: Checker) -> None:
    known = checker.control.known
    assert known is not None
    (visit,) = checker.search(question(checker, known))
    where = {"street": known.street, "number": known.house_number, "postcode": known.postcode, "city": known.city,
             "lat": known.latitude, "lon": known.longitude}  # fmt: skip
    shown = read(checker, entry(checker, known.name, **where), visit)
    assert finds(subject_of(known), shown)
    assert not finds(subject_of(made_up(known)), shown)


@pytest.mark.parametrize("checker", ALL, ids=name)
def test_name_address_and_position_are_read(checker: Checker) -> None:
    (listing,) = read(checker, entry(checker))
    assert (listing.name, str(listing.address)) == ("Hort", "Lindenallee 7, 12345 Musterstadt")
    assert (listing.latitude, listing.longitude) == (52.1, 11.6)


REFUSALS: list[Any] = [
    {},
    {"error": {"code": 403, "message": "API key not valid.", "status": "PERMISSION_DENIED", "details": []}},
    {"error": {"code": "InvalidKey", "message": "The key was incorrect.", "details": []}},
    {"message": "Invalid request token."},
    {"error": {"message": "Not Authorized", "details": []}},
    {"errorText": "Developer Inactive", "detailedError": {"code": "Forbidden", "message": "x"}, "httpStatusCode": 403},
    {"results": None, "places": None},
    {"results": [{}], "summary": {"totalResults": 1}, "places": [{}]},
    {"results": {}, "places": {}},
    [],
]


@pytest.mark.parametrize("told", REFUSALS, ids=str)
@pytest.mark.parametrize("checker", ALL, ids=name)
def test_a_refusal_and_another_shape_are_never_absence(checker: Checker, told: Any) -> None:
    try:
        found = read(checker, told)
    except NotUnderstood:
        return
    assert not any(isinstance(item, Nothing | Listing) for item in found)


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
@pytest.mark.parametrize("checker", ALL, ids=name)
def test_an_answer_under_a_status_of_failure_is_not_read(checker: Checker, status: int) -> None:
    empty = {"results": [], "summary": {"totalResults": 0}}
    with pytest.raises(NotUnderstood):
        understood(checker, answered(empty, status=status))


# --- Google


def test_google_is_asked_for_fields_by_name_and_never_for_all() -> None:
    (visit,) = GooglePlaces().search(query())
    mask = dict(visit.headers)["X-Goog-FieldMask"].split(",")
    assert "places.businessStatus" in mask
    assert not any("*" in field or "review" in field for field in mask)
    told = json.loads(visit.body)
    assert (told["textQuery"], told["regionCode"]) == ("Hort & Kita Muster/Stadt", "DE")
    assert told["locationBias"]["circle"]["center"] == {"latitude": 52.1, "longitude": 11.6}
    assert told["includePureServiceAreaBusinesses"] is True  # a mobile care service has no shop front


def test_an_empty_answer_of_google_counts_only_where_the_town_itself_is_found() -> None:
    (asked,) = GooglePlaces().search(query())
    (town,) = read(GooglePlaces(), {}, asked)
    assert json.loads(town.body) == {"textQuery": "12345 Muster/Stadt", "pageSize": 1, "languageCode": "de",
                                     "regionCode": "DE"}  # fmt: skip
    assert dict(town.headers)["X-Goog-FieldMask"] == "places.id"  # ids alone are free of charge
    assert read(GooglePlaces(), {"places": [{"id": "C"}]}, town) == [
        Nothing("no places, though the town itself is found")
    ]
    broken: list[Any] = [{}, {"places": []}, {"places": [{}]}]
    for answer in broken:
        with pytest.raises(NotUnderstood):
            read(GooglePlaces(), answer, town)


@pytest.mark.parametrize(
    ("told", "status"),
    [("OPERATIONAL", "open"), ("CLOSED_PERMANENTLY", "closed"), ("CLOSED_TEMPORARILY", "temporarily-closed"),
     ("FUTURE_OPENING", ""), (7, "")],
)  # fmt: skip
def test_google_says_whether_a_place_is_closed(told: Any, status: str) -> None:
    answer = entry(GooglePlaces())
    answer["places"][0]["businessStatus"] = told
    assert read(GooglePlaces(), answer)[0].status == status


@pytest.mark.parametrize(
    ("hours", "osm"),
    [
        ({"periods": [{"open": {"day": 0, "hour": 0, "minute": 0}}]}, "24/7"),
        ({"periods": []}, "off"),
        ({"weekdayDescriptions": ["Montag: 9–17"]}, ""),
        ({"periods": [{"open": {"day": 5, "hour": 20, "minute": 0}, "close": {"day": 6, "hour": 2, "minute": 0}}]},
         "Fr 20:00-02:00"),
        ({"periods": "x"}, ""),
        ("x", ""),
    ],
)  # fmt: skip
def test_hours_of_google_are_translated_or_left_out(hours: Any, osm: str) -> None:
    answer = entry(GooglePlaces())
    answer["places"][0]["regularOpeningHours"] = hours
    assert read(GooglePlaces(), answer)[0].opening_hours == osm


def test_a_further_page_of_google_is_told_not_fetched() -> None:
    assert isinstance(read(GooglePlaces(), {**entry(GooglePlaces()), "nextPageToken": "t"})[-1], More)


# --- Apple, Foursquare, TomTom and Azure


def test_apple_tells_nothing_but_name_and_address() -> None:
    assert AppleMaps().proves == {"name", "address"}
    assert read(AppleMaps(), {"results": []}) == [Nothing("results []")]
    more = {**entry(AppleMaps()), "paginationInfo": {"nextPageToken": "t", "totalResults": 60}}
    assert isinstance(read(AppleMaps(), more)[-1], More)


def test_foursquare_is_asked_with_its_version_and_for_cheap_fields() -> None:
    (visit,) = Foursquare().search(query())
    assert dict(visit.headers)["X-Places-Api-Version"] == "2025-06-17"
    fields = set(dict(visit.params)["fields"].split(","))
    assert not fields & {"hours", "rating", "tips", "photos", "stats", "popularity"}  # premium
    assert dict(visit.params)["ll"] == "52.10000,11.60000"
    (named,) = Foursquare().search(query(None))
    assert dict(named.params)["near"] == "Muster/Stadt, DE"


def test_a_place_of_foursquare_with_a_closing_date_is_closed() -> None:
    answer = entry(Foursquare())
    answer["results"][0] |= {"date_closed": "2024-03-01", "tel": "030 23125017", "email": "a@b.example"}
    (listing,) = read(Foursquare(), answer)
    assert (listing.status, listing.phones, listing.emails) == ("closed", ("030 23125017",), ("a@b.example",))
    assert read(Foursquare(), {"results": [], "context": {}}) == [Nothing("results []")]
    assert isinstance(read(Foursquare(), {"results": answer["results"] * 20})[-1], More)


def test_a_town_with_a_slash_stays_one_part_of_the_path() -> None:
    (visit,) = TomTom().search(query())
    assert visit.url == "https://api.tomtom.com/search/2/poiSearch/Hort%20%26%20Kita%20Muster%2FStadt.json"


@pytest.mark.parametrize("checker", POINTS, ids=name)
def test_streets_are_no_points_and_what_is_promised_must_be_there(checker: Checker) -> None:
    street = {"type": "Street", "id": "s", "address": {"streetName": "Kitaweg"}}
    assert read(checker, {"summary": {"totalResults": 1}, "results": [street]}) == [Nothing("only streets and areas")]
    assert read(checker, {"summary": {"totalResults": 0}, "results": []}) == [Nothing("totalResults 0")]
    answer = entry(checker)
    answer["summary"]["totalResults"] = 6
    assert isinstance(read(checker, answer)[-1], More)
    broken: list[Any] = [{"summary": {"totalResults": 6}, "results": []}, {"results": []}, {"summary": {}}]
    for told in broken:
        with pytest.raises(NotUnderstood):
            read(checker, told)


MEMBERS = st.sampled_from(
    ["results", "places", "summary", "totalResults", "poi", "name", "phone", "categories", "address", "position", "lat",
     "displayName", "text", "regularOpeningHours", "periods", "open", "close", "day", "businessStatus", "location",
     "accessibilityOptions", "postalAddress", "addressLines", "structuredAddress", "coordinate", "type", "POI", "id"]
)  # fmt: skip
LEAVES = MEMBERS | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5), max_leaves=20
)


@given(st.sampled_from(ALL), st.dictionaries(MEMBERS, JSON, max_size=5), st.dictionaries(MEMBERS, JSON, max_size=5))
def test_whatever_is_answered_is_read_or_not_understood(checker: Checker, told: Any, place: Any) -> None:
    answer = entry(checker)
    (shown,) = answer.get("places") or answer["results"]
    shown |= {key: value for key, value in place.items() if key not in {"name", "displayName", "poi", "type"}}
    for one in (told, answer):
        try:
            found = read(checker, one)
        except NotUnderstood:
            continue
        assert all(isinstance(item, Listing | Nothing | More | Visit) for item in found)


# --- real answers


def recorded(shared: Path, *path: str) -> Any:
    return json.loads(shared.joinpath("recordings", *path).read_text("utf-8"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("checker", "path"),
    [
        (TomTom(), "tomtom/gphp-jsajhgsdkfjhsfkjhaldkadjaslgldasd-empty-816a71a0.json"),
        (AzureMaps(), "azure-maps/gphp-jsajhgsdkfjhsfkjhaldkadjaslgldasd-empty-402ab2ef.json"),
        (AzureMaps(), "azure-maps/alexreisner-azure-no-results.json"),
    ],
)
def test_a_real_empty_answer_is_the_sign_of_absence(shared: Path, checker: Checker, path: str) -> None:
    assert read(checker, recorded(shared, path)) == [Nothing("totalResults 0")]


@pytest.mark.shared
def test_real_addresses_are_no_points(shared: Path) -> None:
    assert read(TomTom(), recorded(shared, "tomtom", "gphp-10-downing-st-london-uk-f2ff3756.json")) == [
        Nothing("only streets and areas")
    ]
    (part,) = read(AzureMaps(), recorded(shared, "azure-maps", "alexreisner-azure-madison-square-garden.json"))
    assert part == More("1 of 6 shown")


@pytest.mark.shared
@pytest.mark.parametrize(
    "path", ["azure-maps/alexreisner-azure-invalid-key.json", "azure-maps/alexreisner-azure-reverse.json"]
)
def test_a_real_refusal_and_another_service_are_not_understood(shared: Path, path: str) -> None:
    with pytest.raises(NotUnderstood):
        read(AzureMaps(), recorded(shared, path))


def renamed(one: dict[str, Any]) -> dict[str, Any]:
    """A place as the interface of 2025 names its members (migration guide): ids and coordinates only differ."""
    main = one["geocodes"]["main"]
    kept = {key: value for key, value in one.items() if key not in {"fsq_id", "geocodes"}}
    return {**kept, "fsq_place_id": one["fsq_id"], "latitude": main["latitude"], "longitude": main["longitude"]}


@pytest.mark.shared
def test_real_places_of_foursquare_under_their_new_names_are_read(shared: Path) -> None:
    told = recorded(shared, "foursquare", "v3-foursquare-places-v3-mock-200.json")
    found = read(Foursquare(), {"results": [renamed(one) for one in told["results"]]})
    assert [(one.name, str(one.address)) for one in found][:3] == [
        ("Baguetterie & Cafébar Strahmann", "Bethmannstraße 58, 60311 Frankfurt am Main"),
        ("Bunca Barista & Caterer", "Kirchnerstraße 4, 60311 Frankfurt am Main"),
        ("Heimat", "Berliner Straße 70, 60311 Frankfurt am Main"),
    ]
    assert found[5].address.house_number == "5-7"
    assert found[1].categories == ("Café", "Coffee Shop")
    known = Foursquare.control.known
    assert known is not None
    assert finds(subject_of(known), found)
    with pytest.raises(NotUnderstood, match="Internal Server Error"):
        read(Foursquare(), recorded(shared, "foursquare", "v3-foursquare-places-v3-mock-500.json"))


@pytest.mark.shared
def test_a_real_address_of_apple_is_read(shared: Path) -> None:
    (found,) = read(AppleMaps(), recorded(shared, "apple-maps", "doorbit-geocode-hamburg.json"))
    assert (str(found.address), found.address.district) == ("Jungfernstieg 1, 20095 Hamburg", "Hamburg-Mitte")
