"""The HTML report: self-contained, accessible, the same in both languages, and deaf to hostile text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from audit.model import Figures, Pillar, Reason, Result, State, Strict
from audit.visiting.chromium import find_browser
from reports.branding import BrandProblem, make_brand
from reports.decisions import decisions
from reports.figures import pillars
from reports.headline import headline, second
from reports.html import differ, render
from reports.texts import LANGUAGES, Texts
from reports.views import View
from tests.conftest import skip_or_fail
from tests.past_factory import make_past
from tests.result_factory import HOSTILE, SECRET_STREET, make_hostile, make_result

CHROMIUM = find_browser()
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def without_flags(result: Result) -> Result:
    return replace(result, gaps=tuple(gap for gap in result.gaps if not gap.red_flag))


def few_rows(result: Result) -> Result:
    """Enough rows for every state: axe looks at every node, and time counts."""
    rows = result.rows[2:5]
    shown = {row.subject for row in rows}
    return replace(result, rows=rows, cells=tuple(cell for cell in result.cells if cell.subject in shown),
                   gaps=result.gaps[:9] + result.gaps[13:15])  # fmt: skip


def wide(result: Result) -> Result:
    """The same on twelve platforms: more than fit side by side."""
    again = tuple(replace(column, id=f"{column.id}-2") for column in result.columns)
    cells = tuple(replace(cell, platform=f"{cell.platform}-2") for cell in result.cells)
    return replace(result, columns=result.columns + again, cells=result.cells + cells)


def long_words() -> Result:
    """Controls, details and addresses without a single place to break."""
    result, word = make_result(), "https://example.org/" + "a" * 400
    columns = tuple(
        replace(c, name=word, ways=tuple(replace(w, control=word, detail=word, attribution=word) for w in c.ways))
        for c in result.columns
    )
    gaps = tuple(replace(gap, shown=word, stated=word, paste=word, edit_url=word) for gap in result.gaps)
    return replace(result, columns=columns, gaps=gaps, organisation_name=word, warnings=(word,))


def empty() -> Result:
    """An organisation of which nothing could be checked."""
    nothing = Pillar(value=None, coverage=0.0)
    score = replace(make_result().score, findability=nothing, accuracy=nothing, response=nothing, offered=nothing,
                    total=None, coverage=0.0, waits=(), offers=(), remedies=(),
                    strict=Strict(without_gap=0, with_gaps=0, not_fully_checked=0))  # fmt: skip
    return replace(make_result(), score=score, rows=(), cells=(), columns=(), gaps=(), strays=(), units=(), warnings=())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_policy_allows_this_style_and_this_script_and_nothing_else(lang: str) -> None:
    page = LexborHTMLParser(render(make_result(), lang))
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", render(make_result(), lang), re.S)
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert len(page.css(tag)) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_loads_nothing_and_has_no_inline_style_or_handler(lang: str) -> None:
    page = LexborHTMLParser(render(make_hostile(), lang))
    assert not page.css("link, img, iframe, object, embed, form[action], base, video, audio, [src], [style], [srcset]")
    assert not [n for node in page.css("*") for n in node.attributes if n.startswith("on")]
    assert "@import" not in page.css_first("style").text()


def test_links_out_of_crawled_data_are_http_and_pass_nothing_on() -> None:
    for result in (make_result(), make_hostile()):
        for node in LexborHTMLParser(render(result, "de")).css("a[href]"):
            href = node.attributes["href"]
            if not href.startswith("#"):
                assert href.startswith(("http://", "https://"))
                assert node.attributes["rel"] == "noopener noreferrer nofollow"


def test_hostile_text_is_shown_as_text_without_controls() -> None:
    page = render(make_hostile(), "de")
    assert "<script>window" not in page
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert not set(page) & {chr(n) for n in (0x1B, 0x07, 0x202E, 0x2066, 0x2069)}
    assert "javascript:" not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_protected_address_is_flagged_and_never_repeated(lang: str) -> None:
    page = render(make_result(), lang)
    assert SECRET_STREET not in page
    assert "Verborgene" not in page
    assert Texts(lang).gap("protected-address").title in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_everything_that_was_asked_for(lang: str) -> None:
    texts, result = Texts(lang), make_result()
    page = LexborHTMLParser(render(result, lang))
    text = " ".join(page.body.text(separator=" ").split())
    findable = result.score.findability
    said = texts.say("checked_cells", known=findable.known, applicable=findable.applicable, value="74")
    for wanted in (said, texts.moment(result.finished), texts.say("decide"), texts.say("next_steps")):
        assert " ".join(wanted.split()) in text
    for gap in result.gaps:
        assert texts.gap(gap.kind).why in text
    for reason in {cell.reason for cell in result.cells if cell.reason}:
        assert texts.reason(reason) in text
    assert len(page.css("table.grid tr.line")) == len(result.rows)
    assert len(page.css("table.grid tbody td")) == len(result.cells)
    assert len(page.css(".steps li")) == 3


def test_could_not_check_looks_and_reads_differently_from_missing() -> None:
    page = LexborHTMLParser(render(make_result(), "de"))
    unknown, missing = page.css_first("td.c-unknown"), page.css_first("td.c-missing")
    assert "nicht prüfbar" in unknown.text()
    assert "nicht gefunden" in missing.text()
    assert unknown.css_first("use").attributes["href"] != missing.css_first("use").attributes["href"]


def test_a_cell_nobody_planned_could_not_be_checked() -> None:
    result = make_result()
    page = LexborHTMLParser(render(replace(result, cells=result.cells[1:]), "de"))
    assert "nicht an der Reihe" in page.css_first("table.grid tbody td").text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_audit_in_which_nothing_was_checked_still_has_a_report(lang: str) -> None:
    page = LexborHTMLParser(render(empty(), lang))
    assert Texts(lang).say("total_none") in page.body.text()
    assert Texts(lang).say("gaps_none") in page.body.text()


def test_change_is_shown_against_the_run_before_and_only_within_one_method() -> None:
    now = make_result()
    before = replace(now, score=replace(now.score, findability=replace(now.score.findability, value=70.0)))
    assert "4 mehr als am" in render(now, "de", previous=before)
    assert "mehr als am" not in render(now, "de", previous=replace(before, method=0))


def test_the_pillars_say_how_they_moved_since_the_run_before() -> None:
    result, texts = make_result(), Texts("de")
    before = Figures(run="r", at=result.started, method=1, findability=70.0, low=None, high=None, accuracy=None,
                     response=38.0, offered=50.0, total=None, coverage=0.5)  # fmt: skip
    said = {words.id: words.change for words in pillars(result, texts, None, before)}
    assert said["findability"].startswith("4 mehr als am")
    assert said["accuracy"] == ""
    assert said["response"].startswith("unverändert")
    assert said["offered"].startswith("4 weniger")
    assert not any(words.change for words in pillars(result, texts, None, replace(before, method=0)))


def test_the_sentence_that_matters_most_is_a_red_flag_first_then_what_is_missing() -> None:
    result, texts = make_result(), Texts("de")
    assert "Die Adresse steht öffentlich" in headline(result, texts)
    assert re.fullmatch(
        r".+ ist auf \d von \d geprüften Plattformen nicht zu finden; "
        r"wer am Wochenende schreibt, wartet im Mittel 61 Stunden\.",
        headline(without_flags(result), texts),
    )
    assert "keine Verbindung" in headline(replace(result, vantage=Reason.NETWORK_DOWN), texts)


def test_too_little_coverage_is_said_before_anything_is_called_missing() -> None:
    result = without_flags(make_result())
    assert headline(replace(result, score=replace(result.score, coverage=0.1)), Texts("en")).startswith("Only ")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (
            [State.GAPS, State.COMPLETE, State.GAPS],
            "can be found everywhere on OpenStreetMap, but has gaps there at 2 of 3",
        ),
        ([State.GAPS, State.MISSING, State.GAPS], "cannot be found on OpenStreetMap at 1 of 3 places checked."),
    ],
)
def test_of_one_platform_it_is_told_at_how_many_places(states: list[State], said: str) -> None:
    result = without_flags(make_result())
    row, cell = result.rows[0], next(cell for cell in result.cells if cell.platform == "openstreetmap")
    rows = tuple(replace(row, subject=f"a/kita@{n}", key=True, service_name="Kita") for n in range(3))
    cells = tuple(replace(cell, subject=f"a/kita@{n}", state=state) for n, state in enumerate(states))
    one = replace(result, rows=rows, cells=cells, score=replace(result.score, waits=()))
    assert headline(one, Texts("en")).startswith(f"Kita {said}")


def test_all_complete_is_said_plainly() -> None:
    result = without_flags(make_result())
    cells = tuple(replace(c, state=State.COMPLETE) for c in result.cells if c.state is not State.UNKNOWN)
    done = replace(result, cells=cells, score=replace(result.score, waits=()))
    assert headline(done, Texts("en")) == "All services checked can be found without a gap."


def test_what_differs_is_marked_in_both_texts() -> None:
    assert differ("805-0", "805 1200") != [(False, "805-0")]
    assert "".join(piece for _, piece in differ("Mo-Fr 09:00", "Mo-Fr 10:00")) == "Mo-Fr 09:00"
    assert differ("same", "same") == [(False, "same")]


def sixty(result: Result) -> Result:
    """The same on sixty platforms; beyond the first six, each matters to every third row only."""
    columns, cells = list(result.columns), list(result.cells)
    for number in range(6, 60):
        old = result.columns[number % 6]
        new = replace(old, id=f"{old.id}-{number}", name=f"Verzeichnis {number}")
        columns.append(new)
        for at, cell in enumerate(c for c in result.cells if c.platform == old.id):
            cell = replace(cell, platform=new.id)  # noqa: PLW2901 - a copy
            cells.append(
                cell
                if (at + number) % 3 == 0
                else replace(
                    cell, state=State.NOT_APPLICABLE, reason=Reason.NOT_RELEVANT, findings=(), match=None, red_flag=""
                )
            )
    return replace(result, columns=tuple(columns), cells=tuple(cells))


def test_platforms_stand_by_kind_and_those_that_matter_to_nobody_are_named_below() -> None:
    result = make_result()
    cells = tuple(
        replace(c, state=State.NOT_APPLICABLE, reason=Reason.NOT_RELEVANT) if c.platform == "mastodon" else c
        for c in result.cells
    )
    page = LexborHTMLParser(render(replace(result, cells=cells), "de"))
    assert [int(th.attributes["colspan"] or 0) for th in page.css(".kinds th")] == [1, 2, 2]
    assert "Mastodon" not in page.css_first(".grid thead").text()
    assert "Mastodon" in page.css_first("#matrix .apart").text()


def test_gaps_of_ten_minutes_come_before_longer_ones_and_red_flags_before_all() -> None:
    page = LexborHTMLParser(render(make_result(), "de"))
    heads = [node.text() for node in page.css(".todo .group b")]
    assert heads == [Texts("de").say(f"group_{key}") for key in ("flags", "short", "long")]
    assert len(page.css(".todo .line")) == len(make_result().gaps)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_has_a_title_a_text_and_its_figures_in_a_table(lang: str) -> None:
    page = LexborHTMLParser(render(make_result(), lang))
    figures = page.css("#pictures figure")
    assert len(figures) == 3
    for figure in figures:
        assert figure.css_first("figcaption h3").text()
        assert ": " in figure.css_first("svg title").text()
        assert figure.css("svg rect")
        assert len(figure.css("table tbody tr")) >= 3


def test_one_decision_for_each_reason_names_platforms_effort_and_gain() -> None:
    result, texts = make_result(), Texts("de")
    by_hand = [line for line in decisions(View(result), texts) if line.startswith("Wer sieht von Hand nach?")]
    assert len(by_hand) <= 1
    assert len(decisions(View(result), texts)) == len(set(decisions(View(result), texts)))


def test_below_a_red_flag_stands_what_would_be_said_without_it() -> None:
    result, texts = make_result(), Texts("de")
    assert second(result, texts) == headline(without_flags(result), texts)
    assert second(without_flags(result), texts) == ""


def test_a_blank_more_is_no_difference_worth_marking() -> None:
    assert [piece for marked, piece in differ("+49 3600 55540", "+493600 55541") if marked] == ["0"]


def test_a_brand_brings_name_logo_introduction_and_colours(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n")
    brand = make_brand(name="<b>Haus</b>", logo=logo, introduction="Guten Tag.", colour="#7a1f4b",
                       colour_dark="#f0a5c8")  # fmt: skip
    text = render(make_result(), "de", brand=brand)
    page = LexborHTMLParser(text)
    assert page.css_first("img").attributes["src"].startswith("data:image/png;base64,")
    assert "<b>Haus</b>" in page.css_first(".kicker").text()
    assert page.css_first(".introduction").text() == "Guten Tag."
    assert "--accent: #7a1f4b" in text
    assert "--accent: #f0a5c8" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"colour": "#ffee00"}, "darker"),
        ({"colour_dark": "#202040"}, "lighter"),
        ({"colour": "red;} body{display:none"}, "no colour"),
    ],
)
def test_a_colour_that_nobody_could_read_is_refused(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(BrandProblem, match=said):
        make_brand(**wrong)  # type: ignore[arg-type]


def test_a_logo_is_known_by_its_first_bytes_and_may_not_be_large(tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    for content, said in ((b"<svg onload=alert(1)>", "neither"), (b"\x89PNG" * 60_000, "larger"), (b"", "empty")):
        file.write_bytes(content)
        with pytest.raises(BrandProblem, match=said):
            make_brand(logo=file)
    with pytest.raises(BrandProblem, match="cannot be read"):
        make_brand(logo=tmp_path / "none.png")


def test_500_facilities_stay_below_one_megabyte_and_every_field_says_its_state_in_words() -> None:
    result, texts = make_result(copies=32), Texts("de")
    text = render(result, "de")
    page = LexborHTMLParser(text)
    assert len(result.rows) >= 500
    assert len(text.encode()) < 1_000_000
    assert len(page.css("table.dense tr.line")) == len(result.rows)
    words = [td.text().strip() for td in page.css("table.dense .line td")]
    assert len(words) == len(result.cells)
    assert all(words)
    assert {texts.say("short_missing"), "Telefonnummer, Öffnungszeiten", "–"} <= set(words)
    for reason in {cell.reason for cell in result.cells if cell.state is State.UNKNOWN and cell.reason}:
        assert f": {texts.reason(reason)}" in page.css_first("#matrix .legend").text()


def test_equal_gaps_of_many_places_are_one_line_with_the_places_named() -> None:
    result = make_result(copies=32)
    gap = replace(result.gaps[0], kind="wrong-phone", shown="0871 1", stated="0871 2", red_flag=False)
    again = tuple(replace(gap, id=f"{gap.id}-{row.subject}", subjects=(row.subject,)) for row in result.rows[:200])
    page = LexborHTMLParser(render(replace(result, gaps=again), "de"))
    (line,) = page.css("#todo table.lines tbody tr")
    names = dict.fromkeys(View(result).subject(row.subject) for row in result.rows[:200])
    assert all(name in line.text() for name in names)
    assert page.css_first("#todo .block summary").text().count("200 ") == 1


def test_many_blocks_of_gaps_and_many_ways_are_folded_and_every_next_step_leads_into_them() -> None:
    result = make_result(copies=32)
    flag = replace(result.gaps[0], red_flag=False)
    columns = tuple(replace(result.columns[0], id=f"p{n}", name=f"Verzeichnis {n}") for n in range(12))
    gaps = tuple(replace(flag, id=f"g{n}", platform=column.id) for n, column in enumerate(columns))
    page = LexborHTMLParser(render(replace(result, gaps=gaps, columns=(*result.columns, *columns)), "de"))
    (bundle,) = page.css("#todo details.bundle:not([open])")
    assert "12 Plattformen" in bundle.css_first("summary").text()
    assert len(bundle.css("details.block")) == 12
    for link in page.css(".steps a"):
        assert bundle.css(f"[id='{(link.attributes['href'] or '')[1:]}']")
    tallies = page.css("#matrix .tallies li")  # more platforms than paper is wide
    assert len(tallies) == len(result.rows)
    assert re.search(rf"\d {Texts('de').say('short_complete')}", tallies[0].text())
    folded = page.css("#measured details.folded:not([open]) tbody tr")
    assert len(folded) == sum(len(column.ways) for column in (*result.columns, *columns))


def test_the_next_steps_are_of_different_sorts_where_there_are_some() -> None:
    result = make_result()
    one = replace(result.gaps[5], red_flag=False, minutes=5.0, points=9.0)
    like = tuple(replace(one, id=f"{one.id}-{n}") for n in range(3))
    other = replace(one, id="other", kind="missing", points=1.0)
    steps = View(replace(result, gaps=(*like, other))).next_steps()
    assert [gap.id for gap in steps] == [f"{one.id}-0", "other", f"{one.id}-1"]
    nothing_won = View(replace(result, gaps=(*like, replace(other, points=0.0)))).next_steps()
    assert [gap.id for gap in nothing_won] == [f"{one.id}-{n}" for n in range(3)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        skip_or_fail("browser", "no Chromium, Chrome or Edge is installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield chromium
        chromium.close()


def opened(browser: Any, file: Path, **options: Any) -> tuple[Any, list[str]]:
    """The page, and everything it logged or asked the network for."""
    page, complaints = browser.new_page(**options), []
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    return page, complaints


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark", "wide", "branded"])
def test_axe_finds_nothing_and_nothing_is_asked_of_the_network(
    browser: Any, tmp_path: Path, lang: str, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    file = tmp_path / "report.html"
    result = few_rows(make_result())
    brand = make_brand(name="Haus", colour="#7a1f4b") if scheme == "branded" else None
    file.write_text(
        render(wide(result) if scheme == "wide" else result, lang, past=make_past(), brand=brand), encoding="utf-8"
    )
    colours = "dark" if scheme == "dark" else "light"
    page, complaints = opened(browser, file, viewport={"width": 1280, "height": 900}, color_scheme=colours)
    page.evaluate("document.querySelectorAll('.todo details, #pace details').forEach(d => d.open = true)")
    page.locator(".grid summary").nth(1).click()
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if scheme in {"dark", "branded"}:  # the other rules do not depend on colours
        options["runOnly"] = ["color-contrast"]
    found = axe.run(page, options=options).response
    page.close()
    assert len(found["passes"]) >= (1 if scheme in {"dark", "branded"} else 20)
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    assert complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("pixels", [360, 1280])
def test_neither_a_phone_nor_a_desk_has_to_scroll_the_page_sideways(
    browser: Any, tmp_path: Path, lang: str, pixels: int
) -> None:
    for name, result in {
        "usual": make_result(),
        "wide": wide(make_result()),
        "sixty": sixty(make_result()),
        "hostile": make_hostile(),
        "long": long_words(),
    }.items():
        file = tmp_path / f"{name}.html"
        file.write_text(render(result, lang, past=make_past(60, "Fach" * 40)), encoding="utf-8")
        page, _ = opened(browser, file, viewport={"width": pixels, "height": 740})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        width = page.evaluate("document.documentElement.scrollWidth")
        page.close()
        assert width <= pixels, name


@pytest.mark.browser
def test_a_large_report_is_for_everybody_and_scrolls_in_its_frame_alone(browser: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    file, result = tmp_path / "large.html", few_rows(make_result())
    again = tuple(replace(gap, id=f"{gap.id}-{n}") for gap in result.gaps for n in range(15))
    file.write_text(render(wide(replace(result, gaps=again)), "de"), encoding="utf-8")
    page, complaints = opened(browser, file, viewport={"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = [axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]]
    page.emulate_media(color_scheme="dark")
    dark = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    found.append(axe.run(page, options=dark).response["violations"])
    page.set_viewport_size({"width": 360, "height": 740})
    width, dense = page.evaluate("document.documentElement.scrollWidth"), page.locator("table.dense").count()
    page.close()
    assert [(rule["id"], rule["nodes"][0]["html"]) for some in found for rule in some] == []
    assert (complaints, dense) == ([], 1)
    assert width <= 360


@pytest.mark.browser
def test_a_field_of_a_large_matrix_tells_its_details_by_keyboard_and_to_the_pointer(
    browser: Any, tmp_path: Path
) -> None:
    file, result = tmp_path / "large.html", make_result()
    wrong = next(gap for gap in result.gaps if gap.kind == "wrong-phone")
    again = tuple(replace(wrong, id=f"{wrong.id}-{n}") for n in range(151))
    file.write_text(render(replace(result, gaps=again), "de"), encoding="utf-8")
    page, complaints = opened(browser, file, viewport={"width": 1280, "height": 900})
    view = View(result)
    column = [shown.id for shown in view.shown].index(wrong.platform)
    row = [row.subject for row in result.rows].index(wrong.subjects[0])
    panel = page.locator("#detail")
    page.locator(".dense .line td").first.focus()
    for key in ["ArrowDown"] * row + ["ArrowRight"] * column:
        page.keyboard.press(key)
    by_keyboard = panel.inner_text()
    page.keyboard.press("Escape")
    hidden = panel.is_hidden()
    page.locator(".dense .line").nth(row).locator("td").nth(column).hover()
    by_pointer, link = panel.inner_text(), panel.locator("a").first.get_attribute("href")
    page.close()
    assert view.subject(wrong.subjects[0]) in by_keyboard
    assert wrong.shown in by_keyboard
    assert wrong.stated in by_keyboard
    assert (hidden, by_pointer, link, complaints) == (True, by_keyboard, "#gap-1", [])


@pytest.mark.browser
def test_many_platforms_scroll_in_a_frame_of_their_own_that_the_keyboard_reaches(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(wide(make_result()), "de"), encoding="utf-8")
    page, _ = opened(browser, file, viewport={"width": 1280, "height": 900})
    frame = page.locator(".scroll")
    measured = frame.evaluate("f => [f.tabIndex, f.scrollWidth > f.clientWidth, f.getAttribute('role')]")
    whole = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert measured == [0, True, "region"]
    assert whole <= 1280


@pytest.mark.browser
def test_hostile_text_runs_nothing_in_a_real_browser(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(make_hostile(), "de"), encoding="utf-8")
    page, complaints = opened(browser, file)
    hacked, title = page.evaluate("window.hacked"), page.title()
    page.close()
    assert hacked is None
    assert HOSTILE[0] in title
    assert complaints == []


@pytest.mark.browser
def test_filters_narrow_the_matrix_and_say_how_much_is_left(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(make_result(), "de"), encoding="utf-8")
    page, _ = opened(browser, file)
    before = page.locator(".grid .line:visible").count()
    page.locator("form[data-for=grid] select[name=unit]").select_option("pflege")
    after, said = page.locator(".grid .line:visible").count(), page.locator("form[data-for=grid] output").inner_text()
    page.close()
    assert 0 < after < before == len(make_result().rows)
    assert said == f"{after} angezeigt"


@pytest.mark.browser
def test_without_javascript_details_open_and_no_dead_filter_is_shown(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(make_result(), "de"), encoding="utf-8")
    page, _ = opened(browser, file, java_script_enabled=False)
    page.locator(".grid summary").nth(1).click()
    shown, filters = page.locator(".grid .pop").nth(1).is_visible(), page.locator("form.filters:visible").count()
    page.locator("#state-missing").check()
    page.locator("#kind-map").check()
    lines = page.locator(".grid .line:visible").count()
    columns = page.locator(".grid .names th:visible").count()
    page.close()
    assert shown
    assert filters == 0
    assert 0 < lines < len(make_result().rows)
    assert columns == 1 + 2  # the services, and the two maps
