"""Replies to reviews and comments: a figure of its own, never mixed with enquiries."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from audit.judging.promptness import response, waits
from audit.judging.replying import replying
from audit.judging.scoring import Evidence, score
from audit.model import Exchange, Result
from reports.data import dumps, loads
from reports.html import render
from reports.terminal import print_result
from tests.helpers import judged, listing, organisation, saw, tiny
from tests.result_factory import make_result

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def said(kind: str, number: int, days_ago: float, hours: float | None, **more: Any) -> Exchange:
    asked = NOW - timedelta(days=days_ago)
    answered = None if hours is None else asked + timedelta(hours=hours)
    return Exchange(id=f"{kind}{number}", asked_at=asked, answered_at=answered, kind=kind, **more)


REVIEWS = [said("review", n, 30 + n, 48 if n < 3 else None) for n in range(4)] + [said("review", 9, 2, None)]


def test_reviews_and_comments_are_counted_apart_and_what_is_not_due_yet_does_not_count_against_anybody() -> None:
    found = replying([*REVIEWS, *(said("comment", n, 20, None) for n in range(3))], NOW)
    assert [(row.kind, row.count, row.answered, row.due, row.share) for row in found] == [
        ("review", 5, 3, 4, 0.75), ("comment", 3, 0, 3, 0.0),
    ]  # fmt: skip
    assert [row.median_hours for row in found] == [48, None]


def test_fewer_than_three_are_not_shown_and_sources_are_kept_apart() -> None:
    assert replying(REVIEWS[:2], NOW) == ()
    own = [replace(one, id=f"own{one.id}", source="imported") for one in REVIEWS]
    assert [(row.source, row.count) for row in replying([*REVIEWS, *own], NOW)] == [("imported", 5), ("public", 5)]


def test_no_review_and_no_comment_touches_an_enquiries_figure() -> None:
    questions = [said("question", n, 5 + n, 10.0) for n in range(6)]
    mixed = [*questions, *REVIEWS, *(said("comment", n, 20, None) for n in range(30))]
    assert waits(mixed, "", NOW) == waits(questions, "", NOW)
    assert response(mixed, "", NOW) == response(questions, "", NOW)
    both = [score(Evidence(cells=(), exchanges=e, offers=(), state="", now=NOW)) for e in (mixed, questions)]
    assert replace(both[0], replies=()) == both[1]


def test_of_reviews_seen_at_several_entries_only_those_of_ours_count() -> None:
    way, ours = tiny("tiny"), listing("Schuldnerberatung", id="ours")
    reviews = [said("review", n, 30 + n, 48, entry="ours" if n < 3 else "theirs") for n in range(8)]
    org = organisation()
    (row,) = judged(saw(way, org, ours, *reviews), [way], org, NOW).score.replies
    assert (row.count, row.answered) == (3, 3)
    assert judged(saw(way, org, *reviews), [way], org, NOW).score.replies == ()


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ({"claimed": True}, None),
        ({"claimed": False}, "the platform does not know you as the owner"),
        ({"claimed": True, "overridden": ("phone",)}, "it shows another telephone number than you entered there"),
    ],
)
def test_an_entry_that_is_not_in_own_hands_is_a_gap_without_points(shown: dict[str, Any], why: str | None) -> None:
    way, org = tiny("tiny"), organisation()
    result = judged(saw(way, org, listing("Schuldnerberatung", **shown)), [way], org, NOW)
    (finding,) = [f for cell in result.cells for f in cell.findings if f.criterion == "claimed"]
    assert finding.note == (why or "")
    assert [gap.points for gap in result.gaps if gap.kind == "unclaimed"] == ([0.0] if why else [])


def test_where_a_platform_does_not_say_whose_an_entry_is_the_question_does_not_arise() -> None:
    way, org = tiny("tiny"), organisation()
    result = judged(saw(way, org, listing("Schuldnerberatung")), [way], org, NOW)
    assert "claimed" not in {f.criterion for cell in result.cells for f in cell.findings}


@pytest.fixture
def result() -> Result:
    whole = make_result()
    return replace(whole, score=replace(whole.score, replies=replying(REVIEWS, NOW)))


def test_every_report_tells_them_under_a_heading_of_their_own(result: Result) -> None:
    assert loads(dumps(result)).score.replies == result.score.replies
    page, german = render(result, "en"), render(result, "de")
    told = "3 of 4 got a reply, 75\u202f%"
    assert "<strong>5 reviews, seen in public.</strong>" in page
    assert "5 Bewertungen, öffentlich sichtbar" in german
    assert page.count("Replies to reviews and comments") == 1
    console = Console(file=io.StringIO(), width=80)
    print_result(result, "en", console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Replies to reviews and comments" in text
    assert told.split(",", maxsplit=1)[0] in text
    assert told.split(",", maxsplit=1)[0] in page


def test_a_report_without_them_does_not_mention_them() -> None:
    assert "Replies to reviews" not in render(make_result(), "en")
