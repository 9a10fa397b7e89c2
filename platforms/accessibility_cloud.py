"""accessibility.cloud: what is known of ramps, doors and toilets, behind Wheelmap beside OpenStreetMap.

After the documentation of its JSON interface (sozialhelden/accessibility-cloud, docs/json-api.md) and recorded
answers, read 2026-11-23. Wheelmap shows OpenStreetMap's own places too: those are read there, so a place without a
record here may still be on Wheelmap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from audit import (
    Access,
    Address,
    Checker,
    Control,
    EditedBy,
    Item,
    Key,
    Kind,
    Listing,
    More,
    Nothing,
    NotUnderstood,
    Page,
    Platform,
    Query,
    Secret,
    Standing,
    Terms,
    Visit,
)
from audit.readers import addresses_in
from audit.readers.members import number, text
from audit.readers.regions import spot

_LIMIT, _METRES, _MOST, _DEEPEST = 100, 250, 40, 6
_LANGUAGES = ("de", "de_DE", "en", "en_US")


class AccessibilityCloud(Checker):
    """Everything known within 250 metres of the place; without its coordinates nothing can be asked."""

    id = "accessibility-cloud"
    platform = Platform(
        id="accessibility-cloud",
        name="accessibility.cloud (Wheelmap)",
        kind=Kind.MAP,
        edited_by=EditedBy.CROWD,
        edit_url="https://wheelmap.org",
    )
    access = Access.API
    home = "https://v2.accessibility.cloud"
    hosts = ("v2.accessibility.cloud",)
    keys = (
        Key(
            "ACCESSIBILITY_CLOUD_TOKEN",
            get_url="https://www.accessibility.cloud",
            note="An account, an organisation and an app in it, which comes with a token.",
            cost_per_1000=0.0,
        ),
    )
    terms = Terms(
        policy_url="https://github.com/sozialhelden/accessibility-cloud/blob/HEAD/docs/terms-for-api-clients.md",
        read_on=date(2026, 11, 23),
        note="Its terms for clients are a heading without text so far; each source has a licence of its own, named in "
        "the answer.",
    )
    control = Control(none_because="which places it holds depends on the sources that a token may see")
    standing = Standing.RECORDED
    proves = frozenset({"name", "access"})
    governed_by_robots = False
    attribution = "accessibility.cloud, Sozialhelden e. V., and its sources"

    def search(self, query: Query) -> Iterable[Visit]:
        """Everything round the place."""
        if at := spot(query):
            where = (("latitude", f"{at[0]:.5f}"), ("longitude", f"{at[1]:.5f}"), ("accuracy", str(_METRES)))
            token = ("appToken", Secret("ACCESSIBILITY_CLOUD_TOKEN"))
            params = (*where, ("limit", str(_LIMIT)), ("includePlacesWithoutAccessibility", "1"), token)
            yield Visit(f"{self.home}/place-infos.json", params=params)

    def read(self, page: Page) -> Iterable[Item]:
        """The records; an empty list with a count of 0 is the interface's own sign that there are none."""
        answer = page.data()
        features, count = answer.get("features"), number(answer, "featureCount")
        if not isinstance(features, list) or count is None:
            raise NotUnderstood(f"no features: {(text(answer, 'error', 'reason') or text(answer, 'reason'))[:80]}")
        if not features and count:
            raise NotUnderstood("features are promised, but none are there")
        found: list[Item] = [listing for feature in features if (listing := _listing(feature))]
        if len(features) < (number(answer, "totalFeatureCount") or count):
            found.append(More("not all records round the place are shown"))
        return found or [Nothing("no record with a name" if features else "featureCount 0")]


def _listing(feature: Any) -> Listing | None:
    """One record; None for one without name (a lift, a parking space)."""
    told = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(told, dict):
        raise NotUnderstood("a feature without properties")
    name, same = _word(told.get("name")), text(told, "sameAs")
    if not name:
        return None
    at = feature["geometry"].get("coordinates") if isinstance(feature.get("geometry"), dict) else None
    east, north = (number(at[0]), number(at[1])) if isinstance(at, list) and len(at) >= 2 else (None, None)
    where = addresses_in(_word(told.get("address")))
    return Listing(
        name=name,
        id=text(told, "_id"),
        url=same if same.startswith("https://") else "",
        categories=(kind,) if (kind := text(told, "category")) else (),
        latitude=north,
        longitude=east,
        text=_word(told.get("description")),
        access_text=", ".join(_facts(told.get("accessibility")))[:1000],
        address=where[0] if where else Address(),
    )


def _word(told: Any) -> str:
    """A text, or the text in the first language that is there."""
    return text(told) or next((found for language in _LANGUAGES if (found := text(told, language))), "")


def _facts(told: object, name: str = "", depth: int = 0) -> Iterator[str]:
    """What is stated, flat: ``accessibleWith wheelchair=yes``. Nothing and empty values say nothing."""
    if isinstance(told, bool) or (isinstance(told, str | int | float) and told != ""):
        yield f"{name}={('no', 'yes')[told]}" if isinstance(told, bool) else f"{name}={str(told)[:80]}"
    elif isinstance(told, dict | list) and depth < _DEEPEST:
        pairs = told.items() if isinstance(told, dict) else (("", one) for one in told)
        for key, value in list(pairs)[:_MOST]:
            yield from _facts(value, f"{name} {key}".strip(), depth + 1)
