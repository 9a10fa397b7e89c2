"""What a page says: the platform's own signs of absence first, then the checker's reader.

Anything that is not understood is unknown, never missing; a reader that raises stops nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from audit.checker import Checker
from audit.model import Item, Nothing, Reason, Seen
from audit.page import NotUnderstood, Page
from audit.visiting.keys import scrub
from audit.visiting.texts import each_text, storable

_NO_SECRETS: Mapping[str, str] = MappingProxyType({})
Shield = Callable[[Sequence[Item]], tuple[Item, ...]]
_SHELL = "shell:"


def understood(checker: Checker, page: Page, shield: Shield, secrets: Mapping[str, str] = _NO_SECRETS) -> Seen:
    """One visit's end: the items, after ``shield`` took away what may not be kept, or why there are none.

    Halves of characters go, and of ``secrets`` (by name) the checker's own, which only reading may
    bring to light (an entity, an escape, another encoding).
    """
    items: tuple[Item, ...] = ()
    reason, detail = None, ""
    keys = {name: secrets[name] for name in checker.keys if secrets.get(name)}

    def clean(text: str) -> str:
        return scrub(storable(text), keys)

    try:
        items = _as_stored(each_text(shield(read(checker, page)), clean))
    except NotUnderstood as problem:
        shell = str(problem).startswith(_SHELL)
        reason, detail = Reason.NO_BROWSER if shell else Reason.LAYOUT_CHANGED, str(problem)
    except ValidationError as problem:
        reason, detail = Reason.LAYOUT_CHANGED, f"the reader yields what is no item: {problem.errors()[0]['msg']}"
    except Exception as problem:  # noqa: BLE001 - isolation point "visit" (DESIGN 2.7)
        reason, detail = Reason.LAYOUT_CHANGED, f"{type(problem).__name__}: {problem}"
    if not items and not reason:
        reason, detail = Reason.LAYOUT_CHANGED, "the page holds nothing the reader knows"
    detail, url = each_text((detail, page.url), clean)
    return Seen(visit=page.visit, at=page.at, items=items, reason=reason, detail=detail, status=page.status, url=url)


@cache
def _shape() -> TypeAdapter[tuple[Item, ...]]:
    return TypeAdapter(tuple[Item, ...])


def _as_stored(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items as they come back from the store, so that what is judged now is what is judged again later.

    Raises pydantic's errors for anything that is no item: a reader may put a number of a page in
    place of a name.
    """
    return _shape().validate_json(_shape().dump_json(items, warnings=False))


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
