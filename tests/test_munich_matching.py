"""Matching on real data: a hundred welfare facilities against all 2,623 map objects of Munich."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from audit.judging.dealing import Dealt, deal
from audit.model import Level, Listing, Subject
from tests import munich

pytestmark = pytest.mark.shared

KINDS = {"daycare": munich.Daycare()}


@cache
def _listings(shared: Path) -> tuple[Listing, ...]:
    return tuple(munich.listings(shared))


@cache
def _own(shared: Path) -> dict[str, str]:
    subjects = munich.subjects(shared)
    return dict(zip((subject.key for subject in subjects), munich.own_ids(shared), strict=True))


def _deal(subjects: list[Subject], listings: list[Listing]) -> Dealt:
    return deal([(listing, "visit") for listing in listings], subjects, KINDS, one_each=True)


def _changed(shared: Path, change: Callable[[Listing], Listing]) -> Dealt:
    """Deal with ``change`` made to each of the hundred's own objects."""
    own = set(_own(shared).values())
    listings = [change(listing) if listing.id in own else listing for listing in _listings(shared)]
    return _deal(munich.subjects(shared), listings)


def _linked(dealt: Dealt, shared: Path) -> tuple[int, int]:
    """(right, wrong) among the matches."""
    own, matches = _own(shared), [match for match in dealt.matches if match.state == "match"]
    right = sum(own[match.subject] == match.listing.id for match in matches)
    return right, len(matches) - right


def test_all_hundred_facilities_are_linked_and_none_wrongly(shared: Path) -> None:
    dealt = _deal(munich.subjects(shared), list(_listings(shared)))
    assert _linked(dealt, shared) == (100, 0)
    assert all(match.recognised in ("named", "category") for match in dealt.matches)
    assert not [ground for match in dealt.matches for ground in match.grounds if ground.level is Level.CONFLICT]


def test_without_their_own_objects_none_is_linked(shared: Path) -> None:
    own = set(_own(shared).values())
    dealt = _deal(munich.subjects(shared), [listing for listing in _listings(shared) if listing.id not in own])
    assert _linked(dealt, shared) == (0, 0)


def test_a_facility_without_its_object_does_not_take_a_neighbours(shared: Path) -> None:
    subjects, own = munich.subjects(shared), _own(shared)
    others = [subject for number, subject in enumerate(subjects) if number % 4 == 0]
    gone = {own[subject.key] for subject in others}
    dealt = _deal(subjects, [listing for listing in _listings(shared) if listing.id not in gone])
    assert _linked(dealt, shared) == (100 - len(gone), 0)


CHANGES: dict[str, Callable[[Listing], Listing]] = {
    "phone": lambda shown: replace(shown, phones=("+49 30 5550123",) if shown.phones else ()),
    "link": lambda shown: replace(shown, websites=("https://old-provider.example/kita",) if shown.websites else ()),
    "email": lambda shown: replace(shown, emails=("somebody@else.example",) if shown.emails else ()),
    "address": lambda shown: replace(
        shown, address=replace(shown.address, street="Xylophongasse" if shown.address.street else "")
    ),
}


@pytest.mark.parametrize("field", CHANGES)
def test_one_changed_field_is_the_only_conflict_and_all_stay_linked(field: str, shared: Path) -> None:
    dealt = _changed(shared, CHANGES[field])
    assert _linked(dealt, shared) == (100, 0)
    subjects = {subject.key: subject for subject in munich.subjects(shared)}
    for match in dealt.matches:
        place = subjects[match.subject].offered.location  # type: ignore[union-attr]  # all are services at places
        stated = {"phone": place.phone, "link": place.url, "email": place.email, "address": place.address.street}
        conflicts = [ground.field for ground in match.grounds if ground.level is Level.CONFLICT]
        assert conflicts == ([field] if stated[field] else []), match.subject


def _abbreviated(shown: Listing) -> Listing:
    name = shown.name
    for long, short in (("Haus für Kinder", "HfK"), ("straße", "str."), ("Kindergarten", "KiGa"), ("Sankt", "St.")):
        name = name.replace(long, short)
    return replace(shown, name=name)


def _typo(shown: Listing) -> Listing:
    """Two neighbouring letters of the longest word exchanged, the same ones each time."""
    seeded = random.Random(shown.id)  # noqa: S311 - a seeded variant, no secret
    word = max(shown.name.split(), key=len)
    at = seeded.randrange(max(1, len(word) - 1))
    wrong = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    return replace(shown, name=shown.name.replace(word, wrong, 1))


def _shifted(shown: Listing) -> Listing:
    assert shown.latitude is not None
    return replace(shown, latitude=shown.latitude + 80 / 111_195)


VARIANTS: dict[str, Callable[[Listing], Listing]] = {
    "abbreviated name": _abbreviated,
    "typo": _typo,
    "80 m away": _shifted,
    "no operator": lambda shown: replace(shown, operator="", wikidata=()),
    "no address": lambda shown: replace(shown, address=replace(shown.address, street="", house_number="", postcode="")),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_seeded_variants_are_still_linked(variant: str, shared: Path) -> None:
    right, wrong = _linked(_changed(shared, VARIANTS[variant]), shared)
    assert right >= 97
    assert wrong == 0


def test_what_bears_the_organisations_domain_but_is_nobodys_is_a_stray(shared: Path) -> None:
    dealt = _deal(munich.subjects(shared), list(_listings(shared)))
    strays = {listing.name: why for listing, _, why in dealt.strays}
    assert "awo-muenchen.de" in strays["Blaue Zwerge"]
    assert not {listing.id for listing, _, _ in dealt.strays} & set(_own(shared).values())
