"""A bound on how deep markup and TOML may nest, before it is parsed.

The HTML parser takes quadratic time with nested elements (measured with selectolax 1.0.2: 60,000
nested div elements, 300 kB, take 12.7 s), and formatting elements left open are copied into every
paragraph behind them, as the HTML standard asks. Real pages nest some dozens deep.
"""

from __future__ import annotations

import re
from collections import Counter

_DEEPEST = 2000
_MOST_FORMATTING = 300
_FEW = 600  # so few tags cannot nest too deep: small pages are not looked at
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_UNNESTED = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody"}
)
_FORMATTING = frozenset(
    {"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"},
)


_LONG_KEY = re.compile(r"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}""")


def has_endless_key(text: str) -> bool:
    """Whether a TOML text holds a dotted key of more than 50 parts: parsing takes quadratic time with them."""
    return _LONG_KEY.search(text) is not None


def shallow(text: str) -> str:
    """The markup up to the place where more than 2,000 elements (or 300 formatting ones) stand open at once."""
    if text.count("<") <= _FEW:
        return text
    opened: Counter[str] = Counter()
    depth = formatting = 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _UNNESTED:
            continue
        step = 1 if not tag[1] else -1 if opened[name] else 0
        opened[name] += step
        depth += step
        formatting += step if name in _FORMATTING else 0
        if depth > _DEEPEST or formatting > _MOST_FORMATTING:
            return text[: tag.start()]
    return text
