"""The list of looks only a person can do: as CSV to fill in, and as a page to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup

from audit.model import LOOK_FIELDS, UNASKED, Look, Reason, Result, State
from reports.html import asset, environment, policy
from reports.shield import clean, safe_url
from reports.tables import write_csv
from reports.texts import Texts
from reports.views import View
from reports.wording import worded


def looks(result: Result, lang: str) -> list[Look]:
    """The looks a result asks for: every cell that needs a person, with the platform's home as link."""
    texts, view = Texts(lang), View(worded(result, lang))
    found = []
    for cell in view.result.cells:
        row = view.rows.get(cell.subject)
        if row is None or cell.state is not State.UNKNOWN or cell.reason is not Reason.NEEDS_PERSON:
            continue
        column = view.columns.get(cell.platform)
        found.append(
            Look(
                platform=view.platform(cell.platform),
                service=row.service_name,
                place=row.location_name,
                link=column.ways[0].home if column and column.ways else "",
                question=texts.question("listed") + " " + texts.question("first_step"),
                cell=cell.id,
            )
        )
    return found


def worksheet_csv(rows: Iterable[Look], lang: str) -> str:
    """CSV to fill in: the cell's slug, what to look at, what is stated of each field that the platform can show (a
    dash: none), and empty columns for note, answer and day."""
    texts = Texts(lang)
    headings = [texts.say(key) for key in ("id", "platform", "service", "place", "link", "question")]
    headings += [texts.looked(field) for field in LOOK_FIELDS]
    headings += [texts.say(key) for key in ("plan_note", "answer", "seen_on")]
    lines = ([clean(part) for part in (*_parts(row), *_facts(row))] for row in rows)
    return write_csv(headings, ([*line, "", "", ""] for line in lines))


def worksheet_html(rows: Iterable[Look], lang: str) -> str:
    """A page to print, self-contained like the report, without any script."""
    style = asset("report.css")
    return environment().get_template("worksheet.html.j2").render(
        t=Texts(lang),
        rows=[_clean(row) for row in rows],
        style=Markup(style),  # noqa: S704 - our own file, read from beside this code
        csp=policy(style, ""),
    )  # fmt: skip


def _clean(row: Look) -> Look:
    platform, service, place = clean(row.platform), clean(row.service), clean(row.place)
    return replace(row, platform=platform, service=service, place=place, link=clean(row.link),
                   question=clean(row.question), cell=clean(row.cell),
                   stated=tuple((field, clean(text)) for field, text in row.stated))  # fmt: skip


def _facts(row: Look) -> list[str]:
    stated = dict(row.stated)
    return [" ".join(stated.get(field, UNASKED).split()) for field in LOOK_FIELDS]


def _parts(row: Look) -> list[str]:
    return [row.cell, row.platform, row.service, row.place, safe_url(row.link), row.question]
