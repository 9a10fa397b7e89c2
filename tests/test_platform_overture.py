"""Overture places: read from GeoParquet and GeoJSON, nothing but the one file is opened, and absence is honest."""

from __future__ import annotations

import json
import struct
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import Listing, Page, Via, Visit
from audit.model import Reason
from audit.visiting.datasets import Dataset, DatasetGetter
from audit.visiting.getting import Limits, Unreachable
from audit.visiting.records import Source, Unreadable, overture
from audit.visiting.records.files import read
from platforms.overture import Overture

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, tzinfo=UTC)
TYPES = {
    "id": "VARCHAR",
    "geometry": "BLOB",
    "bbox": "STRUCT(xmin FLOAT, xmax FLOAT, ymin FLOAT, ymax FLOAT)",
    "names": 'STRUCT("primary" VARCHAR, common MAP(VARCHAR, VARCHAR), '
    "rules STRUCT(variant VARCHAR, language VARCHAR, value VARCHAR)[])",
    "categories": 'STRUCT("primary" VARCHAR, alternate VARCHAR[])',
    "confidence": "DOUBLE",
    "websites": "VARCHAR[]",
    "socials": "VARCHAR[]",
    "emails": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "brand": 'STRUCT(wikidata VARCHAR, names STRUCT("primary" VARCHAR, common MAP(VARCHAR, VARCHAR)))',
    "addresses": "STRUCT(freeform VARCHAR, locality VARCHAR, postcode VARCHAR, region VARCHAR, country VARCHAR)[]",
    "operating_status": "VARCHAR",
    "sources": "STRUCT(property VARCHAR, dataset VARCHAR, record_id VARCHAR, update_time VARCHAR)[]",
}


def place(**changed: Any) -> dict[str, Any]:
    """A place of a release, as its columns hold it."""
    usual = {
        "id": "08f1fa4e0000000000000017",
        "geometry": struct.pack("<BIdd", 1, 1, 11.6002, 52.1001),
        "bbox": {"xmin": 11.6, "xmax": 11.601, "ymin": 52.1, "ymax": 52.101},
        "names": {"primary": "Kita Muster", "common": {"en": "Muster Day Care"},
                  "rules": [{"variant": "short", "language": "de", "value": "KM"}]},
        "categories": {"primary": "day_care_preschool", "alternate": ["charity_organization"]},
        "confidence": 0.93,
        "websites": ["https://www.muster.example/kita"],
        "socials": ["https://www.facebook.com/kitamuster"],
        "emails": ["kita@muster.example"],
        "phones": ["+493023125017", "+49 30 23125018"],
        "brand": {"wikidata": "Q627256", "names": {"primary": "AWO", "common": {}}},
        "addresses": [{"freeform": "Lindenallee 7", "locality": "Musterstadt", "postcode": "12345", "region": "DE-ST",
                       "country": "DE"}],
        "operating_status": "open",
        "sources": [{"property": "", "dataset": "meta", "record_id": "1", "update_time": "2026-09-14T00:00:00.000Z"}],
    }  # fmt: skip
    return usual | changed


