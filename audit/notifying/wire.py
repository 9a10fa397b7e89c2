"""Requests to services that the settings name: trackers of tasks and a heartbeat.

Beside `audit.visiting.fetching` the only place that knows httpx. These addresses come from whoever runs findbar, often
inside the house, so the guard of visits does not stand here; no redirect is followed, so a key goes where it was meant
to. What a server answers is never shown: it may quote the key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from audit.manifest import findbar_version
from audit.visiting.fetching import tls

_SECONDS, _PATIENCE, _TRIES = 20.0, 60.0, 3
_TELLING = {
    401: "the key was not accepted", 403: "the key may not do this", 404: "there is no such project, or it is hidden",
    409: "somebody else changed it in the meantime", 410: "this project keeps no issues",
    422: "the project does not take it like this", 429: "too many requests",
}  # fmt: skip


class WireProblemError(RuntimeError):
    """A service did not do what it was asked; the message says which and why. ``certain``: it surely did nothing."""

    def __init__(self, message: str, *, status: int = 0, certain: bool = True) -> None:
        super().__init__(message)
        self.status, self.certain = status, certain


@dataclass
class Wire:
    """A service at an address; ``headers`` hold its key. ``sleep`` waits seconds where it asks for patience."""

    base: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sleep: Callable[[float], None] = time.sleep
    seconds: float = _SECONDS

    def __enter__(self) -> Self:
        """Nothing is connected yet."""
        agent = f"findbar/{findbar_version()}"
        self._client = httpx.Client(
            verify=tls(), trust_env=False, timeout=self.seconds, headers={"User-Agent": agent, **self.headers}
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Connections are closed."""
        self._client.close()

    def call(self, method: str, path: str, content: Any = None, **params: str | int) -> Any:
        """The JSON that comes back, None where there is none. Raises `WireProblemError`."""
        answer = self._answer(method, path, content, params)
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise WireProblemError(f"{self._host} answers with something that is not JSON", certain=False) from None

    def ping(self, path: str) -> None:
        """Say something to which any answer will do, a few times if need be. Raises `WireProblemError`."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._answer("POST", path, None, {})
                return
            except WireProblemError:
                if attempt == _TRIES:
                    raise
                self.sleep(2.0)

    def _answer(self, method: str, path: str, content: Any, params: Mapping[str, str | int]) -> httpx.Response:
        for attempt in range(1, _TRIES + 1):
            answer = self._send(method, path, content, params)
            wait = _patience(answer)
            if wait is None or attempt == _TRIES:
                break
            self.sleep(wait)
        if not answer.is_success:
            raise WireProblemError(f"{self._host}: {_told(answer)}", status=answer.status_code)
        return answer

    def _send(self, method: str, path: str, content: Any, params: Mapping[str, str | int]) -> httpx.Response:
        try:
            return self._client.request(method, self.base + path, json=content, params=params)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise WireProblemError(f"{self._host} cannot be reached ({type(error).__name__})") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WireProblemError(f"{self._host} broke off ({type(error).__name__})", certain=False) from None

    @property
    def _host(self) -> str:
        """The host alone: the rest of an address may be a secret."""
        return urlsplit(self.base).hostname or "the service"


def _patience(answer: httpx.Response) -> float | None:
    """How long to wait before asking again, None where that would not help."""
    stated = answer.headers.get("retry-after", "")
    if answer.status_code not in (403, 429, 503) or (answer.status_code == 403 and not stated):
        return None
    seconds = float(stated) if stated.isdecimal() else 5.0
    return seconds if seconds <= _PATIENCE else None


def _told(answer: httpx.Response) -> str:
    if answer.is_redirect:
        return f"{answer.status_code}, it moved; name the new address in findbar.toml"
    return f"{answer.status_code}, {_TELLING.get(answer.status_code, answer.reason_phrase or 'refused')}"
