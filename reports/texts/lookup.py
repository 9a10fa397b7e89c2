"""Looking texts up: closed vocabularies strictly, open names (new criteria, gap kinds) with a fallback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from audit import model
from audit.model import Access, Action, EditedBy, Kind, Level, Mover, Outcome, Reason, Standing, State, Turn, Window
from reports.texts import formats
from reports.texts.catalogue import LANGUAGES, catalogue

__all__ = ["BERLIN", "GLOSSARY", "LANGUAGES", "GapText", "Named", "Texts"]

BERLIN = ZoneInfo("Europe/Berlin")
GLOSSARY = (  # in reading order
    "cell", "coverage", "range", "key-service", "first-step", "not-found", "could-not-check", "control",
    "points-per-minute", "unit-in-charge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GapText:
    """What a kind of gap is called, what people run into, what to do, and what goes wrong easily."""

    title: str
    why: str = ""
    fix: str = ""
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name with one sentence that explains it."""

    name: str
    explain: str = ""


class Texts:
    """The texts of one language. Moments are shown in ``zone``, the readers' own (None: as stored)."""

    def __init__(self, lang: str, zone: tzinfo | None = BERLIN) -> None:
        self.lang = lang
        self.zone = zone
        self._catalogue = catalogue(lang)

    def say(self, key: str, **values: object) -> str:
        """A phrase of the table ``ui``, with its values put in. Raises KeyError for an unknown key."""
        return self._phrase("ui", key, values)

    def headline(self, key: str, **values: object) -> str:
        """A phrase of the table ``headline``, with its values put in."""
        return self._phrase("headline", key, values)

    def decision(self, reason: Reason, **values: object) -> str:
        """The question that somebody must answer before a reason can be cured; for a reason somebody decides."""
        return self._phrase("decide", reason.value, values)

    def count(self, what: str, n: float, digits: int = 0) -> str:
        """A number with its noun in the right form: "1 Lücke", "31 Lücken"."""
        rounded = float(round(n, digits))
        whole = int(rounded) if rounded.is_integer() else 2  # in both languages a fraction has the form of many
        return self._catalogue.counted(f"count.{what}", whole).format(n=self.number(n, digits))

    def reason(self, reason: Reason) -> str:
        """The reason in a few words."""
        return self._text("reason", reason.value, "label")

    def cure(self, reason: Reason) -> str:
        """What would turn this reason into knowledge."""
        return self._text("reason", reason.value, "cure")

    def outcome(self, word: Outcome) -> str:
        """The answer to a criterion."""
        return self._word("outcome", word)

    def state(self, word: State) -> str:
        """The state of a cell."""
        return self._word("state", word)

    def access(self, word: Access) -> str:
        """How a platform is reached."""
        return self._word("access", word)

    def kind(self, word: Kind) -> str:
        """The sort of platform."""
        return self._word("kind", word)

    def edited_by(self, word: EditedBy) -> str:
        """Who can change an entry."""
        return self._word("edited-by", word)

    def standing(self, word: Standing) -> str:
        """How well a checker is proven."""
        return self._word("standing", word)

    def window(self, word: Window) -> str:
        """An arrival window."""
        return self._word("window", word)

    def enquiry_state(self, state: str) -> str:
        """What came of a test enquiry."""
        return self._text("enquiry-state", state)

    def enquiry_refusal(self, reason: str) -> str:
        """Why a mailbox is not asked by test."""
        return self._text("enquiry-refusal", reason)

    def window_hours(self, word: Window) -> str:
        """The hours of an arrival window."""
        return self._word("window-hours", word)

    def when(self, word: Window) -> str:
        """An arrival window as part of a sentence: "at the weekend"."""
        return self._word("when", word)

    def level(self, word: Level) -> str:
        """How two values compare."""
        return self._word("level", word)

    def action(self, word: Action) -> str:
        """A first step."""
        return self._word("action", word)

    def turn(self, word: Turn) -> str:
        """What a change means."""
        return self._word("turn", word)

    def mover(self, word: Mover) -> str:
        """Whose change it was."""
        return self._word("mover", word)

    def source(self, source: str) -> str:
        """Where enquiries come from: imported, tested or public."""
        return self._open("source", source)

    def channel(self, channel: str) -> str:
        """How somebody asked: mail, form, chat, phone, counselling or public."""
        return self._open("channel", channel)

    def weekday(self, day: int) -> str:
        """A day of the week; Monday is 0."""
        return self._text("weekday", str(day))

    def pooled(self, level: str, services: int) -> str:
        """Why a group is shown and not each of its services."""
        return self._phrase("pooled", level, {"services": self.count("service", services)})

    def unmeasured(self, why: str, count: int) -> tuple[str, str]:
        """What stands in the way of a figure, and what would make it measurable."""
        told = self._text("unmeasured", why, "why").format(enquiries=self.count("enquiry", count))
        return told, self._text("unmeasured", why, "cure")

    def skipped(self, reason: str) -> str:
        """Why a row or message of an import was not counted, or what was noted of it."""
        return self._open("skipped", reason)

    def stray(self, kind: str) -> str:
        """What sort of stray listing it is."""
        return self._open("stray", kind)

    def criterion(self, name: str) -> str:
        """A criterion's short name."""
        return self._open("criterion", name, "name")

    def looked(self, field: str) -> str:
        """A field that a person looks at."""
        return self.say("reply_label") if field == "reply" else self.criterion(field)

    def swiftness(self, swiftness: model.Swiftness) -> str:
        """What a label of the reply time means."""
        return self._word("swiftness", swiftness)

    def ground(self, field: str) -> str:
        """What was compared to tell whose entry it is."""
        return self._open("ground", field)

    def question(self, name: str) -> str:
        """A criterion as a question."""
        return self._open("criterion", name, "question")

    def gap(self, kind: str) -> GapText:
        """Title, why, fix and trap of a kind of gap; an unknown kind is its own title."""
        title, *others = (self._catalogue.text(f"gap.{kind}.{part}", "") for part in ("title", "why", "fix", "trap"))
        return GapText(title or kind, *others)

    def pillar(self, name: str) -> Named:
        """Name and explanation of findability, accuracy, response or offered."""
        return Named(self._text("pillar", name, "name"), self._text("pillar", name, "explain"))

    def grade(self, grade: str) -> str:
        """A grade in words: "B (good)"."""
        words = self._catalogue.text(f"grade.{grade}", "")
        return f"{grade} ({words})" if words else grade

    def red_flag(self, flag: str) -> str:
        """What a red flag means: the gap kind's title where it names one."""
        return self.gap(flag).title

    def glossary(self) -> dict[str, str]:
        """Terms and what they mean, in reading order."""
        return {self._text("glossary", key, "term"): self._text("glossary", key, "text") for key in GLOSSARY}

    def number(self, value: float, digits: int = 0) -> str:
        """A number, with the decimal sign of the language."""
        return formats.number(value, self._catalogue, digits)

    def percent(self, share: float) -> str:
        """A share from 0 to 1 in whole percent."""
        return formats.percent(share, self._catalogue)

    def date(self, value: date) -> str:
        """A date in words."""
        return formats.day(value, self._catalogue)

    def month(self, value: str) -> str:
        """A month ("2026-11") in words."""
        year, number = value.split("-")
        return f"{self._text('month', str(int(number)))} {year}"

    def day_of(self, value: datetime) -> str:
        """The day of a moment, where the readers are."""
        return self.date(value.astimezone(self.zone) if self.zone else value)

    def moment(self, value: datetime) -> str:
        """A date with its time of day."""
        return formats.moment(value, self._catalogue, self.zone)

    def effort(self, minutes: float) -> str:
        """Working time: "10 Minuten", "9,5 Stunden" from two hours on."""
        if minutes < 120:
            return self.count("minute", round(minutes) or (1 if minutes > 0 else 0))
        return self.count("hour", minutes / 60, 1 if minutes < 600 else 0)

    def wait(self, hours: float) -> str:
        """Waiting time: minutes below two hours, days from three days on."""
        if hours < 2:
            return self.effort(hours * 60)
        return self.count("hour", hours) if hours < 72 else self.count("day", hours / 24, _digits(hours))

    def after(self, hours: float) -> str:
        """The same behind "after", "within" and "since", where German changes its ending."""
        return self.count("day_since", hours / 24, _digits(hours)) if hours >= 72 else self.wait(hours)

    def _word(self, group: str, word: StrEnum) -> str:
        return self._text(group, word.value)

    def _phrase(self, group: str, key: str, values: Mapping[str, object]) -> str:
        return self._text(group, key).format(**values)

    def _text(self, *path: str) -> str:
        return self._catalogue.text(".".join(path))

    def _open(self, group: str, name: str, *part: str) -> str:
        return self._catalogue.text(".".join((group, name, *part)), name)


def _digits(hours: float) -> int:
    """Tenths of a day tell nothing any more from ten days on."""
    return 1 if hours < 240 else 0
