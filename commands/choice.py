"""What every command starts from: the options before it, its working folder, its terminal, and the exit codes.

0 complete, 1 gaps (when asked to fail on them), 2 wrong use or input, 3 coverage below what was asked, 130
interrupted with everything gathered kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from audit.auditing import Workshop
    from audit.working import WorkingFolder
    from reports.branding import Brand

GAPS, WRONG, COVERAGE, INTERRUPTED = 1, 2, 3, 130
PATH = click.Path(path_type=Path)


@dataclass
class Choice:
    """What the options before the command say."""

    config: Path | None
    database: Path | None
    lang: str

    @property
    def folder(self) -> WorkingFolder:
        """The working folder, opened."""
        from audit.working import open_folder

        return open_folder(Path.cwd(), self.config, self.database)

    def workshop(self, folder: WorkingFolder, cluster: str = "") -> Workshop:
        """Everything an audit is made with; ``cluster`` is where it opens browsers, if not here."""
        import platforms
        from audit.working import workshop_for

        return replace(workshop_for(folder, platforms), cluster=cluster)

    def brand(self, folder: WorkingFolder) -> Brand:
        """The name, logo and colours of whose reports these are."""
        from reports.branding import make_brand

        return make_brand(**folder.settings.report.model_dump())

    @property
    def console(self) -> Console:
        """The terminal."""
        from reports.terminal.parts import make_console

        return make_console()

    def say(self, text: str, *, err: bool = False) -> None:
        """A sentence of the engine, in the language chosen."""
        from reports.told import told

        click.echo(told(text, self.lang), err=err)

    def begin(self, json_file: str | None) -> None:
        """Say that an audit begins."""
        from reports.terminal.parts import begin

        begin(self.beside(json_file), self.lang)

    def beside(self, json_file: str | None) -> Console:
        """The terminal, or standard error where standard output is for JSON alone."""
        from reports.terminal.parts import make_console

        return make_console(to_error=json_file == "-")
