"""HSDS objects of any sort brought to one: organisations with their services; and HSDS schedules as opening hours.

Open Referral HSDS 3.0 (2024-05-16): organization, service (with its organization), service_at_location (with
service and location). A schedule's byday, opens_at and closes_at follow RFC 5545 and RFC 3339.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audit.organisation.values import is_hours

NUMBER = "findbar:number"  # of the object a service came with
_DAY = re.compile(r"(?:^|,)\s*[+-]?\d{0,2}(MO|TU|WE|TH|FR|SA|SU)\b")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")

Object = Mapping[str, Any]


def organisations(objects: Iterable[Object]) -> list[tuple[int, dict[str, Any]]]:
    """Every organisation once with all its services, and the number (from 1) of the first object that names it."""
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, item in enumerate(objects, start=1):
        whole = _whole(item, number)
        key = str(whole.get("id") or whole.get("name") or f"#{number}")
        if key not in found:
            found[key] = number, whole
            continue
        known = found[key][1]
        for part in ("services", "locations"):
            known[part] = [*dicts(known.get(part)), *dicts(whole.get(part))]
    return list(found.values())


def _whole(item: Object, number: int) -> dict[str, Any]:
    """The organisation that an object is, or whose service it is."""
    if isinstance(item.get("service"), dict):
        place = {key: item[key] for key in ("location", "schedules", "phones") if item.get(key)}
        item = {**item["service"], "service_at_locations": [place]}
    owner = item.get("organization")
    if not isinstance(owner, dict) and not _is_service(item):
        return {**item, "services": [{**one, NUMBER: number} for one in dicts(item.get("services"))]}
    return {**(owner if isinstance(owner, dict) else {}), "services": [{**item, NUMBER: number}]}


def _is_service(item: Object) -> bool:
    return "service_at_locations" in item or ("organization_id" in item and "services" not in item and "name" in item)


def opening_hours(schedules: object) -> str:
    """Weekly schedules in OSM syntax; nothing where one of them is not understood."""
    told = [_times(schedule) for schedule in dicts(schedules)]
    text = "; ".join(dict.fromkeys(told))
    return text if all(told) and text and is_hours(text) else ""


def _times(schedule: Object) -> str:
    days = [day.capitalize() for day in _DAY.findall(str(schedule.get("byday") or "").upper())]
    times = [_TIME.fullmatch(str(schedule.get(key) or "")) for key in ("opens_at", "closes_at")]
    if not days or not all(times) or str(schedule.get("freq") or "WEEKLY").upper() != "WEEKLY":
        return ""
    first, last = (f"{time[1]}:{time[2]}" for time in times if time)
    return f"{','.join(dict.fromkeys(days))} {first}-{last}"


def languages(value: object) -> tuple[str, ...]:
    """The codes of languages (ISO 639, as HSDS has them), in order and once."""
    codes = (str(one.get("code") or "").strip() for one in dicts(value))
    return tuple(dict.fromkeys(code.lower() for code in codes if re.fullmatch(r"[A-Za-z]{2,3}", code)))


def dicts(value: object) -> Iterator[dict[str, Any]]:
    """The objects of a list; nothing for anything else."""
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
