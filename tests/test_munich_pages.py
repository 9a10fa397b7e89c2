"""The pages of the real Munich associations, in a real browser: for everybody, in both schemes, on every width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import shared_folder, skip_or_fail
from tests.sites import configure, dataset, findbar
from tests.test_real_munich import CITY, FOLDER, OLD, drafted
from tests.test_site import browser

__all__ = ["browser"]

pytestmark = [pytest.mark.shared, pytest.mark.browser]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an audit, made before the browser starts: both want the thread's event loop."""
    folder, shared = tmp_path_factory.mktemp("munich"), shared_folder()
    if shared is None:
        skip_or_fail("shared", "no folder of real recordings (set FINDBAR_SHARED)")
    assert shared is not None
    configure(folder, dataset(shared / FOLDER / CITY, "as_of = 2025-11-22", OLD))
    drafted(folder, shared)
    findbar(folder, "audit", "organisations", "--platform", "openstreetmap", "--offline")
    findbar(folder, "--lang", "de", "report", "--site", folder / "site")
    return folder


def pages(folder: Path) -> Iterator[Path]:
    """The smallest and the largest report, and the site's first page and one of an organisation."""
    reports = sorted((folder / "out").glob("*.html"), key=lambda file: file.stat().st_size)
    assert len(reports) == 5
    yield from (reports[0], reports[-1])
    yield folder / "site" / "index.html"
    yield min((folder / "site" / "organisations").glob("*.html"))


def test_every_report_and_page_is_for_everybody_in_both_schemes_and_on_every_width(audited: Path, browser: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    wide: dict[tuple[str, int], int] = {}
    complaints: list[str] = []
    for file in pages(audited):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda said: complaints.append(said.text))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
        page.goto(file.as_uri())
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            only = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
            said = axe.run(page, options={"resultTypes": ["violations"], "preload": False, **only}).response
            found[str(file), scheme] = [(rule["id"], rule["nodes"][0]["html"]) for rule in said["violations"]]
        for pixels in (360, 1920):
            page.set_viewport_size({"width": pixels, "height": 740})
            wide[str(file), pixels] = page.evaluate("document.documentElement.scrollWidth") - pixels
        page.close()
    assert len(found) == 8
    assert {where: some for where, some in found.items() if some} == {}
    assert {where: much for where, much in wide.items() if much > 0} == {}
    assert complaints == []
