"""JSON validates, comes back, and is documented; tables hold no formula; protected places stay hidden."""

from __future__ import annotations

import csv
import io
import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Look, Reason, Result, State
from reports import schema
from reports.codec import Unreadable
from reports.data import dumps, from_json, in_order, loads, to_json
from reports.shield import clean, host_of, safe_url, shield
from reports.tables import gaps_csv, gaps_xlsx, guarded
from reports.worksheet import looks, worksheet_csv, worksheet_html
from tests.result_factory import SECRET_STREET, make_hostile, make_result

DOCS = Path(__file__).parent.parent / "docs" / "json.md"


def strict_schema(file: Path = schema.FILE) -> dict[str, Any]:
    """A published schema, refusing what it does not name."""
    whole = json.loads(file.read_text(encoding="utf-8"))
    for definition in [whole, *whole["$defs"].values()]:
        if definition.get("type") == "object":
            definition.setdefault("additionalProperties", False)
    return dict(whole)


@pytest.mark.parametrize("result", [make_result(), make_hostile()], ids=["usual", "hostile"])
def test_the_json_of_a_result_validates_and_holds_nothing_the_schema_does_not_name(result: Result) -> None:
    validator = jsonschema.Draft202012Validator(strict_schema())
    validator.check_schema(strict_schema())
    validator.validate(json.loads(dumps(result)))


def test_the_schema_refuses_an_unknown_word_and_a_missing_figure() -> None:
    validator = jsonschema.Draft202012Validator(strict_schema())
    data = to_json(make_result())
    data["cells"][0]["state"] = "perhaps"
    assert not validator.is_valid(data)
    data = to_json(make_result())
    del data["score"]["coverage"]
    assert not validator.is_valid(data)


def test_the_published_schema_is_what_the_nouns_say() -> None:
    for file, built in ((schema.FILE, schema.build()), (schema.FEDERATION_FILE, schema.build_federation())):
        assert file.read_text(encoding="utf-8") == schema.dumps(built), "run: python -m reports.schema"


def test_a_result_comes_back_from_its_json() -> None:
    result = make_result()
    assert loads(dumps(result)) == in_order(shield(result))
    assert dumps(loads(dumps(result))) == dumps(result)


def test_the_order_in_which_cells_were_judged_does_not_show_in_the_json() -> None:
    result = make_result()
    assert dumps(replace(result, cells=result.cells[::-1], gaps=result.gaps[::-1])) == dumps(result)


def test_every_property_of_the_json_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    sections = {part.partition("\n")[0].strip(): part for part in text.split("\n## ")}
    whole, all_of_them = schema.build(), schema.build_federation()
    missing = [
        f"{name}.{key}"
        for name, definition in [
            ("Result", whole),
            ("Federation", all_of_them),
            *whole["$defs"].items(),
            *all_of_them["$defs"].items(),
        ]
        for key in definition.get("properties", definition.get("enum", []))
        if f"`{key}`" not in sections.get(name, "")
    ]
    assert not missing


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 2}, "schema_version is 2"),
        ({"rows": None}, "rows should be an array"),
        ({"started": "yesterday"}, "started cannot be read"),
        ({"manifest": []}, "manifest should be an object"),
    ],
)
def test_a_file_that_is_no_result_is_refused_with_the_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        from_json({**to_json(make_result()), **change})


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_other_json_is_refused_and_nothing_else_is_raised(data: Any) -> None:
    base = to_json(SMALL)
    for broken in (data, {**base, "score": data}, {**base, "cells": [data]}):
        try:
            from_json(deepcopy(broken))
        except Unreadable:
            continue
        pytest.fail("taken for a result")


SMALL = replace(make_result(), cells=(), rows=(), gaps=(), strays=())


@given(st.text(alphabet=st.characters(), max_size=60))
def test_cleaned_text_has_no_control_or_bidi_characters_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert not set(cleaned) & {chr(n) for n in (*range(9), *range(11, 32), *range(0x202A, 0x202F), *range(0x7F, 0xA0))}
    assert not any(0xD800 <= ord(sign) < 0xE000 for sign in cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(max_size=60))
def test_an_address_is_http_or_https_with_a_host_or_nothing(url: str) -> None:
    for tried in (url, f"https://{url}", f"javascript:{url}"):
        safe = safe_url(tried)
        assert safe == "" or (safe.startswith(("http://", "https://")) and host_of(tried) != "")


def test_terminal_sequences_are_taken_out_whole() -> None:
    assert clean("\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07") == "red link"
    assert safe_url("https://user:pw@evil.example/") == ""
    assert safe_url("java\tscript:alert(1)") == ""


def test_the_address_of_a_protected_service_appears_in_no_data() -> None:
    result = make_result()
    assert SECRET_STREET in repr(result)
    for text in (dumps(result), gaps_csv(result, "de"), worksheet_csv(looks(result, "de"), "de")):
        assert "Verborgene" not in text
        assert "48.54" not in text or "frauenhaus" not in text.partition("48.54")[0][-900:]


@pytest.mark.parametrize("text", ["=1+1", "+49 871", "-2", "@x", "\t=1", "\r=1", "  =1", "＝1"])
def test_what_a_spreadsheet_could_run_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded("Haus Mitte") == "Haus Mitte"


def test_no_field_of_a_hostile_csv_begins_like_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(gaps_csv(make_hostile(), "en").removeprefix("\ufeff"))))
    assert len(rows) == 1 + len(make_hostile().gaps)
    assert not [value for row in rows for value in row if value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(value.startswith("'=HYPERLINK") for row in rows for value in row)


def test_a_workbook_keeps_formulas_as_text() -> None:
    result = make_hostile()
    sheet = openpyxl.load_workbook(io.BytesIO(gaps_xlsx(result, "de"))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert sheet.max_row == 1 + len(result.gaps)
    assert any(str(cell.value).startswith("=HYPERLINK") and cell.data_type == "s" for cell in cells)
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


def test_the_worksheet_lists_exactly_the_cells_that_need_a_person() -> None:
    result = make_result()
    wanted = {c.id for c in result.cells if c.state is State.UNKNOWN and c.reason is Reason.NEEDS_PERSON}
    rows = list(csv.reader(io.StringIO(worksheet_csv(looks(result, "de"), "de").removeprefix("\ufeff"))))
    assert {row[0] for row in rows[1:]} == wanted != set()


def test_a_hostile_worksheet_is_only_text() -> None:
    look = Look(
        platform="<script>x</script>", service="=1+1", place="\u202eabc", link="javascript:alert(1)", question="?"
    )
    page, table = worksheet_html([look], "en"), worksheet_csv([look], "en")
    assert "<script" not in page
    assert "javascript:" not in page + table
    assert "'=1+1" in table
    assert "\u202e" not in page + table


def test_the_page_to_print_holds_what_is_to_be_compared() -> None:
    page = worksheet_html([Look(platform="P", service="S", place="O", stated=(("phone", "030 <b>1</b>"),))], "en")
    assert "Telephone number: <bdi>030 &lt;b&gt;1&lt;/b&gt;</bdi>" in page


def test_a_worksheet_without_rows_says_so() -> None:
    assert "nichts von Hand" in worksheet_html([], "de")
