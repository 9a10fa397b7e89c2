"""What a large report says once: states in a word, reasons as letters, equal gaps as one line with their places."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, product
from string import ascii_lowercase

from audit.model import Cell, EditedBy, Gap, Offer, Outcome, Reason, Result, Row, State
from reports.mailed import is_mail
from reports.texts import Texts
from reports.views import View, conflicts, start_of

CELLS, GAPS = 1500, 150  # beyond either, a page that says everything in each field is too heavy to mail
PAPER = 16  # platforms that can be read side by side on paper
FEW = 8  # blocks of gaps that stand below each other
NAMED = 2  # facts that are named in one field
Word = tuple[str, str]  # class of the field, and what stands in it


@dataclass(frozen=True, slots=True)
class Line:
    """Equal gaps: whose (name and number of the text to paste, 0: none), what is shown, what should be."""

    names: tuple[tuple[str, int], ...]
    gap: Gap
    absent: bool
    difference: str
    minutes: float
    points: float
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Gaps of one kind on one platform for one unit. ``link`` is the one address where all are mended, if it is one."""

    id: int
    kind: str
    platform: str
    unit: str
    edited_by: EditedBy
    lines: tuple[Line, ...]
    count: int
    minutes: float
    points: float
    confirmed: int
    opened: datetime | None
    due: date | None
    seen: datetime | None
    link: str


def is_large(result: Result) -> bool:
    """Whether the page must say things once to stay small."""
    return len(result.cells) > CELLS or len(result.gaps) > GAPS


