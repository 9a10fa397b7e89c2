"""The working folder's findbar.toml: found upwards, read strictly, explained when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.settings import Settings, SettingsProblemError, find_folder, load
from audit.working import open_folder


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "findbar.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    assert load(tmp_path / "findbar.toml") == Settings()


def test_one_line_is_a_useful_file(tmp_path: Path) -> None:
    assert load(written(tmp_path, 'contact = "digital@hilfe.example"')).contact == "digital@hilfe.example"


def test_every_table_is_read(tmp_path: Path) -> None:
    settings = load(
        written(
            tmp_path,
            """
            contact = "a@b.example"
            allow = ["127.0.0.1:8080"]
            visits_per_host = 50
            [platforms]
            mastodon = false
            [base_urls]
            "nominatim.openstreetmap.org" = "http://127.0.0.1:8080/n"
            [pace]
            "a.example" = 2.5
            [datasets.town]
            file = "town.json"
            area = [48.0, 11.3, 48.3, 11.8]
            as_of = 2025-11-22
            [controls.pretix]
            name = "Volkshochschule"
            [matching]
            weights = "own.toml"
            """,
        )
    )
    assert settings.matching.weights == tmp_path / "own.toml"
    assert settings.platforms == {"mastodon": False}
    assert settings.pace == {"a.example": 2.5}
    assert settings.datasets["town"].file == tmp_path / "town.json"
    assert settings.controls["pretix"].name == "Volkshochschule"


def test_an_unknown_key_is_refused_and_the_nearest_known_one_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblemError, match=r"contcat: unknown key. Did you mean 'contact'\?"):
        load(written(tmp_path, 'contcat = "a@b.example"'))


def test_an_unknown_key_of_a_table_names_a_key_of_that_table(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblemError, match=r"datasets\.town\.licens: unknown key. Did you mean 'licence'\?"):
        load(written(tmp_path, '[datasets.town]\nfile = "a.json"\nlicens = "ODbL"'))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblemError) as problem:
        load(written(tmp_path, 'visits_per_host = 0\nrun_minutes = "long"\nnonsense = 1'))
    told = str(problem.value).splitlines()
    assert len(told) == 3
    for key in ("visits_per_host", "run_minutes", "nonsense"):
        assert any(key in line for line in told)


@pytest.mark.parametrize(
    "content",
    [
        b"contact = ",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"a = " + b"[" * 100_000,
        b"a" + b".a" * 400_000 + b" = 1",
        b"#" * 1_000_001,
        b'contact = "a"\ncontact = "b"',
        b"pace = 3",
        b"datasets = [1]",
        b"[datasets]\ntown = 3",
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_fault(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with pytest.raises(SettingsProblemError) as problem:
        load(path)
    assert str(problem.value).startswith(f"{path}: ")
    assert len(str(problem.value)) < 1000


def test_a_folder_in_place_of_the_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "findbar.toml").mkdir()
    with pytest.raises(SettingsProblemError, match="cannot be read"):
        load(tmp_path / "findbar.toml")


@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("any"), content)
    told = str(path)
    try:
        load(path)
    except SettingsProblemError as problem:
        told = str(problem)
    assert str(path) in told


def test_the_working_folder_is_found_from_any_folder_below(tmp_path: Path) -> None:
    written(tmp_path, "")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_folder(below) == tmp_path
    folder = open_folder(below)
    assert (folder.root, folder.database) == (tmp_path, tmp_path / "findbar.db")
    assert (folder.output, folder.organisations) == (tmp_path / "out", tmp_path / "organisations")


def test_without_a_working_folder_one_works_where_one_stands(tmp_path: Path) -> None:
    assert find_folder(tmp_path) == tmp_path


def test_a_named_configuration_brings_its_folder_and_a_named_database_wins(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    path = written(tmp_path / "elsewhere", 'output = "reports"')
    folder = open_folder(tmp_path, path, tmp_path / "my.db")
    assert (folder.output, folder.database) == (tmp_path / "elsewhere" / "reports", tmp_path / "my.db")
