"""What is wrong with an organisation file: every problem with file, line, table, key and a hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import ErrorDetails

from audit.organisation.folding import clean, nearest
from audit.organisation.schema import TABLES
from audit.organisation.toml_lines import Path, line_of

_EXPECTED = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number without quotes",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number without quotes",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "date_type": "must be a date without quotes, such as 2027-06-30",
    "date_from_datetime_inexact": "must be a date without a time",
    "list_type": "must be a list in square brackets",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. ``line`` counts from 1, 0: the whole file; ``where`` is a table in words."""

    file: str
    line: int
    where: str
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """On one line: file, line, table, key, what is wrong, and a hint."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = ", ".join(part for part in (self.where, self.key) if part)
        told = f"{place}: {subject} {self.message}" if subject else f"{place}: {self.message}"
        return f"{told} ({self.hint})" if self.hint else told


class FileProblems(ValueError):
    """All problems of one or several files at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Notes:
    """Collects problems and warnings of one file by the path of the key they are about."""

    file: str
    lines: Mapping[Path, int]
    data: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    kept: dict[str, list[int]] = field(default_factory=dict)  # table: original places of the rows left

    def problem(self, path: Path, message: str, hint: str = "") -> None:
        """Note something that makes the file unusable."""
        self.problems.append(self.told(path, message, hint))

    def warning(self, path: Path, message: str, hint: str = "") -> None:
        """Note something that a person should look at."""
        self.warnings.append(self.told(path, message, hint))

    def told(self, path: Path, message: str, hint: str = "") -> Problem:
        """The problem at a key, with its line and table, not noted."""
        path = self._original(path)
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        if len(path) == 2 and isinstance(path[1], int):
            key = ""
        shown = clean(message)[:400]
        return Problem(
            self.file, line_of(dict(self.lines), path), where(path, self.data), clean(key)[:80], shown, clean(hint)
        )

    def _original(self, path: Path) -> Path:
        if len(path) > 1 and isinstance(path[1], int) and (places := self.kept.get(str(path[0]))):
            return (path[0], places[path[1]], *path[2:])
        return path

    def shape(self, error: ErrorDetails) -> None:
        """Note what pydantic found wrong with one key."""
        path, kind = tuple(error["loc"]), error["type"]
        context = error.get("ctx", {})
        if kind == "extra_forbidden":
            self.problem(path, "is no key of this table", _meant(path))
        elif kind == "findbar_value":
            self.problem(path, context["message"], _did_you_mean(context["hint"]))
        else:
            self.problem(path, _EXPECTED.get(kind, error["msg"][:1].lower() + error["msg"][1:]))


def where(path: Path, data: Mapping[str, Any]) -> str:
    """The table of a path in words: "service 2 (Schuldnerberatung)"; the top level is "organisation"."""
    if len(path) < 2 or not isinstance(path[0], str):
        return "organisation"
    if not isinstance(path[1], int):
        return path[0]
    try:
        row = data[path[0]][path[1]]
        name = next((row[key] for key in ("name", "id", "platform", "city") if row.get(key)), "")
    except (KeyError, IndexError, AttributeError, TypeError):
        name = ""
    return f"{path[0]} {path[1] + 1}" + (f" ({clean(str(name))[:60]})" if name else "")


def _meant(path: Path) -> str:
    table = path[0] if len(path) > 1 else ""
    known = TABLES[str(table)].model_fields if table in TABLES else {}
    close = nearest(str(path[-1]), known)
    return _did_you_mean(close[0]) if close else f"known keys: {', '.join(known)}"


def _did_you_mean(hint: str) -> str:
    return f"did you mean {hint}?" if hint and " " not in hint else hint
