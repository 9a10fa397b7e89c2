"""Numbers, shares, times and dates, with the signs, month names and orders of a catalogue (`format` and `month`)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from reports.texts.catalogue import Catalogue


def number(value: float, words: Catalogue, digits: int = 0) -> str:
    """``1234.5`` as "1.234,5" or "1,234.5"; trailing zeros of decimals are dropped."""
    text = f"{value:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    if text.lstrip("-0.,") == "":
        text = text.lstrip("-")
    return text.translate({ord("."): words.text("format.decimal"), ord(","): words.text("format.thousands")})


def percent(share: float, words: Catalogue) -> str:
    """A share from 0 to 1 as whole percent; only a true 0 and a true 1 become 0 % and 100 %."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return words.text("format.percent").format(n=whole)


def day(value: date, words: Catalogue) -> str:
    """ "24. November 2026" or "24 November 2026"."""
    month = words.text(f"month.{value.month}")
    return words.text("format.day").format(day=value.day, month=month, year=value.year)


def moment(value: datetime, words: Catalogue, zone: tzinfo | None = None) -> str:
    """ "24. November 2026, 11:05 Uhr"; in ``zone`` if given, else as stored, where UTC says so."""
    local = value.astimezone(zone) if zone and value.tzinfo else value
    clock = words.text("format.clock").format(hour=f"{local.hour:02d}", minute=f"{local.minute:02d}")
    said = words.text("format.moment").format(day=day(local, words), clock=clock)
    in_utc = local.utcoffset() == timedelta(0) and zone is None
    return words.text("format.utc").format(moment=said) if in_utc else said
