"""The report in an organisation's own clothes: name, logo, introduction and two colours, each checked."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path

LARGEST = 200_000  # bytes of a logo: the page is sent by mail
CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text against its background
LIGHT, DARK = ("#fbfaf7", "#ffffff", "#f1f1ed"), ("#13181c", "#1a2126", "#20282e")  # backgrounds in report.css
SOFT = 0.12  # share of the colour in the background of what is chosen
SIGNS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class BrandProblem(ValueError):
    """A colour or logo cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """``logo`` is a data URI, ``style`` the rules for the two colours; all may be empty."""

    name: str = ""
    logo: str = ""
    introduction: str = ""
    style: str = ""


def make_brand(
    *, name: str = "", logo: Path | None = None, introduction: str = "", colour: str = "", colour_dark: str = ""
) -> Brand:
    """The brand of a ``[report]`` table. Raises `BrandProblem` for a faint colour or an odd logo."""
    light, dark = _rule(colour, LIGHT, "colour"), _rule(colour_dark, DARK, "colour_dark")
    style = f"\n@media print, (prefers-color-scheme: light) {{ {light} }}" if light else ""
    style += f"\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}" if dark else ""
    return Brand(name=name, logo=data_uri(logo) if logo else "", introduction=introduction, style=style)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (#rrggbb), 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def data_uri(path: Path) -> str:
    """A PNG or JPEG file as data URI, known by its first bytes. Raises `BrandProblem`."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise BrandProblem(f"report.logo: {path} cannot be read ({error.strerror}).") from None
    if not data:
        raise BrandProblem(f"report.logo: {path} is empty or larger than {LARGEST // 1000} kB; make it smaller.")
    kind = next((kind for sign, kind in SIGNS if data.startswith(sign)), "")
    if not kind:
        raise BrandProblem(f"report.logo: {path} is neither PNG nor JPEG; save it as one of them.")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _rule(colour: str, backgrounds: tuple[str, ...], key: str) -> str:
    if not colour:
        return ""
    if not COLOUR.fullmatch(colour):
        raise BrandProblem(f"report.{key}: {colour!r} is no colour; write it as #0b5a6e.")
    soft = _mixed(colour, backgrounds[0])
    worst = min(contrast(colour, background) for background in (*backgrounds, soft))
    if worst < CONTRAST:
        advice = "lighter" if key == "colour_dark" else "darker"
        raise BrandProblem(
            f"report.{key}: {colour} has a contrast of {worst:.1f}, text needs {CONTRAST}; take a {advice} one."
        )
    return f":root {{ --accent: {colour}; --accent-soft: {soft} }}"


def _mixed(colour: str, background: str) -> str:
    pairs = zip(_channels(colour), _channels(background), strict=True)
    return "#" + "".join(f"{round(SOFT * one + (1 - SOFT) * other):02x}" for one, other in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
