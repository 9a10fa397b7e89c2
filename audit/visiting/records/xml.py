"""Lists in XML, whatever their elements are called: the rows are those elements of one name that most often hold texts.

The federal counselling-centre search exchanges its addresses so (format 2.1, 2020, ISO-8859-1), care funds
their lists. No entity is ever expanded: a document that declares any is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from audit.visiting.records import Record, Source, Unreadable
from audit.visiting.records.columns import rows

_LEAVES = 3  # a row holds at least as many texts
_DEPTH = 40
_CHUNK = 65_536


class _Tree:
    """What expat tells, as elements that hold at least three texts; the deepest of them count."""

    def __init__(self) -> None:
        self.open: list[tuple[str, dict[str, str], list[str]]] = []
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= _DEPTH:
            raise Unreadable("XML nested too deeply")
        self.open.append((name.rsplit(":", 1)[-1], dict(attributes), []))

    def text(self, data: str) -> None:
        if self.open:
            self.open[-1][2].append(data)

    def end(self, _name: str) -> None:
        name, cells, said = self.open.pop()
        text = "".join(said).strip()
        if not self.open:
            return
        above = self.open[-1][1]
        if len(cells) >= _LEAVES:
            self.found.append((name, cells))
        else:  # a leaf, or a small group ("beratungsart" with its "index"): one cell of what is above
            told = " ".join(filter(None, [text, *cells.values()]))
            above[name] = f"{above[name]} {told}" if name in above else told


def read(path: Path, source: Source) -> Iterator[Record]:  # noqa: ARG001 - such a list does not date itself
    """Every row as a record. Raises `Unreadable`."""
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable(f"not valid XML ({error})") from error
    counted = Counter(name for name, _ in tree.found)
    if not counted:
        raise Unreadable("no rows in it: no element holds three texts or more")
    chosen = counted.most_common(1)[0][0]
    table = [cells for name, cells in tree.found if name == chosen]
    names = list(dict.fromkeys(key for cells in table for key in cells))
    yield from rows([names, *([cells.get(name, "") for name in names] for cells in table)])


def _refuse(*_declared: object) -> None:
    raise Unreadable("XML with a document type declaration is not read")
