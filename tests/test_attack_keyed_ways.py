"""Every way that needs a key, asked over a real connection by a server that gives the key back in all it says."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

import platforms
from audit import Checker, registry, testing
from audit.model import Via
from audit.store import Store
from audit.testing.cases import Case
from audit.visiting.fetching import HttpGetter
from audit.visiting.guard import Guard
from audit.visiting.keys import Keys
from audit.visiting.lanes import Lanes
from audit.visiting.walking import Walker
from tests.helpers import AGENT, NOW, FakeClock, everything_written

ROOT = Path(__file__).parent / "recordings"
KEYED = [checker for checker in registry.find(platforms).checkers if checker.keys]
CASES = [case for case in testing.cases(ROOT, KEYED) if case.folder.name == "listed"]


def canary(name: str) -> str:
    """A value with what must be escaped in addresses, JSON and HTML."""
    return f"canary/{name.lower()}+'&=geheim"


class Echo(BaseHTTPRequestHandler):
    """Says every key it was ever shown, in every form; notes the requests."""

    def answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        asked = f"{self.path}\n{self.headers}\n{self.rfile.read(length).decode()}"
        self.server.asked.append(unquote(asked))  # type: ignore[attr-defined]
        if self.path.endswith("/robots.txt"):
            self.send_error(404)
            return
        keys: list[str] = self.server.keys  # type: ignore[attr-defined]
        forms = [form for key in keys for form in (key, quote(key, safe=""), base64.b64encode(key.encode()).decode())]
        body = json.dumps(
            {"error": {"message": " ".join(forms), "status": forms}, "items": forms, "data": forms}
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("x-echo", quote(" ".join(keys)))
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@pytest.fixture
def server() -> Iterator[Any]:
    made: Any = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    made.asked, made.keys = [], []
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


async def asked(case: Case, server: Any, store: Store) -> None:
    checker: Checker = case.checker
    environment = {str(name): canary(name) for name in checker.keys}
    server.keys = list(environment.values())
    base = f"http://127.0.0.1:{server.server_port}"
    keys = Keys(environment.get, {str(name): frozenset(checker.hosts) for name in checker.keys})
    getter = HttpGetter(
        Guard(frozenset({("127.0.0.1", server.server_port)})), AGENT, base_urls=dict.fromkeys(checker.hosts, base),
        keys=keys, now=lambda: NOW,
    )  # fmt: skip
    clock = FakeClock()
    walker = Walker(
        getters={Via.HTTP: getter}, lanes=Lanes(clock, 100), clock=clock, agent=AGENT, secrets=environment,
        keep=lambda way, seen, page: store.keep("r", way, seen, page),
    )  # fmt: skip
    for ask in checker.plan(case.queries):
        await walker.follow(checker, ask)
    await getter.close()


def test_every_keyed_way_has_a_case() -> None:
    assert {case.checker.id for case in CASES} == {checker.id for checker in KEYED}
    assert len(CASES) >= 19


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_key_reaches_its_host_and_no_byte_of_it_is_kept_whatever_that_says(
    case: Case, server: Any, tmp_path: Path
) -> None:
    store = Store(tmp_path / "findbar.db")
    store.begin("r", at=NOW, method=1, manifest={}, organisations=(), scope={})
    asyncio.run(asked(case, server, store))
    store.close()
    first, *_ = server.keys
    assert any(first in text for text in server.asked), "the key did not arrive"
    written = everything_written(tmp_path)
    for name in case.checker.keys:
        value = canary(name)
        for form in (value, quote(value, safe=""), base64.b64encode(value.encode()).decode()):
            assert form.encode() not in written
