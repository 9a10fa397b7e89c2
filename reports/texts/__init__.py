"""Every word a person reads, in German and English: gettext catalogues in `locale/`, looked up by `Texts`."""

from reports.texts.lookup import LANGUAGES, GapText, Named, Texts

__all__ = ["LANGUAGES", "GapText", "Named", "Texts"]
