"""findbar report --serve: the latest reports, read-only, to this machine alone."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator

import pytest

from audit.model import Latest
from audit.showing import Server
from audit.store import StoreProblemError
from reports.contents import page_maker
from tests.result_factory import NOW, ORGANISATION, make_result

pytestmark = pytest.mark.enable_socket
ROWS = [
    Latest(organisation=id_, name=name, at=NOW, findability=74.0, coverage=0.6, gaps=3)
    for id_, name in ((ORGANISATION, "Hilfswerk <b>Auenstadt</b>"), ("other", "Other"))
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    make = page_maker(lambda: ROWS, lambda _: make_result(), "de", since=lambda _: None)
    with Server(make) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


def asked(server: Server, path: str, method: str = "GET", host: str = "127.0.0.1") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, headers={"Host": f"{host}:{server.server_port}"})
    return connection.getresponse()


def test_the_first_page_lists_the_reports_and_each_is_there(server: Server) -> None:
    answer = asked(server, "/")
    page = answer.read().decode()
    assert answer.status == 200
    assert f'href="{ORGANISATION}.html"' in page
    assert "&lt;b&gt;Auenstadt" in page
    report = asked(server, f"/{ORGANISATION}.html")
    assert "Schuldnerberatung" in report.read().decode()
    assert "frame-ancestors 'none'" in report.headers["Content-Security-Policy"]
    assert report.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_but_looking_is_answered(server: Server) -> None:
    assert asked(server, "/", "HEAD").read() == b""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert asked(server, "/", method).status == 501


@pytest.mark.parametrize("path", ["/../findbar.db", "/%2e%2e/findbar.toml", "//etc/passwd", "/findbar.db", "/x.html"])
def test_no_path_leads_to_a_file(server: Server, path: str) -> None:
    assert asked(server, path).status == 404


def test_it_listens_on_this_machine_only_and_not_under_another_name(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert asked(server, "/", host="evil.example").status == 403
    assert asked(server, "/", host="localhost").status == 200
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.2", server.server_port), timeout=1):
        pass


def test_one_report_alone_is_the_first_page_and_a_broken_store_says_so() -> None:
    make = page_maker(lambda: ROWS[:1], lambda _: make_result(), "en", since=lambda _: None)
    assert "Hilfswerk Auenstadt" in (make("") or "")

    def broken(_: str) -> str | None:
        raise StoreProblemError("The database is in use.")

    with Server(broken) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        answer = asked(server, "/")
        assert (answer.status, answer.read()) == (503, b"The database is in use.\n")
        server.shutdown()
