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


def by_platform(folder: Path) -> dict[str, dict[str, Cell]]:
    """The cells of the latest run by platform, then by service."""
    found: dict[str, dict[str, Cell]] = {}
    for cell in cells(folder):
        found.setdefault(cell.platform, {})[cell.subject.split("/")[1].split("@")[0]] = cell
    return found


def reasons(judged: dict[str, Cell]) -> set[tuple[State, Reason | None]]:
    return {(cell.state, cell.reason) for cell in judged.values() if cell.state is not State.NOT_APPLICABLE}


def test_a_first_file_is_drafted_from_the_website_alone(tmp_path: Path, web: Path) -> None:
    work = tmp_path / "work"
    (said,) = audited(work, web, ["init", SITE])
    (file,) = (work / "organisations").glob("*.toml")
    assert str(file) in said
    assert "findbar audit" in said
    assert len([line for line in file.read_text().splitlines() if line and not line.startswith("#")]) <= 45
    (drafted,) = read_all(file, load_catalogue()).organisations
    assert (drafted.name, drafted.website) == ("Lotsenhaus Erlenbrück e. V.", SITE)
    kinds = {service.kind for service in drafted.services}
    assert kinds == {"debt-counselling", "migration-counselling", "child-day-care"}
    (place,) = drafted.locations
    assert (str(place.address), place.latitude, place.longitude) == (f"{STREET}, {PLACE}", *POSITION)
    assert {profile.platform for profile in drafted.profiles} == {"instagram", "mastodon", "pretix"}


def test_with_nothing_but_a_contact_the_report_is_useful(tmp_path: Path, web: Path) -> None:
    work = tmp_path / "work"
    _, said, sheet = audited(work, web, ["init", SITE], ["audit"], ["assist"])
    (result,) = results(work)
    judged = by_platform(work)
    # what could be looked at is judged: the own website, and the map
    services = {"schuldnerberatung", "migrationsberatung", "kindertagesstaette"}
    assert {id_: cell.state for id_, cell in judged["website"].items()} == dict.fromkeys(services, State.COMPLETE)
    map_ = judged["openstreetmap"]
    assert map_["schuldnerberatung"].match
    assert map_["schuldnerberatung"].match.listing.id == "node/71"
    phone = next(f for f in map_["schuldnerberatung"].findings if f.criterion == "phone")
    assert (phone.outcome, phone.shown) == (Outcome.NOT_MET, DEBT["tags"]["phone"])  # type: ignore[index]
    assert map_["migrationsberatung"].state is map_["kindertagesstaette"].state is State.MISSING
    # what could not is unknown, with its reason, and nothing of it is missing
    assert reasons(judged["mastodon"]) == reasons(judged["pretix"]) == {(State.UNKNOWN, Reason.NETWORK_DOWN)}
    assert reasons(judged["here"]) == {(State.UNKNOWN, Reason.NEEDS_KEY)}
    assert reasons(judged["gelbe-seiten"]) == {(State.UNKNOWN, Reason.SWITCHED_OFF)}
    assert reasons(judged["instagram"]) == reasons(judged["google-maps"]) == {(State.UNKNOWN, Reason.NEEDS_PERSON)}
    assert {c.platform for c in result.cells if c.state is State.MISSING} == {"openstreetmap"}
    assert result.vantage is None
    # offered hours are known without any key, answers are not and say so
    assert result.score.offered.value is not None
    assert result.score.offered.known == 3
    assert result.score.response.value is result.score.total is None
    assert "Response" in said
    assert "None of it could be checked" in said
    # and what would raise coverage most
    best, *others = result.score.remedies
    assert (best.platform, best.reason, best.cells) == ("google-maps", Reason.NEEDS_PERSON, 3)
    assert all(best.gain / best.minutes >= other.gain / other.minutes for other in others)
    assert "needs a person to look: Google Maps (3 cells" in " ".join(said.split())
    rows = [line.split(",")[0] for line in sheet.splitlines()[1:]]
    assert sorted(rows) == sorted(c.id for c in result.cells if c.reason is Reason.NEEDS_PERSON)
    assert "https://www.instagram.com/lotsenhaus.erlenbrueck/" in sheet


