"""Accounts on social platforms: discovered on the own website, proven in both directions, told from namesakes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit.checker import Control
from audit.judging.accounts import accounts, leads_to, namesakes
from audit.judging.controls import finds, subject_of, verdict
from audit.model import BY_NAME, Action, Answer, Finding, Listing, Outcome, Profile, Reason, Result, Seen, Visit
from audit.readers import profile
from audit.registry import find
from platforms.bluesky import Bluesky
from platforms.website import Website
from tests.helpers import DEBT, NOW, Trial, organisation

SITE = "https://hilfe.example/"
ACCOUNT = "https://bsky.app/profile/hilfe.bsky.social"
API = "https://public.api.bsky.app/xrpc/app.bsky."
RECORDINGS = Path(__file__).parent / "recordings"


class Unproven(Bluesky):
    """Bluesky without its control: the web in memory knows one account only."""

    control = Control(none_because="a test")


def account(key: str, **more: Any) -> dict[str, Any]:
    return {"did": f"did:plc:{key}", "handle": f"{key}.bsky.social", "displayName": "Hilfe e. V.", **more}


def audited(
    *,
    link: str = ACCOUNT,
    bio: str = SITE,
    others: tuple[dict[str, Any], ...] = (),
    url: str = ACCOUNT,
    status: int = 200,
) -> Result:
    """One organisation whose website leads to ``link``, and whose account says ``bio``."""
    page = (
        '<!doctype html><html lang="de"><title>Schuldnerberatung</title><body><h1>Schuldnerberatung</h1>'
        f"<p>Hilfe e. V., Marktplatz 4, 00930 Quellstadt, Telefon 03600 111. {'Wir beraten kostenlos. ' * 20}</p>"
        f'<footer><a href="{link}">Folgen Sie uns</a></footer></body></html>'
    )
    shown = {"content-type": "text/html; charset=utf-8"}
    answers = {
        SITE: (200, page, shown),
        f"{API}actor.getProfile": json.dumps(account("hilfe", description=bio)),
        f"{API}feed.getAuthorFeed": json.dumps({"feed": []}),
        f"{API}actor.searchActors": (status, json.dumps({"actors": [account("hilfe"), *others]}), {}),
    }
    profiles = (Profile(platform="bluesky", url=url),) if url else ()
    org = organisation(DEBT, name="Hilfe e. V.", website=SITE, profiles=profiles, platforms=("bluesky", "website"))
    return Trial([Website(), Unproven()], answers, org).run()


def proof(result: Result) -> Finding:
    """What is found of website and account."""
    (cell,) = [cell for cell in result.cells if cell.platform == "bluesky"]
    (found,) = [finding for finding in cell.findings if finding.criterion == "own_account"]
    return found


def test_website_and_account_that_lead_to_each_other_are_proven() -> None:
    assert proof(audited()).outcome is Outcome.MET


def test_any_spelling_of_the_account_s_address_on_the_website_counts() -> None:
    assert proof(audited(link="https://bsky.app/profile/Hilfe.bsky.social/?ref=x")).outcome is Outcome.MET


def test_any_spelling_of_the_account_s_address_in_the_file_is_a_declaration() -> None:
    assert proof(audited(url="https://bsky.app/profile/HILFE.bsky.social/")).outcome is Outcome.MET
    assert proof(audited(url="https://bsky.app/profile/did:plc:hilfe")).outcome is Outcome.MET


def test_an_account_that_only_the_website_names_is_found_in_the_second_wave() -> None:
    assert proof(audited(url="")).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"link": "https://www.facebook.com/verband"}, "the website does not link to the account"),
        ({"bio": "Mehr auf https://gluecksspiel.example"}, "the account does not link to the website"),
        ({"bio": ""}, "the account does not link to the website"),
    ],
)
def test_a_missing_direction_is_told_and_costs_no_points(changed: dict[str, Any], why: str) -> None:
    whole, lacking = audited(), audited(**changed)
    assert (proof(lacking).outcome, proof(lacking).note) == (Outcome.NOT_MET, why)
    assert [(c.findability, c.state) for c in lacking.cells] == [(c.findability, c.state) for c in whole.cells]
    gap = next(gap for gap in lacking.gaps if gap.kind == "unproven-account")
    assert (gap.points, gap.platform) == (0, "bluesky")


def test_a_way_that_shows_only_some_links_can_prove_the_way_back_but_not_deny_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Unproven, "proves", frozenset({"name"}))
    assert proof(audited()).outcome is Outcome.MET
    unsure = proof(audited(bio=""))
    assert (unsure.outcome, unsure.reason) == (Outcome.NOT_APPLICABLE, Reason.NOT_SHOWN)


def test_what_else_bears_the_name_is_shown_by_where_it_leads() -> None:
    others = (
        account("gewinn", description="Gewinnspiele"),
        account("alt", description=f"Unser altes Konto {SITE}kontakt"),
        account("fremd", displayName="Hilfswerk"),
    )
    result = audited(others=others)
    assert [(stray.kind, stray.url) for stray in result.strays] == [
        ("namesake", "https://bsky.app/profile/gewinn.bsky.social"),
        ("unlinked-account", "https://bsky.app/profile/alt.bsky.social"),
    ]
    assert {"namesake", "unlinked-account"} <= {gap.kind for gap in result.gaps}


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_server_that_cannot_be_searched_for_the_name_hides_nothing_of_the_account(status: int) -> None:
    whole, refused = audited(), audited(status=status)
    assert [(c.state, c.findability) for c in refused.cells] == [(c.state, c.findability) for c in whole.cells]
    assert proof(refused).outcome is Outcome.MET
    assert refused.strays == ()


def test_an_own_account_that_another_server_shows_under_another_number_is_no_namesake() -> None:
    own = Listing(name="Hilfe", id="900", url="https://social.example/@hilfe")
    afar = replace(own, id="", tags=(BY_NAME,))
    assert namesakes([(own, "v1"), (afar, "v2")], organisation(website=SITE)) == ()


def test_without_namesakes_nothing_is_shown() -> None:
    assert audited().strays == ()


def listing(key: str, *tags: str, **more: Any) -> Listing:
    return Listing(name="Hilfe", id=key, url=f"https://x.example/{key}", tags=tags, **more)


def test_one_account_seen_in_two_steps_is_one_with_everything_known_of_it() -> None:
    first = listing("a", websites=(SITE,), actions=(Action.WRITE,))
    later = listing("a", last_active=date(2026, 11, 1), actions=(Action.WRITE, Action.VISIT_WEBSITE))
    ((whole, visit),) = accounts([(first, "v1"), (later, "v2"), (listing("b", BY_NAME), "v3")])
    assert (whole.last_active, whole.websites, visit) == (date(2026, 11, 1), (SITE,), "v1")
    assert whole.actions == (Action.WRITE, Action.VISIT_WEBSITE)
    ((fuller, _),) = accounts([(first, "v1"), (replace(later, name="Anders", emails=("a@b.example",)), "v2")])
    assert (fuller.name, fuller.emails) == ("Hilfe", ("a@b.example",))


def test_at_most_five_namesakes_are_shown() -> None:
    many = [(listing(str(n), BY_NAME), "v") for n in range(20)]
    assert len(namesakes(many, organisation(website=SITE))) == 5


def test_links_lead_to_the_website_by_registrable_domain_and_never_where_none_is_stated() -> None:
    assert leads_to(listing("a", websites=("https://www.hilfe.example/kontakt",)), SITE)
    assert not leads_to(listing("a", websites=("https://hilfe.example.org/",)), SITE)
    assert not leads_to(listing("a", websites=(SITE,)), "")
    assert not leads_to(
        listing("a", websites=("https://sites.google.com/view/anders",)), "https://sites.google.com/view/hilfe"
    )


def test_a_control_is_not_fulfilled_by_an_account_of_the_same_name() -> None:
    checker = Bluesky()
    known = checker.control.known
    assert known
    named = replace(listing("a", BY_NAME), name=known.name)
    seen = Seen(visit=Visit("https://x.example"), at=NOW, items=(named,))
    answer = Answer(way="bluesky", subjects=("control",), chain=(seen,))
    assert verdict(checker, known, answer, None)[0] is Reason.CONTROL_FAILED
    assert not finds(subject_of(replace(known, name="Anders")), [named])


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://bsky.app/profile/hilfe.de", "bluesky"),
        ("https://www.youtube.com/@hilfe", "youtube"),
        ("https://www.youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw", "youtube"),
        ("https://de-de.facebook.com/hilfe/", "facebook"),
        ("https://www.facebook.com/profile.php?id=100012345", "facebook"),
        ("https://www.instagram.com/hilfe.ev/", "instagram"),
        ("https://t.me/hilfe_ev", "telegram"),
        ("https://wa.me/493600111", "whatsapp"),
        ("https://api.whatsapp.com/send?phone=493600111", "whatsapp"),
        ("https://www.linkedin.com/company/hilfe/", "linkedin"),
        ("https://www.xing.com/pages/hilfe", "xing"),
        ("https://www.tiktok.com/@hilfe", "tiktok"),
        ("https://www.threads.net/@hilfe", "threads"),
        ("https://x.com/hilfe", "x"),
        ("https://twitter.com/hilfe", "x"),
        ("https://nebenan.de/organization/hilfe", "nebenan"),
        ("https://social.hilfe.example/@hilfe", "mastodon"),
    ],
)
def test_a_link_to_each_network_leads_to_a_platform_that_findbar_knows(url: str, platform: str) -> None:
    import platforms  # noqa: PLC0415 - the package, not one of its files
    from audit.assisted import load_assisted  # noqa: PLC0415

    link = profile(url, SITE)
    assert link
    assert link.platform == platform
    rows = load_assisted(Path(platforms.__file__ or "").with_name("assisted.toml"))
    assert platform in find(platforms, rows).platforms
