"""What a platform may answer instead of a result: none of it may ever be read as "nothing found"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from audit.page import Page

_HTML = (("content-type", "text/html; charset=utf-8"),)
_JSON = (("content-type", "application/json; charset=utf-8"),)
_PAGES = {
    "an empty page": b"",
    "white space": b" \r\n\t\n",
    "an empty document": b"<!doctype html><html><head><title></title></head><body></body></html>",
    "a bot challenge": b"<!doctype html><html><head><title>One moment</title></head><body>"
    b"<h1>Checking your browser</h1><form id='challenge-form' action='/cdn-cgi/challenge'>"
    b"<noscript>Enable JavaScript and cookies to continue</noscript></form>"
    b"<script>window.location.reload()</script></body></html>",
    "a maintenance page": "<!doctype html><html lang='de'><head><title>Wartungsarbeiten</title></head><body>"
    "<h1>Wir sind gleich zurück</h1><p>Wegen Wartungsarbeiten ist diese Seite nicht da.</p></body></html>".encode(),
    "a consent wall": "<!doctype html><html lang='de'><body><div role='dialog'><h2>Wir schätzen Ihre Privatsphäre</h2>"
    "<button>Alle akzeptieren</button><button>Ablehnen</button></div></body></html>".encode(),
    "a login page": b"<!doctype html><html><body><form method='post' action='/login'><input name='user'>"
    b"<input type='password' name='password'></form></body></html>",
}
_SHAPES: dict[str, Any] = {
    "an empty object": {},
    "an error object": {"error": "temporarily unavailable", "status": 503},
    "null": None,
    "a number": 42,
    "a text": "nichts gefunden",
    "a list of nulls": [None],
    "a list of empty objects": [{}],
    "an object of nulls": dict.fromkeys(("items", "results", "elements", "events", "data", "html", "id")),
}


def instead(page: Page) -> Iterator[tuple[str, Page]]:
    """What may come instead of a recorded page, each with its name; status 200, as the worst of them come."""
    for name, body in _PAGES.items():
        yield name, replace(page, status=200, headers=_HTML, body=body, records=())
    for name, shape in _SHAPES.items():
        yield f"JSON: {name}", replace(page, status=200, headers=_JSON, body=json.dumps(shape).encode(), records=())
    yield "JSON: very deep", replace(page, status=200, headers=_JSON, body=b"[" * 100_000, records=())


def absent_elsewhere(page: Page, status: int) -> Iterator[tuple[str, Page]]:
    """The same pages under a status that says "absent", as any server gives it for an address it does not know."""
    for name, body in _PAGES.items():
        yield f"{name} with status {status}", replace(page, status=status, headers=_HTML, body=body, records=())


def damaged(page: Page) -> Iterator[tuple[str, Page]]:
    """The recorded page itself, broken: cut short, in a wrong encoding, with parts missing or of another kind."""
    size = len(page.body)
    for share in (0.02, 0.25, 0.5, 0.9):
        yield f"cut after {share:.0%}", replace(page, body=page.body[: int(size * share)])
    yield (
        "in UTF-16 without a word about it",
        replace(page, body=page.body.decode("utf-8", "replace").encode("utf-16-le")),
    )
    yield "with broken bytes", replace(page, body=page.body.replace(b"e", b"\xff\xfe"))
    yield from _other_kinds(page)


def _other_kinds(page: Page) -> Iterator[tuple[str, Page]]:
    """JSON with one member at a time gone or of another kind (a value of its own kind may be a true answer)."""
    try:
        value = json.loads(page.body)
    except ValueError:
        return
    for key, told in value.items() if isinstance(value, dict) else ():
        rest = {k: v for k, v in value.items() if k != key}
        others = [other for other in _KINDS if told is not None and type(other) is not type(told)]
        yield f"without {key}", replace(page, body=json.dumps(rest).encode())
        for other in others:
            yield f"with {key} as {other!r}", replace(page, body=json.dumps({**rest, key: other}).encode())


_KINDS: tuple[Any, ...] = (None, 7, "x", True, [], {}, [0], {"x": 0})
