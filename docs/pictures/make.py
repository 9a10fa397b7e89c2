"""Makes the pictures of the README from the demonstration: python docs/pictures/make.py (needs Chromium)."""

from __future__ import annotations

import sys
import tempfile
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402 - after the path to the project
from rich.console import Console  # noqa: E402
from rich.terminal_theme import MONOKAI  # noqa: E402

import platforms  # noqa: E402
from audit import demonstration  # noqa: E402
from audit.auditing import run_audit  # noqa: E402
from audit.model import Result  # noqa: E402
from audit.visiting.chromium import find_browser  # noqa: E402
from audit.working import organisations_of, request_for  # noqa: E402
from reports.html import render  # noqa: E402
from reports.terminal import print_result  # noqa: E402

BODY = "background:#0c0c0c;color:#e8e8e8;margin:24px"
PAGE = '<body style="{body}"><pre style="font:15px/1.35 DejaVu Sans Mono,monospace">{code}</pre>'


def result_of(folder: Path) -> Result:
    """The demonstration's result, audited in a folder."""
    working = demonstration.prepare(folder)
    shop = demonstration.workshop(working, platforms)
    organisations, _ = organisations_of(working.organisations, shop.catalogue)
    return run_audit(shop, request_for(organisations, shop.registry), working.database)[0]


def terminal_page(result: Result, lang: str) -> str:
    """The terminal's story as a page."""
    console = Console(record=True, width=100, force_terminal=True, file=StringIO(), highlight=False)
    print_result(result, lang, console)
    code = console.export_html(theme=MONOKAI, inline_styles=True, code_format="{code}")
    return PAGE.format(body=BODY, code=code)


def picture(browser: Browser, html: str, name: str, width: int, height: int) -> None:
    """A screenshot of the top of a page."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_content(html)
    page.screenshot(path=Path(__file__).with_name(name))
    page.close()


def main() -> None:
    """Both pictures, in English."""
    with tempfile.TemporaryDirectory() as folder:
        result = result_of(Path(folder))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser() or None,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-sync",
            ],
        )
        picture(browser, render(result, "en"), "report.png", 1180, 1180)
        picture(browser, terminal_page(result, "en"), "terminal.png", 980, 1080)
        browser.close()


if __name__ == "__main__":
    main()
