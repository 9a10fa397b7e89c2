"""Lists in XML, whatever their elements are called: the rows are the outermost repeated elements that hold texts.

The federal counselling-centre search exchanges its addresses so (format 2.1, 2020, ISO-8859-1), care funds
their lists. No entity is ever expanded: a document that declares any is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from audit.visiting.records import Record, Source, Unreadable
from audit.visiting.records.columns import rows

_CELLS = 3  # a row holds at least as many texts of its own
_DEPTH = 40
_CHUNK = 65_536
_LONGEST = 5000
_LARGEST = 128 * 1024**2  # bytes: the whole document is kept while its rows are looked for

Way = tuple[str, ...]


@dataclass(slots=True)
class _Element:
    name: str
    text: list[str] = field(default_factory=list)
    children: list[_Element] = field(default_factory=list)


def read(path: Path, source: Source) -> Iterator[Record]:  # noqa: ARG001 - such a list does not date itself
    """Every row as a record. Raises `Unreadable`."""
    if path.stat().st_size > _LARGEST:
        raise Unreadable(f"larger than {_LARGEST // 1024**2} MB; cut it to your area first")
    document = _document(path)
    repeated = set(_repeated(document))
    table = [_cells(element, way, repeated) for element, way in _rows(document, repeated)]
    if not table:
        raise Unreadable("no rows in it: no element holds three texts or more")
    names = list(dict.fromkeys(key for cells in table for key in cells))
    yield from rows([names, *([cells.get(name, "") for name in names] for cells in table)])


def _document(path: Path) -> _Element:
    """The document's elements. Raises `Unreadable`."""
    above = [_Element("")]

    def start(name: str, _attributes: dict[str, str]) -> None:
        if len(above) > _DEPTH:
            raise Unreadable("XML nested too deeply")
        above[-1].children.append(_Element(name.rsplit(":", 1)[-1]))
        above.append(above[-1].children[-1])

    def say(data: str) -> None:
        above[-1].text.append(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, _refuse
    parser.EndElementHandler = lambda _name: above.pop()
    parser.CharacterDataHandler = say
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable(f"not valid XML ({error})") from error
    return above[0]


def _refuse(*_declared: object) -> None:
    raise Unreadable("XML with a document type declaration is not read")


def _walk(element: _Element, way: Way = ()) -> Iterator[tuple[_Element, Way]]:
    for child in element.children:
        yield child, (*way, child.name)
        yield from _walk(child, (*way, child.name))


def _repeated(document: _Element) -> Iterator[Way]:
    """The ways of names that stand several times below one element."""
    for element, way in _walk(document):
        counted = Counter(child.name for child in element.children)
        yield from ((*way, name) for name, count in counted.items() if count > 1)


def _rows(document: _Element, repeated: set[Way]) -> list[tuple[_Element, Way]]:
    """The outermost repeated elements with texts of their own; a list of one row is the innermost such element."""
    full = [(element, way) for element, way in _walk(document) if len(_own(element, way, repeated)) >= _CELLS]
    often = [way for _, way in full if way in repeated]
    chosen = min(often, key=len, default=None) or max((way for _, way in full), key=len, default=None)
    return [(element, way) for element, way in full if way == chosen]


def _own(element: _Element, way: Way, repeated: set[Way]) -> list[tuple[str, str]]:
    """The texts of an element, and of groups in it ("adresse" with its "ort"), repeated ones left out."""
    found = []
    for child in element.children:
        below = (*way, child.name)
        if below not in repeated:
            found += _own(child, below, repeated) if child.children else [(child.name, _text(child))]
    return [(name, text) for name, text in found if text]


def _cells(element: _Element, way: Way, repeated: set[Way]) -> dict[str, str]:
    """One row: the texts of its own by name, and what is repeated in it as one text per name."""
    cells: dict[str, str] = {}
    for name, text in _own(element, way, repeated):
        cells.setdefault(name, text)
    for inner, below in _walk(element, way):
        if below in repeated and (told := " ".join([_text(inner), *(_text(one) for one, _ in _walk(inner))]).strip()):
            cells[inner.name] = f"{cells[inner.name]}; {told}"[:_LONGEST] if inner.name in cells else told[:_LONGEST]
    return cells


def _text(element: _Element) -> str:
    return " ".join("".join(element.text).split())
