"""The ways that need an own key, asked over real connections: they arrive with it, and nothing keeps it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

import cli
from audit.model import Cell, Outcome, State
from tests.helpers import everything_written
from tests.sites import cells, configure, hurried, no_internet

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.usefixtures("hurried", "no_internet")

RECORDINGS = Path(__file__).parent / "recordings"
KEYS = {
    "FACEBOOK_PAGE_TOKEN": "page/of+nobody=",
    "INSTAGRAM_TOKEN": "account-of-nobody",
    "X_BEARER_TOKEN": "bearer%2Fof-nobody",
    "WHATSAPP_TOKEN": "number-of-nobody",
    "WHATSAPP_NUMBER_ID": "7700123456",
    "YOUTUBE_API_KEY": "key-of-nobody",
}
PROFILES = {
    "facebook": "https://www.facebook.com/musterverein",
    "instagram": "https://www.instagram.com/musterverein.musterstadt/",
    "whatsapp": "https://wa.me/493023125014",
    "x": "https://twitter.com/musterverein",
    "youtube": "https://www.youtube.com/@musterverein",
}
# By the beginning of what is asked for, the longest first: the recorded answer.
ANSWERS = {
    "/v26.0/me?fields=user_id": "instagram-account/listed/01-account.body",
    "/v26.0/me/media": "instagram-account/listed/02-posts.body",
    "/v26.0/me/published_posts": "facebook-page/listed/02-posts.body",
    "/v26.0/me?fields=id,name": "facebook-page/listed/01-page.body",
    "/v26.0/7700123456/whatsapp_business_profile": "whatsapp-business/listed/02-profile.body",
    "/v26.0/7700123456": "whatsapp-business/listed/01-number.body",
    "/2/users/by/username/": "x-api/listed/01-user.body",
    "/youtube/v3/channels": "youtube-api/listed/01-channel.body",
    "/youtube/v3/playlistItems": "youtube-api/listed/02-uploads.body",
    "/youtube/v3/commentThreads": "youtube-api/listed/03-comments.body",
    "/youtube/v3/comments": "youtube-api/listed/04-replies.body",
}
HOSTS = ("graph.facebook.com", "graph.instagram.com", "api.x.com", "www.googleapis.com")


class Recorded(BaseHTTPRequestHandler):
    """Answers as recorded to whoever brings a key; the server notes the keys."""

    def do_GET(self) -> None:
        asked = unquote(self.path)
        file = next((file for start, file in ANSWERS.items() if asked.startswith(start)), "")
        body = (RECORDINGS / file).read_bytes() if file else b"User-agent: *\nAllow: /\n"
        seen: set[str] = self.server.seen  # type: ignore[attr-defined]
        seen |= {name for name, value in KEYS.items() if value in asked + self.headers.get("authorization", "")}
        self.send_response(200)
        self.send_header("content-type", "application/json" if file else "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """One server that stands for all hosts."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    made.seen = set()  # type: ignore[attr-defined]
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def audited(folder: Path, server: ThreadingHTTPServer) -> dict[str, Cell]:
    """The cells by platform, with every key in the environment."""
    base = f"127.0.0.1:{server.server_port}"
    configure(folder, f'allow = ["{base}"]', "[base_urls]", *(f'"{host}" = "http://{base}"' for host in HOSTS))
    told = ['name = "Musterverein Musterstadt"', 'website = "https://www.musterverein.example"', "[[location]]"]
    told += ['city = "Musterstadt"', "[[service]]", 'name = "Schuldnerberatung"', 'kind = "debt-counselling"']
    for platform, url in PROFILES.items():
        told += ["[[profile]]", f'platform = "{platform}"', f'url = "{url}"']
    (folder / "muster.toml").write_text("\n".join(told) + "\n", encoding="utf-8")
    wanted = [word for platform in PROFILES for word in ("--platform", platform)]
    with contextlib.chdir(folder):
        env = {"FINDBAR_CHROMIUM": "none", **KEYS}
        said = CliRunner().invoke(cli.main, ["audit", *wanted, "muster.toml"], env=env, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    return {cell.platform: cell for cell in cells(folder)}


def test_every_keyed_way_finds_the_account_and_no_key_is_kept(tmp_path: Path, server: ThreadingHTTPServer) -> None:
    found = audited(tmp_path / "work", server)
    assert {platform: cell.way for platform, cell in found.items()} == {
        "facebook": "facebook-page", "instagram": "instagram-account", "whatsapp": "whatsapp-business", "x": "x-api",
        "youtube": "youtube-api",
    }  # fmt: skip
    assert {cell.state for cell in found.values()} == {State.GAPS}
    assert server.seen == set(KEYS)  # type: ignore[attr-defined]
    answered = {
        platform: finding.outcome
        for platform, cell in found.items()
        for finding in cell.findings
        if finding.criterion == "answered"
    }
    assert answered == dict.fromkeys(["facebook", "instagram", "youtube"], Outcome.NOT_MET)
    with contextlib.chdir(tmp_path / "work"):
        said = CliRunner().invoke(cli.main, ["report", "--html", "out/a.html", "--json", "out/a.json"])
    assert said.exit_code == 0, said.output
    written = everything_written(tmp_path / "work")
    people = ("jemand.anderes", "@jemand", "Mietschulden", "noch Plätze gibt", "Eingang barrierefrei", "Schön war es")
    assert [words for words in people if words.encode() in written] == []
    assert [name for name, value in KEYS.items() if value.encode() in written] == []
