"""Gaps as tasks for any calendar (iCalendar, RFC 5545, September 2009): one VTODO for each gap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from audit.model import Gap, Result
from reports.shield import safe_url
from reports.texts import Texts
from reports.views import View
from reports.wording import cure, worded

OCTETS = 75  # of a line without its break (RFC 5545, 3.1)
URGENT, LATER = 1, 5  # priorities: 1 is highest, 5 is medium (RFC 5545, 3.8.1.9)
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def gaps_ical(result: Result, lang: str) -> str:
    """The tasks as text with CRLF; write it as UTF-8. Due where a gap has a target date, same ids in every run."""
    texts, view = Texts(lang), View(worded(result, lang))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//findbar//gaps//EN"]
    for gap in view.gaps():
        lines += _task(gap, view, texts)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def folded(line: str) -> Iterator[str]:
    """A content line in parts of at most 75 octets; parts after the first begin with a blank, no character is cut."""
    part, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + character, octets + size
    yield part


def _task(gap: Gap, view: View, texts: Texts) -> list[str]:
    names, more = view.subjects(gap, 2)
    where = "; ".join(names) + (f" {texts.say('more', n=more)}" if more else "")
    title = f"{view.platform(gap.platform)}: {texts.gap(gap.kind).title} ({where})"
    lines = [
        "BEGIN:VTODO",
        f"UID:{_text(gap.id)}@findbar",
        f"DTSTAMP:{_moment(view.result.finished)}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(_description(gap, view, texts))}",
        f"PRIORITY:{URGENT if gap.red_flag else LATER}",
        "STATUS:NEEDS-ACTION",
    ]
    if gap.first_seen:
        lines.append(f"CREATED:{_moment(gap.first_seen)}")
    if gap.target_date:
        lines.append(f"DUE;VALUE=DATE:{gap.target_date:%Y%m%d}")
    if url := safe_url(gap.edit_url):
        lines.append(f"URL:{url}")
    return [*lines, "END:VTODO"]


def _description(gap: Gap, view: View, texts: Texts) -> str:
    facts = (
        ("unit", view.unit(gap.unit) or texts.say("no_unit")),
        ("minutes", texts.effort(gap.minutes)),
        ("shown", gap.shown),
        ("stated", gap.stated),
        ("fix", cure(gap, texts)),
        ("paste", gap.paste),
    )
    return "\n".join(f"{texts.say(key)}: {value}" for key, value in facts if value)


def _text(value: str) -> str:
    return value.translate(ESCAPES)


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"
