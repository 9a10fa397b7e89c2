"""Keys: put in while sending, only towards declared hosts, and scrubbed from everything that comes back."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import quote, quote_plus

from audit.model import Reason
from audit.visiting.getting import PLACEHOLDER, Unreachable, host_of
from audit.visiting.redirects import Hop

_SHORTEST = 4  # a shorter value would be found everywhere and is no secret


def no_keys(name: str) -> str | None:  # noqa: ARG001 - the signature of a key store
    """The key store of someone without keys."""
    return None


@dataclass(frozen=True)
class Keys:
    """``values`` gives a key's value by name (None: not set), ``hosts`` the hosts each may be sent to."""

    values: Callable[[str], str | None] = no_keys
    hosts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def used(self, hop: Hop) -> dict[str, str]:
        """Name and value of every key marked in a request.

        A mark whose name nobody declared is ordinary text. Raises `Unreachable`: needs-key for a
        key without a value, address-refused for a host it was not declared for.
        """
        texts = [hop.url, hop.body, *(value for _, value in hop.headers)]
        names = {name for text in texts for name in PLACEHOLDER.findall(text) if name in self.hosts}
        return {name: self._value(name, host_of(hop.url)) for name in sorted(names)}

    def known_to(self, hop: Hop) -> dict[str, str]:
        """Name and value of every key that the hosts of a chain of requests may know: none of them is to come back.

        A server may show a key on a later page that was asked for without it.
        """
        if not self.hosts:
            return {}
        hosts = {host_of(hop.url), host_of(hop.first)}
        mine = ((name, self.values(name)) for name, declared in sorted(self.hosts.items()) if declared & hosts)
        return {name: value for name, value in mine if value}

    def _value(self, name: str, host: str) -> str:
        if host not in self.hosts[name]:
            raise Unreachable(Reason.ADDRESS_REFUSED, f"the key {name} is not meant for {host}")
        value = self.values(name)
        if not value:
            raise Unreachable(Reason.NEEDS_KEY, f"the key {name} is not set")
        if not value.isascii() or not value.isprintable():
            raise Unreachable(Reason.NEEDS_KEY, f"the key {name} holds characters that no key has")
        return value


def fill(hop: Hop, keys: Mapping[str, str]) -> Hop:
    """The request with the values in it, each encoded for its place. Never stored, never logged."""
    if not keys:
        return hop
    kind = next((value for key, value in hop.headers if key.lower() == "content-type"), "")
    in_body = _json if "json" in kind else quote_plus if "form-urlencoded" in kind else str
    return replace(
        hop,
        url=_put(hop.url, keys, lambda value: quote(value, safe="")),
        headers=tuple((key, _put(value, keys, str)) for key, value in hop.headers),
        body=_put(hop.body, keys, in_body),
    )


def _json(value: str) -> str:
    return json.dumps(value)[1:-1]


def _put(text: str, keys: Mapping[str, str], encode: Callable[[str], str]) -> str:
    for name, value in keys.items():
        text = text.replace(f"{{{name}}}", encode(value))
    return text


def scrub(text: str, keys: Mapping[str, str]) -> str:
    """Text with every form of every value turned back into its mark."""
    for name, value in keys.items():
        for form in _forms(value):
            text = text.replace(form, f"{{{name}}}")
    return text


def scrub_bytes(body: bytes, keys: Mapping[str, str]) -> bytes:
    """The same for a body."""
    for name, value in keys.items():
        for form in _forms(value):
            body = body.replace(form.encode(), f"{{{name}}}".encode())
        for wide in ("utf-16-le", "utf-16-be") if len(value) >= _SHORTEST else ():
            body = body.replace(value.encode(wide), f"{{{name}}}".encode(wide))
    return body


def _forms(value: str) -> Iterable[str]:
    """Plain, percent-encoded once and twice, escaped for JSON and HTML, and base64 at each place it may begin."""
    if len(value) < _SHORTEST:
        return ()
    percent = quote(value, safe="")
    lower = re.sub("%..", lambda code: code[0].lower(), percent)
    escaped = [_json(value), value.replace("/", "\\/"), escape(value)]
    plain = [value, percent, lower, quote_plus(value), quote(percent, safe=""), *escaped]
    forms = plain + [form for shift in range(3) for form in _base64(value.encode(), shift)]
    return sorted({form for form in forms if len(form) >= _SHORTEST}, key=len, reverse=True)


def _base64(value: bytes, shift: int) -> Iterable[str]:
    """The characters that stand for these bytes alone when ``shift`` other bytes come before them."""
    padded = b"\0" * shift + value
    whole = base64.b64encode(padded[: len(padded) // 3 * 3]).decode()
    inner = whole[(shift * 8 + 5) // 6 :]
    return (inner, inner.replace("+", "-").replace("/", "_"))
