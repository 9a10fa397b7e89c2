"""What a visit saw, as it is stored: packed JSON."""

from __future__ import annotations

import zlib

from audit.model import Seen
from audit.store.codec import dump, parse


def packed(seen: Seen) -> bytes:
    """What a visit saw, as it is stored."""
    return zlib.compress(dump(Seen, seen))


def unpacked(blob: bytes) -> Seen:
    """The same back."""
    seen: Seen = parse(Seen, zlib.decompress(blob))
    return seen
