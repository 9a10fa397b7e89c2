"""What a newcomer installs: the wheel is whole and runs anywhere, and the pinned files are strict and fit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import ROOT

PACKAGES = ("audit", "commands", "platforms", "reports", "demo")
BUILD_ONLY = (".po", "reports/texts/compiling.py")  # what the compiled texts are made of, and by
PINS = ROOT / "requirements"
PIN = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ; [^\\]+?)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+$", re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    return zipfile.ZipFile(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((PINS / name).read_text("utf-8")))


def shipped_sources() -> set[str]:
    inside = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in inside if "__pycache__" not in path.parts}
    return {"cli.py"} | {name for name in names if not name.endswith(BUILD_ONLY)}


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == shipped_sources()
    assert {Path(name).suffix for name in packed} >= {".py", ".toml", ".mo", ".j2", ".css", ".json", ".html", ".txt"}


def test_the_wheel_names_its_command_its_licence_and_its_version(wheel: zipfile.ZipFile) -> None:
    [folder] = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    metadata = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("findbar", project()["project"]["version"])
    assert metadata["License-Expression"] == "Apache-2.0"
    assert b"Apache License" in wheel.read(f"{folder}/licenses/LICENSE")
    assert b"findbar = cli:main" in wheel.read(f"{folder}/entry_points.txt")


def test_the_demonstration_runs_from_the_wheel_in_any_folder(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    (tmp_path / "elsewhere").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "cli", "--lang", "en", "demo"],
        cwd=tmp_path / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    out = tmp_path / "elsewhere" / "findbar-demo" / "out"
    assert "</html>" in next(out.glob("*.html")).read_text("utf-8")
    assert next(out.glob("*.json")).read_text("utf-8").startswith("{")


@pytest.mark.parametrize("name", ["build.txt", "run.txt", "test.txt"])
def test_pins_have_versions_and_hashes_allow_only_wheels_and_name_no_address(name: str) -> None:
    text = (PINS / name).read_text("utf-8")
    assert PIN.sub("", text).split() == ["--only-binary", ":all:"]
    assert pins(name)
    assert "://" not in text


@pytest.mark.parametrize(
    ("name", "extras"),
    [("build.txt", None), ("run.txt", set()), ("test.txt", {"browser", "osm", "xlsx", "test", "lint"})],
)
def test_the_pins_fit_what_the_project_asks_for(name: str, extras: set[str] | None) -> None:
    asked = project()
    wanted = [*asked["dependency-groups"]["build"]]
    if extras is not None:
        wanted += asked["project"]["dependencies"]
        assert extras <= set(asked["project"]["optional-dependencies"])
        wanted += [line for extra in extras for line in asked["project"]["optional-dependencies"][extra]]
    pinned = pins(name)
    for requirement in map(Requirement, wanted):
        if requirement.name != "findbar":
            assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_what_is_tested_is_what_is_run() -> None:
    assert pins("build.txt").items() <= pins("run.txt").items() <= pins("test.txt").items()
