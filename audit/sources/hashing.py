"""Salted hashes: equal things stay equal within one database, and nobody can tell from outside what they were."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Salt:
    """The secret of one database (32 bytes, never shown)."""

    secret: bytes = field(repr=False)

    def of(self, *parts: str) -> str:
        """20 hexadecimal digits that stand for these parts in this database only."""
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self.secret[:64], digest_size=10).hexdigest()
