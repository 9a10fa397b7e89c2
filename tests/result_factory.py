"""A realistic result for tests of reports: eight services, six places, six platforms, every state and reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

from audit.model import (
    Access,
    Action,
    Address,
    Answering,
    AskedHour,
    Cell,
    Column,
    Correction,
    EditedBy,
    Finding,
    Gap,
    Ground,
    Kind,
    Level,
    Listing,
    Match,
    Offer,
    Outcome,
    Pillar,
    Reason,
    Remedy,
    Result,
    Row,
    Score,
    Standing,
    State,
    Stray,
    Strict,
    Unmeasured,
    Wait,
    WayReport,
    Window,
    WindowWait,
)

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
ORGANISATION = "hilfswerk-auenstadt"
SECRET_STREET = "Verborgene Gasse 7"  # noqa: S105 - a made-up address that must never show
SERVICES = (
    ("schuldnerberatung", "Schuldnerberatung", "debt-advice", "beratung"),
    ("suchtberatung", "Suchtberatung", "addiction-advice", "beratung"),
    ("schwangerenberatung", "Schwangerschaftsberatung", "pregnancy-advice", "beratung"),
    ("migrationsberatung", "Migrationsberatung für Erwachsene", "migration-advice", "migration"),
    ("kita", "Kindertagesstätte Regenbogen", "day-care", "kinder"),
    ("pflege", "Ambulante Pflege", "home-care", "pflege"),
    ("bahnhofsmission", "Wohnungslosenhilfe", "homelessness", ""),
    ("frauenhaus", "Frauenhaus", "womens-shelter", "frauen"),
)
PLACES = (
    ("mitte", "Haus Mitte", "Marktplatz"),
    ("nord", "Stadtteilzentrum Nord", "Lindenweg"),
    ("sued", "Beratungshaus Süd", "Am Mühlbach"),
    ("west", "Familienzentrum West", "Goethestraße"),
    ("ost", "Treffpunkt Ost", "Bahnhofstraße"),
    ("neudorf", "Außenstelle Neudorf", "Dorfstraße"),
)
AT = {
    "schuldnerberatung": ("mitte", "nord", "sued"),
    "suchtberatung": ("mitte", "ost"),
    "schwangerenberatung": ("mitte", "west", "neudorf"),
    "migrationsberatung": ("nord", "ost"),
    "kita": ("west",),
    "pflege": ("mitte", "sued", "neudorf"),
    "bahnhofsmission": ("ost",),
    "frauenhaus": ("mitte",),
}
PLATFORMS = (
    ("website", "Eigene Website", Kind.WEBSITE, Access.PAGE, EditedBy.OWNER),
    ("openstreetmap", "OpenStreetMap", Kind.MAP, Access.OPEN_DATA, EditedBy.CROWD),
    ("gelbe-seiten", "Gelbe Seiten", Kind.DIRECTORY, Access.PAGE, EditedBy.OWNER),
    ("google-maps", "Google Maps", Kind.MAP, Access.API, EditedBy.OWNER),
    ("mastodon", "Mastodon", Kind.SOCIAL, Access.API, EditedBy.OWNER),
    ("stadtportal", "Familienportal der Stadt", Kind.DIRECTORY, Access.ASSISTED, EditedBy.AUTHORITY),
)
NOT_APPLICABLE = (Reason.PROTECTED, Reason.INTENDED, Reason.NOT_RELEVANT)
ABOUT_FIELDS = (Reason.NOT_STATED, Reason.NOT_SHOWN, Reason.NOT_LISTED)
UNKNOWN = tuple(reason for reason in Reason if reason not in NOT_APPLICABLE + ABOUT_FIELDS)
GAP_KINDS = (
    "missing", "not-recognisable", "no-first-step", "wrong-name", "wrong-address", "wrong-phone", "wrong-hours",
    "wrong-link", "wrong-email", "duplicate", "wrongly-closed", "closed-service-listed", "orphan",
    "protected-address", "no-slots", "no-evening", "no-weekend", "slow-answers",
    "late-office", "late-evening", "late-weekend", "fees-not-stated",
    "contradictory", "incomplete", "abandoned", "unproven-account", "unlinked-account", "namesake",
    "unclaimed", "corrections",
)  # fmt: skip
CRITERIA = (
    "listed", "recognisable", "first_step", "name", "address", "phone", "hours", "link", "email", "duplicate",
    "open_status", "orphan", "consistent", "offered_times", "fees_access", "active", "own_account", "claimed",
    "answered",
)  # fmt: skip


def make_answering(subject: str, name: str, level: str = "service") -> Answering:
    """One group with every sort of window: late, still open, too few, and a week of hours."""
    usual = WindowWait(
        window=Window.OFFICE, count=30, answered=29, due=30, median_hours=5.5, median_low=3.0, median_high=None,
        p90_hours=30.0, office_hours=4.0, within=0.83, within_low=0.66, within_high=0.93, score=71.0,
    )  # fmt: skip
    late = replace(usual, window=Window.WEEKEND, count=6, median_hours=64.0, office_hours=2.0, within=0.0)
    waiting = replace(usual, window=Window.EVENING, median_hours=None, p90_hours=None, office_hours=None, answered=9)
    few = replace(waiting, window=Window.NIGHT, count=2, within=None, within_low=None, within_high=None, due=0)
    return Answering(
        level=level, subject=subject, name=name, channel="mail", source="imported", services=(subject,), unit="",
        target_hours=24.0, count=68, answered=50, open=18, oldest_hours=400.0, windows=(usual, waiting, late, few),
        hours=(
            AskedHour(weekday=0, hour=10, count=30, median_hours=5.5),
            AskedHour(weekday=5, hour=11, count=6, median_hours=64.0),
            AskedHour(weekday=6, hour=23, count=2, median_hours=None),
        ),
    )  # fmt: skip


def make_result(*, full: bool = False, name: str = "Hilfswerk Auenstadt e. V.", copies: int = 1) -> Result:
    """A whole result; ``full`` puts every service at every place, ``copies`` repeats the places."""
    rows = make_rows(full=full, copies=copies)
    cells = make_cells(rows)
    return Result(
        run="2026-11-24T1105",
        organisation=ORGANISATION,
        organisation_name=name,
        started=NOW - timedelta(minutes=14),
        finished=NOW,
        method=1,
        manifest=(("catalogue", "2026-11-20"), ("holidays", "0.109"), ("phonenumbers", "9.0.43")),
        vantage=None,
        columns=make_columns(),
        rows=rows,
        cells=cells,
        score=make_score(cells),
        gaps=make_gaps(rows),
        strays=make_strays(),
        units=(
            ("beratung", "Fachbereich Beratung"),
            ("kinder", "Fachbereich Kinder und Familie"),
            ("migration", "Fachdienst Migration"),
            ("pflege", "Sozialstation"),
            ("frauen", "Leitung Frauenhaus"),
        ),
        warnings=("Der Standort „Außenstelle Neudorf“ hat keine Koordinaten.",),
    )


def make_rows(*, full: bool = False, copies: int = 1) -> tuple[Row, ...]:
    """The rows, place by place."""
    return tuple(
        Row(
            subject=f"{ORGANISATION}/{service}@{place}{copy or ''}",
            service=service,
            service_name=service_name,
            kind=kind,
            location=f"{place}{copy or ''}",
            location_name=f"{place_name}{f' {copy}' if copy else ''}",
            unit=unit,
            key=service not in {"bahnhofsmission"},
            weight=10.0 if service != "bahnhofsmission" else 5.0,
            protected=service == "frauenhaus",
        )
        for copy in range(copies)
        for place, place_name, _street in PLACES
        for service, service_name, kind, unit in SERVICES
        if full or place in AT[service]
    )


def make_columns() -> tuple[Column, ...]:
    """Six platforms, OpenStreetMap with three ways."""
    standings = cycle(Standing)
    columns = []
    for id_, name, kind, access, _edited in PLATFORMS:
        ids = (f"{id_}-data", f"{id_}-overpass", f"{id_}-nominatim") if id_ == "openstreetmap" else (id_,)
        ways = tuple(
            WayReport(
                id=way,
                access=access if position == 0 else Access.API,
                standing=next(standings),
                home=f"https://{id_}.example/",
                policy_url=f"https://{id_}.example/terms",
                policy_read=date(2026, 11, 23),
                attribution="© OpenStreetMap-Mitwirkende (ODbL 1.0)" if id_ == "openstreetmap" else "",
                reason=Reason.NEEDS_KEY if id_ == "google-maps" else None,
                detail="GOOGLE_PLACES_KEY" if id_ == "google-maps" else "",
                control="Rathaus Auenstadt gefunden, erfundener Name nicht" if id_ != "google-maps" else "",
                visits=41 if position == 0 and id_ != "google-maps" else 0,
            )
            for position, way in enumerate(ids)
        )
        columns.append(Column(id=id_, name=name, kind=kind, ways=ways))
    return tuple(columns)


def make_cells(rows: tuple[Row, ...]) -> tuple[Cell, ...]:
    """Cells of every state; unknown ones go through all reasons in turn."""
    unknown, fields = cycle(UNKNOWN), cycle(ABOUT_FIELDS)
    cells = []
    for r, row in enumerate(rows):
        for c, (platform, *_rest) in enumerate(PLATFORMS):
            state = state_of(row, platform, r * 3 + c * 5)
            reason = next(unknown) if state is State.UNKNOWN else None
            if state is State.NOT_APPLICABLE:
                reason = NOT_APPLICABLE[0] if row.protected else NOT_APPLICABLE[1 + r // 2 % 2]
            cells.append(make_cell(row, platform, state, reason=reason, field=next(fields), number=r))
    return tuple(cells)


def state_of(row: Row, platform: str, number: int) -> State:
    """Own website mostly complete, Google unknown, the rest mixed."""
    if row.protected and platform in {"openstreetmap", "google-maps"}:
        return State.GAPS if platform == "openstreetmap" else State.NOT_APPLICABLE
    if platform == "google-maps":
        return State.UNKNOWN
    if platform == "website":
        return State.GAPS if number % 4 == 1 else State.COMPLETE
    if platform == "mastodon":
        return State.NOT_APPLICABLE if number % 2 else State.COMPLETE
    order = (State.COMPLETE, State.GAPS, State.MISSING, State.UNKNOWN, State.COMPLETE, State.GAPS, State.UNKNOWN)
    return order[number % len(order)]


def make_cell(row: Row, platform: str, state: State, *, reason: Reason | None, field: Reason, number: int) -> Cell:
    """One cell with findings that fit its state."""
    found = state in {State.COMPLETE, State.GAPS}
    flag = "protected-address" if row.protected and state is State.GAPS else ""
    return Cell(
        subject=row.subject,
        platform=platform,
        way=platform if platform != "openstreetmap" else "openstreetmap-data",
        state=state,
        weight=row.weight * (10.0 if platform != "mastodon" else 5.0) / 10,
        reason=reason,
        findability={State.COMPLETE: 1.0, State.GAPS: 0.8, State.MISSING: 0.0}.get(state),
        accuracy={State.COMPLETE: 1.0, State.GAPS: 0.55}.get(state),
        findings=make_findings(row, platform, state, field, number),
        match=make_match(row, platform) if found else None,
        age_days=float(number % 3 * 2),
        key=row.key,
        red_flag=flag,
    )


def make_findings(row: Row, platform: str, state: State, field: Reason, number: int) -> tuple[Finding, ...]:
    """Listed, first step, phone, hours, address and fees as the state of the cell has it."""
    if state in {State.UNKNOWN, State.NOT_APPLICABLE}:
        return ()

    def finding(criterion: str, outcome: Outcome, shown: str = "", stated: str = "", *, reason: Reason | None = None,
                level: Level | None = None) -> Finding:  # fmt: skip
        return Finding(
            subject=row.subject, platform=platform, criterion=criterion, outcome=outcome, reason=reason, level=level,
            shown=shown, stated=stated, value=1.0 if outcome is Outcome.MET else 0.0, visits=("a1b2c3d4e5f60718",),
        )  # fmt: skip

    if state is State.MISSING:
        return (finding("listed", Outcome.NOT_MET), finding("phone", Outcome.NOT_APPLICABLE, reason=Reason.NOT_LISTED))
    bad = state is State.GAPS
    phone = finding("phone", Outcome.NOT_MET if bad else Outcome.MET, "+49 871 805-0" if bad else "+49 871 805 1200",
                    "+49 871 805 1200", level=Level.CONFLICT if bad else Level.SAME)  # fmt: skip
    street = SECRET_STREET if row.protected else "Marktplatz 4, 84028 Auenstadt"
    return (
        finding("listed", Outcome.MET),
        finding("recognisable", Outcome.MET),
        finding("first_step", Outcome.NOT_MET if bad and number % 2 else Outcome.MET),
        finding("name", Outcome.MET, level=Level.SAME),
        finding("address", Outcome.NOT_MET if row.protected else Outcome.MET, street, "", level=Level.SAME),
        phone,
        finding("hours", Outcome.NOT_MET if bad else Outcome.MET, "Mo-Fr 09:00-12:00" if bad else "Mo-Fr 09:00-17:00",
                "Mo-Fr 09:00-17:00", level=Level.PARTIAL if bad else Level.SAME),
        finding("email", Outcome.NOT_APPLICABLE, reason=field),
        finding("fees_access", Outcome.UNKNOWN, reason=Reason.TRUNCATED),
    )  # fmt: skip


def make_match(row: Row, platform: str) -> Match:
    """A match with three grounds; a protected service's listing shows the street."""
    street = ("Verborgene Gasse", "7") if row.protected else ("Marktplatz", "4")
    listing = Listing(
        name=row.service_name,
        id=f"{platform}-{row.service}",
        url=f"https://{platform}.example/{row.service}",
        address=Address(street=street[0], house_number=street[1], postcode="84028", city="Auenstadt"),
        latitude=48.54,
        longitude=12.15,
        phones=("+49 871 805 1200",),
        actions=(Action.CALL, Action.WRITE),
        updated=date(2026, 5, 2),
    )
    grounds = (
        Ground(field="name", level=Level.SAME, weight=6.2, why="gleicher Name ohne Rechtsform"),
        Ground(field="phone", level=Level.PARTIAL, weight=2.1, why="gleiche Zentrale"),
        Ground(field="address", level=Level.SAME, weight=4.4, why=" ".join(street)),
    )
    return Match(subject=row.subject, listing=listing, probability=0.997,
                 grounds=grounds, state="match", recognised="named", visit="a1b2c3d4e5f60718")  # fmt: skip


