"""Test enquiries in words: what would be sent, to whom and when; or what was sent, and what is refused and why."""

from __future__ import annotations

from rich.console import Console

from audit.model import Enquiry, Sending
from reports.terminal.parts import QUIET, heading, say, tidy
from reports.texts import Texts


def print_sending(sending: Sending, lang: str, console: Console) -> None:
    """A dry run whole, with every text; otherwise the state of each enquiry. Then who is never asked."""
    texts = Texts(lang)
    with tidy(console):
        if sending.unsure:
            say(console, texts.say("enquiries_unsure", n=sending.unsure), "yellow")
        if sending.dry:
            _print_planned(sending, texts, console)
        else:
            _print_done(sending, texts, console)
        if sending.refused:
            heading(console, texts.say("enquiries_refused"))
        for organisation, address, reason in sending.refused:
            where = f"{organisation}, {address}" if address else organisation
            say(console, f"{where}: {texts.enquiry_refusal(reason)}")


def _print_planned(sending: Sending, texts: Texts, console: Console) -> None:
    say(console, texts.say("enquiries_planned", n=len(sending.planned)), "bold")
    for one in sending.planned:
        heading(console, f"{texts.moment(one.at)} · {texts.window(one.window)}")
        say(console, texts.say("enquiries_from_to", sender=one.reply_to, to=one.address, subject=one.subject))
        for line in one.body.splitlines():
            say(console, line, indent=2) if line else console.print()
    say(console, texts.say("enquiries_dry"), QUIET)


def _print_done(sending: Sending, texts: Texts, console: Console) -> None:
    if not (sending.done or sending.revealed):
        say(console, texts.say("enquiries_none"))
    for one in sending.done:
        say(console, _line(one, texts))
    if sending.revealed:
        say(console, texts.say("enquiries_revealed", n=sending.revealed))


def _line(one: Enquiry, texts: Texts) -> str:
    return f"{texts.moment(one.at)}, {one.address}, {texts.window(one.window)}: {texts.enquiry_state(one.state)}"
