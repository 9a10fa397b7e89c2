"""The HTML report: one self-contained file that asks nothing of the network and needs no script."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audit.model import Level, Outcome, Past, Reason, Result, State, Window
from reports.answering import blocks, unmeasured
from reports.branding import Brand
from reports.changed import alike, before_and_after, parts
from reports.decisions import decisions
from reports.dense import Dense, is_large
from reports.figures import effort_in_words, pillars, total_in_words
from reports.headline import headline, in_figures, second
from reports.offered import promises, ranking
from reports.pacing import pacing
from reports.pictures import capital, pictures
from reports.replies import replies
from reports.shield import host_of, safe_url, scrub
from reports.texts import Texts
from reports.views import View, start_of, state_of, value_of
from reports.wording import cure, house_rule, worded

FOLDER = Path(__file__).parent / "templates"
COMPARABLE = 300  # characters: longer texts are shown without marking what differs
WIDE = 8  # platforms that fit side by side; more scroll in a frame of their own


def render(
    result: Result, lang: str, *, previous: Result | None = None, texts: Texts | None = None,
    past: Past | None = None, brand: Brand | None = None,
) -> str:  # fmt: skip
    """The whole page in German or English, compared with ``previous``, and with what it tells of the ``past``.

    ``texts`` carries another time zone or wording, ``brand`` the organisation's own look.
    Raises ValueError for an unknown language.
    """
    texts, brand, past = texts or Texts(lang), brand or Brand(), past or Past()
    changes = past.changes
    unmatched = tuple(replace(cell, match=None) if cell.match else cell for cell in result.cells)
    shown = worded(replace(result, cells=unmatched), lang)  # the page shows no entry whole: less to make harmless
    view, said = View(shown), pillars(shown, texts, previous, changes.before if changes else None)
    style, script = asset("report.css") + kinds_apart(view) + brand.style, asset("report.js")
    dense = Dense(view, texts) if is_large(shown) else None
    places = {gap.id: number for number, gap in enumerate(view.gaps(), 1)}
    steps = [(gap, dense.number(gap) if dense else places[gap.id]) for gap in view.next_steps()]
    return environment().get_template("report.html.j2").render(
        r=shown,
        t=texts,
        brand=brand,
        view=view,
        headline=headline(shown, texts),
        second=second(shown, texts),
        in_figures=in_figures(shown, texts),
        effort=effort_in_words(view, texts),
        pillars=said,
        pictures=pictures(view, said, texts),
        kind_choices=[(group.kind.value, texts.kind(group.kind)) for group in view.groups],
        state_choices=[(state.value, texts.state(state)) for state in State],
        total=total_in_words(shown, texts),
        decisions=decisions(view, texts),
        style=Markup(style),  # noqa: S704 - our own file, read from beside this code
        script=Markup(script),  # noqa: S704 - our own file, read from beside this code
        csp=policy(style, script),
        changes=scrub(changes) if changes else None,
        parts=parts(changes, texts) if changes else [],
        pace=pacing(past.pace, view, texts) if past.pace else None,
        dense=dense,
        steps=steps,
        wide=len(view.shown) > WIDE,
    )  # fmt: skip


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy (CSP Level 3): nothing but this one style sheet and this one script."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def kinds_apart(view: View) -> str:
    """The rules that show platforms of one kind alone: said for the place of its columns, not in each field."""
    rules, first = [], 2
    for group in view.groups:
        kind, last = group.kind.value, first + len(group.columns) - 1
        when = f".matrix:has(#kind-{kind}:checked)"
        columns = f":nth-child(n+2):not(:nth-child(n+{first}):nth-child(-n+{last}))"
        rules.append(f"{when} .names > {columns}, {when} .line > {columns}, {when} .kinds > th:not(.k-{kind})")
        first = last + 1
    width = f"\n.dense {{ --columns: {len(view.shown)}; }}"
    return width + "".join(f"\n{rule} {{ display: none !important; }}" for rule in rules)


def differ(one: str, other: str) -> list[tuple[bool, str]]:
    """``one`` in pieces, each with True where it differs from ``other``."""
    if not one or not other or max(len(one), len(other)) > COMPARABLE:
        return [(False, one)] if one else []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    pieces = [(tag != "equal", one[start:end]) for tag, start, end, _, _ in matcher.get_opcodes() if end > start]
    return [(differs and not piece.isspace(), piece) for differs, piece in pieces]  # a space more changes nothing


def breakable(text: str) -> Markup:
    """A text that may go on in the next line behind the dots of an address."""
    return Markup(".<wbr>").join(text.split("."))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def asset(name: str) -> str:
    """A style sheet or script from beside the templates."""
    return (FOLDER / name).read_text(encoding="utf-8").strip()


@cache
def environment() -> Environment:
    """Jinja with autoescape, strict about unknown names, and the filters templates use."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["url"] = safe_url
    environment.filters["host"] = host_of
    environment.filters["window"] = Window
    environment.filters["state_of"] = state_of
    environment.filters["capitalized"] = capital
    environment.filters["breakable"] = breakable
    environment.globals.update(
        alike=alike,
        before_and_after=before_and_after,
        blocks=blocks,
        cure=cure,
        house_rule=house_rule,
        unmeasured=unmeasured,
        replies=replies,
        ranking=ranking,
        promises=promises,
        differ=differ,
        start_of=start_of,
        Level=Level,
        State=State,
        Outcome=Outcome,
        Reason=Reason,
        value_of=value_of,
    )
    return environment
