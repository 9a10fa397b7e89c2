"""The mail that asks whoever edits entries to put them right: every entry, as shown and as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from audit.model import Correction, EditedBy, Gap
from reports.shield import one_line, safe_url
from reports.texts import Texts
from reports.views import View

_OTHERS = frozenset({EditedBy.UMBRELLA, EditedBy.AUTHORITY})


def is_mail(gap: Gap) -> bool:
    """Whether one mail to whoever edits the entries closes the gap, and so its text to paste is that mail."""
    return gap.edited_by in _OTHERS and gap.id.endswith("/all") and gap.kind in ("missing", "corrections")


def mailed(gap: Gap, view: View, texts: Texts) -> Gap:
    """The gap with its mail as the text to paste, and in short what it is about; any other gap stays as it is."""
    if not is_mail(gap):
        return gap
    if not gap.corrections:
        return replace(gap, paste=_letter("mail_add", [gap.paste], gap, view, texts))
    entries = len({(line.subjects, line.entry, line.url) for line in gap.corrections})
    about = {"n": texts.number(len(gap.corrections)), "entries": texts.number(entries)}
    return replace(gap, shown=texts.say("mail_shown", **about), paste=_corrected(gap, view, texts))


def _corrected(gap: Gap, view: View, texts: Texts) -> str:
    """Each entry with its lines, and the facts of entries in which a service is not named. Nothing is cut short."""
    facts = dict(zip(gap.subjects, gap.paste.split("\n\n"), strict=False))
    entries = groupby(gap.corrections, key=lambda line: (line.subjects, line.entry, line.url))
    told = [_entry(at, list(lines), facts, view, texts) for at, (_, lines) in enumerate(entries, 1)]
    return _letter("mail_correct", told, gap, view, texts)


def _letter(key: str, told: Sequence[str], gap: Gap, view: View, texts: Texts) -> str:
    ask = texts.say(key, platform=view.platform(gap.platform), name=view.result.organisation_name)
    return "\n\n".join((texts.say("mail_greeting"), ask, *told, texts.say("mail_thanks")))


def _entry(at: int, lines: list[Correction], facts: dict[str, str], view: View, texts: Texts) -> str:
    return "\n".join(_told(at, lines, facts, view, texts))


def _told(at: int, lines: list[Correction], facts: dict[str, str], view: View, texts: Texts) -> Iterator[str]:
    first = lines[0]
    ours = "; ".join(dict.fromkeys(map(view.subject, first.subjects)))
    yield f"{at}. {ours}" + (f" ({texts.say('mail_entry', entry=one_line(first.entry))})" if first.entry else "")
    if url := safe_url(first.url):
        yield f"   {url}"
    yield from (f"   - {change(line, texts)}" for line in lines)
    if not all(line.stated for line in lines):
        blocks = dict.fromkeys(facts[slug] for slug in first.subjects if slug in facts)
        yield from (f"     {row}" for block in blocks for row in (texts.say("mail_facts"), *block.split("\n")))


def change(line: Correction, texts: Texts) -> str:
    """One line of the mail: which field, what is shown, what it should be."""
    if not line.stated:
        return texts.gap(line.kind).title
    told = {"field": texts.criterion(line.field), "stated": one_line(line.stated.replace("\n", " / "))}
    shown = one_line(line.shown.replace("\n", " / "))
    return texts.say("mail_differs" if shown else "mail_lacks", **told, **({"shown": shown} if shown else {}))
