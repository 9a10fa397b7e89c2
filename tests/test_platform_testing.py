"""The contract bites, and the skeleton meets it."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit import Checker, Item, Listing, More, Nothing, Page, Visit, testing
from audit.testing.__main__ import main

NAME = "Stadtportal Müsterstadt"
TODAY = date(2026, 11, 23)


def loaded(path: Path) -> type[Checker]:
    """The one checker class of a file outside this project."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return next(v for v in vars(module).values() if isinstance(v, type) and v.__module__ == path.stem)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[tuple[type[Checker], Path]]:
    path = testing.write_skeleton(NAME, tmp_path, TODAY)[0]
    yield loaded(path), tmp_path / "tests" / "recordings"
    del sys.modules[path.stem]


def fails(check: Callable[..., None], *arguments: Any) -> str:
    with pytest.raises(AssertionError) as failed:
        check(*arguments)
    return str(failed.value)


def changed(kind: type[Checker], **declared: Any) -> Checker:
    checker: Checker = type(
        kind.__name__, (kind,), {"__doc__": "Changed.", "__module__": kind.__module__, **declared}
    )()
    return checker


def of(folder: Path, checker: Checker, name: str) -> testing.Case:
    return testing.load(checker, folder / checker.id / name)


def test_the_skeleton_meets_the_contract_as_it_stands(written: tuple[type[Checker], Path]) -> None:
    kind, folder = written
    cases = testing.cases(folder, [kind()])
    testing.check_declares(kind())
    testing.check_imports_only_the_sdk(kind())
    testing.check_has_cases(kind(), cases)
    for case in cases:
        testing.check_asks_nothing_unrecorded(case)
        testing.check_reads_as_recorded(case)
        testing.check_hostile(case)
        testing.check_deterministic(case)


def test_the_skeleton_overwrites_nothing(tmp_path: Path) -> None:
    first = testing.write_skeleton(NAME, tmp_path, TODAY)[0]
    first.write_text("mine", "utf-8")
    with pytest.raises(ValueError, match="already there"):
        testing.write_skeleton(NAME, tmp_path, TODAY)
    assert first.read_text("utf-8") == "mine"


def test_inside_the_project_the_checker_goes_to_the_platforms(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_contract.py").touch()
    paths = testing.write_skeleton(NAME, tmp_path, TODAY)
    assert paths[0] == tmp_path / "platforms" / "stadtportal_muesterstadt.py"
    assert not (tmp_path / "pyproject.toml").exists()


@pytest.mark.parametrize("name", ["", "  ", "!!", "11880", 'Port"al', "Por\ntal", "$Portal", "Porta\\l"])
def test_a_name_that_makes_no_module_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        testing.write_skeleton(name, tmp_path, TODAY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"id": "Not A Slug"}, "id must be a slug"),
        ({"home": "http://x.example"}, "https"),
        ({"hosts": ()}, "hosts"),
        ({"hosts": ("https://x.example/",)}, "bare names"),
        ({"pace": 0.1}, "pace"),
        ({"proves": frozenset({"colour"})}, "colour"),
        ({"follow_ups": 100}, "follow-ups"),
        ({"absent_marks": ("x",)}, "absent_marks"),
        ({"absent_status": (404,)}, "absent_marks"),
        ({"__doc__": ""}, "docstring"),
        ({"read": Checker.read}, "read is not written"),
    ],
)
def test_a_wrong_declaration_is_named(written: tuple[type[Checker], Path], declared: dict[str, Any], said: str) -> None:
    assert said in fails(testing.check_declares, changed(written[0], **declared))


def test_an_import_of_the_engine_or_the_network_is_named(tmp_path: Path) -> None:
    for line, said in (("import httpx", "httpx"), ("import time", "time"), ("from audit import store", "audit.store")):
        path = tmp_path / "sneaky.py"
        path.write_text(f"{line}\nfrom audit import Checker\n\n\nclass Sneaky(Checker):\n    id = 'x'\n", "utf-8")
        assert said in fails(testing.check_imports_only_the_sdk, loaded(path)())


