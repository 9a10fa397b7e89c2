"""The hosts of `peers.py`, for it and for what it starts: nothing else is loaded with them."""

from __future__ import annotations

HOSTS = 400


def hosts(port: int) -> list[str]:
    """The addresses of the 400 hosts."""
    return [f"127.0.{1 + number // 200}.{1 + number % 200}:{port}" for number in range(HOSTS)]
