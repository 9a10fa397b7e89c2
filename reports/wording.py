"""A result in the reader's words: made harmless, and with opening hours as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from audit.model import ENQUIRIES, Cell, Finding, Gap, Ground, Result, Said, WayReport
from reports.mailed import is_mail, mailed
from reports.shield import shield
from reports.texts import Texts
from reports.texts.catalogue import catalogue
from reports.views import View

# OSM opening_hours writes English days (wiki.openstreetmap.org/wiki/Key:opening_hours, read 2026-11-23).
_OSM_WORDS = ("Tu", "We", "Th", "Su", "PH", "SH", "off")
_DAY = re.compile(r'"[^"]*+"|\b(?:' + "|".join(_OSM_WORDS) + r")\b")
_WORDS = frozenset({"Mo", "Fr", "Sa", *_OSM_WORDS})
_WORD = re.compile(r"[^\W\d_]+")
HOURS_WORDS = (  # all that `audit.judging.comparing` says of how hours differ
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "public holidays",
    "school holidays", "to", "and", "shown", "stated", "Shown", "Stated", "with hours", "closed", "by appointment",
    "only by appointment", "less", "more", "same length", "h", "min", "none", "Evening", "weekend",
    "The hours agree", "In", "of", "weeks", "as from", "opening hours", "not shown", "not stated", "stated hours",
    "shown hours", "are not understood",
)  # fmt: skip
_ISO_DAY = re.compile(r"\b(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?: (\d\d:\d\d))?(?!\d)")
_WITHIN = re.compile(r"\((\d{1,4}) d\)")  # how far ahead free times were looked for
_COMMENT = re.compile(r'"[^"]*+"')
_TIME = re.compile(r"\d{1,2}:\d{2}")


def worded(result: Result, lang: str) -> Result:
    """The result as reports show it in that language; JSON keeps the hours as OSM syntax."""
    harmless = shield(result)
    texts = Texts(lang)
    name = texts.say("enquiries")
    gaps = (replace(gap, platform=name) if gap.platform == ENQUIRIES else gap for gap in harmless.gaps)
    harmless = replace(harmless, gaps=tuple(replace(gap, shown=with_days(gap.shown, texts)) for gap in gaps))
    told = _in_german(harmless) if lang == "de" else harmless
    view, texts = View(told), Texts(lang)
    return replace(told, gaps=tuple(mailed(gap, view, texts) for gap in told.gaps))


def _in_german(harmless: Result) -> Result:
    return replace(
        harmless,
        cells=tuple(_cell(cell) for cell in harmless.cells),
        gaps=tuple(_gap(gap) for gap in harmless.gaps),
        disputed=tuple(_gap(gap) for gap in harmless.disputed),
        columns=tuple(replace(column, ways=tuple(map(_way, column.ways))) for column in harmless.columns),
        warnings=_warnings(harmless),
    )


def with_days(text: str, texts: Texts) -> str:
    """A text with its ISO days in words, and how far ahead free times were looked for."""
    text = _WITHIN.sub(lambda found: texts.say("changes_within", days=texts.count("day_since", int(found[1]))), text)
    return _ISO_DAY.sub(lambda found: _day(found, texts), text)


def _day(found: re.Match[str], texts: Texts) -> str:
    try:
        return ", ".join(filter(None, (texts.date(date.fromisoformat(found[1])), found[2])))
    except ValueError:  # 31 February stays as it is shown
        return found[0]


def german_hours(text: str) -> str:
    """Lines of OSM opening hours with German days; any other line stays as it is."""
    if ":" not in text:  # no time of day, no hours
        return text
    return "\n".join(_DAY.sub(_german, line) if _are_hours(line) else line for line in text.split("\n"))


def german_differences(note: str) -> str:
    """How two opening hours differ, in German; a sentence of any other words stays as it is.

    The engine says it in a closed set of English words (`audit.judging.comparing.hours_words`).
    """
    words, known = _differences()
    return note if _WORD.search(words.sub("", note)) else words.sub(lambda found: known[found[0]], note)


def reason_in(ground: Ground, lang: str) -> str:
    """Why a field counts as it does, in that language."""
    return german(ground.said, ground.why) if lang == "de" else ground.why


def german(said: Iterable[Said], otherwise: str) -> str:
    """The remarks as one German sentence; ``otherwise`` where there are none, or of another version of findbar."""
    texts = catalogue("de")
    try:
        return ", ".join(texts.text(f"said.{one.code}").format(*map(_Value, one.parts)) for one in said) or otherwise
    except (IndexError, KeyError):
        return otherwise


def foreign(words: str, lang: str) -> str:
    """Words in English that are none of ours, set apart where German stands around them."""
    return Texts(lang).say("quoted", text=words) if words and lang == "de" else words


def key_note(note: str, lang: str) -> str:
    """What a key needs, in that language; the note of a checker from elsewhere is quoted as it is."""
    return _noted("said_key", note, lang)


def terms_note(note: str, lang: str) -> str:
    """Under which terms a way is used, or why a platform is left out; a note from elsewhere is quoted as it is."""
    return _noted("said_note", note, lang)


def _noted(group: str, note: str, lang: str) -> str:
    return catalogue("de").text(f"{group}.{note}", foreign(note, lang)) if lang == "de" else note


_HOUSE_RULES = {
    "accessibility-cloud": "rule_own_knowledge",
    "openstreetmap": "rule_own_knowledge",
    "wikidata": "rule_wikidata",
    "wikipedia": "rule_wikipedia",
}


def cure(gap: Gap, texts: Texts) -> str:
    """What closes a gap, with the rule of the house where a crowd looks after the entries."""
    fix = texts.say("mail_add_fix") if gap.kind == "missing" and is_mail(gap) else texts.gap(gap.kind).fix
    return " ".join(filter(None, (fix, house_rule(gap.platform, texts))))


def house_rule(platform: str, texts: Texts) -> str:
    """What must be minded where a crowd looks after the entries; an empty text elsewhere."""
    rule = _HOUSE_RULES.get(platform)
    return texts.say(rule) if rule else ""


class _Value(str):
    """A value as a text puts it in: as it is, or with a German decimal sign, German days, or German kinds."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        match form:
            case "number":
                return self.replace(".", catalogue("de").text("format.decimal"))
            case "hours":
                return german_differences(self)
            case "kinds":
                return ", ".join(catalogue("de").text(f"said_kind.{kind}", kind) for kind in self.split(", "))
            case "reason":
                return catalogue("de").text(f"said_reason.{self}", foreign(self, "de"))
            case "ground":
                return catalogue("de").text(f"ground.{self}", str(self))
            case _:
                return str(self)


