"""Twelve faults on every machine-asked way: unknown for the right reason, never missing, and nobody else is touched."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Thread

import pytest

import platforms
from audit import demonstration
from audit.auditing import run_audit
from audit.demonstration import prepare
from audit.model import Cell, Outcome, Reason, Result, State
from audit.requesting import Request
from audit.serving import base_urls
from audit.visiting import fetching
from audit.visiting.archive import NOT_FOUND, Answer, Archive, spoilt
from audit.working import organisations_of, workshop_for
from tests.attacks import FAULTS, WAYS, cells_of, missing, town
from tests.conftest import ROOT
from tests.sites import no_internet, served

__all__ = ["no_internet"]
NAMES = list(FAULTS)
REASONS: Mapping[str, Reason] = {
    "refused": Reason.SERVER_ERROR,
    "reset": Reason.SERVER_ERROR,
    "dns-failure": Reason.NETWORK_DOWN,
    "tls-failure": Reason.SERVER_ERROR,
    "timeout": Reason.TIMEOUT,
    "challenge": Reason.BLOCKED,
    "429": Reason.RATE_LIMITED,
    "500": Reason.SERVER_ERROR,
    "503-with-date": Reason.SERVER_ERROR,
    "another-kind": Reason.LAYOUT_CHANGED,
    "cut-short": Reason.LAYOUT_CHANGED,
    "empty": Reason.LAYOUT_CHANGED,
}


@cache
def square(turn: int) -> Result:
    """One audit in which each way has another fault; twelve turns give every way every fault."""
    return town(turned(turn))


def turned(turn: int) -> dict[str, str]:
    return {way: NAMES[(turn + place) % len(NAMES)] for place, way in enumerate(WAYS)}


@cache
def healthy() -> Result:
    return town()


def verdicts(cells: list[Cell]) -> list[tuple[object, ...]]:
    """What the cells say, without what depends on the time of looking, or by its nature on two platforms at once."""
    return [
        (
            c.id, c.state, c.reason, c.findability, c.accuracy,
            [(f.criterion, f.outcome) for f in c.findings if f.criterion != "own_account"],
        )
        for c in cells
    ]  # fmt: skip


def test_without_a_fault_every_way_comes_to_verdicts() -> None:
    for way in WAYS:
        decided = {State.COMPLETE, State.GAPS, State.MISSING} & {cell.state for cell in cells_of(healthy(), way)}
        assert decided, way
    assert missing(cells_of(healthy(), "here"))
    assert missing(cells_of(healthy(), "openstreetmap-nominatim"))
    assert missing(cells_of(healthy(), "google-maps-places"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_unknown_for_its_reason_and_never_missing(fault: str, way: str) -> None:
    turn = (NAMES.index(fault) - list(WAYS).index(way)) % len(NAMES)
    cells = cells_of(square(turn), way)
    applicable = [cell for cell in cells if cell.state is not State.NOT_APPLICABLE]
    assert applicable
    assert missing(cells) == []
    if (way, fault) == ("website", "cut-short"):  # what a page says before it breaks off counts
        return
    assert {(cell.state, cell.reason) for cell in applicable} == {(State.UNKNOWN, REASONS[fault])}


@pytest.mark.parametrize("way", WAYS)
def test_a_fault_of_one_way_leaves_the_cells_of_all_others_as_they_were(way: str) -> None:
    struck = town({way: "reset"})
    for other in WAYS:
        if other != way:
            assert verdicts(cells_of(struck, other)) == verdicts(cells_of(healthy(), other)), other


def test_no_account_is_unproven_because_the_own_website_could_not_be_seen() -> None:
    struck = town({"website": "reset"})
    asked = [f for cell in cells_of(struck, "mastodon") for f in cell.findings if f.criterion == "own_account"]
    assert {(f.outcome, f.reason) for f in asked} == {(Outcome.UNKNOWN, Reason.SERVER_ERROR)}


@pytest.mark.parametrize("fault", ["refused", "timeout", "challenge", "429", "500", "503-with-date", "empty"])
def test_a_host_whose_robots_txt_fails_too_is_never_missing(fault: str) -> None:
    struck = town(dict.fromkeys(WAYS, fault), robots=True)
    assert missing(list(struck.cells)) == []
    states = {cell.state for cell in struck.cells}
    assert states <= {State.UNKNOWN, State.NOT_APPLICABLE}, states


def test_a_host_that_asks_to_come_back_in_an_hour_does_not_hold_up_the_run() -> None:
    struck = town(dict.fromkeys(WAYS, "503-with-date"))
    assert (struck.finished - healthy().started).total_seconds() < 600


# --- over real connections


@contextmanager
def deaf() -> Iterator[int]:
    """A port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


