"""The text of a list, whatever its encoding: byte order marks, UTF-16, UTF-8, and what Windows, DOS and Mac left."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ("cp1252", "cp850", "mac_roman")  # the first of equals: the most usual one
_GERMAN = re.compile(r"(?<=[A-Za-z])[äöüß](?=[a-z])|(?<=[a-z])[äöüß]|[ÄÖÜäöü](?=[a-z])|[–„“”’€]")
_ODD = re.compile(r"(?<=[a-z])[^\x00-\x7fäöüßéèáàóíâêôçñøåæë](?=[a-z])|[\x80-\x9f\ufffd]")
_TWICE = re.compile("Ã[¤¶¼Ÿ„–œ©¨]|â€[žœ“”™]")


def decoded(body: bytes) -> str:
    """The text of the bytes; zero characters stay where it is no text at all. Never raises."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, errors="replace").removeprefix("\ufeff")
    if wide := _wide(body):
        return body.decode(wide, errors="replace")
    try:
        return _mended(body.decode("utf-8"))
    except UnicodeDecodeError:
        return max((body.decode(name, errors="replace") for name in _OLD), key=_german)


def _wide(body: bytes) -> str:
    """UTF-16 without a mark: every other byte of its first letters is zero."""
    even, odd = body[:400:2], body[1:400:2]
    if len(odd) < 4 or len(body) % 2:
        return ""
    if odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and not odd.count(0) else ""


def _german(text: str) -> int:
    return len(_GERMAN.findall(text[:200_000])) - 2 * len(_ODD.findall(text[:200_000]))


def _mended(text: str) -> str:
    """Text that was taken for Windows text once and encoded again ("Ã¤"), put right where all of it can be."""
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
