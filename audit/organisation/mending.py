"""Single values of a list made fit for the organisation file, or left out with a reason."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import phonenumbers
from pydantic_core import PydanticCustomError

from audit.organisation import values
from audit.organisation.folding import fold
from audit.readers.hours import from_schema

_BARE_HOURS = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-–]\s*(\d{1,2})[:.](\d\d)(?:\s*Uhr)?")
_LOCAL_LONGEST = 8  # digits of a subscriber number without area code


class Mended(NamedTuple):
    """A value (empty: left out) and what was done to it (empty: nothing)."""

    value: str
    done: str = ""


def phone(text: str, area_code: str = "") -> Mended:
    """The first number of a text; a local one is completed by the area code ("0461"), else left out."""
    if not text or values.is_phone(text):
        return Mended(text)
    if first := _first_number(re.sub(r"^\+\s?(?=0)", "", text)):  # "+030": nobody has the country code 0
        return Mended(first, f"only the first number of {text!r} was taken")
    digits = re.sub(r"\D", "", text)
    if re.search(r"[^\d\s()/.\-–]", text) or digits.startswith("0"):
        return Mended("", f"{text!r} is no phone number")
    if area_code and 3 <= len(digits) <= _LOCAL_LONGEST:
        return _completed(f"{area_code} {text}", f"area code {area_code} was added to {text!r}")
    if len(digits) > _LOCAL_LONGEST and not digits.startswith("0") and _is_whole(f"0{digits}", area_code):
        return _completed(f"0{digits}", f"the leading zero was added to {text!r}")
    return Mended("", f"{text!r} has no area code, and none is known for the place")


def _first_number(text: str) -> str:
    """The first of several numbers in a text that begins with a dialled one, or nothing."""
    if not text.startswith(("0", "+", "(")):
        return ""
    parts = re.split(r"\s/\s|[,;]|\bod(?:er|\.)|(?<=\d)\s+(?=0\d{2,4}[\s/-])", text[:200])
    found = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(text[:200], "DE")]
    return next((part for part in (parts[0].strip(), *found) if values.is_phone(part)), "")


def _completed(number: str, done: str) -> Mended:
    return Mended(number, done) if values.is_phone(number) else Mended("", f"{number!r} is no phone number")


def _is_whole(number: str, area_code: str) -> bool:
    """Whether a number begins with the town's own area code or belongs to a mobile network."""
    try:
        parsed = phonenumbers.parse(number, "DE")
    except phonenumbers.NumberParseException:
        return False
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    return mobile or bool(area_code and number.startswith(area_code) and phonenumbers.is_valid_number(parsed))


@cache
def area_code(town: str) -> str:
    """The area code of a German town by its name ("0461" for Flensburg), or nothing.

    Source: libphonenumber's geocoding data, which loads for some seconds: only called for lists
    with local numbers. A name with several codes gives nothing.
    """
    codes = _area_codes().get(fold(town), set())
    return f"0{next(iter(codes))}" if len(codes) == 1 else ""


@cache
def _area_codes() -> dict[str, set[str]]:
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415 - takes seconds and is rarely needed

    states = "|".join(fold(state) for state in values.rules()["states"].values())
    behind = re.compile(rf" (?:{states})$")
    codes: dict[str, set[str]] = {}
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("49"):
            for name in set(names.values()):
                codes.setdefault(behind.sub("", fold(name)), set()).add(prefix[2:])
    return codes


def url(text: str) -> Mended:
    """A web address with its scheme; back slashes turned, anything else left out."""
    candidate = re.sub(r"^(?:https?://)+(?=https?://)", "", text.replace("\\", "/"), flags=re.IGNORECASE)
    if candidate and "://" not in candidate:
        candidate = f"https://{candidate}"
    if not _accepted(values.url, candidate):
        return Mended("", f"{text!r} is no web address")
    return Mended(candidate, f"{text!r} was written as {candidate}" if candidate != text else "")


def email(text: str) -> Mended:
    """The first e-mail address of a text, or nothing."""
    for part in re.split(r"[\s,;/]+", text.removeprefix("mailto:")):
        if part and _accepted(values.email, part):
            return Mended(part, "" if part == text else f"only {part} was taken of {text!r}")
    return Mended("", f"{text!r} is no e-mail address" if text else "")


def postcode(text: str) -> Mended:
    """Five digits; a leading zero that a spreadsheet dropped is put back."""
    digits = text.upper().removeprefix("D").lstrip("- ")
    if re.fullmatch(r"\d{4}", digits):
        return Mended(f"0{digits}", f"the leading zero was added to {text!r}")
    if re.fullmatch(r"\d{5}", digits):
        return Mended(digits)
    return Mended("", f"{text!r} is no postcode" if text else "")


def hours(text: str, usual_days: str = "") -> Mended:
    """OSM opening hours, also from German words. Bare times get the usual days of the field, or are left out."""
    if bare := _BARE_HOURS.fullmatch(text):
        span = f"{int(bare[1]):02}:{bare[2]}-{int(bare[3]):02}:{bare[4]}"
        if not usual_days:
            return Mended("", f"{text!r} names no days")
        text = f"{usual_days} {span}"
        if values.is_hours(text):
            return Mended(text, f"{usual_days} was added to bare times")
    if not text or values.is_hours(text):
        return Mended(text)
    osm = from_schema([text])
    if osm and values.is_hours(osm):
        return Mended(osm, f"{text!r} was written as {osm!r}")
    return Mended("", f"{text!r} are no OSM opening hours")


def degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Coordinates in WGS 84, or None where one is missing or out of range."""
    try:
        pair = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        return None
    return pair if abs(pair[0]) <= 90 and abs(pair[1]) <= 180 and any(pair) else None


def _accepted(check: object, text: str) -> bool:
    try:
        return bool(callable(check) and check(text) is not None)
    except PydanticCustomError:
        return False
