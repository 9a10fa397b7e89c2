"""The service catalogue: complete, consistent, and able to tell a kind from a name."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.organisation.catalogue import ServiceKind, load_catalogue, parse
from audit.organisation.folding import SLUG, clean, fold, slug, unique

CATALOGUE = load_catalogue()
KINDS = sorted(CATALOGUE.kinds.values(), key=lambda kind: kind.id)
CHANNELS = {"mail", "form", "chat", "phone", "counselling"}
ENQUIRIES = {"advice", "place", "appointment", "booking", "offer", "emergency"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_kind_is_complete(kind: ServiceKind) -> None:
    assert SLUG.fullmatch(kind.id)
    assert kind.field in CATALOGUE.fields
    assert kind.name_de
    assert kind.name_en
    assert all((kind.words, kind.seekers, kind.tags, kind.schema, kind.categories))
    assert kind.channel in CHANNELS
    assert kind.enquiry_kind in ENQUIRIES
    assert not kind.protected or (kind.confidential and kind.crisis)
    for tag in kind.tags:
        assert all(part.count("=") == 1 and all(part.split("=")) for part in tag.split("+")), tag


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_every_word_of_a_kind_leads_back_to_it(kind: ServiceKind) -> None:
    assert {word: CATALOGUE.guess(word) for word in (*kind.words, kind.name_de)} == dict.fromkeys(
        (*kind.words, kind.name_de), kind.id
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_all_counselling_is_confidential(kind: ServiceKind) -> None:
    counsels = "counselling" in kind.id or "beratung" in " ".join(kind.words[:1]).lower()
    assert kind.confidential or not counsels


def test_there_are_enough_kinds_and_every_field_has_one() -> None:
    fields = Counter(kind.field for kind in KINDS)
    assert len(KINDS) >= 45
    assert set(fields) == set(CATALOGUE.fields)


def test_no_word_belongs_to_two_kinds() -> None:
    words = Counter(fold(word) for kind in KINDS for word in kind.words)
    assert [word for word, count in words.items() if count > 1] == []


def test_a_word_of_a_seeker_is_no_name_of_another_kind() -> None:
    assert "Geldsorgen" in CATALOGUE.kind("debt-counselling").seekers
    assert CATALOGUE.guess("Geldsorgen") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kita", "child-day-care"),
        ("Schuldnerberatung der Caritas", "debt-counselling"),
        ("SCHULDNER- UND INSOLVENZBERATUNG KOELN", "debt-counselling"),
        ("AWO-Kinderkrippe Dingolfinger Straße", "creche"),
        ("Betriebskindergarten der Landesversicherungsanstalt", "kindergarten"),
        ("Albert-Köhler-Straße 91, Hort A.-Einstein-GS", "after-school-care"),
        ("Ambulante Pflegedienste", "ambulatory-care"),
        ("Essen auf Raedern", "meals-on-wheels"),
        ("Essen auf Radern", "meals-on-wheels"),
        ("Frauen- und Kinderschutzhaus", "womens-shelter"),
        ("Ambulanter Hospizdienst Malteser", "hospice"),
        ("Tagespflege für Kinder? Kindertagespflege!", "childminding"),
        ("Tafelberger Straße 3", None),
        ("Hortensienweg", None),
        ("", None),
    ],
)
def test_a_kind_is_guessed_from_a_free_text(text: str, kind: str | None) -> None:
    assert CATALOGUE.guess(text) == kind


def test_all_kinds_in_a_text_are_mentioned_once_and_longer_words_win() -> None:
    text = "Unsere Angebote: Schuldner- und Insolvenzberatung, Suchtberatung, Kindertagespflege, Suchtberatung."
    assert CATALOGUE.mentioned(text) == ("debt-counselling", "addiction-counselling", "childminding")


def test_a_misspelt_kind_gets_suggestions() -> None:
    assert CATALOGUE.suggest("Schuldnerberatunk")[0] == "debt-counselling"
    assert CATALOGUE.suggest("kindergaten")[0] == "kindergarten"


def test_weights_and_relevance_stay_on_their_steps() -> None:
    assert set(CATALOGUE.platforms.values()) <= {10, 7.5, 5, 2.5}
    assert set(CATALOGUE.default_relevance) >= set(CATALOGUE.platforms)
    assert set(CATALOGUE.default_relevance.values()) <= {0, 0.5, 1}
    for kind in KINDS:
        assert {CATALOGUE.relevance(kind.id, platform) for platform in CATALOGUE.platforms} <= {0, 0.5, 1}
        assert set(kind.relevance) | set(CATALOGUE.fields[kind.field].relevance) <= set(CATALOGUE.platforms)


@pytest.mark.parametrize(
    "platform", ["whatsapp", "facebook", "instagram", "tiktok", "x", "threads", "telegram", "mastodon", "pretix"]
)
def test_social_and_booking_platforms_are_relevant_only_when_declared(platform: str) -> None:
    assert {CATALOGUE.relevance(kind.id, platform) for kind in KINDS} == {0}


def test_a_kind_wins_over_its_field_and_the_field_over_the_general_table() -> None:
    assert CATALOGUE.relevance("nursing-home", "pflegelotse") == 1
    assert CATALOGUE.relevance("meals-on-wheels", "pflegelotse") == 0
    assert CATALOGUE.relevance("donation", "google-maps") == 1
    assert CATALOGUE.relevance("nursing-home", "a-town-portal") == 0.5
    assert CATALOGUE.relevance("no-such-kind", "website") == 1
    assert CATALOGUE.platform_weight("website") == 10
    assert CATALOGUE.platform_weight("a-town-portal") == 0


def test_a_protected_service_is_not_expected_on_maps() -> None:
    for platform in ("google-maps", "openstreetmap", "apple-maps"):
        assert CATALOGUE.relevance("womens-shelter", platform) == 0
        assert CATALOGUE.relevance("disability-housing", platform, protected=True) == 0


def test_a_broken_table_is_refused() -> None:
    with pytest.raises(KeyError):
        parse("version = '1'")


def test_words_fold_whatever_the_umlauts() -> None:
    assert fold("Müller-Straße") == fold("Mueller Strasse") == fold("MULLER STRASSE")
    assert slug("Kita „Süd“ & Hort") == "kita-sued-und-hort"
    assert unique("a", {"a", "a-2"}) == "a-3"
    assert clean("a\u202eb\x1b[31m\nc") == "ab[31m c"


@given(st.text(max_size=80))
def test_any_text_folds_slugs_and_guesses_without_error(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert slug(text) == "" or SLUG.fullmatch(slug(text))
    assert clean(clean(text)) == clean(text)
    assert CATALOGUE.guess(text) is None or CATALOGUE.guess(text) in CATALOGUE.mentioned(text)