def make_score(cells: tuple[Cell, ...]) -> Score:
    """Figures that fit the cells roughly: reports show them, they do not check them."""
    applicable = [cell for cell in cells if cell.state is not State.NOT_APPLICABLE]
    known = [cell for cell in applicable if cell.state is not State.UNKNOWN]
    coverage = len(known) / len(applicable)
    findable = Pillar(value=74.0, coverage=coverage, low=74 * coverage, high=74 * coverage + 100 * (1 - coverage),
                      known=len(known), applicable=len(applicable))  # fmt: skip
    return Score(
        method=1,
        findability=findable,
        accuracy=replace(findable, value=81.5, low=81.5 * coverage, high=81.5 * coverage + 100 * (1 - coverage)),
        response=Pillar(value=38.0, coverage=0.7, low=26.6, high=56.6),
        offered=Pillar(value=46.0, coverage=1.0, low=46.0, high=46.0, known=8, applicable=8, grade="D"),
        total=49.3,
        coverage=coverage,
        strict=Strict(
            without_gap=2,
            with_gaps=4,
            not_fully_checked=2,
            not_in_file=("Kleiderkammer", "Trauercafé"),
            recommended_not_key=("Weiße Liste",),
            intended=("WhatsApp",),
        ),
        waits=(
            Wait(window=Window.OFFICE, source="imported", count=64, answered=61, median_hours=5.5, within_24h=0.83,
                 low=0.72, high=0.90, score=71.0),
            Wait(window=Window.EVENING, source="imported", count=19, answered=17, median_hours=14.0, within_24h=0.63,
                 low=0.41, high=0.81, score=44.0),
            Wait(window=Window.WEEKEND, source="imported", count=12, answered=9, median_hours=61.0, within_24h=0.08,
                 low=0.02, high=0.35, score=9.0),
            Wait(window=Window.NIGHT, source="imported", count=2, answered=1, median_hours=None, within_24h=None,
                 low=None, high=None, score=None),
            Wait(window=Window.OFFICE, source="public", count=4, answered=3, median_hours=21.0, within_24h=0.5,
                 low=0.15, high=0.85, score=None),
        ),
        offers=tuple(
            Offer(
                subject=f"{ORGANISATION}/{service}@{AT[service][0]}",
                office=0.9 - position * 0.1,
                evening=(0.0, 0.1, 0.35)[position % 3],
                weekend=(0.0, 0.0, 0.0, 1.0)[position % 4],
                next_slot=NOW + timedelta(days=2, hours=6) if position % 3 == 1 else None,
                evening_slots=position % 3,
                weekend_slots=1 if position % 4 == 3 else 0,
                sources=("opening_hours", "pretix"),
            )
            for position, (service, *_rest) in enumerate(SERVICES[:7])
        ),
        answering=(make_answering("schuldnerberatung", "Schuldnerberatung"),),
        unmeasured=(
            Unmeasured(service="kita", name="Kita", why="no-source"),
            Unmeasured(service="hort", name="Hort", why="too-few", count=2),
        ),
        remedies=(
            Remedy(reason=Reason.NEEDS_KEY, platform="google-maps", cells=15, gain=0.18, minutes=20),
            Remedy(reason=Reason.NEEDS_PERSON, platform="stadtportal", cells=12, gain=0.24, minutes=15),
            Remedy(reason=Reason.LAYOUT_CHANGED, platform="gelbe-seiten", cells=1, gain=0.01, minutes=0),
        ),
    )  # fmt: skip


