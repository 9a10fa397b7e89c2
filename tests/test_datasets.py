"""Data sets: what a query may be about is found again, in every kind of file, and silence is not absence."""

from __future__ import annotations

import contextlib
import json
import os
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Reason, Via, Visit
from audit.visiting.datasets import Dataset, DatasetGetter
from audit.visiting.getting import Limits, Unreachable
from audit.visiting.records import Source, Unreadable, columns, geojson, overpass
from audit.visiting.records.files import read
from audit.visiting.records.index import Index
from audit.visiting.records.keys import (
    asked_keys,
    keys_of,
    mails,
    metres,
    phones,
    street_and_number,
    table,
    webs,
    words,
)
from audit.visiting.records.opening import opened
from audit.visiting.records.search import candidates, near

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUSE = {
    "type": "node", "id": 1, "lat": 48.1, "lon": 11.5, "timestamp": "2026-10-01T00:00:00Z",
    "tags": {"name": "Beratungsstelle Regenbogen", "phone": "+49 89 123456-12", "website": "https://www.haus.example/de/regenbogen.html",
             "addr:postcode": "80331"},
}  # fmt: skip
FAR = {"type": "way", "id": 2, "center": {"lat": 48.2, "lon": 11.7}, "tags": {"name": "Kita Sankt Josef"}}


def overpass_text(*elements: dict[str, Any], stamp: str = "2026-11-20T00:00:00Z", remark: str = "") -> str:
    whole = {"osm3s": {"timestamp_osm_base": stamp}, "elements": list(elements)}
    return json.dumps(whole | ({"remark": remark} if remark else {}))


def dataset(tmp_path: Path, text: str | bytes, name: str = "town.json", **more: Any) -> DatasetGetter:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return DatasetGetter({"town": Dataset(id="town", file=file, **more)}, lambda: NOW)


async def ids(getter: DatasetGetter, *params: tuple[str, str]) -> list[str]:
    page = await getter.get(Visit("dataset:town", params=params, via=Via.DATA), Limits())
    return [record["id"] for record in page.records]


async def reason(getter: DatasetGetter, *params: tuple[str, str], url: str = "dataset:town") -> tuple[Reason, str]:
    with pytest.raises(Unreachable) as end:
        await getter.get(Visit(url, params=params, via=Via.DATA), Limits())
    return end.value.reason, end.value.detail


@pytest.mark.parametrize(
    "key",
    [
        ("near", "48.1050,11.5000"),
        ("name", "Regenbogen e. V."),
        ("phone", "089 / 12 34 56 - 12"),
        ("phone", "0049 (0)89 123456-0"),
        ("web", "http://haus.example/"),
        ("web", "https://haus.example/regenbogen"),
    ],
)
async def test_a_record_is_found_by_place_name_phone_or_web(tmp_path: Path, key: tuple[str, str]) -> None:
    assert await ids(dataset(tmp_path, overpass_text(HOUSE, FAR)), key) == ["node/1"]


async def test_a_record_is_plain_data_with_its_day(tmp_path: Path) -> None:
    getter = dataset(tmp_path, overpass_text(HOUSE, FAR), licence="ODbL 1.0")
    page = await getter.get(Visit("dataset:town", params=(("near", "48.1,11.5"),)), Limits())
    assert page.records == (
        {"id": "node/1", "lat": 48.1, "lon": 11.5, "tags": HOUSE["tags"], "updated": "2026-10-01"},
    )  # fmt: skip
    assert page.header("data-as-of") == "2026-11-20"
    assert page.header("data-licence") == "ODbL 1.0"


async def test_nothing_near_inside_the_area_is_an_empty_page(tmp_path: Path) -> None:
    getter = dataset(tmp_path, overpass_text(HOUSE, FAR))
    assert await ids(getter, ("near", "48.15,11.6"), ("name", "Drogenhilfe")) == []


async def test_the_best_agreeing_records_come_first_and_no_more_than_the_most(tmp_path: Path) -> None:
    crowd = [{**HOUSE, "id": n, "lat": 48.1 + n / 1e6, "tags": {"name": f"Laden {n}"}} for n in range(10, 500)]
    found = await ids(dataset(tmp_path, overpass_text(*crowd, HOUSE)), ("near", "48.1,11.5"), ("name", "Regenbogen"))
    assert found[0] == "node/1"
    assert len(found) <= table()["most"]


