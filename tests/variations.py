"""Munich varied: each of the hundred facilities with a field left out or in another spelling, the same each time.

A variation works on a *view*: a facility as a flat set of texts. It is applied to the list, as if the
association wrote it so, or to the hundred's own objects in the map data, as if the map showed it so.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from audit.linking import link_list
from audit.model import Linked, LinkedList
from audit.organisation.catalogue import load_catalogue
from tests import munich

View = dict[str, str]
Variation = Callable[[View, random.Random], View]
FIELDS = ("name", "operator", "street", "housenumber", "postcode", "phone", "website", "email", "lat", "lon")
_TAGS = {
    "name": ("name",), "operator": ("operator", "brand"), "street": ("addr:street",),
    "housenumber": ("addr:housenumber",), "postcode": ("addr:postcode",), "phone": ("phone", "contact:phone"),
    "website": ("website", "contact:website"), "email": ("email", "contact:email"),
}  # fmt: skip
_SHORT = (("Haus für Kinder", "HfK"), ("Kindertagesstätte", "Kita"), ("Kindergarten", "KiGa"), ("straße", "str."),
          ("Straße", "Str."), ("Sankt", "St."), ("Evangelische", "Ev."), ("Arbeiterwohlfahrt", "AWO"))  # fmt: skip


def without(*fields: str) -> Variation:
    """Fields left out."""
    return lambda view, _: view | dict.fromkeys(fields, "")


def _replaced(field: str, made: Callable[[str, random.Random], str]) -> Variation:
    return lambda view, dice: view | {field: made(view[field], dice) if view[field] else ""}


def _typo(text: str, dice: random.Random) -> str:
    """A letter of the longest word left out, doubled, or exchanged with the next."""
    word = max(text.split(), key=len)
    at = dice.randrange(max(1, len(word) - 1))
    pair = word[at : at + 2]
    slip = dice.choice([pair[1:], pair[:1] * 2 + pair[1:], pair[::-1]])
    return text.replace(word, word[:at] + slip + word[at + 2 :], 1)


def _abbreviated(text: str, _: random.Random) -> str:
    for long, short in _SHORT:
        text = text.replace(long, short)
    return text


def _other_phone(_: str, dice: random.Random) -> str:
    return f"+49 89 {dice.randrange(2_000_000, 9_999_999)}"


def _shifted(view: View, dice: random.Random) -> View:
    """80 metres to the north, south, east or west."""
    metres = 80 / 111_195
    north, east = dice.choice([(metres, 0.0), (-metres, 0.0), (0.0, metres * 1.5), (0.0, -metres * 1.5)])
    return view | {"lat": f"{float(view['lat']) + north:.7f}", "lon": f"{float(view['lon']) + east:.7f}"}


VARIATIONS: Mapping[str, Variation] = {
    "as it is": without(),
    "without name": without("name"),
    "without operator": without("operator"),
    "without address": without("street", "housenumber", "postcode"),
    "without position": without("lat", "lon"),
    "without phone": without("phone"),
    "without website": without("website"),
    "without e-mail": without("email"),
    "name abbreviated": _replaced("name", _abbreviated),
    "name with a slip": _replaced("name", _typo),
    "name in capitals": _replaced("name", lambda text, _: text.upper()),
    "street with a slip": _replaced("street", _typo),
    "street abbreviated": _replaced("street", _abbreviated),
    "old phone": _replaced("phone", _other_phone),
    "phone written nationally": _replaced("phone", lambda text, _: text.replace("+49 ", "0").replace(" ", "/", 1)),
    "old website": _replaced("website", lambda _, dice: f"https://www.frueher-{dice.randrange(99)}.example/kita"),
    "other e-mail": _replaced("email", lambda _, dice: f"buero{dice.randrange(99)}@frueher.example"),
    "80 m away": _shifted,
}
# One field changed beyond doubt, and the field that must be told as different.
CHANGES: Mapping[str, tuple[str, Variation]] = {
    "name": ("name", _replaced("name", lambda _, dice: f"Xylo Quargelhupf {dice.choice('ABCDEFGH')}")),
    "address": ("street", _replaced("street", lambda *_: "Xylophongasse")),
    "phone": ("phone", VARIATIONS["old phone"]),
    "link": ("website", VARIATIONS["old website"]),
    "email": ("email", VARIATIONS["other e-mail"]),
}


@dataclass(frozen=True)
class Measured:
    """What became of the rows: right, wrong, unclear and not found."""

    right: int
    wrong: int
    unclear: int
    none: int


@cache
def _elements(shared: Path) -> tuple[dict[str, Any], ...]:
    text = (shared / munich.FOLDER / "muenchen_2025-11-22.overpass.json").read_text("utf-8")
    return tuple(json.loads(text)["elements"])


@cache
def _rows(shared: Path) -> tuple[View, ...]:
    with (shared / munich.FOLDER / "muenchen_welfare_orgs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def in_list(shared: Path, place: Path, vary: Variation) -> LinkedList:
    """The varied list linked to the map data as they are. ``place`` is a folder that keeps their index."""
    rows = [row | vary({field: row[field] for field in FIELDS}, _dice(n)) for n, row in enumerate(_rows(shared))]
    return _link(_written(place, rows), shared / munich.FOLDER / "muenchen_2025-11-22.overpass.json", place)


def in_map(shared: Path, place: Path, vary: Variation | None) -> LinkedList:
    """The list as it is linked to varied map data: the hundred's own objects varied, or (None) removed."""
    own = {id_: number for number, id_ in enumerate(munich.own_ids(shared))}
    found = list(_varied(_elements(shared), own, vary))
    (place / "map.json").write_text(json.dumps({"elements": found}), "utf-8")
    return _link(_written(place, list(_rows(shared))), place / "map.json", None)


