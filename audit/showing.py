"""Serves pages that are made at each request, read-only, to this machine alone: ``findbar report --serve``."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

Make = Callable[[str], str | None]
HERE = "127.0.0.1"
# The page's own policy (a meta element) allows its one style sheet and script by their digests; this is what a page
# cannot say of itself (CSP Level 3, frame-ancestors).
HEADERS = (
    ("Content-Security-Policy", "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", "no-store"),
)  # fmt: skip


class Server(ThreadingHTTPServer):
    """Listens on loopback; ``make`` gives the HTML of a path ("" is the first page), None where there is none."""

    daemon_threads = True

    def __init__(self, make: Make, port: int = 0) -> None:
        self.make = make
        super().__init__((HERE, port), _Handler)

    @property
    def url(self) -> str:
        """Where it is found."""
        return f"http://{HERE}:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version, timeout = "findbar", "", 30

    def do_GET(self) -> None:
        """The page that was asked for."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """The same without its body."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        status, text = self._page()
        body = text.encode()
        self.send_response(status)
        kind = "text/html" if status is HTTPStatus.OK else "text/plain"
        for name, value in (("Content-Type", f"{kind}; charset=utf-8"), *HEADERS, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _page(self) -> tuple[HTTPStatus, str]:
        # another site's name that leads here (DNS rebinding) must not read the reports
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in {HERE, "localhost"}:
            return HTTPStatus.FORBIDDEN, "Only for this machine.\n"
        try:
            text = self.server.make(unquote(urlsplit(self.path).path).strip("/"))
        except RuntimeError as problem:  # the store explains itself
            return HTTPStatus.SERVICE_UNAVAILABLE, f"{problem}\n"
        return (HTTPStatus.NOT_FOUND, "There is no such page.\n") if text is None else (HTTPStatus.OK, text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        """Nothing is logged: paths name organisations."""


def serve_forever(make: Make, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises OSError for a port in use."""
    with Server(make, port) as server:
        say(f"Reports: {server.url} (this machine only; stop with Ctrl-C)")
        server.serve_forever()
