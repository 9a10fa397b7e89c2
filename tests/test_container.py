"""The container file: pinned, without root, whole. Nothing is built here; what it copies and calls is looked at."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.conftest import ROOT


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    found = (line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest) for word, rest in found]


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def test_what_is_copied_is_there_and_is_everything_that_the_package_holds() -> None:
    copied = {name for rest in of("COPY") if not rest.startswith("--from") for name in rest.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(package["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]) <= copied
    assert {package["project"]["readme"], *package["project"]["license-files"], "pyproject.toml"} <= copied


def test_everything_that_is_installed_is_pinned_by_its_hash_or_comes_from_here() -> None:
    installs = [part for rest in of("RUN") for part in re.split("&&", rest) if "pip install" in part]
    assert len(installs) == 2
    assert all("--require-hashes" in part or {"--no-index", "--no-deps"} <= set(part.split()) for part in installs)
    (pinned,) = of("ARG")
    assert (ROOT / pinned.removeprefix("PINNED=")).is_file()


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_in_one_volume() -> None:
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", of("USER")[-1])
    assert of("WORKDIR")[-1] == of("VOLUME")[-1] == "/data"
    assert instructions()[-2:] == [("ENTRYPOINT", '["findbar"]'), ("CMD", '["--help"]')]


@pytest.mark.parametrize("image", of("FROM"))
def test_its_base_is_a_small_python_that_findbar_knows(image: str) -> None:
    version = re.match(r"python:(3\.\d+)-slim\b", image)
    assert version
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    assert f"Programming Language :: Python :: {version[1]}" in known