def test_report_and_data_are_written_and_lead_nowhere_by_themselves(tmp_path: Path, web: Path) -> None:
    work = tmp_path / "work"
    audited(work, web, ["init", SITE], ["audit"])
    (html,), (data,) = (work / "out").glob("*.html"), (work / "out").glob("*.json")
    assert "Lotsenhaus Erlenbrück" in html.read_text("utf-8")
    assert "<script src" not in html.read_text("utf-8")
    known = json.loads(data.read_text("utf-8"))
    assert (known["organisation"], known["organisation_name"]) == (html.stem, "Lotsenhaus Erlenbrück e. V.")
    assert sorted(cell["id"] for cell in known["cells"]) == sorted(cell.id for cell in cells(work))


def test_what_a_person_saw_counts_in_the_next_audit(tmp_path: Path, web: Path) -> None:
    work = tmp_path / "work"
    answers = {"instagram": "ja", "google-maps": "nein"}

    def fill(sheet: Path) -> None:
        lines = sheet.read_text("utf-8-sig").splitlines()
        told = [f"{line[:-1]}{answers.get(line.split(',')[0].rpartition('/')[2], '')}," for line in lines[1:]]
        sheet.write_text("\n".join([lines[0], *told]) + "\n", encoding="utf-8")

    archive = archive_of(web)
    with served(archive) as base:
        configure(work, served=(archive, base))
        for command in (["init", SITE], ["audit"], ["assist", "--worksheet", "looks.csv"]):
            findbar(work, *command)
        before = results(work)[0].score.coverage
        fill(work / "looks.csv")
        assert "6 looks recorded" in findbar(work, "assist", "--import", "looks.csv").output
        findbar(work, "audit")
    judged = by_platform(work)
    assert {cell.match.recognised for cell in judged["instagram"].values() if cell.match} == {"named"}
    assert {cell.state for cell in judged["google-maps"].values()} == {State.MISSING}
    assert results(work)[0].score.coverage > before + 0.2


SMALL = f"""
name = "Lotsenhaus Erlenbrück e. V."
website = "{SITE}"

[[service]]
name = "Schuldnerberatung"

[[service]]
name = "Migrationsberatung"

[[location]]
street = "Fährgasse"
house_number = "7"
postcode = "00932"
city = "Erlenbrück"
"""


def test_a_file_of_fifteen_lines_is_enough(tmp_path: Path, web: Path) -> None:
    assert len(SMALL.strip().splitlines()) <= 15
    work = tmp_path / "work"
    work.mkdir()
    (work / "lotsenhaus.toml").write_text(SMALL, encoding="utf-8")
    (said,) = audited(work, web, ["audit", "lotsenhaus.toml"])
    assert "Lotsenhaus Erlenbrück e. V." in said
    judged = by_platform(work)
    assert {cell.state for cell in judged["website"].values()} == {State.COMPLETE}
    assert sorted(str(cell.state) for cell in judged["openstreetmap"].values()) == ["complete", "missing"]
    assert {cell.way for cell in judged["openstreetmap"].values()} == {"openstreetmap-overpass"}


def test_without_a_contact_the_answer_is_the_line_to_add(tmp_path: Path) -> None:
    (tmp_path / "lotsenhaus.toml").write_text(SMALL, encoding="utf-8")
    for command in (["init", SITE], ["audit", "lotsenhaus.toml"], ["audit", "lotsenhaus.toml", "--offline"]):
        said = findbar(tmp_path, *command, status=2).output
        assert 'contact = "' in said, command
        assert "findbar.toml" in said, command
        assert "Traceback" not in said, command


def test_without_any_network_nothing_is_missing(tmp_path: Path) -> None:
    configure(tmp_path)
    (tmp_path / "lotsenhaus.toml").write_text(SMALL, encoding="utf-8")
    findbar(tmp_path, "audit", "lotsenhaus.toml")
    (result,) = results(tmp_path)
    assert result.vantage is Reason.NETWORK_DOWN
    assert {cell.state for cell in result.cells} - {State.NOT_APPLICABLE} == {State.UNKNOWN}
    judged = by_platform(tmp_path)
    assert reasons(judged["website"]) == reasons(judged["openstreetmap"]) == {(State.UNKNOWN, Reason.NETWORK_DOWN)}
    assert result.gaps == ()
    said = findbar(tmp_path, "init", SITE, status=2).output
    assert "network-down" in said
