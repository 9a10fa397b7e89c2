"""A canary in place of a key, and servers that do all they can to get it written down: not one byte of it is."""

from __future__ import annotations

import base64
import ssl
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import quote, unquote

import pytest

from audit import working
from audit.auditing import Workshop
from audit.checker import Checker, Secret
from audit.model import Action, Query, Retention, Visit
from audit.organisation.catalogue import load_catalogue
from audit.page import Page
from audit.settings import Settings
from audit.visiting import fetching
from platforms.here import Here
from tests.helpers import Tiny, everything_written, registry_of
from tests.sites import findbar, no_internet

__all__ = ["no_internet"]
pytestmark = pytest.mark.usefixtures("no_internet")

CANARY = "cnry7Qx/9Zw+Kd&4Lm=Pt2Vb"
HOST, ELSEWHERE = "api.attack.example", "elsewhere.attack.example"
WINDOW = 12  # so many characters of any form in a row are found, not only the whole
ORGANISATION = """
id = "hilfe"
name = "Hilfe e. V."
state = "TH"
[[service]]
kind = "debt-counselling"
name = "Schuldnerberatung"
at = ["haus"]
[[location]]
id = "haus"
street = "Marktplatz 4"
postcode = "00930"
city = "Quellstadt"
latitude = 50.9
longitude = 11.05
"""


class Keyed(Tiny):
    """A made-up checker that sends a key; ``place`` says where in the request."""

    hosts = (HOST,)
    keys = ("ATTACK_KEY",)
    governed_by_robots = False
    retention = Retention.FULL
    place: ClassVar[str]

    def search(self, query: Query) -> Iterator[Visit]:
        """One request with the key in its place."""
        url, mark = f"https://{HOST}/{self.place}", Secret("ATTACK_KEY")
        form = (("content-type", "application/x-www-form-urlencoded"),)
        visits = {
            "query": Visit(url, params=(("key", mark),)),
            "header": Visit(url, headers=(("authorization", f"Bearer {mark}"),)),
            "json": Visit(
                url, method="POST", headers=(("content-type", "application/json"),), body=f'{{"k":"{mark}"}}'
            ),
            "form": Visit(url, method="POST", headers=form, body=f"key={mark}"),
            "path": Visit(f"{url}/{mark}/search"),
        }
        yield visits[self.place]

    def read(self, page: Page) -> Iterator[Any]:
        """As tiny checkers do; a page that says "crash" makes it raise with all it knows."""
        if "crash" in page.text:
            raise RuntimeError(f"{page.text} {page.headers} {page.visit} {page.url}")
        yield from super().read(page)


PLACES = ("query", "header", "json", "form", "path")


def keyed(place: str) -> Checker:
    """The checker with its key in that place."""
    platform = replace(Keyed.platform, id=place, name=place, actions=frozenset({Action.CALL}))
    made: type[Keyed] = type(place, (Keyed,), {"id": place, "platform": platform, "place": place})
    return made()


@dataclass
class Answer:
    """What a server says: status, headers, body."""

    status: int = 200
    body: bytes = b"nothing"
    headers: dict[str, str] = field(default_factory=dict)


Scenario = Callable[[str], Answer]  # what is said to a request for that path

PERCENT = quote(CANARY, safe="")
COOKIE = base64.b64encode(f"u:{CANARY}".encode()).decode()
JSON = {"content-type": "application/json"}


def listing(echo: str, encoding: str = "utf-8") -> Answer:
    kind = f"text/plain; charset={encoding}"
    return Answer(
        body=f"listing Schuldnerberatung {echo}\nlink https://x.example/{echo}".encode(encoding),
        headers={"content-type": kind},
    )


def led_back(path: str) -> Answer:
    """To a page of the same host that needs no key and shows the one it remembers."""
    return listing(CANARY) if path.endswith("/sorry") else Answer(302, headers={"location": f"https://{HOST}/sorry"})


def follow_up(path: str) -> Answer:
    """A listing that leads to a keyless page of the same host, which shows the key."""
    shown = f"listing Schuldnerberatung\nvisit https://{HOST}/next".encode()
    return listing(CANARY) if path.endswith("/next") else Answer(body=shown, headers={"content-type": "text/plain"})


ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in CANARY)
SCENARIOS: dict[str, Scenario] = {
    "success": lambda path: listing(""),
    "refused": lambda path: Answer(
        401, f'{{"error":"Unauthorized","error_description":"apiKey {CANARY}"}}'.encode(), JSON
    ),
    "to another host": lambda path: Answer(
        302,
        headers={"location": f"https://{ELSEWHERE}/login?k={PERCENT}&b={COOKIE}&r={quote(PERCENT, safe='')}"},
    ),
    "to another page": led_back,
    "follow-up": follow_up,
    "plain": lambda path: listing(CANARY),
    "percent": lambda path: listing(quote(CANARY, safe="")),
    "twice percent": lambda path: listing(quote(quote(CANARY, safe=""), safe="")),
    "base64": lambda path: listing(COOKIE),
    "markup": lambda path: listing(escape(CANARY)),
    "utf-16": lambda path: listing(CANARY, "utf-16"),
    "json escapes": lambda path: Answer(
        body=f'{{"items":[{{"resultType":"place","title":"{ESCAPED}","id":"1"}}]}}'.encode(), headers=JSON
    ),
    "headers": lambda path: Answer(
        body=b"listing Schuldnerberatung",
        headers={"x-echo": CANARY, "set-cookie": f"k={COOKIE}", CANARY.split("/", maxsplit=1)[0]: "1"},
    ),
    "error page": lambda path: Answer(
        500, f"<h1>{path} {unquote(path)} {CANARY} {COOKIE}</h1>".encode(), {"content-type": "text/html"}
    ),
    "too many": lambda path: Answer(429, CANARY.encode(), {"retry-after": "7200", "x-ratelimit-reset": CANARY}),
    "crash": lambda path: Answer(body=f"crash {CANARY} {COOKIE}".encode(), headers={"x-echo": CANARY}),
    "loop": lambda path: Answer(302, headers={"location": f"https://{HOST}{path.partition('/api')[2]}"}),
    "no address": lambda path: Answer(302, headers={"location": f"http://[{CANARY}"}),
    "no protocol": lambda path: Answer(-1),
}


