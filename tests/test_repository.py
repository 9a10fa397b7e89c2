"""What must hold for the repository as a whole: nothing private, nothing unreadable, one story told everywhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from .conftest import ROOT, skip_or_fail

PRIVATE = {
    "a folder of one machine": r"(?<![\w.~-])(?:/(?:home|root|Users|work)/\w|[A-Z]:\\+Users\\)",
    "a package registry": r"pypi\.org|pythonhosted\.org|npmj[s]|yarnpk[g]|deb\.debian\.org|crates\.io",
    "the address of an index": r"--(?:extra-)?index-url|[-]-find-links|\[\[(?:tool\.uv\.)?index\]\]",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a token": r"\b(?:AKIA[0-9A-Z]{16}|gh[oprsu]_\w{36}|glpat-[\w-]{20}|xox[abprs]-\w{10}|AIza[\w-]{35}|sk-[\w-]{32})",
    "a password": r"""(?i)\b(?:api_?key|secret|token|password)["']?\s*[=:]\s*["'][\w+/-]{24,}={0,2}["']""",
}
PLANTED = {
    "a folder of one machine": "open('/ho" + "me/anna/findbar')",
    "a package registry": "https://py" + "pi.org/simple",
    "the address of an index": "--extra-index" + "-url x",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a token": "AKIA" + "B" * 16,
    "a password": 'api_key = "' + "a1" * 12 + '"',
}
VERSION_HEADING = re.compile(r"^## \[([^\]]+)\]", re.MULTILINE)


@cache
def ours() -> tuple[Path, ...]:
    """Every file that git tracks or would track."""
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        skip_or_fail("git", "this is not a clone")
    listing = subprocess.run(  # noqa: S603 (git, with fixed arguments)
        [str(git), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def readme_blocks() -> list[str]:
    return [block.strip() for block in re.findall(r"^```sh\n(.*?)^```$", _text("README.md"), re.DOTALL | re.MULTILINE)]


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("what", PRIVATE)
def test_no_file_holds_anything_private(what: str) -> None:
    pattern = re.compile(PRIVATE[what].encode())
    assert ours()
    assert [str(path.relative_to(ROOT)) for path in ours() if pattern.search(path.read_bytes())] == []


@pytest.mark.parametrize("what", PRIVATE)
def test_something_private_would_be_seen(what: str) -> None:
    assert re.search(PRIVATE[what], PLANTED[what])


def test_every_table_and_every_json_file_can_be_read() -> None:
    readers = {".toml": tomllib.loads, ".json": json.loads}
    unreadable = []
    for path in ours():
        try:
            readers.get(path.suffix, str)(path.read_text("utf-8") if path.suffix in readers else "")
        except ValueError as error:
            unreadable.append(f"{path.relative_to(ROOT)}: {error}")
    assert unreadable == []


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    version = tomllib.loads(_text("pyproject.toml"))["project"]["version"]
    assert VERSION_HEADING.findall(_text("CHANGELOG.md"))[0] == version


def test_the_readme_begins_with_the_command_that_runs_and_the_one_that_tests() -> None:
    run, test = readme_blocks()[:2]
    assert run.endswith("&& .venv/bin/findbar demo")
    assert ".venv/bin/python -m pytest" in test.split("&&")[-1]
    assert "-r requirements/run.txt" in run
    assert "-r requirements/test.txt" in test


def test_the_readme_installs_nothing_that_is_not_pinned() -> None:
    nothing_fetched = {"--no-index", "--no-deps", "--no-build-isolation"}
    installs = re.findall(r"pip install ([^&]*)", " ".join(readme_blocks()[:2]))
    assert len(installs) == 4
    for install in installs:
        assert "-r requirements/" in install or nothing_fetched <= set(install.split())


def test_ci_takes_both_commands_from_the_readme_instead_of_repeating_them() -> None:
    script = _text(".ci/run")
    assert '"$(readme 1)"' in script
    assert '"$(readme 2)"' in script
    assert not re.search(r"requirements/(?:run|test|build)\.txt", script)
