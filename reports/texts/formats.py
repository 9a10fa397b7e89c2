"""Numbers, shares, times and dates as German and English readers write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

SPACE = "\u00a0"  # no-break space
MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def number(value: float, lang: str, digits: int = 0) -> str:
    """``1234.5`` as "1.234,5" or "1,234.5"; trailing zeros of decimals are dropped."""
    text = f"{value:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    if text.lstrip("-0.,") == "":
        text = text.lstrip("-")
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: float, lang: str) -> str:
    """A share from 0 to 1 as whole percent; only a true 0 and a true 1 become 0 % and 100 %."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole}{SPACE}%" if lang == "de" else f"{whole}%"


def day(value: date, lang: str) -> str:
    """ "24. November 2026" or "24 November 2026"."""
    dot = "." if lang == "de" else ""
    return f"{value.day}{dot}{SPACE}{MONTHS[lang][value.month - 1]} {value.year}"


def moment(value: datetime, lang: str, zone: tzinfo | None = None) -> str:
    """ "24. November 2026, 11:05 Uhr"; in ``zone`` if given, else as stored, where UTC says so."""
    local = value.astimezone(zone) if zone and value.tzinfo else value
    clock = f"{local.hour:02d}:{local.minute:02d}"
    if lang == "de":
        clock += f"{SPACE}Uhr"
    mark = " (UTC)" if local.utcoffset() == timedelta(0) and zone is None else ""
    return f"{day(local, lang)}, {clock}{mark}"
