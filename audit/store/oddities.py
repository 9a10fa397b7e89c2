"""Pages that a reader did not understand, saved for its repair."""

from __future__ import annotations

from pathlib import Path

from audit.page import Page
from audit.store import Store

_ENDINGS = {"application/json": "json", "text/html": "html", "application/xhtml+xml": "html", "text/xml": "xml"}


def save_page(folder: Path, way: str, page: Page) -> Path:
    """The body of a page as ``<way>-<visit>.<ending>`` in the folder; keys were taken out when it was read.

    Raises OSError where it cannot be written.
    """
    kind = page.header("content-type").partition(";")[0].strip().lower()
    path = folder / f"{way}-{page.visit.id}.{_ENDINGS.get(kind, 'txt')}"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.body)
    return path


def folder_of(evidence: Path, run: str) -> Path:
    """Where the pages of one run lie that a control did not understand."""
    return evidence / f"{run}-odd"


def save_in_run(store: Store, run: str, way: str, page: Page) -> str:
    """A page kept beside the evidence of a run: where it lies, from the database's folder on; empty if it could not."""
    try:
        path = save_page(folder_of(store.evidence_folder, run), way, page)
    except OSError:  # a repair's help is no reason to lose an audit
        return ""
    return path.relative_to(store.path.parent).as_posix()
