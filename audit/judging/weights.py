"""What agreement is worth: a table of weights, the one shipped or one fitted to labelled pairs."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Any

from audit.judging.comparing.tables import read_table

Fields = Mapping[str, Mapping[str, float]]
_OTHER_TABLES = ("prior", "thresholds", "groups", "fitted")
_BARE = re.compile(r"[A-Za-z0-9_-]+")  # a key of TOML that needs no quotes

WORDS = ("words_shared", "words_left")
"""Tables of single words, which only pairs can tell: those of both names, those of one; empty in the table shipped."""


class WeightsProblemError(ValueError):
    """A table of weights that cannot be used; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights in bits, log2(m/u), by field and key of the comparison.

    ``prior`` is the log-odds of any pair that is compared. From ``match`` on a pair belongs
    together, from ``unclear`` on a person must look. ``groups`` name members that are not
    independent: the greatest positive weight of a group counts whole, the others by ``damping``.
    ``fitted`` says where the weights come from.
    """

    prior: float
    match: float
    unclear: float
    damping: float
    fields: Fields
    groups: Mapping[str, str]
    fitted: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, name: str, key: str) -> float:
        """The weight of one level; a level that the table does not know says nothing."""
        return self.fields.get(name, {}).get(key, 0.0)

    def group_of(self, name: str, key: str) -> str:
        """The group that a field or one of its levels belongs to; empty if none."""
        return self.groups.get(name) or self.groups.get(f"{name}.{key}", "")


@cache
def shipped() -> Weights:
    """The weights that findbar judges with."""
    return from_table(read_table("weights.toml", "audit.judging"))


def parse(text: str) -> Weights:
    """Read a table of weights, which may lack levels but not know others. Raises `WeightsProblemError`."""
    try:
        return _known(from_table(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise WeightsProblemError(f"not valid TOML ({error}).") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsProblemError(f"not a table of weights: {error!s} is missing or wrong.") from error


def _known(table: Weights) -> Weights:
    """The table, where every level in it is one that comparisons have: a table of an older version has others."""
    known = shipped().fields
    for name, rows in table.fields.items():
        if name not in WORDS and (strange := sorted(set(rows) - set(known.get(name, {})))):
            raise WeightsProblemError(
                f"[{name}] {strange[0]} is no level that is compared; fit the table anew with this version of findbar."
            )
    return table


def from_table(table: Mapping[str, Any]) -> Weights:
    """Weights out of a table as TOML gives it. Raises `KeyError`, `TypeError` or `ValueError` where it is none."""
    levels = {name: rows for name, rows in table.items() if isinstance(rows, Mapping) and name not in _OTHER_TABLES}
    return Weights(
        prior=_finite(table["prior"]["bits"]),
        match=_share(table["thresholds"]["match"]),
        unclear=_share(table["thresholds"]["unclear"]),
        damping=_share(table["damping"]),
        fields={name: {key: _finite(bits) for key, bits in rows.items()} for name, rows in levels.items()},
        groups={str(member): group for group, members in table.get("groups", {}).items() for member in members},
        fitted=dict(table.get("fitted", {})),
    )


def _finite(value: Any) -> float:
    bits = float(value)
    if not isfinite(bits):
        raise ValueError(f"{bits} (no number of bits)")
    return bits


def _share(value: Any) -> float:
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError(f"{share} (not between 0 and 1)")
    return share


def identity(weights: Weights) -> str:
    """What tells one table from another in a manifest: "shipped" or what it was fitted to, and a checksum."""
    said = " ".join(str(weights.fitted[key]) for key in ("data", "date") if key in weights.fitted)
    ours = "shipped" if weights == shipped() else "own"
    return f"{(said or ours)[:80]} {hashlib.sha256(as_toml(weights).encode()).hexdigest()[:8]}"


def as_toml(weights: Weights) -> str:
    """The table as a file, levels in their order."""
    groups: dict[str, list[str]] = {}
    for member, group in weights.groups.items():
        groups.setdefault(group, []).append(member)
    tables: dict[str, Mapping[str, Any]] = {
        "fitted": weights.fitted,
        "prior": {"bits": weights.prior},
        "thresholds": {"match": weights.match, "unclear": weights.unclear},
        "groups": groups,
        **weights.fields,
    }
    parts = [f"damping = {weights.damping:g}"]
    parts += [f"[{name}]\n" + "\n".join(_lines(rows.items())) for name, rows in tables.items()]
    return "\n\n".join(parts) + "\n"


def _lines(rows: Iterable[tuple[str, Any]]) -> Iterable[str]:
    return (f"{key if _BARE.fullmatch(key) else _value(key)} = {_value(value)}" for key, value in rows)


def _value(value: Any) -> str:
    if isinstance(value, str):
        escaped = "".join(char if char.isprintable() else " " for char in value)
        return '"' + escaped.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