async def test_outside_the_area_is_unknown_never_missing(tmp_path: Path) -> None:
    getter = dataset(tmp_path, overpass_text(HOUSE, FAR))
    assert (await reason(getter, ("near", "52.5,13.4")))[0] is Reason.OUTSIDE_DATA
    assert (await reason(getter, ("name", "Drogenhilfe")))[0] is Reason.OUTSIDE_DATA
    assert (await reason(getter, ("name", "Drogenhilfe"), ("postcode", "10115")))[0] is Reason.OUTSIDE_DATA
    narrow = dataset(tmp_path, overpass_text(HOUSE, FAR), area=(48.0, 11.4, 48.11, 11.6))
    assert (await reason(narrow, ("near", "48.2,11.7")))[0] is Reason.OUTSIDE_DATA


async def test_a_postcode_that_the_data_know_counts_as_covered(tmp_path: Path) -> None:
    getter = dataset(tmp_path, overpass_text(HOUSE, FAR))
    assert await ids(getter, ("name", "Drogenhilfe"), ("postcode", "80331")) == ["node/1"]


async def test_old_data_are_stale_by_their_own_date_or_the_declared_one(tmp_path: Path) -> None:
    assert (await reason(dataset(tmp_path, overpass_text(HOUSE, stamp="2025-01-01T00:00:00Z"))))[0] is Reason.STALE
    declared = dataset(tmp_path, overpass_text(HOUSE), as_of=date(2026, 1, 1))
    assert (await reason(declared))[0] is Reason.STALE
    patient = dataset(tmp_path, overpass_text(HOUSE), as_of=date(2026, 1, 1), max_age_days=1000)
    assert await ids(patient, ("near", "48.1,11.5")) == ["node/1"]


@pytest.mark.parametrize(
    ("text", "expected", "word"),
    [
        (overpass_text(HOUSE, remark="runtime error: Query timed out"), Reason.TRUNCATED, "timed out"),
        (overpass_text(HOUSE)[:-60], Reason.NOT_RUN, "cut off"),
        (overpass_text(), Reason.NOT_RUN, "no records"),
        ("", Reason.NOT_RUN, "neither"),
        ("<html>blocked</html>", Reason.NOT_RUN, "neither"),
        ('{"elements": 3}', Reason.NOT_RUN, "no elements"),
        ("[" * 100_000, Reason.NOT_RUN, "nested"),
    ],
)
async def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, expected: Reason, word: str) -> None:
    getter = dataset(tmp_path, text)
    for _ in range(2):
        found, detail = await reason(getter)
        assert found is expected
        assert word in detail
        assert "town.json" in detail


async def test_what_is_not_configured_or_absent_says_so(tmp_path: Path) -> None:
    getter = DatasetGetter({"town": Dataset(id="town", file=tmp_path / "absent.json")}, lambda: NOW)
    assert (await reason(getter, url="dataset:other"))[0] is Reason.NEEDS_DATASET
    assert "no such file" in (await reason(getter))[1]


@pytest.mark.parametrize("name", ["town.osm.pbf", "town.xlsx", "town.csv", "town.geojson"])
async def test_any_bytes_in_any_kind_of_file_are_refused_in_words(tmp_path: Path, name: str) -> None:
    pytest.importorskip({"pbf": "osmium", "xlsx": "openpyxl"}.get(name.rpartition(".")[2], "json"))
    getter = dataset(tmp_path, random.Random(1).randbytes(3000), name)  # noqa: S311 - junk, not a secret
    assert (await reason(getter, ("near", "48.1,11.5")))[0] in {Reason.NOT_RUN, Reason.OUTSIDE_DATA}


def test_lists_are_read_whatever_delimiter_and_encoding_they_have(tmp_path: Path) -> None:
    rows = "Einrichtung;Straße;PLZ;Breitengrad;Längengrad\nKita „Müllergäßchen“;Hauptstr. 1;01234;48,1;11,5\n;;;;\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        file = tmp_path / "list.csv"
        file.write_bytes(rows.encode(encoding))
        tags = {"name": "Kita „Müllergäßchen“", "addr:street": "Hauptstr. 1", "addr:postcode": "01234"}
        assert list(columns.read_csv(file, Source())) == [
            {"id": "row/1", "lat": 48.1, "lon": 11.5, "tags": tags}
        ]  # fmt: skip


