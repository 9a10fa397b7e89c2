"""Postal addresses: street, house number, postcode and town."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from rapidfuzz import fuzz

from audit.judging.comparing.comparison import Comparison, absent
from audit.judging.comparing.folding import fold, tokens, visible
from audit.judging.comparing.housenumbers import compare_numbers
from audit.judging.comparing.nameparts import normal_tokens
from audit.judging.comparing.tables import levels, words
from audit.model import Address, Level
from audit.saying import say

_CARE_OF = re.compile(r"\bc\s*/\s*o\b[^,;]*[,;]?", re.IGNORECASE)
_PIECE = r"\d{1,5}(?:\s*[a-zA-Z]\b)?"  # no blank at its end: what follows begins with one, and each is read once
_NUMBER = re.compile(rf"(?<=[^\W\d])[\s.]*\b({_PIECE}(?:\s*(?:[-–/+,]|bis|und)\s*{_PIECE})*)(?!\s*\.|\d|\w)")
_PLAIN = r"\d{1,5}[a-zA-Z]?"
_LEADING = re.compile(
    rf"^({_PLAIN}(?:\s?[-–/]\s?{_PLAIN})?)(?:\s+1/2)?\s+(?=[^\W\d]|\d+(?:st|nd|rd|th)\b)", re.IGNORECASE
)
_NAMED_NUMBER = re.compile(rf"(?<=\w)[\s.]+(?:nr|nummer|no)\.?\s*({_PIECE})", re.IGNORECASE)
_ONLY_NUMBER = re.compile(rf"^{_PIECE}(?:\s*[-–/+]\s*{_PIECE})*$")
_IS_UNIT = re.compile(r"[a-z]?\d+[a-z]?$|[a-z]$")
_SQUARE = re.compile(r"[A-U]\s?\d{1,2}")  # the squares of Mannheim: "Q 5, 14" has no street
_POSTCODE = re.compile(r"(?<!\d)\d{4,5}(?!\d)")
_LONG = re.compile(r"\d{5}")  # behind a comma a postcode rather than a house number


@lru_cache(maxsize=50_000)
def street_and_number(street: str, house_number: str = "") -> tuple[str, str]:
    """(folded street without blanks and hyphens, house number as written).

    The number is taken out of the street's text where the list has no column for it; care-of
    lines, building names and floors are left out.
    """
    parts = [part.strip() for part in _CARE_OF.sub(" ", visible(street)).strip(" ,;").split(",")]
    if number := visible(house_number):
        return street_key(parts[0].removesuffix(number)), number
    if named := _NAMED_NUMBER.search(parts[0]):
        return street_key(parts[0][: named.start()]), named[1].strip()
    outside = [part for part in parts if not _is_inside(part)] or parts
    for at, part in enumerate(outside):
        if _ONLY_NUMBER.match(part):
            more = takewhile(_ONLY_NUMBER.match, outside[at:])
            return street_key(outside[at - 1]) if at else "", "+".join(more)
        found = _with_number(part)
        if found and not (at and _LONG.match(found[1])):
            return found
    return street_key(outside[0]), ""


def _with_number(part: str) -> tuple[str, str] | None:
    """Street and number of "Hauptstr. 12 a" or "12 Main St, Ste 3"; None where there is no number."""
    if _SQUARE.fullmatch(part):
        return None
    if leading := _LEADING.match(part):
        return street_key(part[leading.end() :]), leading[1]
    found = _NUMBER.search(part)
    return (street_key(part[: found.start(1)]), found[1].strip()) if found else None


def _is_inside(part: str) -> bool:
    """Whether a part of a line says where inside the house ("3. Stock", "Suite 104")."""
    found = tokens(part)
    return any(word in words().inside for word in found[:2])


@lru_cache(maxsize=50_000)
def street_key(street: str) -> str:
    """The folded street in one word: "St.-Martin-Straße" and "Sankt Martin Str." are one."""
    parts = _without_house(_without_inside(normal_tokens(street)))
    if len(parts) > 1 and parts[-1] == "sankt":  # an English "St" at the end is a street
        parts[-1] = "str"
    table = words().street_words
    return "".join(table.get(part, part) for part in parts)


def _without_inside(parts: tuple[str, ...]) -> list[str]:
    """ "Penn Ave Fl 1" and "Penn Ave at Main St" without what follows the street."""
    table = words()
    for at, word in enumerate(parts[1:-1], start=1):
        is_unit = word in table.inside and len(parts) - at <= 3 and _IS_UNIT.match(parts[at + 1])
        if is_unit or word in table.crossing:
            return list(parts[:at])
    return list(parts)


def _without_house(parts: list[str]) -> list[str]:
    """ "Haus der Diakonie Lindenstraße" without the house's name, where the street's is one word behind it."""
    named = len(parts) > 2 and parts[0] in words().houses and parts[-1].endswith("str") and parts[-1] != "str"
    return parts[-1:] if named else parts


def town_key(city: str) -> str:
    """The folded town without what is added to tell it from others: "Frankfurt (Main)", "Frankfurt am Main"."""
    parts = tokens(city.partition("(")[0].partition(",")[0])
    return " ".join(word for word in parts if word not in ("stadt", "landeshauptstadt", "city"))


def postcode_key(postcode: str) -> str:
    """The digits of a postcode: "D-80937" and "80937" are one."""
    found = _POSTCODE.search(postcode)
    return found[0] if found else fold(postcode).strip()


@lru_cache(maxsize=50_000)
def compare(stated: Address, shown: Address) -> Comparison:
    """Compare street and house first, then postcode and town. Symmetric."""
    area = _area(stated, shown)
    one, other = _line(stated), _line(shown)
    if not one[0] or not other[0]:
        return _only_area(area, one[0], other[0])
    alike = 1.0 if one[0] == other[0] else fuzz.ratio(one[0], other[0]) / 100
    if alike < levels()["street"]["close"]:
        return Comparison(Level.CONFLICT, "other_street", say("street-other"))
    return _house(alike, (one[1], other[1]), area)


def _line(address: Address) -> tuple[str, str]:
    return street_and_number(address.street, address.house_number)


def _area(stated: Address, shown: Address) -> str:
    """same | other_town (same postcode) | other_postcode (same town) | other | absent."""
    codes = postcode_key(stated.postcode), postcode_key(shown.postcode)
    ours, theirs = _towns(stated), _towns(shown)
    both_codes, both_towns, same_town = all(codes), bool(ours and theirs), bool(ours & theirs)
    if both_codes and codes[0] == codes[1]:
        return "same" if same_town or not both_towns else "other_town"
    if both_codes:
        return "other_postcode" if same_town or not both_towns else "other"
    if both_towns:
        return "same" if same_town else "other"
    return "absent"


def _towns(address: Address) -> set[str]:
    """The town and its district, also of "Köln-Ehrenfeld"; a district may stand for the town, not without one."""
    town = town_key(address.city)
    whole = town_key(address.city.partition("-")[0])
    return {town, whole, town_key(address.district)} - {""} if town else set()


def _only_area(area: str, stated: str, shown: str) -> Comparison:
    match area:
        case "same":
            return Comparison(Level.PARTIAL, "area", say("area-same") + say("street-missing"))
        case "other_town" | "other_postcode":
            return Comparison(Level.PARTIAL, "area_close", say("area-close"))
        case "other":
            return Comparison(Level.CONFLICT, "other_area", say("town-other"))
        case _:
            return absent(stated, shown)


def _house(alike: float, numbers: tuple[str, str], area: str) -> Comparison:
    """``numbers`` are the house numbers stated and shown."""
    exact, number = alike >= levels()["street"]["same"], compare_numbers(*numbers)
    street = say("street-same") if exact else say("street-alike", f"{100 * alike:.0f}")
    same, other_town = say("number-same"), say("town-other")
    cases = (
        (area == "other" and number in ("same", "range"), Level.CONFLICT, "other_town", same + other_town),
        (area == "other", Level.CONFLICT, "other_area", other_town),
        (number == "other", Level.CONFLICT, "other_number", say("number-other", *reversed(numbers))),
        (number == "absent", Level.PARTIAL, "street", say("number-missing")),
        (number == "letter", Level.PARTIAL, "letter", say("number-letter")),
        (area == "other_postcode", Level.PARTIAL, "postcode", same + say("postcode-other")),
        (area == "other_town", Level.PARTIAL, "postcode", same + other_town),
        (not exact, Level.PARTIAL, "close", same),
    )
    for applies, level, key, said in cases:
        if applies:
            return Comparison(level, key, street + said)
    ranged = () if number == "same" else say("number-range")
    return Comparison(Level.SAME, "same", say("address-same") + ranged)