def make_gaps(rows: tuple[Row, ...]) -> tuple[Gap, ...]:
    """One gap of every kind, with all sorts of editors; two red flags, three without a unit."""
    pairs = {
        "wrong-phone": ("+49 871 805-0", "+49 871 805 1200"),
        "wrong-hours": ("Mo-Fr 09:00-12:00", "Mo-Fr 09:00-17:00, Tu 17:00-19:00"),
        "wrong-address": ("Alter Marktplatz 4, 84028 Auenstadt", "Marktplatz 4, 84028 Auenstadt"),
        "wrong-name": ("Caritas Auenstadt", "Hilfswerk Auenstadt e. V."),
        "wrong-link": ("http://alt.hilfswerk.example/start", "https://hilfswerk.example/schulden"),
        "wrong-email": ("", "schulden@hilfswerk.example"),
        "protected-address": (SECRET_STREET, ""),
    }
    editors = cycle(EditedBy)
    gaps = []
    for number, kind in enumerate(GAP_KINDS):
        row = rows[number % len(rows)]
        if kind == "protected-address":
            row = next(row for row in rows if row.protected)
        elif row.protected:
            row = rows[0]
        platform = PLATFORMS[number % 3][0] if kind != "missing" else "stadtportal"
        shown, stated = pairs.get(kind, ("", ""))
        gaps.append(
            Gap(
                id=f"{kind}/{row.subject}/{platform}",
                kind=kind,
                platform=platform,
                subjects=(row.subject,) if number % 5 else tuple(r.subject for r in rows[:4] if not r.protected),
                unit=row.unit if number % 6 else "",
                minutes=(5.0, 10.0, 25.0, 60.0)[number % 4],
                points=round(6.4 / (1 + number * 0.6), 1),
                edited_by=next(editors),
                edit_url=f"https://{platform}.example/edit?{SECRET_STREET}" if kind == "protected-address"
                else f"https://{platform}.example/edit/{number}",
                shown=shown,
                stated=stated,
                paste=f"{row.service_name}\nHilfswerk Auenstadt e. V.\nMarktplatz 4, 84028 Auenstadt\n+49 871 805 1200"
                if number % 2 == 0 else "",
                red_flag=kind in {"protected-address", "wrongly-closed"},
                confirmed=number % 2 == 0,
                first_seen=NOW - timedelta(days=number * 3),
                target_date=date(2026, 12, 31) if number % 4 == 0 else None,
                visits=("a1b2c3d4e5f60718",),
                corrections=make_corrections(rows, platform) if kind == "corrections" else (),
            )
        )  # fmt: skip
    return tuple(gaps)


