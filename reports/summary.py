"""One line for the log of the night: how much was checked, what is open, what was skipped, who was told."""

from __future__ import annotations

from audit.model import Tally, Telling
from reports.shield import one_line
from reports.texts import Texts


def summary(run: Tally, telling: Telling | None, lang: str) -> str:
    """The line, without a line feed."""
    texts = Texts(lang)
    first = texts.say(
        "night",
        organisations=texts.count("organisation", len(run.each)),
        known=texts.number(run.known),
        cells=texts.count("cell", run.applicable),
        coverage=texts.percent(run.coverage),
        gaps=texts.count("gap", run.gaps),
        time=texts.effort((run.finished - run.started).total_seconds() / 60),
    )
    return one_line("; ".join([first, *_skipped(run, texts), *_told(telling, texts)]))


def _skipped(run: Tally, texts: Texts) -> list[str]:
    lame = [texts.say("night_lame", name=name, reason=texts.reason(reason)) for _, name, reason in run.skipped]
    return [texts.say("night_skipped", names=", ".join(lame))] if lame else []


def _told(telling: Telling | None, texts: Texts) -> list[str]:
    if telling is None:
        return []
    sent = sum(one.state == "sent" for one in telling.told)
    untold = [texts.say("night_untold", n=telling.failed)] if telling.failed else []
    return [texts.say("night_told", n=sent), *untold]
