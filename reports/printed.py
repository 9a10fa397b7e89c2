"""The gaps as a list to print, a page for each unit, and what of a result is one unit's."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from audit.model import Gap, Result
from reports.html import asset, environment, policy
from reports.texts import Texts
from reports.views import View
from reports.wording import cure, worded

# kinds of gaps that want the whole text written
WHOLE = ("missing", "not-recognisable", "no-first-step", "corrections")


def of_unit(result: Result, unit: str) -> Result:
    """The result with the gaps of one unit only, by its id; "" keeps all."""
    if not unit:
        return result
    mine, theirs = (tuple(gap for gap in some if gap.unit == unit) for some in (result.gaps, result.disputed))
    return replace(result, gaps=mine, disputed=theirs)


def print_list(result: Result, lang: str) -> str:
    """A self-contained page in black and white: for each unit its gaps with boxes to tick, on pages of their own."""
    view, style = View(worded(result, lang)), asset("list.css")
    return environment().get_template("list.html.j2").render(
        r=view.result,
        t=Texts(lang),
        view=view,
        units=by_unit(view),
        whole=WHOLE,
        cure=cure,
        style=Markup(style),  # noqa: S704 - our own file, read from beside this code
        csp=policy(style, ""),
    )  # fmt: skip


def by_unit(view: View) -> list[tuple[str, list[Gap]]]:
    """The gaps in their order by unit: the units as the organisation file lists them, at last those without one."""
    gaps = view.gaps()
    units = dict.fromkeys([*view.units, *sorted({gap.unit for gap in gaps} - {""}), ""])
    mine = ((unit, [gap for gap in gaps if gap.unit == unit]) for unit in units)
    return [(unit, some) for unit, some in mine if some]