def make_corrections(rows: tuple[Row, ...], platform: str) -> tuple[Correction, ...]:
    """The lines of a mail about two entries: other facts, one that is not shown, and a service that is not named."""
    said = (
        (0, "wrong-hours", "hours", "Mo-Fr 09:00-12:00", "Mo-Fr 09:00-17:00, Tu 17:00-19:00"),
        (0, "wrong-phone", "phone", "+49 871 805-0", "+49 871 805 1200"),
        (1, "incomplete", "email", "", "sucht@hilfswerk.example"),
        (1, "not-recognisable", "recognisable", "", ""),
    )
    return tuple(
        Correction(
            id=f"{kind}/{rows[at].subject}/{platform}", kind=kind, field=field, subjects=(rows[at].subject,),
            entry=f"Hilfswerk {rows[at].location_name}", url=f"https://{platform}.example/{at}", shown=shown,
            stated=stated, points=0.5, visits=("a1b2c3d4e5f60718",),
        )
        for at, kind, field, shown, stated in said
    )  # fmt: skip


def make_strays() -> tuple[Stray, ...]:
    """One stray of each kind."""
    return (
        Stray(platform="openstreetmap", kind="closed-service", name="Kleiderkammer Hilfswerk",
              url="https://openstreetmap.example/node/9"),
        Stray(platform="gelbe-seiten", kind="orphan", name="Hilfswerk Beratungsstelle Altstadt",
              url="https://gelbe-seiten.example/8812"),
        Stray(platform="openstreetmap", kind="duplicate", name="Kita Regenbogen",
              url="https://openstreetmap.example/node/12", subject=f"{ORGANISATION}/kita@west"),
        Stray(platform="openstreetmap", kind="protected-address", name=f"Frauenhaus {SECRET_STREET}",
              url=f"https://openstreetmap.example/{SECRET_STREET}", subject=f"{ORGANISATION}/frauenhaus@mitte"),
    )  # fmt: skip


