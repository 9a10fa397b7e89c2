"""The database in Datasette: everything is described or hidden, every question can be asked, secrets stay in."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from audit.store import Store
from audit.store.datasette import table, write_metadata
from audit.store.schema import tables_and_views
from tests.conftest import skip_or_fail

SECRETS = {"contents", "enquiries", "enquiry_keys", "exchanges", "messages", "sources", "told"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    Store(tmp_path / "town.db").close()
    return tmp_path / "town.db"


def test_every_table_and_view_is_described_or_hidden() -> None:
    tables, views = tables_and_views()
    assert set(table()["shown"]) | set(table()["hidden"]) == {*tables, *views}
    assert set(table()["hidden"]) == SECRETS


def test_every_question_can_be_asked_and_every_facet_is_a_column(database: Path) -> None:
    db = sqlite3.connect(database)
    for query in table()["query"].values():
        db.execute(query["sql"], {"organisation": "x"} if ":organisation" in query["sql"] else {})
        assert not SECRETS & set(query["sql"].replace("(", " ").split())
    for name, shown in table()["shown"].items():
        columns = {column[0] for column in db.execute(f"SELECT * FROM {name}").description}  # noqa: S608 - our names
        assert set(shown["facets"]) <= columns, name
        assert set(shown.get("units", {})) <= columns, name
    db.close()


def test_the_metadata_bear_the_name_of_the_file_and_the_command_shuts_every_side_door(tmp_path: Path) -> None:
    path, command = write_metadata(tmp_path / "my town.db", tmp_path / "meta")
    told = json.loads(path.read_text())["databases"]["my town"]
    assert told["allow_sql"] is False
    assert all(told["tables"][name]["allow"] is False for name in SECRETS)
    assert "default_allow_sql off" in command
    assert "allow_download off" in command
    assert f"'{tmp_path / 'my town.db'}'" in command


@pytest.fixture
def town(database: Path) -> Iterator[str]:
    """The address of a Datasette that was started with the command findbar prints."""
    program = os.environ.get("FINDBAR_DATASETTE") or shutil.which("datasette")
    if not program:
        skip_or_fail("datasette", "Datasette is not installed (pip install datasette, or set FINDBAR_DATASETTE)")
    _, command = write_metadata(database, database.parent / "meta")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    words = [str(program), *shlex.split(command)[1:], "--port", port]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        yield f"http://127.0.0.1:{port}/town"
        process.terminate()


def status(address: str) -> int:
    """The status of an address; a server that is only just starting is asked again."""
    for _ in range(100):
        try:
            return httpx.get(address, timeout=20).status_code
        except httpx.ConnectError:
            time.sleep(0.1)
    pytest.fail("Datasette did not start")


def test_datasette_shows_what_it_should_and_refuses_the_rest(town: str) -> None:
    for name in ("matrix", "open_gaps", "platforms", "ten_minutes.csv", "trend?organisation=x", "results"):
        assert status(f"{town}/{name}") == 200, name
    for name in sorted(SECRETS):
        assert status(f"{town}/{name}") == 403, name
        assert status(f"{town}/{name}.json") == 403, name
    for sql in ("?sql=select+*+from+sources", ".json?sql=select+*+from+enquiry_keys"):
        assert status(town + sql) == 403, sql
    assert status(f"{town}.db") == 403
