"""What the engine says in English beyond its codes, in the reader's language: errors, warnings, notes about lists.

The German of a sentence stands in the catalogue under the English one, with ``{0}`` for its values (``told.…``).
"""

from __future__ import annotations

import re
from functools import cache

from reports.texts.catalogue import catalogue

_GROUP = "told."
_VALUE = re.compile(r"{(\d)}")
_QUOTED = re.compile(r"""(?<!\w)(['"])([^'"\n]*)\1(?!\w)""")
_LONGEST = 4_000  # characters of a line that is looked up: a longer one is a quotation, not a sentence
_WHERE = re.compile(r"(?P<first>[^\n]+?): (?P<rest>(?s:.+))")  # a place, and what is wrong there
_HINT = re.compile(r"(?P<first>.+) \((?P<rest>[^()]+)\)")  # what is wrong, and what would help
_DEEPEST = 4  # sentences within sentences


def told(text: str, lang: str) -> str:
    """A message of the engine in that language, line by line; what the catalogue does not know stays as it is."""
    if lang != "de":
        return text
    return _sentence(text) or "\n".join(_sentence(line) or line for line in text.split("\n"))


def _sentence(text: str, depth: int = 0) -> str:
    """The German of a sentence, "" where there is none."""
    if len(text) > _LONGEST or depth > _DEEPEST:
        return ""
    for english, literal, german in _known():
        if literal in text and (found := _pattern(english).fullmatch(text)):
            values = [_value(value, depth) for name, value in found.groupdict().items() if name != "subject"]
            said = _VALUE.sub(lambda place, values=values: values[int(place[1])], german)  # type: ignore[misc]
            subject = found.groupdict().get("subject")
            return f"{_value(subject, depth)} {said}" if subject else said
    for parts, together in ((_WHERE, "{}: {}"), (_HINT, "{} ({})")):
        if found := parts.fullmatch(text):
            pieces = [_sentence(found[name], depth + 1) for name in ("first", "rest")]
            if any(pieces):
                return together.format(pieces[0] or found["first"], pieces[1] or found["rest"])
    return ""


def _value(text: str, depth: int) -> str:
    """A value as it stands in a German sentence: a sentence of its own, or with German quotation marks."""
    return _sentence(text, depth + 1) or _QUOTED.sub(r"„\2“", text)


@cache
def _known() -> list[tuple[str, str, str]]:
    """Each sentence, a piece that no text of it lacks, and its German; the most telling ones first."""
    texts = catalogue("de")
    keys = (key.removeprefix(_GROUP) for key in texts.keys if key.startswith(_GROUP))
    sentences = sorted(keys, key=lambda text: (-len(_VALUE.sub("", text)), text))
    return [(one, max(_VALUE.split(one)[::2], key=len), texts.text(_GROUP + one)) for one in sentences]


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """What begins in lower case may have a subject before it, a table and a key of a file, but no place and colon."""
    pieces = _VALUE.split(sentence)
    value = ".+?" if ": " in sentence else "(?:(?!: ).)+?"
    places = [f"(?P<v{piece}>{value})" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)]
    if not pieces[0]:
        places[1] = "(?P<v0>(?:(?!: ).)+?)"
    before = "(?:(?P<subject>(?:(?!: ).)+?(?<!:)) )?" if sentence[:1].islower() else ""
    return re.compile(before + "".join(places), re.DOTALL)