@cache
def _differences() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {word: catalogue("de").text(f"hours_word.{word}") for word in HOURS_WORDS}
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), known


def _are_hours(line: str) -> bool:
    rules = _COMMENT.sub("", line)
    return bool(_TIME.search(rules)) and _WORDS.issuperset(_WORD.findall(rules))


def _german(day: re.Match[str]) -> str:
    return catalogue("de").text(f"osm_word.{day[0]}", day[0])  # a comment between quotes stays


def _gap(gap: Gap) -> Gap:
    lines = tuple(replace(c, shown=german_hours(c.shown), stated=german_hours(c.stated)) for c in gap.corrections)
    shown, stated, paste = map(german_hours, (gap.shown, gap.stated, gap.paste))
    return replace(gap, shown=shown, stated=stated, paste=paste, corrections=lines)


def _way(way: WayReport) -> WayReport:
    detail = german(way.detail_said, foreign(way.detail, "de"))
    return replace(way, control=german(way.control_said, way.control), detail=detail)


def _warnings(result: Result) -> tuple[str, ...]:
    if len(result.warnings) != len(result.warnings_said):
        return result.warnings
    return tuple(german((said,), text) for said, text in zip(result.warnings_said, result.warnings, strict=True))


def _cell(cell: Cell) -> Cell:
    findings = tuple(_finding(finding) for finding in cell.findings)
    if cell.match is None:
        return replace(cell, findings=findings)
    listing = replace(cell.match.listing, opening_hours=german_hours(cell.match.listing.opening_hours))
    grounds = tuple(replace(ground, why=reason_in(ground, "de")) for ground in cell.match.grounds)
    return replace(cell, findings=findings, match=replace(cell.match, listing=listing, grounds=grounds))


def _finding(finding: Finding) -> Finding:
    earlier = german_differences(finding.note) if finding.criterion == "hours" else finding.note
    note = german(finding.said, earlier)
    shown, stated = german_hours(finding.shown), german_hours(finding.stated)
    if (shown, stated, note) == (finding.shown, finding.stated, finding.note):
        return finding
    return replace(finding, shown=shown, stated=stated, note=note)
