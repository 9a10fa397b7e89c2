"""How alike two lists of folded words are, between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from audit.judging.comparing.tables import levels, words

_WEAK = 0.3
_OTHER_DESIGNATOR = 0.7
_LONGEST_INITIALS = 6
_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix"})
_MOST_WORDS = 40  # no name has more; every word is compared with every other


@lru_cache(maxsize=100_000)
def weight(word: str) -> float:
    """What a word counts for: long ones more than short ones, common ones little."""
    common = word in words().weak_words or word.isdigit()
    return (_WEAK if common else 1.0) * min(8, max(2, len(word)))


def spelt_alike(word: str, others: Sequence[str]) -> float:
    """How alike the most similar of ``others`` is (0 to 1); 0 where that is another word or number."""
    if word in others:
        return 1.0
    if not word.isalpha():
        return 0.0
    least = 100 * levels()["name"]["word"]
    return max((fuzz.ratio(word, other, score_cutoff=least) for other in others), default=0.0) / 100


def _shared(ones: Sequence[str], others: Sequence[str]) -> float:
    return sum(weight(word) * spelt_alike(word, others) for word in ones)


def aligned(ones: tuple[str, ...], others: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both lists with blanks and initials written as the other list writes them."""
    ones, others = ones[:_MOST_WORDS], others[:_MOST_WORDS]
    ones, others = _joined_like(ones, others), _joined_like(others, ones)
    return _shortened_like(ones, others), _shortened_like(others, ones)


def _joined_like(parts: tuple[str, ...], others: Sequence[str]) -> tuple[str, ...]:
    """ "Floh Zirkus" as "Flohzirkus" where the other name writes it in one word."""
    found: list[str] = []
    for word in parts:
        if found and found[-1] + word in others:
            found[-1] += word
        else:
            found.append(word)
    return tuple(found)


def _shortened_like(parts: tuple[str, ...], others: Sequence[str]) -> tuple[str, ...]:
    """Neighbouring words by their initials where the other name has only those: "United States" as "US"."""
    initials = "".join(word[0] for word in parts)
    for short in others:
        if not (2 <= len(short) <= _LONGEST_INITIALS and short.isalpha()) or short in parts:
            continue
        if (at := initials.find(short)) >= 0:
            return *parts[:at], short, *parts[at + len(short) :]
    return parts


def _designators(parts: Sequence[str]) -> frozenset[str]:
    """Numbers and single letters: "Haus 2", "Gruppe B", "Kita II"."""
    return frozenset(word for word in parts if word.isdigit() or len(word) == 1 or word in _ROMAN)


def told_apart(ones: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two names are one but for their numbers or letters: "Haus Giesing 1" and "Haus Giesing 2"."""
    told = _designators(ones), _designators(others)
    if not all(told) or told[0] & told[1]:
        return False
    left = (
        tuple(word for word in words if word not in marks) for words, marks in zip((ones, others), told, strict=True)
    )
    return likeness(*left)[0] >= float(levels()["name"]["close"])


@lru_cache(maxsize=100_000)
def likeness(ones: tuple[str, ...], others: tuple[str, ...]) -> tuple[float, float]:
    """(likeness, containment) of two word lists; both 1 for equal ones, 0 where one is empty.

    Likeness is symmetric: the greater of shared word weight and the ratio of the joined letters, so
    that "Floh Zirkus" is "Flohzirkus". Containment asks whether the shorter name is inside the
    longer. Two different numbers or letters ("Haus Giesing 1", "Haus Giesing 2") cap both.
    """
    if not ones or not others:
        return 0.0, 0.0
    ones, others = aligned(ones, others)
    if ones == others:
        return 1.0, 1.0
    total_ones, total_others = sum(map(weight, ones)), sum(map(weight, others))
    from_ones, from_others = _shared(ones, others), _shared(others, ones)
    shared = (from_ones + from_others) / (total_ones + total_others)
    joined = fuzz.ratio("".join(ones), "".join(others)) / 100
    contained = max(from_ones / total_ones, from_others / total_others)
    alike = max(shared, joined if joined >= levels()["name"]["close"] else 0.0)
    told = _designators(ones), _designators(others)
    if all(told) and not told[0] & told[1]:
        return min(alike, _OTHER_DESIGNATOR), min(contained, _OTHER_DESIGNATOR)
    return alike, contained