HOSTILE = (
    "<script>window.hacked=1</script>",
    "\"><img src=x onerror='window.hacked=1'>",
    "\u202egnp.exe\u2066\u2069",
    "\x1b[31mred\x1b]0;title\x07",
    "=HYPERLINK(\"http://evil.example\";\"click\")",
    "[bold red]markup[/] [link=http://evil.example]x[/link]",
    "{{ 7*7 }}{% include 'x' %}",
    "\ud800 broken",
)  # fmt: skip


def make_hostile() -> Result:
    """A result whose every crawled text tries something."""
    result = make_result(name="Verein " + HOSTILE[0])
    texts = cycle(HOSTILE)
    cells = tuple(
        replace(
            cell,
            findings=tuple(replace(f, shown=next(texts), stated=next(texts), note=next(texts)) for f in cell.findings),
        )
        for cell in result.cells
    )
    gaps = tuple(
        replace(gap, shown=next(texts), stated=next(texts), paste=next(texts), edit_url="javascript:window.hacked=1")
        for gap in result.gaps
    )
    strays = tuple(
        replace(s, name=next(texts), url="javascript:window.hacked=1//" + next(texts)) for s in result.strays
    )
    rows = tuple(replace(row, service_name=row.service_name + " " + next(texts)) for row in result.rows)
    columns = tuple(
        replace(c, name=c.name + next(texts), ways=tuple(replace(w, home="data:text/html,x", detail=next(texts),
                policy_url="javascript:1", control=next(texts), attribution=next(texts)) for w in c.ways))
        for c in result.columns
    )  # fmt: skip
    return replace(result, cells=cells, gaps=gaps, strays=strays, rows=rows, columns=columns, warnings=HOSTILE)
