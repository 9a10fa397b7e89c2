from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import More, NotUnderstood
from audit.model import Reason
from audit.visiting import understanding
from platforms.whatsapp import WhatsAppBusiness
from tests.social import ODD, asked, page, reads_or_refuses, recorded

WHATSAPP = WhatsAppBusiness()


def read(value: Any, step: str = "number", note: str = "493023125014", **more: Any) -> list[Any]:
    return list(understanding.read(WHATSAPP, page(value, step, note, **more)))


def test_every_form_of_link_that_holds_a_number_is_asked_for_once() -> None:
    urls = ("https://wa.me/493023125014", "https://api.whatsapp.com/send?phone=%2B493023125014&text=Hallo")
    (visit,) = asked(WHATSAPP, *urls)
    assert (visit.note, visit.headers) == ("493023125014", (("authorization", "Bearer {WHATSAPP_TOKEN}"),))
    assert visit.url == "https://graph.facebook.com/v26.0/{WHATSAPP_NUMBER_ID}"
    assert asked(WHATSAPP, "https://wa.me/message/ABC", "https://whatsapp.com/channel/x", "https://wa.link/abc") == []


@pytest.mark.shared
def test_the_documented_profile_is_read(shared: Path) -> None:
    (listing,) = read(recorded(shared, "whatsapp", "docs_business_profile.json")["json"], "profile")
    assert listing.websites == ("https://www.butterflies.com/", "https://www.butterflies.com/amea/")
    assert (listing.emails, listing.phones) == (("butterflies@butterflies.com",), ("+493023125014",))


def test_of_a_number_that_the_key_does_not_open_nothing_is_said() -> None:
    (more,) = read({"display_phone_number": "+49 30 23125099", "verified_name": "Anders"})
    assert isinstance(more, More)
    assert more.reason is Reason.NEEDS_KEY


def test_an_error_is_never_absence() -> None:
    error = {"error": {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}}
    for step in ("number", "profile"):
        for status in (200, 400):
            with pytest.raises(NotUnderstood):
                read(error, step, status=status)


@given(ODD, st.sampled_from(["number", "profile"]))
def test_any_json_is_read_or_not_understood(value: Any, step: str) -> None:
    reads_or_refuses(WHATSAPP, page(value, step, "493023125014"))