class Dense:
    """A large result for the page: words for fields, blocks of gaps, texts to paste by number."""

    def __init__(self, view: View, texts: Texts) -> None:
        self._view, self._texts = view, texts
        found = sorted({cell.reason for cell in view.result.cells if cell.state is State.UNKNOWN and cell.reason})
        letters = ("".join(pair) for size in (1, 2) for pair in product(ascii_lowercase, repeat=size))
        self.reasons: dict[Reason, str] = dict(zip(found, islice(letters, len(found)), strict=True))
        blocks = dict.fromkeys(b for gap in view.gaps() for b in _texts(gap) if b)
        self.pastes: dict[str, int] = {block: number for number, block in enumerate(blocks, 1)}
        self._words = {criterion: texts.criterion(criterion) for criterion in _criteria(view)}
        self._plain = {state: texts.say(f"short_{state.value}") for state in State}
        self._number = 0
        self._groups = self._in_blocks()

    def words(self, cells: list[Cell | None]) -> list[Word]:
        """What stands in each field of a row: its class (a letter) and a word or a few."""
        return [self._word(cell) for cell in cells]

    @property
    def too_wide_for_paper(self) -> bool:
        """Whether the fields of a row would be too narrow to read on paper."""
        return len(self._view.shown) > PAPER

    def tally(self, row: Row) -> str:
        """How many fields of a row are in which state, for paper."""
        counts = Counter(cell.state for cell in self._view.line(row) if cell)
        return ", ".join(f"{self._texts.number(counts[state])} {word}" for state, word in self._plain.items()
                         if counts[state] and state is not State.NOT_APPLICABLE)  # fmt: skip

    def _word(self, cell: Cell | None) -> Word:
        if cell is None:
            return "u", self._plain[State.UNKNOWN]
        if cell.reason is Reason.NOT_RELEVANT:
            return "", "–"
        word = self._plain[cell.state]
        if cell.state is State.UNKNOWN:
            return "u", f"{word} {self.reasons[cell.reason]}" if cell.reason else word
        flag = f"{self._texts.say('red_flag')}! " if cell.red_flag else ""
        if cell.state is State.GAPS:
            return "g", flag + (self._what(cell) or word)
        start = " →" if start_of(cell) is Outcome.MET else ""
        return {State.COMPLETE: "c", State.MISSING: "m"}.get(cell.state, "n"), f"{flag}{word}{start}"

    def _what(self, cell: Cell) -> str:
        """Which facts are not right: two by name, and how many more."""
        names = list(dict.fromkeys(self._words[finding.criterion] for finding in conflicts(cell)))
        return ", ".join(names[:NAMED]) + (f" +{len(names) - NAMED}" if len(names) > NAMED else "")

    def groups(self) -> list[tuple[str, list[Block]]]:
        """The blocks of gaps, under the headings of all reports; the most valuable first."""
        return self._groups

    def bundles(self, blocks: list[Block]) -> list[list[Block]]:
        """Many blocks by their kind of gap, to be opened one after the other; a few stand by themselves."""
        if len(blocks) <= FEW:
            return [[block] for block in blocks]
        found: dict[str, list[Block]] = {}
        for block in blocks:
            found.setdefault(block.kind, []).append(block)
        return list(found.values())

    def spoken(self) -> dict[str, dict[str, str]]:
        """What a field's class and letters mean, for whoever points at it: in full, not in a word."""
        states = {"c": State.COMPLETE, "g": State.GAPS, "m": State.MISSING, "u": State.UNKNOWN}
        states["n"] = State.NOT_APPLICABLE
        return {
            "states": {letter: self._texts.state(state) for letter, state in states.items()},
            "reasons": {letter: self._texts.reason(reason) for reason, letter in self.reasons.items()},
            "said": {key: self._texts.say(key) for key in ("can_start", "shown", "stated")},
            "none": {"": self._texts.reason(Reason.NOT_RELEVANT)},
        }

    def number(self, gap: Gap) -> int:
        """The number of the block a gap is in."""
        like = (gap.kind, gap.platform, gap.unit)
        found = (b.id for _, some in self._groups for b in some if (b.kind, b.platform, b.unit) == like)
        return next(found, 0)

    def _in_blocks(self) -> list[tuple[str, list[Block]]]:
        found = []
        for key, gaps in self._view.gap_groups():
            sorted_out: dict[tuple[str, str, str, EditedBy], list[Gap]] = defaultdict(list)
            for gap in gaps:
                sorted_out[gap.kind, gap.platform, gap.unit, gap.edited_by].append(gap)
            found.append((key, [self._block(some) for some in sorted_out.values()]))
        return found

    def _block(self, gaps: list[Gap]) -> Block:
        equal: dict[tuple[str, str, str, bool], list[Gap]] = defaultdict(list)
        for gap in gaps:
            equal[gap.shown, gap.stated, self._view.difference(gap), self._view.absent(gap)].append(gap)
        links, self._number = {gap.edit_url for gap in gaps}, self._number + 1
        first = gaps[0]
        return Block(
            id=self._number, kind=first.kind, platform=first.platform, unit=first.unit, edited_by=first.edited_by,
            lines=tuple(self._line(some, key, alone=len(links) > 1) for key, some in equal.items()),
            count=len(gaps), minutes=sum(gap.minutes for gap in gaps), points=sum(gap.points for gap in gaps),
            confirmed=sum(gap.confirmed for gap in gaps),
            opened=min((gap.first_seen for gap in gaps if gap.first_seen), default=None),
            due=min((gap.target_date for gap in gaps if gap.target_date), default=None),
            seen=max(filter(None, map(self._view.seen, gaps)), default=None),
            link=links.pop() if len(links) == 1 else "",
        )  # fmt: skip

    def _line(self, gaps: list[Gap], key: tuple[str, str, str, bool], *, alone: bool) -> Line:
        names: dict[str, int] = {}
        for gap in gaps:
            texts = [self.pastes.get(block, 0) for block in _texts(gap)]
            for at, slug in enumerate(gap.subjects or (self._view.result.organisation,)):
                names.setdefault(self._view.subject(slug), texts[at] if len(texts) == len(gap.subjects) else texts[0])
        return Line(
            names=tuple(names.items()), gap=gaps[0], absent=key[3], difference=key[2],
            minutes=sum(gap.minutes for gap in gaps), points=sum(gap.points for gap in gaps),
            link=gaps[0].edit_url if alone and len(gaps) == 1 else "",
        )  # fmt: skip

    def offers(self) -> list[tuple[Offer, list[str]]]:
        """Equal offers once, with the names of those that offer them."""
        equal: dict[tuple[object, ...], list[Offer]] = defaultdict(list)
        for offer in self._view.result.score.offers:
            key = (offer.office, offer.evening, offer.weekend, offer.next_slot, offer.evening_slots)
            equal[(*key, offer.weekend_slots, offer.slot_days)].append(offer)
        return [(some[0], [self._view.subject(offer.subject) for offer in some]) for some in equal.values()]


def _texts(gap: Gap) -> list[str]:
    """The texts to paste of a gap: a block for each service, or one mail."""
    return [gap.paste] if is_mail(gap) else gap.paste.split("\n\n")


def _criteria(view: View) -> set[str]:
    return {finding.criterion for cell in view.result.cells for finding in cell.findings}
