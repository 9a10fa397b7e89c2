"""A stored run judged again without the network: byte-equal, or the changed cells named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import platforms
from audit.auditing import Workshop, run_audit
from audit.demonstration import prepare, workshop
from audit.judging import method as method_module
from audit.judging.method import Method, method
from audit.judging.weights import shipped
from audit.looking import rejudged
from audit.looks import PersonsLook
from audit.model import Access
from audit.requesting import Request
from audit.rescoring import scored_again
from audit.store import Store, StoreProblemError
from audit.working import organisations_of, request_for
from reports.data import dumps
from reports.terminal import print_rejudged, print_rescored
from tests.helpers import ADDICTION, DEBT, NOW, organisation, shop, tiny


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workshop]:
    folder = prepare(tmp_path_factory.mktemp("demo"))
    made = workshop(folder, platforms)
    organisations, _ = organisations_of(folder.organisations, made.catalogue)
    run_audit(made, request_for(organisations, made.registry), folder.database)
    made.getters = {}  # from here on every visit would fail
    return folder.database, made


@pytest.fixture
def other_method(monkeypatch: pytest.MonkeyPatch) -> Iterator[Method]:
    """A method in which an absent field is worth nothing."""
    changed = replace(method(), levels={**method().levels, "absent": 0.0})
    users = (
        "cells",
        "worth",
        "gains",
        "judge",
        "method",
        "rescoring",
        "scoring",
        "summing",
        "view",
        "criteria.recognisable",
    )
    for name in users:
        monkeypatch.setattr(f"audit.judging.{name}.method", lambda: changed)
    yield changed
    assert method_module.method() is changed


def test_the_demonstration_judged_again_is_byte_equal(demo: tuple[Path, Workshop]) -> None:
    again = rejudged(*demo)
    assert again.equal
    assert again.changed == ()


def test_with_other_weights_what_changed_and_what_it_rests_on_is_told(demo: tuple[Path, Workshop]) -> None:
    database, made = demo
    again = rejudged(database, replace(made, weights=replace(shipped(), prior=-60.0)))
    assert again.changed
    assert [name for name, _, _ in again.basis] == ["weights"]


def test_the_published_json_is_byte_equal_too(demo: tuple[Path, Workshop]) -> None:
    database, made = demo
    store = Store(database, writing=False)
    run = store.latest_run() or ""
    before, after = store.results(run), made.rejudge(store, run)
    store.close()
    assert [dumps(result) for result in before] == [dumps(result) for result in after]


def test_judging_again_writes_nothing(demo: tuple[Path, Workshop]) -> None:
    before = demo[0].read_bytes()
    rejudged(*demo)
    assert demo[0].read_bytes() == before


def test_under_a_changed_method_the_changed_cells_are_named_and_no_others(
    demo: tuple[Path, Workshop], other_method: Method
) -> None:
    again = rejudged(*demo)
    assert not again.equal
    assert again.changed
    for before, after in again.changed:
        assert before.id == after.id
        assert any(finding.level == "absent" for finding in before.findings)
        assert (after.accuracy or 0) < (before.accuracy or 0)
    assert len(again.changed) < 40
    console = Console(file=StringIO(), width=200)
    print_rejudged(again, "en", console)
    told = console.file.getvalue()  # type: ignore[attr-defined]
    for before, after in again.changed:
        assert f"accuracy {before.accuracy:.2f}".rstrip("0") in told
        assert after.id in told
    assert "not met (0.25) → not met (0)" in told


def test_stored_comparisons_under_a_changed_method_move_accuracy_as_judging_again_does(
    demo: tuple[Path, Workshop], other_method: Method
) -> None:
    database, made = demo
    store = Store(database, writing=False)
    full = {result.organisation: result.score for result in made.rejudge(store, store.latest_run() or "")}
    store.close()
    again = scored_again(database)
    assert again.moved
    for about, figure, _, after in again.moved:
        assert figure == "accuracy"
        assert after == full[about].accuracy.value
    console = Console(file=StringIO(), width=200)
    print_rescored(again, "en", console)
    assert f"{again.moved[0][0]}: Accuracy " in console.file.getvalue()  # type: ignore[attr-defined]


def test_another_basis_of_the_verdicts_is_named(demo: tuple[Path, Workshop], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.manifest.findbar_version", lambda: "9.9")
    again = rejudged(*demo)
    assert [(name, now) for name, _, now in again.basis] == [("findbar", "9.9")]
    console = Console(file=StringIO(), width=200)
    print_rejudged(again, "de", console)
    assert "findbar: " in console.file.getvalue()  # type: ignore[attr-defined]


def test_what_was_unknown_of_a_way_stays_so(tmp_path: Path) -> None:
    answers = {"https://tiny.example/schulden": "hello", "https://tiny.example/sucht": "nothing\nmore"}
    made, _ = shop([tiny(), tiny("keyed", keys=("A_KEY",))], answers)
    org = organisation(DEBT, ADDICTION, platforms=("tiny", "keyed"))
    run_audit(made, Request(organisations=(org,)), tmp_path / "findbar.db")
    again = rejudged(tmp_path / "findbar.db", made)
    assert again.equal


def test_a_narrowed_run_is_judged_again_as_narrow_as_it_was(tmp_path: Path) -> None:
    made, _ = shop([tiny()], {"https://tiny.example/schulden": "nothing", "https://tiny.example/sucht": "nothing"})
    org = organisation(DEBT, ADDICTION)
    request = Request(organisations=(org,), services=frozenset({"sucht"}))
    (result,) = run_audit(made, request, tmp_path / "findbar.db")
    assert {cell.subject for cell in result.cells} == {"hilfe/sucht@haus"}
    assert rejudged(tmp_path / "findbar.db", made).equal


def test_several_organisations_are_judged_again_together(tmp_path: Path) -> None:
    made, _ = shop([tiny()], {"https://tiny.example/schulden": "nothing"})
    orgs = tuple(organisation(DEBT, id=id_) for id_ in ("zeder", "ahorn"))
    run_audit(made, Request(organisations=orgs), tmp_path / "findbar.db")
    assert rejudged(tmp_path / "findbar.db", made).equal


def test_a_run_that_is_not_there_is_named(demo: tuple[Path, Workshop]) -> None:
    with pytest.raises(StoreProblemError, match="no finished run 20200101"):
        rejudged(*demo, "20200101")


def test_a_run_with_a_persons_look_is_judged_again_with_it(tmp_path: Path) -> None:
    made, _ = shop([tiny(), tiny("looked-at", access=Access.ASSISTED)], {"https://tiny.example/schulden": "nothing"})
    store = Store(tmp_path / "findbar.db")
    subject = "hilfe/schulden@haus"
    store.keep_looks(
        [PersonsLook(subject=subject, platform="looked-at", found=True, phone="+49 3600 111", link="", at=NOW)]
    )
    store.close()
    org = organisation(DEBT, platforms=("tiny", "looked-at"))
    (result,) = run_audit(made, Request(organisations=(org,)), tmp_path / "findbar.db")
    assert [cell.state for cell in result.cells if cell.platform == "looked-at"] == ["complete"]
    assert rejudged(tmp_path / "findbar.db", made).equal
