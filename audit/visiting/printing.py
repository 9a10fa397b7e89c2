"""A page of ours as PDF, printed by Chromium without scripts and without a network."""

from __future__ import annotations

import os

from audit.visiting.browser import NO_BROWSER
from audit.visiting.chromium import find_browser

SWITCHES = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class NoPrinter(RuntimeError):
    """There is no browser to print with; the message says how to get one."""


def pdf_of(html: str, chromium: str = "") -> bytes:
    """The document as tagged PDF with title, language and outline; paper and page numbers are its style sheet's.

    ``chromium`` is the browser's path, where it is not found by itself. Raises `NoPrinter`.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - optional, and slow to import
    except ImportError:
        raise NoPrinter("PDF needs a browser: pip install 'findbar[browser]', then " + NO_BROWSER) from None
    path = find_browser(chromium)
    if chromium and not path:
        raise NoPrinter(f"PDF needs a browser: {chromium} is no file; " + NO_BROWSER)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path or None, args=SWITCHES, chromium_sandbox=not _is_root()
            )
        except Error as error:
            raise NoPrinter("PDF needs a browser: " + NO_BROWSER) from error
        try:
            page = browser.new_context(offline=True, java_script_enabled=False).new_page()
            page.set_content(html, wait_until="load")
            return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
        finally:
            browser.close()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
