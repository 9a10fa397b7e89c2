"""What a federation's report may show of one entity's waits: only what its own file shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit.judging.sharing import shared, shared_sources
from audit.model import Answering, Consent, EditedBy, Gap, Organisation, Result
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import load_all
from tests.result_factory import make_result

CONSENT = Consent(
    agreed_by="Leitung", agreed_on=date(2026, 11, 2), until=date(2027, 1, 1), addresses=(), kinds=(), share=True
)


def entity(**more: Any) -> Organisation:
    return Organisation(id="seestadt", name="Seestadt", **more)


def answered(source: str) -> Answering:
    return Answering(
        level="organisation", subject="seestadt", name="Seestadt", channel="mail", source=source, services=(), unit="",
        target_hours=24, count=9, answered=9, open=0, oldest_hours=None, windows=(),
    )  # fmt: skip


def late(source: str) -> Gap:
    return Gap(
        id=f"seestadt/enquiries/late-weekend/service-kita-mail-{source}", kind="late-weekend", platform="enquiries",
        subjects=(), unit="", minutes=1, points=1, edited_by=EditedBy.OWNER, confirmed=True,
    )  # fmt: skip


def measured(*rests_on: str) -> Result:
    """A result with waits, late answers and a response figure of three sources."""
    whole = make_result()
    sources = ("imported", "tested", "public")
    one = replace(whole.score.waits[0], source="tested")
    score = replace(
        whole.score, waits=(*whole.score.waits, one), answering=tuple(map(answered, sources)), response_sources=rests_on
    )
    return replace(whole, score=score, gaps=(*whole.gaps, *map(late, sources)), disputed=(late("imported"),))


def seen(result: Result) -> set[str]:
    """The sources whose waits anything in a result tells."""
    late_ones = [gap for gap in (*result.gaps, *result.disputed) if gap.platform == "enquiries"]
    told = {wait.source for wait in result.score.waits} | {row.source for row in result.score.answering}
    return told | {gap.id.rpartition("-")[2] for gap in late_ones}


def test_nothing_that_was_imported_or_tested_leaves_an_entity_that_does_not_share() -> None:
    told = shared(measured("imported", "public"), entity())
    assert seen(told) == {"public"}
    assert (told.score.response.value, told.score.total, told.score.unmeasured) == (None, None, ())
    assert told.score.findability == measured().score.findability


def test_an_entity_that_shares_is_shown_as_it_is() -> None:
    whole = measured("imported", "tested")
    assert shared(whole, entity(share=True)) is whole


def test_a_consent_to_tests_shares_what_was_tested_and_nothing_else() -> None:
    told = shared(measured("tested", "public"), entity(consent=CONSENT))
    assert seen(told) == {"public", "tested"}
    assert told.score.response.value == measured().score.response.value
    assert shared(measured("imported", "tested"), entity(consent=CONSENT)).score.response.value is None


def test_a_response_figure_from_public_questions_alone_is_everybodys() -> None:
    assert shared(measured("public"), entity()).score.total == measured().score.total


def test_a_stored_result_that_does_not_tell_what_its_figure_rests_on_does_not_show_it() -> None:
    assert shared(measured(), entity()).score.response.value is None


@pytest.mark.parametrize("told", ["", "share = false\n"])
def test_a_parents_word_counts_for_the_parent_alone(told: str, tmp_path: Path) -> None:
    tmp_path.joinpath("a.toml").write_text('id = "verband"\nname = "Verband"\nshare = true\n')
    tmp_path.joinpath("b.toml").write_text(f'id = "kreis"\nname = "Kreis"\nparent = "verband"\n{told}')
    parent, child = load_all(tmp_path, load_catalogue())
    assert shared_sources(parent) == {"public", "imported", "tested"}
    assert shared_sources(child) == {"public"}
