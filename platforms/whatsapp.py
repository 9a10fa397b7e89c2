"""WhatsApp: the organisation's own business number through the Business Platform, with its own key.

Facts from Meta's documentation (Business Platform, v26, 2026); no recorded answer was at hand. A wa.me link shows the
same page whether or not anybody uses the number, so without the key only a person can tell whether the account answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from audit import (
    About,
    Access,
    Action,
    Address,
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Listing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers import addresses, addresses_in, is_own, name_in, other_account, parameter, rows, string

_NUMBER = f"https://graph.facebook.com/v26.0/{Secret('WHATSAPP_NUMBER_ID')}"
_BEARER = (("authorization", f"Bearer {Secret('WHATSAPP_TOKEN')}"),)
_DIGITS = re.compile(r"\d{6,15}", re.ASCII)


class WhatsAppBusiness(Checker):
    """The number that the key belongs to: its name, then its business profile."""

    id = "whatsapp-business"
    platform = Platform(
        id="whatsapp",
        name="WhatsApp",
        kind=Kind.SOCIAL,
        edited_by=EditedBy.OWNER,
        actions=frozenset({Action.WRITE}),
        edit_url="https://business.whatsapp.com",
        per_service=False,
    )
    access = Access.API
    home = "https://developers.facebook.com/documentation/business-messaging/whatsapp"
    terms = Terms(
        policy_url="https://developers.facebook.com/terms",
        read_on=date(2026, 11, 23),
        note="Only the own business number (whatsapp_business_management).",
    )
    control = Control(none_because="the key opens only the organisation's own number")
    standing = Standing.DOCUMENTED_ONLY
    asks_about = About.PROFILE
    proves = frozenset({"name", "address", "phone", "email", "link"})
    hosts = ("graph.facebook.com",)
    keys = (
        Key(
            "WHATSAPP_TOKEN",
            get_url="https://developers.facebook.com/apps",
            note="A token of your WhatsApp business account (whatsapp_business_management); nothing is sent with it.",
            cost_per_1000=0.0,
        ),
        Key(
            "WHATSAPP_NUMBER_ID",
            get_url="https://business.facebook.com",
            note="The id of your number, as Meta shows it beside the number; it is no secret.",
            cost_per_1000=0.0,
        ),
    )
    governed_by_robots = False
    never_absent = "a number's own key opens it or fails; it tells of no other number"
    follow_ups = 1

    def search(self, query: Query) -> Iterable[Visit]:
        """The key's own number, once for each number that is said to be ours."""
        numbers = dict.fromkeys(parameter(url, "phone").lstrip("+ ") or name_in(url) for url in query.profiles)
        fields = (("fields", "verified_name,display_phone_number"),)
        return [
            Visit(_NUMBER, params=fields, headers=_BEARER, step="number", note=number)
            for number in numbers
            if _DIGITS.fullmatch(number)
        ]

    def read(self, page: Page) -> Iterable[Item]:
        """By step: the number, or its business profile."""
        return list(_profile(page) if page.visit.step == "profile" else _number(page))


def _number(page: Page) -> Iterator[Item]:
    told, wanted = page.data(), page.visit.note
    shown = string(told, "display_phone_number")
    digits = re.sub(r"\D", "", shown)
    if not _DIGITS.fullmatch(digits):
        raise NotUnderstood("no number (display_phone_number)")
    if not is_own(wanted, digits):
        yield other_account("WHATSAPP_TOKEN", digits, wanted)
        return
    yield _listing(digits, string(told, "verified_name") or shown)
    asked = (("fields", "about,address,description,email,websites"),)
    yield Visit(f"{_NUMBER}/whatsapp_business_profile", params=asked, headers=_BEARER, step="profile", note=digits)


def _profile(page: Page) -> Iterator[Item]:
    """What the profile adds to the number: address, e-mail, websites and words."""
    for told in rows(page.data(), "data")[:1]:
        sites, places = told.get("websites"), addresses_in(string(told, "address"))
        shown = [site for site in sites if isinstance(site, str)] if isinstance(sites, list) else []
        yield replace(
            _listing(page.visit.note, f"+{page.visit.note}"),
            address=places[0] if places else Address(),
            emails=(string(told, "email"),) if string(told, "email") else (),
            websites=addresses(" ".join(shown)),
            text=f"{string(told, 'about')} {string(told, 'description')}".strip(),
        )


def _listing(digits: str, name: str) -> Listing:
    url, actions = f"https://wa.me/{digits}", (Action.WRITE,)
    return Listing(name=name, id=digits, url=url, phones=(f"+{digits}",), actions=actions)
