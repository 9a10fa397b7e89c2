"""The federation's site: every page is there, leads only to pages that are there, and is for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from audit.judging.rolling import RollUp
from audit.model import Advance, Entity, Result
from audit.organisation.catalogue import load_catalogue
from audit.visiting.chromium import find_browser
from reports.branding import make_brand
from reports.site.members import file_of
from reports.site.writing import SiteFolder
from reports.texts import LANGUAGES, Texts
from tests.conftest import skip_or_fail
from tests.past_factory import make_past
from tests.result_factory import HOSTILE, SECRET_STREET, make_hostile, make_result
from tests.test_report_html import SWITCHES

PARENTS = {"land": "", "a": "land", "b": "a", "c": "a", "d": "land", "e": "land", "f/../x": "land"}
CATALOGUE = load_catalogue()
KINDS = ("debt-counselling", "womens-shelter", "child-day-care")


def of(id_: str, result: Result) -> Result:
    """The result as that of another organisation, its services of kinds the catalogue knows."""
    old = result.organisation

    def own(subject: str) -> str:
        return subject.replace(old, id_, 1)

    rows = tuple(
        replace(r, subject=own(r.subject), kind=KINDS[1] if r.protected else KINDS[n % 2 * 2])
        for n, r in enumerate(result.rows)
    )
    cells = tuple(replace(cell, subject=own(cell.subject)) for cell in result.cells)
    gaps = tuple(replace(gap, subjects=tuple(map(own, gap.subjects)), id=own(gap.id)) for gap in result.gaps)
    return replace(result, organisation=id_, rows=rows, cells=cells, gaps=gaps)


def build(folder: Path, lang: str, parents: dict[str, str] | None = None, **more: Any) -> Path:
    """The site of a small federation; one of its members is hostile."""
    parents = PARENTS if parents is None else parents
    rolling = RollUp([Entity(id=i, name=f"Haus {i}", parent=p) for i, p in parents.items()], CATALOGUE)
    past = make_past().pace
    assert past is not None
    advance = Advance(pace=past, courses=(2, 1, 0), members=(5, 6))
    above = {"land": advance, "a": advance}
    site = SiteFolder(
        folder, lang, field_of=CATALOGUE.field_of, since=lambda _: past, advances=lambda _: above, **more
    )  # fmt: skip
    for id_ in parents:
        if id_ != "land":
            result = of(id_, make_hostile() if id_ == "e" else make_result(name=f"Haus {id_}"))
            rolling.take(result)
            site.take(result)
    return site.finish(rolling.federation())


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"), "de", brand=make_brand(name="Bund", introduction="Guten Tag.")).parent


def pages(folder: Path) -> dict[Path, LexborHTMLParser]:
    return {file: LexborHTMLParser(file.read_text("utf-8")) for file in folder.rglob("*.html")}


def test_every_link_leads_to_a_page_of_the_folder_and_nothing_is_asked_of_the_network(german: Path) -> None:
    found = pages(german)
    assert len(found) == 2 + 8 + 3 + 3 + 6
    for file, page in found.items():
        for node in page.css("a[href], link[href], script[src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            name, _, mark = address.partition("#")
            target = (file.parent / name).resolve() if name else file
            assert target.is_file(), (file, address)
            assert target.is_relative_to(german.resolve())
            assert not mark or found[target].css(f"[id='{mark}']"), (file, address)
        assert not page.css("[style], style, img:not([src^='data:']), iframe, form[action]")


def test_every_organisation_kind_field_and_platform_has_its_page_and_stands_in_the_search(german: Path) -> None:
    listed = {
        node.attributes["href"] for node in LexborHTMLParser((german / "search.html").read_text()).css("ul.columns a")
    }
    for id_ in PARENTS:
        assert f"organisations/{file_of(id_)}" in listed
    for kind in KINDS:
        assert f"services/{kind}.html" in listed
        assert f"fields/{CATALOGUE.kinds[kind].field}.html" in listed
    index = (german / "index.js").read_text("utf-8")
    assert index.count("Schuldnerberatung, Haus Mitte") == len(PARENTS) - 2  # land has no services, e a hostile name
    assert "../" not in "".join(str(file.relative_to(german)) for file in german.rglob("*"))


def test_an_organisation_above_others_has_a_page_of_all_and_one_of_its_own(german: Path) -> None:
    whole, own = (LexborHTMLParser((german / "organisations" / f"a{end}.html").read_text()) for end in ("", "--own"))
    assert {node.text() for node in whole.css("#organisations th a")} == {"Haus b", "Haus c"}
    assert len(own.css("#services tbody tr")) == len(make_result().rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_says_what_is_asked_of_a_federation(tmp_path: Path, lang: str) -> None:
    texts, page = Texts(lang), LexborHTMLParser(build(tmp_path, lang).read_text("utf-8"))
    text = page.body.text()
    for key in ("spread", "federation_frequent", "federation_tree", "federation_fields", "platforms", "site_measured"):
        assert texts.say(key) in text
    assert texts.say("federation_by_owner") in text
    assert {node.attributes["id"] for node in page.css("section")} >= {"organisations", "fields", "kinds", "platforms"}
    assert CATALOGUE.kinds["womens-shelter"].name_en in text if lang == "en" else "Frauenhaus" in text


def test_several_organisations_without_one_above_them_are_listed_together(tmp_path: Path) -> None:
    page = LexborHTMLParser(build(tmp_path, "en", {"a": "", "b": ""}).read_text("utf-8"))
    assert [node.text() for node in page.css("#organisations th a")] == ["Haus a", "Haus b"]


def test_hostile_text_stays_text_and_a_protected_address_stays_secret(german: Path) -> None:
    everything = "".join(file.read_text("utf-8") for file in german.rglob("*") if file.is_file())
    assert "<script>window" not in "".join(file.read_text("utf-8") for file in german.rglob("*.html"))
    assert SECRET_STREET not in everything
    assert not set(everything) & {"\x1b", "\u202e", "\u2066"}


def test_the_whole_report_of_each_organisation_lies_beside_where_it_is_wanted(tmp_path: Path) -> None:
    build(tmp_path, "de", {"a": "", "b": "a"}, full=True)
    own = LexborHTMLParser((tmp_path / "organisations" / "a--own.html").read_text("utf-8"))
    assert own.css_matches("a[href='../reports/a.html']")
    assert "Dienste und Plattformen" in (tmp_path / "reports" / "a.html").read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = find_browser()
    if not chromium:
        skip_or_fail("browser", "no Chromium, Chrome or Edge is installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield opened
        opened.close()


KINDS_OF_PAGE = ("index.html", "search.html", "organisations/b.html", "platforms/openstreetmap.html")


@pytest.mark.browser
@pytest.mark.parametrize("name", KINDS_OF_PAGE)
def test_each_kind_of_page_is_for_everybody_from_a_disk_in_both_schemes_and_on_every_width(
    browser: Any, german: Path, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, complaints = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light"), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
    page.goto((german / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = [axe.run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]]
    page.emulate_media(color_scheme="dark")
    dark = {"runOnly": ["color-contrast"], "resultTypes": ["violations"], "preload": False}
    found.append(axe.run(page, options=dark).response["violations"])
    widths = {}
    for width in (1280, 640, 360):  # 640: a desk's 1280 at 200 %
        page.set_viewport_size({"width": width, "height": 740})
        widths[width] = page.evaluate("document.documentElement.scrollWidth")
    styled = page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight")
    page.close()
    assert [(rule["id"], rule["nodes"][0]["html"]) for some in found for rule in some] == []
    assert complaints == []
    assert all(wide <= width for width, wide in widths.items()), widths
    assert styled == "650"


@pytest.mark.browser
def test_the_search_works_from_a_disk_by_keyboard_alone(browser: Any, german: Path) -> None:
    page = browser.new_page()
    page.goto((german / "search.html").as_uri())
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("frauenhaus haus b")
    said, hits = page.locator("#count").inner_text(), page.locator("#found a").all_inner_texts()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/b.html#s*")
    title = page.title()
    page.close()
    assert hits
    assert all(hit.startswith("Frauenhaus") for hit in hits)
    assert said.startswith(str(len(hits)))
    assert "Haus b" in title
    assert HOSTILE[0] not in title