class PlainSpeaker(socketserver.BaseRequestHandler):
    """Answers whatever it is sent in plain HTTP: no partner for TLS."""

    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")


@contextmanager
def without_tls() -> Iterator[int]:
    """The port of a server that knows no TLS."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), PlainSpeaker) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def audited(folder: Path, bases: Mapping[str, str], allowed: str) -> Result:
    """The demonstration audited with its hosts led elsewhere."""
    opened = prepare(folder)
    settings = opened.settings.model_copy(update={"base_urls": dict(bases), "allow": (allowed,)})
    shop = workshop_for(replace(opened, settings=settings), platforms)
    shop.pace, shop.environment = 0.0, {}
    organisations, _ = organisations_of(opened.organisations, shop.catalogue)
    (result,) = run_audit(shop, Request(organisations=organisations), opened.database)
    return result


def spoilt_web(fault: str) -> Archive:
    """The demonstration's archive with one fault in every answer but a missing robots.txt."""
    web = demonstration.archive()
    answer = web.answer

    def faulty(method: str, url: str, body: str = "") -> Answer | None:
        found = answer(method, url, body)
        return found if found is NOT_FOUND else spoilt(found or NOT_FOUND, fault)

    web.answer = faulty  # type: ignore[method-assign]
    return web


def test_nobody_listening_and_no_tls_are_server_errors_over_real_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_internet: None
) -> None:
    monkeypatch.setattr(fetching, "tls", ssl.create_default_context)
    web = demonstration.archive()
    with deaf() as port:
        nobody = audited(tmp_path / "a", base_urls(web, f"http://127.0.0.1:{port}"), f"127.0.0.1:{port}")
    with without_tls() as port:
        no_tls = audited(tmp_path / "b", base_urls(web, f"https://127.0.0.1:{port}"), f"127.0.0.1:{port}")
    for result in (nobody, no_tls):
        asked = [cell for cell in result.cells if cell.platform in ("website", "gelbe-seiten", "mastodon", "pretix")]
        assert missing(list(result.cells)) == []
        assert {cell.reason for cell in asked if cell.state is State.UNKNOWN} == {Reason.SERVER_ERROR}
        assert {cell.state for cell in asked} <= {State.UNKNOWN, State.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("reset", Reason.SERVER_ERROR), ("truncated", Reason.TRUNCATED), ("challenge", Reason.BLOCKED),
     ("empty", Reason.LAYOUT_CHANGED), ("429", Reason.RATE_LIMITED)],
)  # fmt: skip
def test_a_served_fault_in_every_answer_is_unknown_for_its_reason(
    tmp_path: Path, fault: str, reason: Reason, no_internet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "tls", ssl.create_default_context)
    with served(spoilt_web(fault)) as base:
        web = demonstration.archive()
        result = audited(tmp_path, base_urls(web, base), base.removeprefix("http://"))
    assert missing(list(result.cells)) == []
    social = [cell for cell in result.cells if cell.platform == "mastodon" and cell.state is State.UNKNOWN]
    assert {cell.reason for cell in social} == {reason}


def test_the_table_of_this_file_names_every_fault() -> None:
    assert set(REASONS) == set(FAULTS)
    assert len(FAULTS) == 12


def test_every_test_that_the_page_about_security_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)`: ((?:`test_\w+`(?:, )?)+)", page)
    assert len(named) > 20
    for file, tests in named:
        there = (ROOT / "tests" / file).read_text(encoding="utf-8")
        for test in re.findall(r"`(test_\w+)`", tests):
            assert f"def {test}(" in there, f"{file}: {test}"