def without_own(shared: Path, place: Path, number: int) -> Linked:
    """One row of the list against map data that lack its own object only."""
    gone = munich.own_ids(shared)[number]
    (place / "map.json").write_text(json.dumps({"elements": [e for e in _elements(shared) if _id(e) != gone]}), "utf-8")
    return _link(_written(place, list(_rows(shared))), place / "map.json", None).rows[number]


def measured(linked: LinkedList, shared: Path) -> Measured:
    """The rows against the ids that were hidden from the linking."""
    matched = [
        row.id == own for row, own in zip(linked.rows, munich.own_ids(shared), strict=True) if row.state == "match"
    ]
    states = [row.state for row in linked.rows]
    return Measured(sum(matched), len(matched) - sum(matched), states.count("unclear"), states.count("none"))


def _written(place: Path, rows: list[View]) -> Path:
    with (place / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return place / "list.csv"


def _link(rows: Path, data: Path, kept: Path | None) -> LinkedList:
    return link_list(rows, data, load_catalogue(), kept=kept)


def _dice(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311 - repeatable, no secret


def _id(element: Mapping[str, Any]) -> str:
    return f"{element['type']}/{element['id']}"


def _varied(
    elements: tuple[dict[str, Any], ...], own: Mapping[str, int], vary: Variation | None
) -> Iterator[dict[str, Any]]:
    for element in elements:
        number = own.get(_id(element))
        if number is None:
            yield element
        elif vary is not None:
            yield _shown(element, vary(_view(element), _dice(number)))


def _view(element: Mapping[str, Any]) -> View:
    tags, spot = element["tags"], element.get("center", element)
    texts = {field: next((tags[tag] for tag in names if tag in tags), "") for field, names in _TAGS.items()}
    return texts | {"lat": str(spot["lat"]), "lon": str(spot["lon"])}


def _shown(element: Mapping[str, Any], view: View) -> dict[str, Any]:
    """The element with the view's texts instead of its own."""
    known = {tag for names in _TAGS.values() for tag in names} | {"operator:wikidata", "brand:wikidata"}
    tags = {tag: value for tag, value in element["tags"].items() if tag not in known}
    tags |= {names[0]: view[field] for field, names in _TAGS.items() if view[field]}
    spot = {axis: float(view[axis]) for axis in ("lat", "lon")} if view["lat"] else {}
    return {"type": element["type"], "id": element["id"], "tags": tags, **spot}


def told_exactly(row: Linked, number: int, field: str, column: str, shared: Path) -> bool:
    """Whether a linked row differs in that field and no other; where it states none, in no field at all."""
    told = {difference.field for difference in row.differences}
    return row.state == "match" and told == ({field} if _rows(shared)[number][column] else set())
