from __future__ import annotations

from pathlib import Path

import pytest

from audit import About, Access, Query
from audit.assisted import AssistedChecker, load_assisted, load_folder, load_shipped
from audit.linked import LinkChecker
from audit.model import Address, Location, Organisation, Subject

SHIPPED = Path(__file__).parent.parent / "platforms"
ROW = """
[[platform]]
id = "stadtportal"
name = "Stadtportal"
kind = "directory"
link = "https://portal.example/?q={query}&ort={city}"
ask_de = "Steht der Eintrag dort?"
ask_en = "Is the entry there?"
edited_by = "authority"
policy_url = "https://portal.example/terms"
read_on = 2026-11-23
why = "no interface"
"""


def loaded(tmp_path: Path, text: str) -> AssistedChecker:
    path = tmp_path / "eigene.toml"
    path.write_text(text, "utf-8")
    (checker,) = load_assisted(path)
    assert isinstance(checker, AssistedChecker)
    return checker


def query(name: str = "Café & Rat", **other: object) -> Query:
    place = Location(id="o", name=name, address=Address(city="Bad Muster/Süd"))
    subject = Subject(about=About.LOCATION, organisation=Organisation(id="m", name="Muster"), location=place)
    return Query(subject=subject, **other)  # type: ignore[arg-type]


def test_the_shipped_rows_become_checkers_that_visit_nothing() -> None:
    checkers = [checker for checker in load_shipped(SHIPPED) if not isinstance(checker, LinkChecker)]
    assert len(checkers) >= 20
    for checker in checkers:
        assert checker.access is Access.ASSISTED
        assert list(checker.search(query())) == list(checker.search_again(query())) == []


def test_every_shipped_row_has_a_link_and_a_question_in_both_languages() -> None:
    for checker in (row for row in load_shipped(SHIPPED) if not isinstance(row, LinkChecker)):
        assert isinstance(checker, AssistedChecker)
        assert checker.link(query()).startswith("https://")
        assert checker.question("de") != checker.question("en")


def test_names_are_masked_in_the_link(tmp_path: Path) -> None:
    link = loaded(tmp_path, ROW).link(query())
    assert (
        link == "https://portal.example/?q=Caf%C3%A9%20%26%20Rat%20Bad%20Muster%2FS%C3%BCd&ort=Bad%20Muster%2FS%C3%BCd"
    )


def test_a_known_profile_is_looked_at_first(tmp_path: Path) -> None:
    assert loaded(tmp_path, ROW).link(query(profiles=("https://portal.example/17",))) == "https://portal.example/17"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "directory"', 'kind = "catalogue"', "kind is 'catalogue'"),
        ('edited_by = "authority"', 'edited_by = "me"', "edited_by is 'me'"),
        ('why = "no interface"', "", "these are missing: why"),
        ("read_on = 2026-11-23", 'read_on = "yesterday"', "read_on (a date)"),
        ("{city}", "{street}", "link may hold only"),
        ("{city}", "{city", "wrong bracket"),
        ("{city}", "{city.__class__}", "link may hold only"),
        ("https://portal.example/?", "javascript:alert", "link must begin with https://"),
        ('why = "no interface"', 'why = "x"\ncolour = "red"', "unknown keys: colour"),
        ('why = "no interface"', 'why = "x"\nactions = ["dance"]', "actions is ['dance']"),
        ('why = "no interface"', 'why = "x"\nedit_days = "two"', "edit_days is 'two'"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_row(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"eigene\.toml: row 1") as refused:
        loaded(tmp_path, ROW.replace(old, new))
    assert said in str(refused.value)


def test_all_wrong_rows_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "eigene.toml"
    path.write_text(ROW + ROW + ROW.replace('"directory"', '"x"').replace('"stadtportal"', '"anderes"'), "utf-8")
    with pytest.raises(ValueError, match="taken by an earlier row") as refused:
        load_assisted(path)
    assert "row 3 (anderes): kind is 'x'" in str(refused.value)


@pytest.mark.parametrize("text", ["", "platform = 3", "x = 1", "[[platform", "\x00"])
def test_a_file_that_is_no_table_of_rows_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"eigene\.toml"):
        loaded(tmp_path, text)


def test_a_folder_of_tables_is_read_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(ROW, "utf-8")
    (tmp_path / "a.toml").write_text(ROW.replace("stadtportal", "amt"), "utf-8")
    assert [checker.id for checker in load_folder(tmp_path)] == ["amt", "stadtportal"]
    assert load_folder(tmp_path / "none") == []


def test_the_rows_that_may_show_a_reply_time_ask_for_its_words() -> None:
    rows = (one for one in load_shipped(SHIPPED) if isinstance(one, AssistedChecker) and one.labels_replies)
    asked = {one.id: one.questions for one in rows}
    assert set(asked) == {"google-maps", "11880", "facebook", "jameda"}
    assert "Antwortet in der Regel" in asked["facebook"]["de"]
    assert "Typically replies" in asked["facebook"]["en"]
