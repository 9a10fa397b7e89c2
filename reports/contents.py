"""The page that lists the latest reports, one line for each organisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from audit.model import Latest, Past, Result
from reports.branding import Brand
from reports.html import asset, environment, policy, render
from reports.shield import scrub
from reports.texts import Texts


def contents_html(latest: Sequence[Latest], lang: str, brand: Brand | None = None) -> str:
    """The list as a page; each name leads to ``ORGANISATION.html`` beside it."""
    brand = brand or Brand()
    style = asset("report.css") + brand.style
    return (
        environment()
        .get_template("contents.html.j2")
        .render(
            rows=[scrub(one) for one in latest],
            t=Texts(lang),
            brand=brand,
            style=Markup(style),  # noqa: S704 - our own file, read from beside this code
            csp=policy(style, ""),
        )
    )


def page_maker(
    latest: Callable[[], Sequence[Latest]], result: Callable[[str], Result], lang: str, *,
    since: Callable[[Result], Past | None], brand: Brand | None = None,
) -> Callable[[str], str | None]:  # fmt: skip
    """Makes the page of a path: "" the list (or the only report), ``ORGANISATION.html`` the organisation's report.

    A path is looked up among the organisations and never touches a file; any other gives None.
    """

    def make(path: str) -> str | None:
        found = latest()
        ids = {f"{one.organisation}.html": one.organisation for one in found}
        if path == "" and len(found) != 1:
            return contents_html(found, lang, brand)
        id_ = found[0].organisation if path == "" else ids.get(path)
        if id_ is None:
            return None
        shown = result(id_)
        return render(shown, lang, past=since(shown), brand=brand)

    return make
