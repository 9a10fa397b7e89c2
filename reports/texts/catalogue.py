"""The catalogue of one language, as gettext reads it. A source tree needs Babel, an installed findbar does not."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

LANGUAGES = ("de", "en")
LOCALE = Path(__file__).with_name("locale")


class Catalogue(GNUTranslations):
    """Texts by key. Neither language is derived from the other, so a key without a text has nothing to fall back on."""

    def text(self, key: str, otherwise: str | None = None) -> str:
        """The text of a key; ``otherwise`` where there is none. Raises KeyError without both."""
        found = self.gettext(key)
        if found != key:
            return found
        if otherwise is None:
            raise KeyError(key)
        return otherwise

    @property
    def keys(self) -> list[str]:
        """Every key that has a text in one form."""
        known = self._catalog  # type: ignore[attr-defined] # what gettext read; its stubs do not name it
        return [key for key in known if isinstance(key, str) and key]

    def counted(self, key: str, n: int) -> str:
        """The text of a key in the form that ``n`` of it ask for. Raises KeyError for a key without one."""
        found = self.ngettext(key, key, n)
        if found == key:
            raise KeyError(key)
        return found


@cache
def catalogue(lang: str) -> Catalogue:
    """The compiled catalogue; compiled here where it is not, or is older than its source.

    Raises ValueError for a language there are no texts in, OSError where it cannot be compiled for want of Babel.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}, only in {', '.join(LANGUAGES)}")
    source = LOCALE / lang / "LC_MESSAGES" / "findbar.po"
    binary = source.with_suffix(".mo")
    if binary.exists() and not (source.exists() and source.stat().st_mtime > binary.stat().st_mtime):
        with binary.open("rb") as file:
            return Catalogue(file)
    return Catalogue(BytesIO(_compiled(source)))


def _compiled(source: Path) -> bytes:
    try:
        from reports.texts.compiling import compiled  # noqa: PLC0415 (an installed findbar has no Babel)
    except ModuleNotFoundError as missing:
        raise OSError(
            f"{source}: not compiled. Install findbar (python -m pip install .), or Babel to run it from here."
        ) from missing
    return compiled(source)
