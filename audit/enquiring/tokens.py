"""Tokens: by them an answer is recognised, and nobody without the database's secret can make one. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

LENGTH = 16
_TOKEN = re.compile(rf"(?<![a-z2-7])([a-z2-7]{{{LENGTH}}})(?![a-z2-7])")


def token(secret: bytes, *parts: str) -> str:
    """16 letters and digits (80 bits of HMAC-SHA-256) that stand for these parts under this secret."""
    digest = hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def tokens_in(text: str) -> list[str]:
    """Everything in a text (a header field) that has the shape of a token; linear in the text."""
    return _TOKEN.findall(text.lower())


def plus_address(sender: str, id_: str) -> str:
    """``name+token@domain``: an address of its own for one enquiry (RFC 5233 calls it a subaddress)."""
    local, _, domain = sender.rpartition("@")
    return f"{local.partition('+')[0]}+{id_}@{domain}"


def message_id(sender: str, id_: str) -> str:
    """The Message-ID of an enquiry, without angle brackets."""
    return f"{id_}@{sender.rpartition('@')[2]}"
