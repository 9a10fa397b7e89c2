"""The HTML report: one self-contained file that asks nothing of the network and needs no script."""

from __future__ import annotations

import base64
import hashlib
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from audit.model import Changes, Level, Outcome, Reason, Result, State, Window
from reports.answering import blocks, unmeasured
from reports.branding import Brand
from reports.changed import parts
from reports.decisions import decisions
from reports.figures import effort_in_words, pillars, total_in_words
from reports.headline import headline, in_figures, second
from reports.pictures import pictures
from reports.replies import replies
from reports.shield import host_of, safe_url, scrub
from reports.texts import Texts
from reports.views import View, start_of, state_of, value_of
from reports.wording import worded

FOLDER = Path(__file__).parent / "templates"
COMPARABLE = 300  # characters: longer texts are shown without marking what differs
LARGE = 1500  # cells; beyond, only cells with gaps open to details, and the page stays small
WIDE = 8  # platforms that fit side by side; more scroll in a frame of their own


def render(
    result: Result, lang: str, *, previous: Result | None = None, texts: Texts | None = None,
    changes: Changes | None = None, brand: Brand | None = None,
) -> str:  # fmt: skip
    """The whole page in German or English, compared with ``previous`` and with what ``changes`` where given.

    ``texts`` carries another time zone or wording, ``brand`` the organisation's own look.
    Raises ValueError for an unknown language.
    """
    texts, brand = texts or Texts(lang), brand or Brand()
    shown = worded(result, lang)
    style, script = asset("report.css") + brand.style, asset("report.js")
    view, said = View(shown), pillars(shown, texts, previous)
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
        large=len(shown.cells) > LARGE,
        wide=len(view.shown) > WIDE,
    )  # fmt: skip


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy (CSP Level 3): nothing but this one style sheet and this one script."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def differ(one: str, other: str) -> list[tuple[bool, str]]:
    """``one`` in pieces, each with True where it differs from ``other``."""
    if not one or not other or max(len(one), len(other)) > COMPARABLE:
        return [(False, one)] if one else []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    pieces = [(tag != "equal", one[start:end]) for tag, start, end, _, _ in matcher.get_opcodes() if end > start]
    return [(differs and not piece.isspace(), piece) for differs, piece in pieces]  # a space more changes nothing


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
    environment.globals.update(
        blocks=blocks,
        unmeasured=unmeasured,
        replies=replies,
        differ=differ,
        start_of=start_of,
        Level=Level,
        State=State,
        Outcome=Outcome,
        Reason=Reason,
        value_of=value_of,
    )
    return environment
