"""Enquiries: how long people wait, imported or asked for by test."""

from __future__ import annotations

from typing import Any

import click

from commands.choice import Choice

_SOURCES = ["csv", "jsonl", "calls", "zammad", "freescout", "zendesk", "otrs", "mbox", "maildir", "imap"]


@click.group()
def enquiries() -> None:
    """How long people wait: what your mailbox and telephone know."""


@enquiries.command("import")
@click.argument("source")
@click.option("--kind", type=click.Choice(_SOURCES), help="What it is (default: by its name).")
@click.option("--organisation", default="", help="Whose it is, where there are several.")
@click.option("--service", default="", help="The service it is about (default: by address).")
@click.option("--channel", default="", help="mail, form, chat, phone, counselling or public.")
@click.option("--folder", "folders", multiple=True, help="A folder of the mailbox (default: inbox and sent).")
@click.option("--own", multiple=True, help="An address or domain that is yours too (repeatable).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Nothing older than this day.")
@click.option("--password-env", default="", help="The environment variable of the app password.")
@click.option("--token-env", default="", help="The environment variable of the OAuth token.")
@click.pass_obj
def enquiries_import(choice: Choice, /, organisation: str, **wish: Any) -> None:
    """Count enquiries of a mailbox, help desk, call log or list.

    SOURCE: a file or folder (CSV, JSON, JSON Lines, mbox, Maildir), imaps://user@host, or a help desk as
    zammad+https://host (freescout, zendesk, otrs). Only times are kept: no name, address, subject or text.
    """
    from audit.enquiries import import_into, wish_of
    from reports.terminal import print_imported

    folder = choice.folder
    done = import_into(folder, choice.workshop(folder), organisation, wish_of(**wish))
    print_imported(done, choice.lang, choice.console)


@enquiries.command("send")
@click.option("--organisation", default="", help="Only of this organisation (default: all that consent).")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, to whom and when; send nothing.")
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True, help="How far a dry run looks.")
@click.pass_obj
def enquiries_send(choice: Choice, organisation: str, dry_run: bool, days: int) -> None:
    """Send the test enquiries that are due, to your own mailboxes.

    Only to addresses under [consent] in an organisation's own file; never to confidential, crisis or
    protected services. Call it every ten minutes (cron).
    """
    from audit.enquiring.sending import send
    from reports.terminal import print_sending

    folder = choice.folder
    print_sending(
        send(folder, choice.workshop(folder), organisation, dry=dry_run, days=days), choice.lang, choice.console
    )
