"""Is the kind of service recognisable in a listing, by the words and codes a seeker would use?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from audit.judging.comparing import names
from audit.judging.comparing.folding import fold, tokens
from audit.judging.comparing.nameparts import complete_hyphens, dissect
from audit.model import Listing

_WHOLE_WORD_UP_TO = 5  # "Hort" is inside "Hortensie": short words must stand alone


class Kind(Protocol):
    """A kind of service as the catalogue describes it.

    ``words`` are its usual names, ``seekers`` what people in need type, ``tags`` combinations of
    platform codes ("amenity=social_facility+social_facility=nursing_home"), ``schema`` schema.org
    types, ``categories`` category names of platforms.
    """

    @property
    def words(self) -> Sequence[str]:
        """Usual names, most usual first."""

    @property
    def seekers(self) -> Sequence[str]:
        """Words of people seeking help."""

    @property
    def tags(self) -> Sequence[str]:
        """Combinations of codes, joined by "+"."""

    @property
    def schema(self) -> Sequence[str]:
        """Types of schema.org."""

    @property
    def categories(self) -> Sequence[str]:
        """Category names."""


def recognised(listing: Listing, kind: Kind, own_names: Sequence[str] = ()) -> str:
    """ "named" | "category" | "text" | "no".

    named: a usual word of the kind, or one of ``own_names`` (the service's own), is in the
    listing's names or categories. category: the platform's codes, category names or schema type
    say it. text: only free text says it, or only seekers' words.
    """
    shown = (listing.name, *listing.alternate_names)
    if _mentions((*shown, *listing.categories), kind.words) or _named(own_names, shown):
        return "named"
    if _coded(listing, kind):
        return "category"
    everything = (*shown, *listing.categories, listing.text)
    if _mentions((listing.text,), kind.words) or _mentions(everything, kind.seekers):
        return "text"
    return "no"


def _named(own_names: Sequence[str], shown: Sequence[str]) -> bool:
    """An own name with distinguishing words counts when it is shown; generic ones need a word of the kind."""
    telling = [name for name in own_names if dissect(name).words]
    return names.compare(telling, shown).weight_key in ("same", "close") if telling else False


def _coded(listing: Listing, kind: Kind) -> bool:
    shown = frozenset(listing.tags)
    if any(frozenset(combination.split("+")) <= shown for combination in kind.tags):
        return True
    if any(f"schema:{name}" in shown or name in shown for name in kind.schema):
        return True
    labels = {fold(category) for category in listing.categories}
    return any(fold(category) in labels for category in kind.categories)


def _mentions(texts: Iterable[str], words: Sequence[str]) -> bool:
    return any(_has(text, word) for text in texts if text for word in words if word)


@lru_cache(maxsize=100_000)
def _joined(text: str) -> str:
    return " " + " ".join(tokens(complete_hyphens(text))) + " "


def _has(text: str, word: str) -> bool:
    sought = _joined(word).strip()
    if not sought:
        return False
    return (f" {sought} " if len(sought) <= _WHOLE_WORD_UP_TO else sought) in _joined(text)
