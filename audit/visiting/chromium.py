"""Which Chromium to start: the one named, one that is installed, or the one Playwright brought."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
# Where `playwright install chromium` puts its browser (playwright.dev/python/docs/browsers, read 2026-11-24).
_CACHES = {
    "linux": (".cache/ms-playwright", "chromium-*/chrome-linux*/chrome"),
    "darwin": ("Library/Caches/ms-playwright", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
    "win32": ("AppData/Local/ms-playwright", "chromium-*/chrome-win*/chrome.exe"),
}


def find_browser(path: str = "") -> str:
    """The browser to start: the path given, FINDBAR_CHROMIUM, an installed one, Playwright's; empty: none."""
    for named in (path, os.environ.get("FINDBAR_CHROMIUM", "")):
        if named:
            return named if Path(named).is_file() else ""
    installed = (found for name in _NAMES if (found := shutil.which(name)))
    return next(installed, "") or next(_of_playwright(), "")


def _of_playwright() -> Iterator[str]:
    folder, pattern = _CACHES.get(sys.platform, _CACHES["linux"])
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / folder)
    return (str(found) for found in sorted(root.glob(pattern), reverse=True) if found.is_file())
