"""What a list as a whole tells where its columns do not: the kind of service, the town, area codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from audit.organisation.catalogue import Catalogue, Field
from audit.organisation.mending import area_code
from audit.organisation.records import Row, table

_LEAST_SHARE = 0.1  # of the rows whose names must tell a kind before it counts for the whole list
_WHOLE_ROWS_SHARE = 0.5  # the same where whole rows are read, which say much by the way


def kind_of_list(
    name: str, rows: Sequence[Row], columns: Mapping[str, str], catalogue: Catalogue, *, by_the_way: bool = True
) -> tuple[str, bool]:
    """The kind that the list's name states, else that of most names of rows; several of one field: its general one.

    With it, whether the names tell: they then tell the kind of each row of another field, too. Where no names
    tell, whole rows do, ``by_the_way``.
    """
    if stated := catalogue.guess(name.replace("_", " ")):
        return stated, False
    sample = [row for _, row in rows[: table()["evidence"]["sample"]]]
    column = columns.get("name", "")
    names = [row.get(column, "") for row in sample]
    whole = [" | ".join(row.values())[:2000] for row in sample]
    if kind := _most(names, _LEAST_SHARE, catalogue):
        return kind, not catalogue.fields[catalogue.kind(kind).field].general
    return _most(whole, _WHOLE_ROWS_SHARE, catalogue) if by_the_way else "", False


def _most(texts: Sequence[str], share: float, catalogue: Catalogue) -> str:
    guesses = Counter(kind for text in texts if (kind := catalogue.guess(text)))
    if not guesses or sum(guesses.values()) < share * len(texts):
        return ""
    by_field: Counter[str] = Counter()
    for kind, count in guesses.items():
        by_field[catalogue.kind(kind).field] += count
    field: Field = catalogue.fields[by_field.most_common(1)[0][0]]
    mine = [kind for kind, _ in guesses.most_common() if catalogue.kind(kind).field == field.id]
    return mine[0] if len(mine) == 1 or not field.general else field.general


def town_of(name: str, columns: Mapping[str, str], rows: Sequence[Row]) -> str:
    """The town in the file's name, believed only where all postcodes lie close together.

    A list named after a city often reaches into its neighbours: a wrong town would make
    every audit of these rows report a wrong address.
    """
    if "postcode" not in columns:
        return ""
    postcodes = [row.get(columns["postcode"], "") for _, row in rows]
    if not all(code.isdigit() and len(code) == 5 for code in postcodes):
        return ""
    numbers = [int(code) for code in postcodes]
    if not numbers or max(numbers) - min(numbers) > table()["evidence"]["town_postcode_span"]:
        return ""
    words = [word for word in name.replace("-", "_").split("_") if len(word) > 2]
    return next((word.capitalize() for word in words if area_code(word)), "")


def area_codes(columns: Mapping[str, str], rows: Sequence[Row], city: str) -> dict[str, str]:
    """Area codes by town, looked up only where a row has a local number."""
    phone = columns.get("phone", "")
    local = [row for _, row in rows if (number := row.get(phone, "")) and not number.startswith(("0", "+", "("))]
    towns = {row.get(columns.get("city", ""), "") or city for row in local}
    return {town: area_code(town) for town in towns if town}
