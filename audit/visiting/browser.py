"""Visits by a real browser, for pages that are empty without scripts. The only module that knows Playwright.

One Chromium for all visits, a fresh context and a guarded proxy for each. Nothing of the visitor's
own browser is used: no profile, no cookies, no extensions.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from audit.model import Reason, Visit
from audit.page import Page
from audit.visiting.bodies import too_large
from audit.visiting.chromium import find_browser
from audit.visiting.getting import (
    PLACEHOLDER,
    Limits,
    Now,
    Permit,
    Unreachable,
    actual_url,
    canonical_url,
    off_base,
    permit_all,
    utc_now,
)
from audit.visiting.guard import Guard
from audit.visiting.proxy import GuardedProxy

if TYPE_CHECKING:
    from playwright.async_api import Browser, FloatRect, Playwright, Response, Route
    from playwright.async_api import Page as Tab

NO_BROWSER = "install Chromium or run: playwright install chromium"
_SWITCHES = [
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=DnsOverHttps,AsyncDns,OptimizationHints,MediaRouter",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-first-run",
]
_NO_WEBRTC = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete window[name];"
_HEAVY = frozenset({"image", "media", "font"})
_CLIP: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": 2400}  # pixels
_SETTLE = 5.0  # seconds that scripts have after the document is there, at most


class BrowserGetter:
    """Visits in Chromium. ``chromium`` is its path; without it and without an installed one: Playwright's own.

    Pages hold the document as scripts left it. ``base_urls`` as in the HTTP getter. Redirects inside
    the browser are checked by the guard, but asked of ``permit`` only where the visit ends.
    """

    def __init__(
        self,
        guard: Guard,
        user_agent: str,
        *,
        base_urls: Mapping[str, str] | None = None,
        chromium: str = "",
        now: Now = utc_now,
    ) -> None:
        self._guard = guard
        self._agent = user_agent
        self._bases = dict(base_urls or {})
        self._path = chromium
        self._now = now
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def get(self, visit: Visit, limits: Limits, permit: Permit = permit_all) -> Page:
        """The page as a browser shows it. Raises `Unreachable`: no-browser, and all that HTTP visits have."""
        if visit.method != "GET" or any(PLACEHOLDER.search(text) for text in (canonical_url(visit), visit.body)):
            raise Unreachable(Reason.ADDRESS_REFUSED, "a browser makes plain visits only, and never with a key")
        address = actual_url(visit, self._bases)
        guard = self._guard.only(*self._guard.check_url(address))
        try:
            async with asyncio.timeout(limits.total):
                browser = await self._ready()
                async with GuardedProxy(guard, limits) as proxy:
                    visiting = asyncio.ensure_future(self._visit(browser, proxy, visit, address, permit))
                    return await _unless_full(visiting, proxy)
        except TimeoutError as error:
            raise Unreachable(Reason.TIMEOUT, f"no whole page within {limits.total:g} s") from error

    async def close(self) -> None:
        """Ends the browser."""
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser and browser.is_connected():
            await browser.close()
        if playwright:
            await playwright.stop()

    async def _ready(self) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self.close()
                self._browser = await self._start()
            return self._browser

    async def _start(self) -> Browser:
        try:
            from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - optional, and slow to import
        except ImportError as error:
            raise Unreachable(Reason.NO_BROWSER, "pip install 'findbar[browser]', then " + NO_BROWSER) from error
        path = find_browser(self._path)
        if self._path and not path:
            raise Unreachable(Reason.NO_BROWSER, f"{self._path} is no file; {NO_BROWSER}")
        self._playwright = await async_playwright().start()
        try:
            # The sandbox cannot start for the superuser; everyone else gets it.
            return await self._playwright.chromium.launch(
                executable_path=path or None, args=_SWITCHES, chromium_sandbox=not _is_root(),
                proxy={"server": "http://127.0.0.1:9"},  # nowhere: each context has a proxy of its own
            )  # fmt: skip
        except Error as error:
            raise Unreachable(Reason.NO_BROWSER, NO_BROWSER) from error

    async def _visit(self, browser: Browser, proxy: GuardedProxy, visit: Visit, address: str, permit: Permit) -> Page:
        from playwright.async_api import Error  # noqa: PLC0415 - there is a browser, so it is there

        context = None
        try:
            context = await browser.new_context(
                user_agent=self._agent, locale="de-DE", service_workers="block", accept_downloads=False,
                proxy={"server": proxy.address, "bypass": "<-loopback>"}, ignore_https_errors=False,
                extra_http_headers=dict(visit.headers),
            )  # fmt: skip
            await context.add_init_script(_NO_WEBRTC)
            tab = await context.new_page()
            await tab.route("**/*", _light)
            response = await tab.goto(address, wait_until="domcontentloaded", timeout=proxy.limits.total * 1000)
            page = await self._page(tab, proxy, visit, response)
        except Error as error:
            raise _reason(error, proxy, address) from None
        finally:
            if context:
                with contextlib.suppress(Error):
                    await context.close()
        if page.url != canonical_url(visit):
            await permit(page.url)
        return page

    async def _page(self, tab: Tab, proxy: GuardedProxy, visit: Visit, response: Response | None) -> Page:
        from playwright.async_api import Error  # noqa: PLC0415 - as above

        with contextlib.suppress(Error):  # a page that is never quiet is read as it is
            await tab.wait_for_load_state("networkidle", timeout=_SETTLE * 1000)
        if proxy.full:
            raise proxy.full
        if response is None or not tab.url.startswith(("http://", "https://")):
            raise _ended_elsewhere(proxy)
        body = (await tab.content()).encode("utf-8", "replace")
        if len(body) > proxy.limits.decoded_bytes:
            raise too_large(proxy.limits.decoded_bytes, "the document")
        headers = {key.lower(): value for key, value in (await response.all_headers()).items()}
        headers["content-type"] = "text/html; charset=utf-8"
        url = off_base(tab.url.partition("#")[0], self._bases)
        if url.rstrip("/") == canonical_url(visit).rstrip("/") or tab.url == actual_url(visit, self._bases):
            url = canonical_url(visit)
        plain = tuple((key, value) for key, value in headers.items() if key not in {"content-encoding", "set-cookie"})
        return Page(
            visit=visit, at=self._now(), url=url, status=response.status, headers=plain, body=body,
            picture=await _picture(tab),
        )  # fmt: skip


async def _picture(tab: Tab) -> bytes:
    """The page as it looks from its top, as JPEG; empty where it will not be drawn."""
    from playwright.async_api import Error  # noqa: PLC0415 - as above

    try:
        return await tab.screenshot(type="jpeg", quality=50, full_page=True, clip=_CLIP, timeout=_SETTLE * 1000)
    except Error:
        return b""


async def _unless_full(visiting: asyncio.Future[Page], proxy: GuardedProxy) -> Page:
    """The page, or the proxy's word that it grew too large: the browser itself may wait for long."""
    full = asyncio.ensure_future(proxy.overflow.wait())
    try:
        either: set[asyncio.Future[Any]] = {visiting, full}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if proxy.full and not visiting.done():
            raise proxy.full
        return await visiting
    finally:
        full.cancel()
        visiting.cancel()
        await asyncio.gather(visiting, full, return_exceptions=True)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


async def _light(route: Route) -> None:
    """Pictures, films and fonts are not loaded: they cost the other side and say nothing."""
    from playwright.async_api import Error  # noqa: PLC0415 - there is a browser, so it is there

    with contextlib.suppress(Error):  # the tab may be gone: then nobody waits for an answer
        await (route.abort() if route.request.resource_type in _HEAVY else route.continue_())


def _ended_elsewhere(proxy: GuardedProxy) -> Unreachable:
    troubles = list(proxy.troubles.values())
    return troubles[-1] if troubles else Unreachable(Reason.SERVER_ERROR, "the browser showed no page")


def _reason(error: Any, proxy: GuardedProxy, address: str) -> Unreachable:
    """The reason of a page that would not open: what the proxy saw, else what Chromium says."""
    text = str(error).partition("\n")[0][:200]
    if proxy.full:
        return proxy.full
    if "Timeout" in type(error).__name__:
        return Unreachable(Reason.TIMEOUT, "the page did not open in time")
    if proxy.troubles:
        return _ended_elsewhere(proxy)
    if "ERR_ABORTED" in text or "Download" in text:
        return Unreachable(Reason.TRUNCATED, f"{address} is no page but a download")
    return Unreachable(Reason.SERVER_ERROR, text)
