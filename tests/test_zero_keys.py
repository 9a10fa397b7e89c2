"""No key, no mailbox, no browser, nothing configured but a contact: what findbar tells all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.model import Cell, Outcome, Reason, State
from audit.organisation.catalogue import load_catalogue
from audit.organisation.file import read_all
from tests.sites import (
    archive_of,
    cells,
    configure,
    findbar,
    hurried,
    no_internet,
    put,
    results,
    served,
)

__all__ = ["hurried", "no_internet"]

pytestmark = pytest.mark.usefixtures("hurried", "no_internet")

HOST = "www.lotsenhaus-erlenbrueck.example"
SITE = f"https://{HOST}"
PHONE = "+49 30 23125014"  # of a range that is never given to anybody (Federal Network Agency, drama numbers)
STREET, PLACE = "Fährgasse 7", "00932 Erlenbrück"
POSITION = (50.8105, 11.2207)

MENU = {
    "/schuldnerberatung": "Schuldnerberatung",
    "/migrationsberatung": "Migrationsberatung",
    "/kita-lotsenkinder": "Kindertagesstätte Lotsenkinder",
    "/kontakt": "Kontakt und Öffnungszeiten",
    "/ueber-uns": "Über uns",
    "/impressum": "Impressum",
}
ABOUT = {
    "@context": "https://schema.org",
    "@type": "NGO",
    "name": "Lotsenhaus Erlenbrück e. V.",
    "url": SITE,
    "telephone": PHONE,
    "email": f"hallo@{HOST.removeprefix('www.')}",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": STREET,
        "postalCode": "00932",
        "addressLocality": "Erlenbrück",
    },
    "geo": {"@type": "GeoCoordinates", "latitude": POSITION[0], "longitude": POSITION[1]},
    "openingHours": ["Mo-Th 09:00-17:00", "Fr 09:00-13:00"],
    "sameAs": ["https://www.instagram.com/lotsenhaus.erlenbrueck/"],
}


def page(title: str, body: str, head: str = "") -> str:
    menu = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in MENU.items())
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} – Lotsenhaus Erlenbrück</title>'
        f'{head}</head><body><nav><ul><li><a href="/">Startseite</a></li>{menu}</ul></nav><main><h1>{title}</h1>'
        f'{body}</main><footer>Lotsenhaus Erlenbrück e. V., {STREET}, {PLACE}, Telefon <a href="tel:{PHONE}">{PHONE}'
        '</a> <a rel="me" href="https://treff.erlenbrueck.example/@lotsenhaus">Mastodon</a> '
        '<a href="https://www.instagram.com/lotsenhaus.erlenbrueck/">Instagram</a></footer></body></html>'
    )


def pages() -> dict[str, str | bytes]:
    """The association's website: a home page, three services, and what every site has."""
    hours = "<p>Montag bis Donnerstag 9 bis 17 Uhr, Freitag 9 bis 13 Uhr, dienstags auch 18 bis 20 Uhr.</p>"
    told = f'<script type="application/ld+json">{json.dumps(ABOUT, ensure_ascii=False)}</script>'
    book = '<p><a href="https://pretix.eu/lotsenhaus/sprechstunde/">Termin online buchen</a></p>'
    gone = '<p>Unser <a href="/sommerfest-2019">Sommerfest 2019</a> ist vorbei.</p>'
    return {
        "/": page("Willkommen im Lotsenhaus", f"<p>Wir lotsen durch schwere Zeiten.</p>{gone}", told),
        "/schuldnerberatung": page("Schuldnerberatung", f"<p>Kostenlose Hilfe bei Schulden.</p>{hours}{book}"),
        "/migrationsberatung": page("Migrationsberatung", f"<p>Rat für Menschen, die neu hier sind.</p>{hours}"),
        "/kita-lotsenkinder": page("Kindertagesstätte Lotsenkinder", "<p>Öffnungszeiten: Mo-Fr 7:00-16:30 Uhr</p>"),
        "/kontakt": page("Kontakt und Öffnungszeiten", f"{hours}<p>hallo@{HOST.removeprefix('www.')}</p>"),
        "/ueber-uns": page("Über uns", "<p>Ein Verein mit zwölf Mitarbeitenden seit 1987.</p>"),
        "/impressum": page("Impressum", f"<p>Lotsenhaus Erlenbrück e. V., {STREET}, {PLACE}</p>"),
        "/robots.txt": f"User-agent: *\nDisallow: /intern/\nSitemap: {SITE}/sitemap.xml\n",
        "/sitemap.xml": '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/'
        'sitemap/0.9">' + "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in ("/", *MENU)) + "</urlset>",
    }


def element(number: int, latitude: float, longitude: float, **tags: str) -> dict[str, object]:
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    return {"type": "node", "id": number, "lat": latitude, "lon": longitude, "tags": named}


def overpass(*found: dict[str, object]) -> str:
    return json.dumps({"version": 0.6, "osm3s": {"timestamp_osm_base": "2026-11-24T06:00:00Z"}, "elements": found})


KNOWN = element(
    10764095167, 48.17082, 11.56043, name="AWO Kindergarten Winzererstraße", amenity="kindergarten",
    addr__street="Winzererstraße", addr__housenumber="111", addr__postcode="80797", addr__city="München",
)  # fmt: skip
DEBT = element(
    71, *POSITION, name="Schuldnerberatung im Lotsenhaus", amenity="social_facility", social_facility="outreach",
    operator="Lotsenhaus Erlenbrück e. V.", addr__street="Fährgasse", addr__housenumber="7", addr__postcode="00932",
    addr__city="Erlenbrück", phone="+49 30 23125099", website=f"{SITE}/schuldnerberatung",
)  # fmt: skip
NEIGHBOUR = element(72, 50.8121, 11.2241, name="Kindergarten Wirbelwind", amenity="kindergarten", operator="Stadt")
TOWN = {"type": "area", "id": 3600000932}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """The little web: the site, and a map server that answers for Munich, the town and its surroundings."""
    folder = tmp_path / "web"
    put(folder, HOST, pages())
    put(folder, HOST, {"/sommerfest-2019": page("Seite nicht gefunden", "<p>Hier ist nichts mehr.</p>")}, status=404)
    map_, ask = "overpass-api.de", {"method": "POST"}
    put(folder, map_, {"/api/interpreter": overpass(KNOWN)}, body_contains="bbox%3A48.1", **ask)
    put(folder, map_, {"/api/interpreter": overpass(DEBT, NEIGHBOUR)}, body_contains="bbox%3A50.7", **ask)
    put(folder, map_, {"/api/interpreter": overpass(TOWN, DEBT, NEIGHBOUR)}, body_contains="Erlenbr", **ask)
    return folder


def audited(work: Path, web: Path, *commands: list[object]) -> list[str]:
    """What each command says, with the little web served on loopback."""
    archive = archive_of(web)
    with served(archive) as base:
        configure(work, served=(archive, base))
        return [findbar(work, *command).output for command in commands]


def test_try(tmp_path: Path, web: Path) -> None:
    work = tmp_path / "work"
    a, b, c = audited(work, web, ["init", SITE], ["audit"], ["assist"])
    print(a)
    for f in (work / "organisations").iterdir(): print(f, f.read_text())
    print(b)
    print(c)
    for cell in cells(work): print(cell.subject, cell.platform, cell.way, cell.state, cell.reason, cell.findability, cell.match and (cell.match.listing.id, cell.match.listing.url, cell.match.listing.name))
    print(results(work)[0].score)
    print(results(work)[0].gaps)
    print([w for c in results(work)[0].columns for w in c.ways])
    assert 0
