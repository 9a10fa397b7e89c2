"""A thing said by its code, so that every report can say it in its reader's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One of a closed set of remarks: its ``code``, and the values that its text puts in, in order.

    The codes and their English texts are `audit/sayings.toml`, the German ones the catalogue of `reports/texts`.
    """

    code: str
    parts: tuple[str, ...] = ()
