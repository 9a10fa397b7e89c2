"""The demonstration's federation: audited in one run, told in the terminal and as JSON, each entity for itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from audit.federating import federation
from audit.looking import stored_result
from audit.model import EditedBy, Federation, State
from audit.organisation.catalogue import load_catalogue
from cli import WRONG, main
from reports import schema
from reports.codec import decode
from reports.data import federation_json
from reports.shield import scrub
from tests.test_report_data import strict_schema

TOP, FIRST, WELL, POOR = (
    "landesverband-hilfsbund", "hilfsbund-quellstadt-e-v", "sozialwerk-steinwerda", "lebenswege-auental",
)  # fmt: skip


@dataclass
class Demo:
    """A finished ``findbar demo``."""

    root: Path
    output: str
    federation: Federation

    @property
    def database(self) -> Path:
        return self.root / "findbar.db"

    def run(self, *words: str) -> Result:
        with chdir(self.root):
            return CliRunner().invoke(main, ["--lang", "en", *words])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    root = tmp_path_factory.mktemp("demo")
    with chdir(root):
        done = CliRunner().invoke(main, ["--lang", "en", "demo"], catch_exceptions=False)
    found = federation(root / "findbar-demo" / "findbar.db", load_catalogue())
    assert found is not None
    return Demo(root / "findbar-demo", done.output, found)


def test_the_demonstration_tells_one_association_first_and_then_the_federation(demo: Demo) -> None:
    story, together = demo.output.index("Hilfsbund Quellstadt e. V. ·"), demo.output.index("Landesverband Hilfsbund")
    assert story < together
    assert demo.output.count("The four pillars") == 1
    assert "out/federation.json" in demo.output


def test_the_tree_is_that_of_the_files_and_its_members_differ(demo: Demo) -> None:
    depth = {node.entity.id: node.depth for node in demo.federation.nodes}
    assert depth == {TOP: 0, FIRST: 1, WELL: 1, POOR: 1, "nachbarschaftshilfe-muehlbrunn": 1, "pflege-quelltal": 2}
    told = demo.federation.node(TOP).whole.spread
    assert told is not None
    assert told.members == 5
    assert told.p10 < 30
    assert 50 < told.median < 80 < told.p90


def test_a_leaf_says_what_its_own_result_says(demo: Demo) -> None:
    result = stored_result(demo.database, WELL)
    assert demo.federation.node(WELL).whole.findability == result.score.findability
    assert demo.federation.node(WELL).open_gaps == len(result.gaps)


def test_cells_of_all_members_are_counted_once(demo: Demo) -> None:
    results = [stored_result(demo.database, node.entity.id) for node in demo.federation.nodes]
    cells = [c for r in results for c in r.cells if c.state is not State.NOT_APPLICABLE and c.weight > 0]
    assert sum(number for _, number in demo.federation.node(TOP).whole.states) == len(cells)


def test_imported_waits_are_those_of_the_one_member_that_shares_them(demo: Demo) -> None:
    both = [stored_result(demo.database, id_).score.waits for id_ in (WELL, "nachbarschaftshilfe-muehlbrunn")]
    assert all(any(wait.source == "imported" for wait in waits) for waits in both)
    imported = [wait for wait in demo.federation.node(TOP).waits if wait.source == "imported"]
    assert {wait.organisations for wait in imported} == {1}
    assert sum(wait.count for wait in imported) == sum(wait.count for wait in both[0] if wait.source == "imported")
    assert demo.federation.node("nachbarschaftshilfe-muehlbrunn").waits == ()


@contextmanager
def changed(demo: Demo, name: str, old: str, new: str) -> Iterator[Federation]:
    """The federation of the stored run as it may be told while that file says something else."""
    file = demo.root / "organisations" / f"{name}.toml"
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), "utf-8")
    try:
        found = federation(demo.database, load_catalogue(), files=demo.root / "organisations")
        assert found is not None
        yield found
    finally:
        file.write_text(before, "utf-8")


def imported(found: Federation) -> int:
    return sum(wait.count for wait in found.node(TOP).waits if wait.source == "imported")


def test_a_consent_that_is_withdrawn_counts_for_older_runs_too(demo: Demo) -> None:
    assert imported(demo.federation) > 0
    assert demo.federation.node(TOP).promises
    with changed(demo, WELL, "share = true", "share = false") as found:
        assert imported(found) == 0
        assert (found.node(TOP).promises, found.node(WELL).replies) == ((), ())
        assert "own mailbox" not in demo.run("report", "--federation").output
    assert "own mailbox" in demo.run("report", "--federation").output
    with changed(demo, "nachbarschaftshilfe-muehlbrunn", 'name = "', 'share = true\nname = "') as found:
        assert imported(found) > imported(demo.federation)


def test_a_word_that_cannot_be_read_today_is_no_consent(demo: Demo, tmp_path: Path) -> None:
    with changed(demo, WELL, "share = true", "share = sure") as found:
        assert imported(found) == 0
    for files in (tmp_path, tmp_path / "gone"):  # no file is there: what the run was told stands
        stored = federation(demo.database, load_catalogue(), files=files)
        assert stored == demo.federation


def test_every_gap_says_who_may_close_it(demo: Demo) -> None:
    gaps = demo.federation.node(TOP).gaps
    assert gaps[0].kind == "protected-address"
    assert {gap.edited_by for gap in gaps} >= {EditedBy.CROWD, EditedBy.OWNER}
    assert "Only each organisation itself can change this" in demo.output


def test_the_terminal_shows_a_federation_in_eighty_columns(demo: Demo) -> None:
    done = demo.run("report", "--federation")
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= 80
    assert "5 organisations: together" in done.output
    assert "· · Pflege Quelltal" in done.output


def test_the_json_of_a_federation_validates_and_comes_back(demo: Demo) -> None:
    data = json.loads(demo.run("report", "--federation", "--json", "-").stdout)
    assert data == json.loads((demo.root / "out" / "federation.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(strict_schema(schema.FEDERATION_FILE)).validate(data)
    assert decode(Federation, data) == scrub(demo.federation)
    assert json.loads(federation_json(demo.federation)) == data


def test_a_run_of_one_organisation_is_no_federation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "findbar.toml").write_text('contact = "a@b.example"\n', encoding="utf-8")
    (tmp_path / "organisations").mkdir()
    (tmp_path / "organisations" / "a.toml").write_text(
        'name = "A"\n[[service]]\nname = "Kita"\n[[location]]\ncity = "Quellstadt"\n', encoding="utf-8"
    )
    assert CliRunner().invoke(main, ["audit", "--offline"]).exit_code == 0
    done = CliRunner().invoke(main, ["--lang", "en", "report", "--federation"])
    assert done.exit_code == WRONG
    assert "one organisation alone" in done.stderr
