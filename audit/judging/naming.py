"""The name and the operator of a listing against all that a subject is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from audit.judging.comparing import names, organisations
from audit.judging.comparing.addresses import street_key
from audit.judging.comparing.comparison import Comparison
from audit.judging.comparing.likeness import likeness
from audit.judging.comparing.nameparts import NameParts, dissect
from audit.judging.comparing.tables import levels, words
from audit.judging.facts import Facts
from audit.model import Level, Listing
from audit.saying import say

NAMED = ("same", "close", "street_whole", "street_name", "contained", "generic_same")
"""Weight keys by which a listing bears the subject's own name."""


def compare(stated: Facts, listing: Listing) -> Comparison:
    """Own names first; the organisation's name is weaker, and a name of its own speaks against."""
    shown = (listing.name, *listing.alternate_names)
    if _nameless(shown) and stated.names and not any(_nameless((name,)) for name in stated.names):
        return Comparison(Level.ABSENT, "nameless", say("name-nameless"))
    own = names.compare((*stated.names, *_with_body(stated)), shown, places=stated.places)
    if own.weight_key == "generic_same" and _has_own_name(stated, listing):
        return replace(own, level=Level.PARTIAL, weight_key="generic_some")
    if own.weight_key in NAMED:
        return _only_street(own, stated, listing)
    if _is_organisation(stated, shown):
        return Comparison(Level.PARTIAL, "organisation", say("name-organisation"))
    if own.weight_key == "other" and _bears_operator_only(stated, listing):
        return Comparison(Level.ABSENT, "operators", say("name-operators"))
    extra = own.weight_key == "generic" and _extra(stated, listing)
    return Comparison(Level.PARTIAL, "extra", say("name-extra")) if extra else own


def _bears_operator_only(stated: Facts, listing: Listing) -> bool:
    """Whether an entry is called as its operator, who may be the subject's, and so has no name of its own."""
    called = {dissect(name).whole for name in (listing.name, *listing.alternate_names) if name}
    runs = {dissect(name).whole for name in listing.operator.split(";")}
    return called <= runs and compare_organisation(stated, listing).level in (Level.SAME, Level.PARTIAL)


def compare_organisation(stated: Facts, listing: Listing) -> Comparison:
    """Whose listing it is; without any word of an association that the own names bear it is a little odd."""
    shown = (listing.name, *listing.alternate_names)
    found = organisations.compare(
        stated.organisation_names, listing.operator, shown, listing.wikidata, places=stated.places
    )
    is_named = found.weight_key == "absent" and not _nameless(shown)
    if is_named and organisations.unnamed(stated.organisation_names, stated.names):
        return replace(found, weight_key="unnamed")
    return found


def _nameless(shown: Iterable[str]) -> bool:
    """Nothing but "unnamed" and the like."""
    return all(name.strip() == "" or set(dissect(name).whole) <= words().placeholders for name in shown)


def _with_body(stated: Facts) -> tuple[str, ...]:
    """ "Schuldnerberatung" is listed as "Caritas Schuldnerberatung": service and organisation in one."""
    return tuple(f"{service} {body}" for service in stated.service_names for body in stated.organisation_names[:1])


def _only_street(own: Comparison, stated: Facts, listing: Listing) -> Comparison:
    """A name that agrees by street, town or quarter alone is evidence of the place, not of who is there."""
    if own.weight_key not in ("same", "close", "contained"):
        return own
    streets = _streets(stated, listing)
    shown = [word for name in (listing.name, *listing.alternate_names) for word in dissect(name).words]
    area = stated.places | stated.quarter
    telling = [word for word in shown if word not in area and not word[0].isdigit()]
    if telling and all(word in words().weak_words for word in telling):
        return own if len(telling) > 1 else replace(own, weight_key="contained")  # one such word may be anybody's
    if all(_is_street(word, streets) for word in telling):
        whole = {dissect(name).whole for name in stated.names} & {dissect(name).whole for name in (listing.name,)}
        return replace(own, weight_key="street_whole" if whole else "street_name", said=own.said + say("street-only"))
    return own


def _is_street(word: str, streets: str) -> bool:
    return _of_street(word, streets) or word in words().weak_words


def _of_street(word: str, streets: str) -> bool:
    return word in streets or word.endswith(words().street_endings)


def street_words(stated: Facts, listing: Listing) -> frozenset[str]:
    """The words of both sides' names that are the street's or the quarter's."""
    streets = _streets(stated, listing)
    shown = (*stated.names, listing.name, *listing.alternate_names)
    return frozenset(
        word for name in shown for word in dissect(name).words if _of_street(word, streets) | (word in stated.quarter)
    )


def _streets(stated: Facts, listing: Listing) -> str:
    return street_key(stated.address.street) + " " + street_key(listing.address.street)


def _is_organisation(stated: Facts, shown: Iterable[str]) -> bool:
    """Whether one of the shown names is the organisation's and names no service."""
    bodies = [dissect(name) for name in stated.organisation_names]
    return any(_is_body(dissect(name), body, stated.places) for name in shown for body in bodies)


def _is_body(shown: NameParts, body: NameParts, places: frozenset[str]) -> bool:
    if not shown.kinds <= body.kinds or shown.associations != body.associations:
        return False
    ours, theirs = _without(body.words, places), _without(shown.words, places)
    alike = ours == theirs or likeness(ours, theirs)[0] >= levels()["organisation"]["same"]
    return alike and bool(ours or shown.associations)


def _without(parts: Sequence[str], places: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in parts if word not in places)


def _has_own_name(stated: Facts, listing: Listing) -> bool:
    """Whether the subject is told from others of its kind by a name, where the listing has only the kind's."""
    streets = _streets(stated, listing)
    kinds = {kind for name in (listing.name, *listing.alternate_names) for kind in dissect(name).kinds}
    named = [parts for parts in map(dissect, stated.names) if parts.kinds & kinds]
    telling = {word for parts in named for word in parts.words} - stated.places
    return any(word not in streets and word not in words().weak_words and not word[0].isdigit() for word in telling)


def _extra(stated: Facts, listing: Listing) -> bool:
    """Whether the listing has a name of its own where the subject's names are generic."""
    if any(dissect(name).words for name in stated.names):
        return False
    known = {word for name in stated.organisation_names for word in dissect(name).words} | stated.places
    streets = _streets(stated, listing)
    shown = (dissect(name).words for name in (listing.name, *listing.alternate_names) if name)
    return all(any(not (word in known or word[0].isdigit() or _is_street(word, streets)) for word in w) for w in shown)
