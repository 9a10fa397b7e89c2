"""What a page says: the platform's own signs of absence first, then the checker's reader.

Anything that is not understood is unknown, never missing; a reader that raises stops nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from audit.checker import Checker
from audit.model import Item, Nothing, Reason, Seen
from audit.page import NotUnderstood, Page

Shield = Callable[[Sequence[Item]], tuple[Item, ...]]
_SHELL = "shell:"


def understood(checker: Checker, page: Page, shield: Shield) -> Seen:
    """One visit's end: the items, after ``shield`` took away what may not be kept, or why there are none."""
    items: tuple[Item, ...] = ()
    reason, detail = None, ""
    try:
        items = shield(read(checker, page))
    except NotUnderstood as problem:
        shell = str(problem).startswith(_SHELL)
        reason, detail = Reason.NO_BROWSER if shell else Reason.LAYOUT_CHANGED, str(problem)
    except Exception as problem:  # noqa: BLE001 - isolation point "visit" (DESIGN 2.7)
        reason, detail = Reason.LAYOUT_CHANGED, f"{type(problem).__name__}: {problem}"
    if not items and not reason:
        reason, detail = Reason.LAYOUT_CHANGED, "the page holds nothing the reader knows"
    return Seen(
        visit=page.visit, at=page.at, items=items, reason=reason, detail=detail, status=page.status, url=page.url
    )


def read(checker: Checker, page: Page) -> list[Item]:
    """The items of a page: the platform's own signs of absence first, then the checker's reader.

    A status the checker does not call absent and that is no success is not read at all.
    """
    if checker.shows_absence(page):
        return [Nothing(f"status {page.status}")]
    if not page.records and page.status >= 400:
        raise NotUnderstood(f"status {page.status}")
    if checker.nothing_found and (mark := next((m for m in checker.nothing_found if m in page.text), "")):
        return [Nothing(mark)]
    return list(checker.read(page))
