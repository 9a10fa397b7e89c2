"""`findbar assist`: leads a person through the looks that are left, by keyboard alone.

Every answer is handed over at once; whoever stops goes on there the next time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from operator import itemgetter
from pathlib import Path

from rich.console import Console

from audit.model import Look, LookAnswer
from reports.shield import clean, safe_url
from reports.terminal.parts import QUIET, heading, plain, say
from reports.texts import Texts
from reports.wording import german_hours

Keep = Callable[[Look, LookAnswer], None]
Ask = Callable[[str], str]
_OUTCOMES = {"1": "right", "2": "wrong", "3": "missing", "4": "unseen"}
_STOP, _LATER, _OPEN = "q", "s", "o"
_LONGEST = 500
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".heic"})


def somebody_is_there() -> bool:
    """Whether a person sits at this terminal, at both ends of it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class _Stopped(Exception):
    """The person has had enough for now."""


def lead(
    looks: Sequence[Look],
    lang: str,
    console: Console,
    keep: Keep,
    *,
    ask: Ask | None = None,
    launch: Callable[[str], object] | None = None,
) -> int:
    """Goes through the looks in order; how many were answered. ``ask`` reads one line (default: the keyboard).

    ``launch`` opens an address in the browser. The end of the input is a stop.
    """
    guide = _Guide(Texts(lang), console, ask or _keyboard(console), launch)
    if not looks:
        say(console, guide.texts.say("worksheet_none"))
        return 0
    say(console, guide.texts.say("assist_begin", n=len(looks), minutes=_minutes(looks)), QUIET)
    done = 0
    try:
        for number, look in enumerate(looks):
            guide.show(look, number + 1, len(looks), _minutes(looks[number:]))
            if answer := guide.answer(look):
                keep(look, answer)
                done += 1
    except (_Stopped, EOFError):
        console.print()
    say(console, guide.texts.say("assist_end", done=done, left=len(looks) - done))
    return done


def _keyboard(console: Console) -> Ask:
    return lambda prompt: console.input(plain(console, prompt).append(" "))


def _minutes(looks: Sequence[Look]) -> int:
    return max(round(sum(look.minutes for look in looks)), 1)


class _Guide:
    """One conversation: texts, terminal, and where answers come from."""

    def __init__(self, texts: Texts, console: Console, ask: Ask, launch: Callable[[str], object] | None) -> None:
        self.texts, self.console, self.launch = texts, console, launch
        self._ask = ask

    def line(self, prompt: str) -> str:
        """One line, without what a terminal could take for a command."""
        return clean(self._ask(prompt)).strip()[:_LONGEST]

    def show(self, look: Look, number: int, total: int, minutes: int) -> None:
        """Where to look, at what, and what the organisation states."""
        heading(self.console, f"{number}/{total} · {look.platform} · {look.service} · {look.place}")
        say(self.console, self.texts.say("assist_left", minutes=minutes), QUIET)
        if url := safe_url(look.link):
            self.console.print(plain(self.console, url, "underline"), soft_wrap=True)
        say(self.console, look.question)
        for field, stated in filter(itemgetter(1), look.stated):
            say(self.console, f"{self._name(field)}: {self._worded(field, stated)}", QUIET, indent=2)
        if url and self.launch and number == 1:
            say(self.console, self.texts.say("assist_open"), QUIET)

    def answer(self, look: Look) -> LookAnswer | None:
        """What was seen; None for a look that is left for later. Raises `_Stopped`."""
        say(self.console, self.texts.say("assist_choices"))
        while True:
            told = self.line(">").lower()
            if told == _STOP:
                raise _Stopped
            if told == _LATER:
                return None
            if told == _OPEN and self.launch and safe_url(look.link):
                self.launch(safe_url(look.link))
            elif told in _OUTCOMES:
                return self._told(look, _OUTCOMES[told])
            else:
                say(self.console, self.texts.say("assist_again"), "yellow")

    def _told(self, look: Look, outcome: str) -> LookAnswer:
        if outcome == "right":  # the most frequent answer takes one key, and a label where the platform has one
            return LookAnswer(outcome=outcome, shown=tuple(self._field(*fact) for fact in look.stated if not fact[1]))
        shown = self._fields(look) if outcome == "wrong" else ()
        note = self.line(self.texts.say("assist_note"))
        return LookAnswer(outcome=outcome, shown=shown, note=note, screenshot=self._picture())

    def _fields(self, look: Look) -> tuple[tuple[str, str], ...]:
        """Each field as it stands there, and whether the entry calls the service closed for good."""
        say(self.console, self.texts.say("assist_fields"), QUIET)
        shown = [self._field(*fact) for fact in look.stated]
        closed = self.line(self.texts.say("assist_closed")).lower() == self.texts.say("assist_yes")
        return (*shown, *([("status", "closed")] if closed else []))

    def _field(self, field: str, stated: str) -> tuple[str, str]:
        """Enter for as stated (of what nothing is: not shown), a hyphen for not shown, else what is typed."""
        told = self.line(f"{self._name(field)}:" if stated else self.texts.say("assist_label"))
        return field, stated if not told else "" if told == "-" else told

    def _picture(self) -> str:
        """The path of a picture that is there; Enter for none."""
        while path := self.line(self.texts.say("assist_screenshot")).strip("'\""):
            file = Path(path).expanduser()
            if file.suffix.lower() in _PICTURES and file.is_file():
                return str(file)
            say(self.console, self.texts.say("assist_no_picture"), "yellow")
        return ""

    def _name(self, field: str) -> str:
        return self.texts.looked(field)

    def _worded(self, field: str, stated: str) -> str:
        return german_hours(stated) if field == "hours" and self.texts.lang == "de" else stated
