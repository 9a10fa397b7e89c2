"""Whose entry it is: the association and the body that runs a place."""

from __future__ import annotations

from collections.abc import Iterable

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.likeness import likeness
from audit.judging.comparing.nameparts import NameParts, dissect
from audit.judging.comparing.tables import levels, words
from audit.model import Level
from audit.saying import say

_RANK = {"same": 4, "association": 3, "in_name": 2, "absent": 1}


def associations(wikidata: Iterable[str]) -> frozenset[str]:
    """The associations that Wikidata ids of brand or operator stand for."""
    known = words().wikidata
    return frozenset(known[qid] for qid in wikidata if qid in known)


def compare(
    stated: Iterable[str],
    operator: str,
    names: Iterable[str],
    wikidata: Iterable[str] = (),
    *,
    places: frozenset[str] = frozenset(),
) -> Comparison:
    """The organisation's ``stated`` names against what an entry says of its operator.

    ``names`` are the entry's own names, which may hold the organisation's. Agreement found
    anywhere wins; a conflict needs an operator or another association.
    """
    ours = [dissect(name) for name in stated if name.strip()]
    shown = [dissect(text) for text in (operator, *names) if text.strip()]
    if not ours or not shown:
        return absent(ours, shown)
    runs = dissect(operator) if operator.strip() else None
    found = [_agreement(one, other, places, is_operator=other is runs) for one in ours for other in shown]
    best = max(found, key=lambda comparison: _RANK[comparison.weight_key])
    our_ids = frozenset(key for one in ours for key in one.associations)
    shown_ids = frozenset(key for one in shown for key in one.associations) | associations(wikidata)
    if best.weight_key != "absent":
        return best
    if our_ids & shown_ids:
        return Comparison(Level.SAME, "association", say("association-same", _title(our_ids & shown_ids)))
    told = runs is not None and _can_be_told(runs) and any(map(_can_be_told, ours))
    return _conflict(our_ids, shown_ids, operator if told else "") or best


def unnamed(stated: Iterable[str], own_names: Iterable[str]) -> bool:
    """Whether the subject's own names bear its association, so that an entry without it is a little odd."""
    ours = frozenset(key for name in stated for key in dissect(name).associations)
    return any(dissect(name).associations & ours for name in own_names)


def _agreement(one: NameParts, other: NameParts, places: frozenset[str], *, is_operator: bool) -> Comparison:
    ours = _own(one, places)
    theirs = _own(other, places)
    alike, contained = likeness(ours, theirs)
    both = one.associations & other.associations
    if alike >= levels()["organisation"]["same"] and one.associations == other.associations and is_operator:
        return Comparison(Level.SAME, "same", say("organisation-same"))
    if both and ours and theirs and is_operator and contained < levels()["organisation"]["same"]:
        said = say("association-same", _title(both)) + say("body-other")
        return Comparison(Level.PARTIAL, "association", said)
    if both:
        return Comparison(Level.SAME, "association", say("association-same", _title(both)))
    if not one.associations and ours and _inside(ours, theirs):
        return Comparison(Level.SAME, "in_name", say("organisation-named"))
    if is_operator and one.associations == other.associations and _part(ours, theirs, contained):
        return Comparison(Level.SAME, "in_name", say("organisation-part"))
    return Comparison(Level.ABSENT, "absent", say("absent-shown"))


def _own(parts: NameParts, places: frozenset[str]) -> tuple[str, ...]:
    """The words of a body without its town: every organisation there bears that."""
    return tuple(word for word in parts.words if word not in places)


def _inside(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """All words of the organisation in another text, and not only short ones."""
    return set(ours) <= set(theirs) and sum(map(len, ours)) >= 4


def _part(ours: tuple[str, ...], theirs: tuple[str, ...], contained: float) -> bool:
    """ "ADS" and "ADS-Grenzfriedensbund": the shorter name in the longer, and not of common words alone."""
    shorter = min(ours, theirs, key=len)
    return contained >= levels()["organisation"]["same"] and _tells(shorter)


def _tells(parts: Iterable[str]) -> bool:
    """Whether a body can be told by these words: "Kirche" could be any."""
    return any(len(word) >= 3 and word not in words().weak_words for word in parts)


def _can_be_told(parts: NameParts) -> bool:
    return bool(parts.associations) or not parts.words or _tells(parts.words)


def _conflict(ours: frozenset[str], shown: frozenset[str], operator: str) -> Comparison | None:
    if ours and shown:
        return Comparison(Level.CONFLICT, "other_association", say("association-other", _title(shown)))
    if operator.strip():
        return Comparison(Level.CONFLICT, "other", say("organisation-other"))
    return None


def _title(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))