_FILL = 200 - len("illegal status line: bytearray(b'NOHTTP ") - WINDOW - 4  # a message cut there cuts the key in two


class Handler(BaseHTTPRequestHandler):
    """Answers as its server's scenario says, and counts where the key came."""

    server: Any
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.server.got.append(f"{self.path} {self.headers}".encode() + self.rfile.read(length))
        answer = Answer(404) if self.path.endswith("/robots.txt") else self.server.scenario(self.path)
        if self.path.startswith("/else"):
            answer = listing(f"{self.path} {unquote(self.path)}")
        self.close_connection = True
        if answer.status < 0:
            self.wfile.write(b"NOHTTP " + b"x" * _FILL + CANARY.encode() + b"\r\n\r\n")
            return
        self.send_response_only(answer.status)
        for name, value in {"content-length": str(len(answer.body)), "connection": "close", **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_GET  # noqa: N815 - the name http.server asks for

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """A server with a scenario; ``got`` holds every request as it came."""

    daemon_threads = True

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scenario = scenario
        self.got: list[bytes] = []


@contextmanager
def serving(scenario: Scenario) -> Iterator[Server]:
    with Server(scenario) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def forms() -> set[bytes]:
    """Every run of `WINDOW` characters of the canary: plain, percent-encoded, base64 at each of three places."""
    percent = quote(CANARY, safe="")
    whole = [CANARY, percent, percent.lower(), quote(percent, safe=""), CANARY.lower()]
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + CANARY.encode()).decode()[4:-4]
        whole += [coded, coded.replace("+", "-").replace("/", "_")]
    return {text[at : at + WINDOW].encode() for text in whole for at in range(len(text) - WINDOW + 1)}


FORMS = forms()


def found_in(written: bytes) -> set[bytes]:
    return {form for form in FORMS if form in written}


def _shop(server: Server) -> Workshop:
    port = server.server_address[1]
    bases = {HOST: f"http://127.0.0.1:{port}/api", ELSEWHERE: f"http://127.0.0.1:{port}/else",
             Here.hosts[0]: f"http://127.0.0.1:{port}/here"}  # fmt: skip
    settings = Settings(contact="someone@example.org", base_urls=bases, allow=(f"127.0.0.1:{port}",))
    return Workshop(
        settings=settings, catalogue=load_catalogue(), registry=registry_of(*map(keyed, PLACES), Here()), pace=0.0,
        environment={"ATTACK_KEY": CANARY, "HERE_API_KEY": CANARY},
    )  # fmt: skip


def everything(folder: Path) -> bytes:
    """All that was written below a folder, packed or not."""
    sheets = [zipfile.ZipFile(path) for path in folder.rglob("*.xlsx")]
    return b"\n".join([everything_written(folder), *(one.read(name) for one in sheets for name in one.namelist())])


COMMANDS = (
    ("audit", "--json", "a.json", "--html", "a.html"),
    ("report", "--html", "r.html", "--json", "r.json", "--csv", "r.csv", "--xlsx", "r.xlsx"),
    ("explain", "hilfe/schuldnerberatung@haus/query"),
    ("explain", "hilfe/schuldnerberatung@haus/here"),
    ("platforms", "list"),
    ("gaps", "list"),
    ("assist", "--worksheet", "w.csv"),
    ("data", "rejudge"),
)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_not_one_byte_of_a_key_is_written_or_shown(
    tmp_path: Path, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "tls", ssl.create_default_context)
    monkeypatch.setenv("ATTACK_KEY", CANARY)
    (tmp_path / "organisations").mkdir()
    (tmp_path / "organisations" / "hilfe.toml").write_text(ORGANISATION, encoding="utf-8")
    (tmp_path / "findbar.toml").write_text('contact = "someone@example.org"\n', encoding="utf-8")
    with serving(SCENARIOS[scenario]) as server:
        monkeypatch.setattr(working, "workshop_for", lambda *_: _shop(server))
        commands = COMMANDS if scenario in ("plain", "crash") else COMMANDS[:3]
        said = [findbar(tmp_path, *command) for command in commands]
    sent = b"\n".join(server.got)
    assert any(b"/here" in one and b"cnry7Qx%2F9Zw" in one for one in server.got), "the key was never sent"
    elsewhere = [one for one in server.got if b"/else" in one.split(b" ")[0]]
    assert found_in(b"".join(elsewhere)) == set()
    assert scenario == "too many" or all(f"/api/{place}".encode() in sent for place in PLACES)
    assert found_in(everything(tmp_path)) == set()
    assert found_in("\n".join(one.output + one.stderr for one in said).encode()) == set()


def test_the_search_for_the_canary_finds_it_in_every_form() -> None:
    for text in (f"x{CANARY}", quote(f"?k={CANARY}"), quote(CANARY, safe="").lower(), CANARY[5:20]):
        assert found_in(text.encode())
    for before in ("", "a", "ab", "user:"):
        assert found_in(base64.b64encode(f"{before}{CANARY}".encode()))
        assert found_in(base64.urlsafe_b64encode(f"{before}{CANARY}".encode()))