def test_workbooks_are_read_like_lists(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in ([None], ["Name", "lat", "lon", "PLZ"], ["Kita Süd", 48.1, 11.5, 80331], [None, None, None, None]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    (record,) = read(tmp_path / "list.xlsx", Source())
    assert (record["tags"], record["lat"]) == ({"name": "Kita Süd", "addr:postcode": "80331"}, 48.1)


def test_geojson_is_read_in_both_styles_and_an_area_counts_once() -> None:
    def feature(id_: object, properties: dict[str, Any], kind: str = "Point", where: object = (11.5, 48.1)) -> object:
        return {
            "type": "Feature",
            "id": id_,
            "geometry": {"type": kind, "coordinates": where},
            "properties": properties,
        }

    ring = [[[11.4, 48.0], [11.6, 48.0], [11.6, 48.2], [11.4, 48.0]]]
    features = [
        feature(None, {"@id": "node/7", "name": "A", "@timestamp": "2026-01-02T00:00:00Z"}),
        feature("w8", {"name": "B"}, "LineString", ring[0]),
        feature("a16", {"name": "B"}, "Polygon", ring),
        feature("a19", {"tags": {"name": "C"}, "meta": {}}, "MultiPolygon", [ring]),
        {"type": "Feature", "geometry": None, "properties": None},
    ]
    found = list(geojson.read_text(json.dumps({"features": features}), Source()))
    assert [record["id"] for record in found] == ["node/7", "way/8", "relation/9", "4"]
    assert found[0]["updated"] == "2026-01-02"
    assert (round(found[1]["lat"], 6), found[1]["lon"]) == (48.1, 11.5)
    assert found[2]["tags"] == {"name": "C"}


def test_a_file_larger_than_a_bite_is_read_whole(tmp_path: Path) -> None:
    many = [{**HOUSE, "id": n, "tags": {"name": "ü" * (n % 700)}} for n in range(1, 5000)]
    (tmp_path / "town.json").write_text(overpass_text(*many, remark="runtime error: too late"), "utf-8")
    source = Source()
    assert [record["id"] for record in read(tmp_path / "town.json", source)] == [
        f"node/{n}" for n in range(1, 5000) if n % 700
    ]
    assert "too late" in source.incomplete


def test_words_phones_and_webs_are_compared_in_plain_form() -> None:
    assert words("Haus für Mütter (Süd-Straße) Café") == words("HAUS FUER MUETTER sued strasse cafe")
    assert phones("+49 (0)89 12345-10; 0160 999999") == {"891234510", "8912345", "160999999"}
    assert webs("WWW.Haus.example/a/B.html?x=1") == {"haus.example", "haus.example/b"}
    assert webs("http://[::1") == webs("unbekannt") == set()
    assert mails("mailto:Info@Haus.example, b@c.example") == {"info@haus.example", "b@c.example"}
    assert street_and_number("Große Str. 05 a") == street_and_number("Grosse Straße", "5") == ("grossestr", "5")
    assert metres((48.1, 11.5), (48.109, 11.5)) == pytest.approx(1000.8, abs=1)


def test_near_finds_exactly_what_a_full_search_finds() -> None:
    dice = random.Random(7)  # noqa: S311 - a repeatable scatter
    scattered: list[dict[str, Any]] = [
        {"id": str(n), "lat": dice.uniform(47.99, 48.03), "lon": dice.uniform(11.0, 11.06), "tags": {}}
        for n in range(800)
    ]  # fmt: skip
    index = Index.of(scattered)
    for place in [(48.0, 11.0), (48.01, 11.03), (48.02999, 11.05999)]:
        wanted = {n for n, r in enumerate(scattered) if metres(place, (r["lat"], r["lon"])) <= table()["radius"]}
        assert set(near(index, place)) == wanted


@pytest.mark.shared
async def test_every_real_facility_of_munich_is_found_again(shared: Path) -> None:
    for name in ("muenchen_2025-11-22.overpass.json", "muenchen_2025-11-22.geojson"):
        file = shared / "data" / "osm" / name
        getter = DatasetGetter({"town": Dataset(id="town", file=file, as_of=date(2026, 11, 1))}, lambda: NOW)
        lost: list[str] = []
        for organisation in json.loads((shared / "data/osm/muenchen_welfare_orgs.json").read_text("utf-8")):
            for facility in organisation["facilities"]:
                near = ("near", f"{facility['lat']:.5f},{facility['lon']:.5f}")
                assert facility["osm"] in await ids(getter, near)
                keys = [("name", facility["name"]), ("phone", facility["phone"] or ""), ("postcode", "80331")]
                if facility["osm"] not in await ids(getter, *keys):
                    lost.append(facility["name"])
        assert set(lost) <= {"Kinderkrippe", "Kindertagesstätte", "Unnamed"}  # no name of their own, no phone


@pytest.mark.shared
def test_extracts_and_their_exports_hold_the_same_objects(shared: Path) -> None:
    pytest.importorskip("osmium")
    for file in sorted((shared / "data" / "osm").glob("*.pbf")):
        raw = {record["id"]: record for record in read(file, Source())}
        exported = {record["id"]: record for record in read(file.with_suffix("").with_suffix(".geojson"), Source())}
        assert exported.keys() <= raw.keys()
        for id_, record in exported.items():
            assert metres((record["lat"], record["lon"]), (raw[id_]["lat"], raw[id_]["lon"])) < 60
            assert raw[id_]["tags"].get("name") == record["tags"].get("name")


@pytest.mark.shared
def test_every_real_answer_of_overpass_is_read(shared: Path) -> None:
    counts = {}
    for file in sorted((shared / "recordings" / "osm-overpass").glob("*.json")):
        source = Source()
        counts[file.name] = (len(list(read(file, source))), bool(source.incomplete))
    assert counts.pop("overpy-remark-runtime-error-01.json") == (0, True)
    assert all(not incomplete for _, incomplete in counts.values())
    assert counts["zuerich-social_facilities_kt_zh.json"][0] == 5
    assert counts["overpy-way-02.json"][0] == 1


def test_a_million_records_stay_compact() -> None:
    one = Index.of(
        {"id": f"node/{n}", "lat": 48 + n % 1000 / 1000, "lon": 11 + n / 30_000, "tags": {"name": f"Haus {n} Mitte"}}
        for n in range(10_000)
    )
    assert (one.told["at"][-1] + 8 * len(one)) / len(one) < 400


def test_an_index_is_kept_and_made_anew_when_the_file_changes(tmp_path: Path) -> None:
    town, kept = tmp_path / "town.json", tmp_path / "kept"
    town.write_text(overpass_text(HOUSE))
    assert len(opened(town, kept).index) == 1
    (first,) = kept.iterdir()
    before = first.stat().st_mtime_ns
    assert opened(town, kept).as_of == date(2026, 11, 20)
    assert [file.stat().st_mtime_ns for file in kept.iterdir()] == [before]
    town.write_text(overpass_text(HOUSE, FAR))
    assert len(opened(town, kept).index) == 2
    assert [file.name for file in kept.iterdir()] != [first.name]


def test_a_kept_index_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "town.json").write_text(overpass_text(HOUSE, FAR))
    opened(tmp_path / "town.json", tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    for junk in (b"", b"short", file.read_bytes()[:-9], b"\xff" * 200):
        file.write_bytes(junk)
        assert len(opened(tmp_path / "town.json", tmp_path / "kept").index) == 2


def test_what_a_killed_process_left_half_done_is_cleared_away_and_what_another_writes_is_not(tmp_path: Path) -> None:
    town, kept = tmp_path / "town.json", tmp_path / "kept"
    town.write_text(overpass_text(HOUSE))
    opened(town, kept)
    (first,) = kept.iterdir()
    abandoned, busy = (kept / f"{first.name.partition('-')[0]}-{name}.part" for name in ("abandoned", "busy"))
    for part in (abandoned, busy):
        part.write_bytes(b"half")
    os.utime(abandoned, (1, 1))
    town.write_text(overpass_text(HOUSE, FAR))
    opened(town, kept)
    assert not abandoned.exists()
    assert not first.exists()
    assert busy.exists()


def test_a_record_with_endless_values_has_a_bounded_number_of_keys() -> None:
    tags = {"name": ";".join(f"Haus {n}" for n in range(5000)), "phone": ";".join(f"089{n:06}" for n in range(5000))}
    assert len(keys_of({"id": "node/1", "lat": 48.1, "lon": 11.5, "tags": tags})) < 2000


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "town.json").write_text(overpass_text(HOUSE)[:-60])
    with pytest.raises(Unreadable, match="cut off"):
        opened(tmp_path / "town.json", tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


CROWD: list[dict[str, Any]] = [
    {"id": f"node/{n}", "lat": 50 + n % 60 / 20, "lon": 8 + n // 60 / 20, "tags": {"name": f"Kindergarten Am Weg {n}"}}
    for n in range(3000)
]
OURS = {
    "id": "ours", "lat": 51.512, "lon": 9.512,
    "tags": {"name": "Kindergarten Regenbogenfisch", "phone": "+49 5251 778899-0", "email": "Info@fisch.example",
             "addr:street": "Hauptstraße", "addr:housenumber": "12a", "addr:postcode": "33100",
             "addr:city": "Quellstadt", "operator": "Trägerverein Müller"},
}  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        {"name": ["Kindergarten Regenbogenfisch"]},
        {"name": ["KiGa Regenbogenfihsc"]},  # letters exchanged
        {"name": ["Kita Regenbogenfich"]},  # a letter missing
        {"name": ["Kita Rgenbogenfisch"]},
        {"name": ["Traegerverein Mueller"]},
        {"phone": ["05251/77 88 99-0"]},
        {"phone": ["05251 778899"]},
        {"mail": ["info@FISCH.example"]},
        {"web": ["https://www.fisch.example/kontakt"]},
        {"street": ["Hauptstr. 12"], "postcode": ["33100"]},
        {"street": ["Haubtstr. 12 b"], "postcode": ["33100"]},
        {"street": ["Hauptstr. 12"], "postcode": ["33102"]},
        {"street": ["Hauptstr."], "city": ["Quellstadt (Kreis)"]},
        {"name": ["Kindergarten"], "city": ["Quellstadt"]},
        {"near": ["51.5150,9.512"]},
        {"near": ["51.53,9.512"], "name": ["Regenbogenfisch"]},
    ],
)
def test_one_agreement_of_any_kind_finds_a_record_among_thousands(asked: dict[str, list[str]]) -> None:
    index = Index.of([*CROWD, OURS])
    found = [index.record(row)["id"] for row in candidates(index, asked)]
    assert found[0] == "ours"
    assert len(found) <= table()["least"]


def test_two_words_that_are_everybodys_find_what_has_both() -> None:
    crowd = [{**one, "tags": {"name": "Haus Kinder" if n % 2 else "Haus Sonne"}} for n, one in enumerate(CROWD)]
    index = Index.of([*crowd, {**OURS, "tags": {"name": "Sonne der Kinder"}}])
    found = candidates(index, {"name": ["Kinder Sonne"]})
    assert [index.record(row)["id"] for row in found] == ["ours"]


KEYS = """id type lat lon tags center nodes bounds geometry coordinates properties @id name website phone
timestamp""".split()  # noqa: SIM905 - shorter and easier to read than a list
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
)


@given(JSON, st.sampled_from(["elements", "features", ""]))
def test_any_json_gives_records_or_words(value: object, key: str) -> None:
    text = json.dumps({key: [value, value]} if key else [value])
    for reader in (overpass.read_text, geojson.read_text):
        with contextlib.suppress(Unreadable):
            assert len(Index.of(reader(text, Source()))) <= 2


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["near", "name", "phone", "web", "mail", "street", "postcode", "x"]), st.text(max_size=20)
        ),
        max_size=6,
    )
)
def test_any_keys_are_answered(params: list[tuple[str, str]]) -> None:
    index = Index.of([{"id": "node/1", "lat": 48.1, "lon": 11.5, "tags": HOUSE["tags"]}])
    asked = {key: [value] for key, value in params}
    assert len(candidates(index, asked)) <= 1
    assert all(len(key) == 2 for key in asked_keys(asked))