def test_a_checker_without_a_not_listed_case_is_named(written: tuple[type[Checker], Path]) -> None:
    kind, folder = written
    only = [case for case in testing.cases(folder, [kind()]) if case.shows == testing.LISTED]
    assert "not-listed" in fails(testing.check_has_cases, kind(), only)


def test_another_reading_than_the_accepted_one_is_named(written: tuple[type[Checker], Path]) -> None:
    kind, folder = written
    other = changed(kind, read=lambda self, page: [Listing(name="Anders")])
    assert "Anders" in fails(testing.check_reads_as_recorded, of(folder, other, "listed"))


def test_a_visit_that_is_not_recorded_is_named(written: tuple[type[Checker], Path]) -> None:
    kind, folder = written
    far = "https://stadtportal-muesterstadt.example/elsewhere"
    other = changed(kind, search=lambda self, query: [Visit(far)])
    assert far in fails(testing.check_asks_nothing_unrecorded, of(folder, other, "listed"))


@pytest.mark.parametrize(
    ("items", "said"),
    [([], "no sign"), ([Nothing("0"), More("part")], "only part"), ([Listing(name="X")], "were read")],
)
def test_an_absence_that_is_none_is_named(written: tuple[type[Checker], Path], items: list[Item], said: str) -> None:
    kind, folder = written
    other = changed(kind, nothing_found=(), read=lambda self, page: items)
    assert said in fails(testing.check_asks_nothing_unrecorded, of(folder, other, "not-listed"))


def test_an_empty_page_taken_for_absence_is_named(written: tuple[type[Checker], Path]) -> None:
    kind, folder = written

    def read(self: Checker, page: Page) -> Iterable[Item]:
        return [Nothing("no cards")] if not page.all("article") else kind.read(self, page)

    assert "nothing found" in fails(testing.check_hostile, of(folder, changed(kind, read=read), "listed"))


def test_a_reader_that_remembers_is_named(written: tuple[type[Checker], Path]) -> None:
    kind, folder = written
    count = iter(range(99))
    other = changed(kind, read=lambda self, page: [Listing(name=str(next(count)))])
    assert "second time" in fails(testing.check_deterministic, of(folder, other, "listed"))


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("case.json", "{", r"case\.json: cannot be read"),
        ("case.json", '{"shows": "perhaps"}', r"case\.json: shows must be"),
        ("01-search.json", "[]", r"01-search\.json: expected a JSON object"),
        ("01-search.json", "{}", r"01-search\.json: visit"),
    ],
)
def test_a_broken_case_is_refused_by_file(written: tuple[type[Checker], Path], file: str, text: str, said: str) -> None:
    kind, folder = written
    (folder / kind.id / "listed" / file).write_text(text, "utf-8")
    with pytest.raises(ValueError, match=said):
        testing.cases(folder, [kind()])


def test_accept_takes_over_what_is_read_now(
    written: tuple[type[Checker], Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, folder = written
    case = folder / kind.id / "listed"
    page = case / "search.html"
    page.write_text(page.read_text("utf-8").replace("017", "018"), "utf-8")
    assert "018" in fails(testing.check_reads_as_recorded, testing.load(kind(), case))
    monkeypatch.chdir(folder.parent.parent)
    assert main(["accept", str(case), kind.__module__]) == 0
    assert "1 items" in capsys.readouterr().out
    assert json.loads((case / "expected.json").read_text("utf-8"))["01-search"][0]["phones"] == ["+49 30 23125 018"]


def test_accept_says_what_it_needs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([]) == 2
    assert main(["accept", str(tmp_path / "nobody" / "listed"), "platforms"]) == 2
    assert "no checker 'nobody'" in capsys.readouterr().err


def test_plain_data_holds_only_what_was_said() -> None:
    assert testing.plain(Listing(name="X")) == {"name": "X", "item": "listing"}