def parquet(folder: Path, *places: dict[str, Any], geo: bool = True, columns: tuple[str, ...] = tuple(TYPES)) -> Path:
    """A GeoParquet file as a release has it: points in well-known binary, named in the file's metadata."""
    duckdb = pytest.importorskip("duckdb", reason="the extra overture (duckdb) is not installed")
    told = {"version": "1.1.0", "primary_column": "geometry",
            "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}}}  # fmt: skip
    file = folder / "places.parquet"
    with duckdb.connect(":memory:") as database:
        names = ", ".join(f"{name} {TYPES[name]}" for name in columns)
        database.execute(f"CREATE TABLE place ({names})")
        for one in places:
            marks = ", ".join("?" for _ in columns)
            database.execute(f"INSERT INTO place VALUES ({marks})", [one[name] for name in columns])  # noqa: S608
        extra = f", KV_METADATA {{geo: '{json.dumps(told)}'}}" if geo and "geometry" in columns else ""
        database.execute(f"COPY place TO '{file}' (FORMAT parquet{extra})")
    return file


def listings(file: Path) -> list[Listing]:
    found = (Overture().read_record(record) for record in read(file, Source()))
    return [listing for listing in found if listing]


def listing(**changed: Any) -> Listing | None:
    return Overture().read_record(overture.record(place(**changed)))


@pytest.mark.parametrize("geo", [True, False])
def test_a_place_of_a_parquet_file_is_read(tmp_path: Path, geo: bool) -> None:
    (found,) = listings(parquet(tmp_path, place(), geo=geo))
    assert (found.name, found.alternate_names, found.operator) == ("Kita Muster", ("Muster Day Care", "KM"), "AWO")
    assert (str(found.address), found.address.house_number) == ("Lindenallee 7, 12345 Musterstadt", "7")
    assert (found.latitude, found.longitude) == (52.1001, 11.6002)
    assert found.phones == ("+493023125017", "+49 30 23125018")
    assert (found.emails, found.websites) == (("kita@muster.example",), ("https://www.muster.example/kita",))
    assert found.categories == ("day care preschool", "charity organization")
    assert found.tags == ("amenity=kindergarten", "office=charity")
    assert (found.status, found.wikidata, found.updated) == ("open", ("Q627256",), date(2026, 9, 14))


def test_a_place_without_a_point_stands_in_the_middle_of_its_box(tmp_path: Path) -> None:
    (found,) = listings(parquet(tmp_path, place(geometry=None), geo=False))
    assert (found.latitude, found.longitude) == (pytest.approx(52.1005, abs=1e-5), pytest.approx(11.6005, abs=1e-5))
    assert listing(geometry=None, bbox=None).latitude is None


def test_a_file_with_fewer_columns_is_read(tmp_path: Path) -> None:
    (found,) = listings(parquet(tmp_path, place(), columns=("id", "names", "confidence", "bbox")))
    assert (found.name, found.phones, found.status) == ("Kita Muster", (), "")


@pytest.mark.parametrize(("confidence", "there"), [(0.0, False), (0.49, False), (0.5, True), (1.0, True), (None, True)])
def test_a_place_that_is_likelier_not_there_is_left_out(confidence: float | None, there: bool) -> None:
    assert (listing(confidence=confidence) is not None) is there


@pytest.mark.parametrize(
    ("told", "status"),
    [("open", "open"), ("permanently_closed", "closed"), ("temporarily_closed", "temporarily-closed"), (None, "")],
)
def test_a_closed_place_says_so(told: str | None, status: str) -> None:
    assert listing(operating_status=told).status == status


def test_a_place_without_name_is_none() -> None:
    assert listing(names={"primary": None, "common": None, "rules": None}) is None


def test_the_same_places_as_geojson_are_read(tmp_path: Path) -> None:
    properties = {key: value for key, value in place().items() if key not in {"id", "geometry"}}
    feature = {"type": "Feature", "id": "08f17", "geometry": {"type": "Point", "coordinates": [11.6002, 52.1001]},
               "properties": properties}  # fmt: skip
    file = tmp_path / "places.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    (found,) = listings(file)
    assert (found.name, found.id, found.latitude) == ("Kita Muster", "08f17", 52.1001)
    assert found.address.postcode == "12345"


def asked(file: Path, **declared: Any) -> DatasetGetter:
    return DatasetGetter({"overture": Dataset(id="overture", file=file, **declared)}, lambda: NOW)


async def look(getter: DatasetGetter, *keys: tuple[str, str]) -> Page:
    return await getter.get(Visit("dataset:overture", params=keys, via=Via.DATA), Limits())


NEAR = ("near", "52.10010,11.60020")


async def test_a_place_is_found_by_position_name_phone_and_website(tmp_path: Path) -> None:
    getter = asked(parquet(tmp_path, place()), as_of=date(2026, 11, 18), licence="CDLA-Permissive-2.0")
    for key in (NEAR, ("name", "Muster"), ("phone", "030 23125018"), ("web", "https://muster.example/kita")):
        page = await look(getter, key)
        assert [record["id"] for record in page.records] == ["08f1fa4e0000000000000017"], key
    assert (page.header("data-as-of"), page.header("data-licence")) == ("2026-11-18", "CDLA-Permissive-2.0")
    assert [item.name for item in Overture().read(await look(getter, NEAR)) if isinstance(item, Listing)] == [
        "Kita Muster"
    ]


async def test_outside_the_area_and_beyond_its_age_nothing_is_said(tmp_path: Path) -> None:
    file = parquet(tmp_path, place())
    for declared, key, reason in (
        ({}, ("near", "48.1,11.5"), Reason.OUTSIDE_DATA),
        ({"as_of": date(2026, 1, 1)}, NEAR, Reason.STALE),
    ):
        with pytest.raises(Unreachable) as told:
            await look(asked(file, **declared), key)
        assert told.value.reason is reason


async def test_nothing_near_inside_the_area_is_absence(tmp_path: Path) -> None:
    area = (52.0, 11.0, 53.0, 12.0)
    page = await look(asked(parquet(tmp_path, place()), area=area), ("near", "52.8,11.9"))
    assert [type(item).__name__ for item in Overture().read(page)] == ["Nothing"]


@pytest.mark.parametrize("body", [b"", b"PAR1", b"PAR1" + b"\0" * 64 + b"PAR1", b"not parquet at all"])
def test_a_broken_file_is_told_in_words(tmp_path: Path, body: bytes) -> None:
    pytest.importorskip("duckdb", reason="the extra overture (duckdb) is not installed")
    file = tmp_path / "broken.parquet"
    file.write_bytes(body)
    with pytest.raises(Unreadable, match="Parquet"):
        list(read(file, Source()))


def test_another_table_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no places of Overture"):
        list(read(parquet(tmp_path, place(), columns=("id", "phones")), Source()))


def test_no_other_file_no_network_and_no_extension_is_within_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra overture (duckdb) is not installed")
    file, secret = parquet(tmp_path, place()), tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n", "utf-8")
    tried: list[str] = []

    def places(database: Any, path: str) -> Any:
        for question in (
            f"SELECT * FROM read_csv('{secret}')",  # noqa: S608
            "SELECT * FROM read_parquet('https://data.example/places.parquet')",
            "SET enable_external_access = true",
            "INSTALL httpfs",
            "LOAD spatial",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        ):
            with pytest.raises(duckdb.Error):
                database.execute(question)
            tried.append(question)
        return iter(())

    monkeypatch.setattr(overture, "_places", places)
    assert list(read(file, Source())) == []
    assert len(tried) == 6


def test_without_the_extra_the_cure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "places.parquet"
    file.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Unreadable, match=r"findbar\[overture\]"):
        list(read(file, Source()))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*TYPES, "primary"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(TYPES)), VALUES))
def test_whatever_the_columns_hold_is_read_or_left_out(row: dict[str, Any]) -> None:
    found = Overture().read_record(overture.record(row))
    assert found is None or found.name
