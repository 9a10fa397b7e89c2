"""The terminal tells the same story at any width, piped, without colour, in ASCII; hostile text is text."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from audit.checker import Key
from audit.model import Access, Kind, Reason, Standing
from reports.html import render
from reports.terminal import (
    LiveView,
    print_explain,
    print_gaps,
    print_keys,
    print_plan,
    print_platforms,
    print_rejudged,
    print_result,
)
from reports.texts import LANGUAGES, Texts
from reports.views import View
from tests.past_factory import make_past
from tests.result_factory import NOW, SECRET_STREET, make_hostile, make_result


class AsciiOut(io.StringIO):
    """A stream that says it can only do ASCII."""

    encoding = "ascii"


def console(
    width: int = 80, *, terminal: bool = False, out: io.StringIO | None = None, no_color: bool = False
) -> Console:
    return Console(file=out or io.StringIO(), width=width, force_terminal=terminal, no_color=no_color,
                   color_system="truecolor" if terminal else None, legacy_windows=False, _environ={})  # fmt: skip


def printed(to: Console) -> str:
    assert isinstance(to.file, io.StringIO)
    return to.file.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 160])
def test_no_line_is_wider_than_the_terminal_and_none_ends_in_blanks_when_piped(lang: str, width: int) -> None:
    to = console(width)
    print_result(make_result(), lang, to)
    lines = printed(to).splitlines()
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_story_has_matrix_pillars_gaps_and_what_stayed_unknown(lang: str) -> None:
    to, texts = console(160), Texts(lang)
    print_result(make_result(), lang, to, files=["out/report.html"])
    text = printed(to)
    for key in ("matrix", "pillars", "next_steps", "unchecked", "files", "strict"):
        assert texts.say(key) in text
    assert "out/report.html" in text
    assert "Kindertagesstätte Regenbogen" in text
    assert texts.gap("protected-address").title in text
    assert SECRET_STREET not in text


def test_wide_terminals_show_platform_names_and_narrow_ones_letters_with_a_key() -> None:
    narrow, wide = console(80), console(160)
    print_result(make_result(), "de", narrow)
    print_result(make_result(), "de", wide)
    assert "E Familienportal der Stadt" in printed(narrow)
    assert "E Familienportal" not in printed(wide)
    assert "● vollständig →" in printed(wide)


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_no_platform_is_lost_however_narrow_the_terminal_is(width: int) -> None:
    to, result = console(width), make_result()
    print_result(result, "de", to)
    heads = [line.split() for line in printed(to).splitlines() if re.fullmatch(r" *(?:[A-Z]\d? *)+", line)]
    assert [letter for head in heads for letter in head] == [
        chr(ord("A") + number) for number in range(len(View(result).shown))
    ]


def test_the_terminal_tells_the_first_screen_of_the_report_in_its_words_and_its_order() -> None:
    to, result, texts, past = console(100), make_result(), Texts("de"), make_past()
    print_result(result, "de", to, past=past)
    told = " ".join(printed(to).split())
    page = LexborHTMLParser(render(result, "de", past=past)).css_first("#summary")
    said = [
        page.css_first(".headline").text(),
        *(texts.say(key) for key in ("strict", "next_steps", "decide", "pace_course", "pillars")),
    ]
    assert [node.text() for node in page.css("h3")] == said[1:]
    places = [told.index(" ".join(words.split())) for words in said]
    assert places == sorted(places)
    for line in page.css(".decide li, .aims li"):
        assert " ".join(line.text().split()) in told.replace("• ", "")


def test_a_terminal_that_only_knows_ascii_gets_ascii() -> None:
    out = AsciiOut()
    print_result(make_result(), "de", console(out=out))
    assert out.getvalue().isascii()
    assert "Kerndienste" in out.getvalue()


def test_without_colour_no_colour_code_is_written() -> None:
    to = console(terminal=True, no_color=True)
    print_result(make_result(), "de", to)
    assert "\x1b[3" not in printed(to)
    coloured = console(terminal=True)
    print_result(make_result(), "de", coloured)
    assert "\x1b[3" in printed(coloured)


def test_hostile_text_neither_colours_nor_links_nor_breaks_the_terminal() -> None:
    result = make_hostile()
    to = console(120)
    print_result(result, "de", to)
    print_gaps(result, "de", to)
    for cell in result.cells[::9]:
        print_explain(result, cell, "de", to, asked=[SimpleNamespace(url="http://x/\x1b[2J[red]", detail="[/]\x07")])
    assert not set(printed(to)) & {"\x1b", "\x07", "\u202e", "\x9b"}
    assert "[bold red]markup[/]" in printed(to)


def test_a_cell_is_explained_from_question_to_score() -> None:
    to, result = console(120), make_result()
    cell = next(c for c in result.cells if c.platform == "openstreetmap" and c.match and not c.red_flag)
    asked = [SimpleNamespace(url="https://osm.example/?q=x", at=NOW, status=200, reason=None, detail="")]
    print_explain(result, cell, "en", to, asked=asked)
    text = printed(to)
    for wanted in ("https://osm.example/?q=x", "HTTP 200", "Compared field by field", "gleiche Zentrale", "6.2",
                   "What came back", "findability", "weight 10"):  # fmt: skip
        assert wanted in text


def test_explaining_a_protected_cell_shows_hosts_and_verdicts_only() -> None:
    to, result = console(120), make_result()
    cell = next(c for c in result.cells if c.red_flag)
    print_explain(result, cell, "de", to, asked=[SimpleNamespace(url="https://osm.example/Verborgene-Gasse-7")])
    assert "Verborgene" not in printed(to)
    assert "https://osm.example/" in printed(to)
    with pytest.raises(ValueError, match="no cell of this result"):
        print_explain(result, replace(cell, subject="nobody"), "de", to)


def test_gaps_are_listed_red_flags_first_each_with_its_id() -> None:
    to, result = console(200), make_result()
    print_gaps(result, "en", to)
    text = printed(to)
    assert text.index("Protected address is public") < text.index("No entry") < text.index("Answers take long")
    assert all(gap.id in text for gap in result.gaps)


def test_lists_without_rows_say_so() -> None:
    to = console()
    print_plan([], [], "en", to)
    print_platforms([], [], "en", to)
    print_gaps(replace(make_result(), gaps=()), "en", to)
    assert printed(to).split("\n")[:3] == ["There is nothing to visit.", "No platforms.", "No gaps were found."]


def test_plan_and_platforms_take_any_rows_that_have_the_fields() -> None:
    to = console(140)
    print_plan(
        [
            SimpleNamespace(platform="osm", visits=12, pace=15.0, seconds=180.0),
            SimpleNamespace(platform="here", visits=0, reason=Reason.NEEDS_KEY, keys=("HERE_API_KEY",)),
            SimpleNamespace(platform="there", visits=0, reason=Reason.NEEDS_PERSON),
            SimpleNamespace(platform="nowhere", visits=0, reason=Reason.NEEDS_PERSON, asked=False),
        ],
        ["odd file"],
        "en",
        to,
    )
    row = SimpleNamespace(id="osm", name="OpenStreetMap", kind=Kind.MAP, access=Access.API, standing=Standing.RECORDED,
                          policy_read=NOW.date(), note="")  # fmt: skip
    print_platforms([row], [SimpleNamespace(name="bad.py", problem="SyntaxError")], "en", to)
    for wanted in (
        "15 s",
        "3 minutes",
        "12 visits in all; the longest is osm: 3 minutes.",
        "access key missing (1): here (HERE_API_KEY)",
        "needs a person to look (1): there",
        "1 further platform does not matter for these services",
        "map",
        "proven on recorded answers",
        "2026-11-24",
        "Could not be loaded: bad.py: SyntaxError",
        "odd file",
    ):
        assert wanted in printed(to)


@pytest.mark.parametrize(
    ("cost", "told"), [(0.03, "0.03 USD"), (None, "price not published"), (0.0, "3 minutes"), (1234.5, "1,234.5 USD")]
)
def test_a_plan_says_what_it_costs(cost: float | None, told: str) -> None:
    to = console(140)
    row = SimpleNamespace(platform="osm", visits=12, pace=15.0, seconds=180.0, cost=cost, currency="USD")
    print_plan([row], [], "en", to)
    assert told in printed(to)
    assert ("USD" in printed(to)) == bool(cost)


def test_the_keys_of_one_platform_are_explained() -> None:
    to = console(140)
    dear = Key("DEAR_KEY", get_url="https://keys.example/dear", note="An account.", cost_per_1000=30.0, currency="USD",
               free_per_month=1000)  # fmt: skip
    gift = Key("GIFT_KEY", get_url="javascript:alert(1)", cost_per_1000=0.0)
    rows = [SimpleNamespace(id=way, name="Map", keys=(dear, gift, Key("SILENT_KEY"))) for way in ("one", "two")]
    print_platforms(rows, [], "en", to)
    after = printed(to)[printed(to).index("Key: ") :].split("\n")
    assert [line.strip() for line in after if line.strip()] == [
        "Key: DEAR_KEY", "https://keys.example/dear", "An account.", "30 USD per 1,000 visits, 1,000 a month free",
        "Key: GIFT_KEY", "free of charge", "Key: SILENT_KEY", "price not published",
    ]  # fmt: skip


def test_all_keys_are_explained_by_what_they_show() -> None:
    to = console(140)
    key = Key("MAP_KEY", get_url="https://keys.example/map", cost_per_1000=0.0)
    ways = [SimpleNamespace(id="one", name="Map", keys=(key,), proves=frozenset({"phone", "name", "languages"}))]
    ways += [
        SimpleNamespace(id="two", name="Diary", keys=(key,), proves=frozenset()),
        SimpleNamespace(id="x", name="X"),
    ]
    print_keys(ways, "en", to)
    assert [line.strip() for line in printed(to).split("\n") if line.strip()] == [
        "Key: MAP_KEY", "Map: shows Name, Telephone number, Costs and access",
        "Diary: shows the account, its times or its enquiries, no field of an entry", "https://keys.example/map",
        "free of charge",
    ]  # fmt: skip


def test_the_ways_of_a_platform_stand_under_its_name() -> None:
    to = console(80)
    rows = [
        SimpleNamespace(id=way, name="Map", kind=Kind.MAP, access=Access.API, note="") for way in ("b-way", "a-way")
    ]
    print_platforms([*rows, SimpleNamespace(id="c", name="Club")], [], "en", to)
    assert printed(to).split("\n")[:5] == [
        "Club", "   c", "Map · map", "   a-way · programming interface", "   b-way · programming interface",
    ]  # fmt: skip


def test_keys_are_not_explained_in_the_list_of_all_platforms() -> None:
    to = console(140)
    print_platforms([SimpleNamespace(id=name, name=name, keys=(Key("DEAR_KEY"),)) for name in "ab"], [], "en", to)
    assert "DEAR_KEY" not in printed(to)


@dataclass(frozen=True)
class Step:
    platform: str
    done: int
    total: int
    seconds_left: float | None = None


def test_progress_is_one_plain_line_per_finished_platform_where_no_terminal_is() -> None:
    to = console()
    with LiveView("de", to, {"osm": "OpenStreetMap"}) as view:
        for step in (Step("osm", 0, 0), Step("osm", 1, 2), Step("osm", 2, 2), Step("osm", 2, 2), Step("x", 1, 9)):
            view(step)
    assert printed(to) == "OpenStreetMap: 2 von 2\n"


def test_progress_on_a_terminal_shows_bars_and_the_time_left() -> None:
    to = console(100, terminal=True)
    with LiveView("en", to) as view:
        view(Step("osm", 0, 0))
        view(Step("osm", 3, 9, 200.0))
        assert view.left(Step("osm", 3, 9, 200.0)) == "about 3 minutes left"
        assert view.left(Step("osm", 9, 9)) == "done"
    assert "3/9" in printed(to)
    assert "about 3 minutes left" in printed(to)


def test_gaps_of_one_unit_are_only_that_units() -> None:
    to, result = console(200), make_result()
    print_gaps(result, "en", to, unit="pflege")
    shown = {gap.id for gap in result.gaps if gap.id in printed(to)}
    assert shown == {gap.id for gap in result.gaps if gap.unit == "pflege"} != set()


def test_judging_again_says_whether_anything_changed_and_what() -> None:
    to, cell = console(120), make_result().cells[0]
    print_rejudged(SimpleNamespace(run="r1", equal=True, changed=()), "en", to)
    print_rejudged(SimpleNamespace(run="r1", equal=False, changed=()), "en", to)
    print_rejudged(SimpleNamespace(run="r1", equal=False, changed=((cell, cell),)), "en", to)
    assert "unchanged" in printed(to)
    assert "figures or gaps did" in printed(to)
    assert f"1 cell changed.\n● ● {cell.id}" in printed(to)


def test_the_next_steps_are_those_of_the_report() -> None:
    result = make_result()
    calm = [gap for gap in result.gaps if not gap.red_flag]
    alike = [replace(calm[0], id=f"{calm[0].id}{n}", minutes=5.0, points=90.0 - n) for n in range(2)]
    view, to = View(replace(result, gaps=(*alike, *calm))), console(100)
    assert view.next_steps() != view.gaps()[:3]
    print_result(view.result, "en", to)
    steps = re.findall(r"^\d\. (.+?): (.+?)(?:  |$)", printed(to), re.MULTILINE)
    texts = Texts("en")
    assert steps[:3] == [(texts.gap(gap.kind).title, view.platform(gap.platform)) for gap in view.next_steps()]
