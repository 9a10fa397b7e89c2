"""How Datasette shows a database: titles, descriptions, facets, the questions people ask, and what stays hidden."""

from __future__ import annotations

import json
import shlex
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

METADATA = "metadata.json"


@cache
def table() -> dict[str, Any]:
    """What is shown, asked and hidden (datasette.toml)."""
    with Path(__file__).with_name("datasette.toml").open("rb") as file:
        return tomllib.load(file)


def metadata(name: str) -> dict[str, Any]:
    """Datasette's metadata for a database of that name (its file's, without the ending)."""
    told = table()
    hidden = {id_: {"allow": False, "hidden": True} for id_ in told["hidden"]}
    about = {key: told[key] for key in ("title", "description", "source")}
    return {
        **about,
        "databases": {name: {**about, "allow_sql": False, "tables": told["shown"] | hidden, "queries": told["query"]}},
    }


def write_metadata(database: Path, folder: Path) -> tuple[Path, str]:
    """Writes the metadata into a folder; gives its path and the command that shows the database, read-only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / METADATA
    path.write_text(json.dumps(metadata(database.stem), indent=2) + "\n", encoding="utf-8")
    switches = ("--setting", "default_allow_sql", "off", "--setting", "allow_download", "off")
    return path, shlex.join(["datasette", str(database), "--metadata", str(path), *switches])
