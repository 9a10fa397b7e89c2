"""The contract of every checker, as functions: each raises AssertionError that says what is wrong.

They are used by this project's own tests and, unchanged, by whoever writes a platform elsewhere:
see docs/add-a-platform.md.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from audit.checker import FIELDS, Checker, DataChecker, Key
from audit.model import About, Access, Exchange, Item, Kind, Listing, More, Nothing, Slot, Via, Visit
from audit.page import Page
from audit.testing.cases import LISTED, NOT_LISTED, Case, Recorded, plain
from audit.testing.hostile import absent_elsewhere, damaged, instead
from audit.visiting.understanding import read

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_PURE = frozenset(
    {"asyncio", "http", "os", "random", "shelve", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "threading"}
    | {"time", "urllib.request", "multiprocessing", "concurrent"}
)


def require(condition: object, message: str) -> None:
    """Raises AssertionError with the message unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def check_declares(checker: Checker) -> None:
    """Everything that is declared is there and plausible."""
    say = f"{checker.id}: "
    require(_SLUG.fullmatch(checker.id), say + "id must be a slug (a-z, 0-9, hyphens)")
    require(_SLUG.fullmatch(checker.platform.id), say + "platform.id must be a slug")
    require(checker.platform.name.strip(), say + "platform.name is empty")
    require(type(checker).__doc__, say + "the class needs a docstring that says how it asks")
    require(checker.home.startswith("https://"), say + "home must be an https address")
    require(checker.terms.policy_url.startswith("https://"), say + "terms.policy_url must be an https address")
    require(date(2020, 1, 1) <= checker.terms.read_on, say + "terms.read_on must be the day the terms were read")
    require(bool(checker.control.known) != bool(checker.control.none_because), say + _CONTROL)
    require(checker.proves <= FIELDS, say + f"proves names unknown fields {sorted(checker.proves - FIELDS)}")
    require(checker.follow_ups <= 20 and checker.depth <= 5, say + "at most 20 follow-ups, at most 5 deep")
    require(bool(checker.absent_marks) == bool(checker.absent_status), say + "absent_status needs absent_marks")
    if not isinstance(checker, DataChecker) and checker.access is not Access.ASSISTED:
        _declares_visits(checker, say)


_CONTROL = "control must name a known entry, or say why none can exist (one of the two)"


def _declares_visits(checker: Checker, say: str) -> None:
    require(checker.pace >= 1, say + "pace must be at least one second")
    require(not checker.pace_scheduled or checker.pace_scheduled >= checker.pace, say + "pace_scheduled below pace")
    fixed = checker.asks_about not in (About.PROFILE, About.ORGANISATION)
    require(checker.hosts or not fixed, say + "hosts must name the hosts that are asked")
    require(all(host == urlsplit(f"https://{host}").netloc for host in checker.hosts), say + "hosts are bare names")
    require(not checker.keys or checker.hosts, say + "keys need hosts: a secret goes nowhere else")
    told = [key.get_url for key in checker.keys if isinstance(key, Key)]
    require(all(url.startswith("https://") for url in told), say + "a Key needs get_url, an https address")
    for name in ("search", "read"):
        require(getattr(type(checker), name) is not getattr(Checker, name), say + f"{name} is not written")


def check_imports_only_the_sdk(checker: Checker) -> None:
    """The checker's file imports ``audit``, ``audit.readers`` and pure parts of the standard library, nothing else."""
    source = Path(inspect.getsourcefile(type(checker)) or "")
    for name in _imported(ast.parse(source.read_text("utf-8"))):
        top = name.partition(".")[0]
        ours = name == "audit" or name.startswith("audit.readers")
        pure = top in sys.stdlib_module_names and not {top, name} & _NOT_PURE
        require(ours or pure, f"{source.name} imports {name}: only audit, audit.readers and pure standard modules")


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from [module] if module != "audit" else (_member(alias.name) for alias in node.names)


def _member(name: str) -> str:
    """``from audit import readers`` names a package; everything else of ``audit`` is the SDK."""
    inner = Path(__file__).parent.parent / name
    return f"audit.{name}" if inner.is_dir() or inner.with_suffix(".py").is_file() else "audit"


def check_has_cases(checker: Checker, cases: Sequence[Case]) -> None:
    """There is a listed and a not-listed case. One is enough for a way that can never say absent.

    An own website is never without its owner; other ways say why in ``never_absent``.
    """
    shown = {case.shows for case in cases if case.checker.id == checker.id}
    never = checker.platform.kind is Kind.WEBSITE or checker.never_absent
    needed = {LISTED} if never else {LISTED, NOT_LISTED}
    require(not checker.never_absent or NOT_LISTED not in shown, f"{checker.id}: never_absent, and a not-listed case")
    require(needed <= shown, f"{checker.id}: no recorded case that is {' or '.join(sorted(needed - shown))}")


def check_reads_as_recorded(case: Case) -> None:
    """Every recorded answer is read as accepted, item by item."""
    require(case.expected, f"{case}: nothing accepted yet; run: python -m audit.testing accept {case.folder} MODULE")
    found = {answer.name: [plain(item) for item in _items(case.checker, answer.page)] for answer in case.answers}
    for name in sorted(set(found) | set(case.expected)):
        expected, got = case.expected.get(name), found.get(name)
        require(expected == got, f"{case}: {name} is read as\n{got}\nbut was accepted as\n{expected}")


def check_asks_nothing_unrecorded(case: Case) -> None:
    """The chain of visits is recorded in full, holds nothing else, stays on the hosts, and ends as ``shows`` says."""
    seen, items = _walk(case)
    unasked = [answer.name for answer in case.answers if answer not in seen]
    require(not unasked, f"{case}: recorded but never asked for: {', '.join(unasked)}")
    shown = [item for item in items if isinstance(item, Listing | Slot | Exchange)]
    if case.shows == LISTED:
        require(shown, f"{case}: shows a listing, but none was read")
        return
    require(not shown, f"{case}: shows nothing, but these were read: {shown}")
    require(any(isinstance(item, Nothing) for item in items), f"{case}: no sign of the platform that nothing was found")
    require(not any(isinstance(item, More) for item in items), f"{case}: only part was shown: that is no absence")


def _walk(case: Case) -> tuple[list[Recorded], list[Item]]:
    """All visits of the case from its queries on, the second wording included where nothing is found."""
    again = [] if case.shows == LISTED else [v for q in case.queries for v in case.checker.search_again(q)]
    pending = [*(ask.visit for ask in case.checker.plan(case.queries)), *again]
    require(pending, f"{case}: the queries lead to no visit")
    seen: list[Recorded] = []
    items: list[Item] = []
    while pending:
        visit = pending.pop(0)
        answer = case.answer(visit)
        if answer is None:
            raise AssertionError(f"{case}: asks for something that is not recorded: {plain(visit)}")
        host = urlsplit(visit.url).netloc
        stays = visit.via is Via.DATA or not case.checker.hosts or host in case.checker.hosts
        require(stays, f"{case}: visits {host}, which hosts does not name")
        seen.append(answer)
        found = _items(case.checker, answer.page)
        items += found
        met = {one.page.visit for one in seen} | set(pending)
        pending += [item for item in found if isinstance(item, Visit) and item not in met]
    return seen, items


def check_hostile(case: Case) -> None:
    """Whatever comes instead of an answer is never read as "nothing found".

    An exception is allowed (the engine turns it into *layout-changed*), and so is an empty result. A page cut
    short may still hold the platform's own sign of absence, so HTML that says "nothing" is not cut here.
    """
    if isinstance(case.checker, DataChecker):
        return
    for answer in case.answers:
        for name, page in instead(answer.page):
            _require_no_absence(case, f"{name} instead of {answer.name}", page)
        for status in case.checker.absent_status:
            for name, page in absent_elsewhere(answer.page, status):
                _require_no_absence(case, f"{name} instead of {answer.name}", page)
        if not _says_nothing(case.checker, answer.page):
            for name, page in damaged(answer.page):
                _require_no_absence(case, f"{answer.name} {name}", page)


def _require_no_absence(case: Case, what: str, page: Page) -> None:
    require(not _says_nothing(case.checker, page), f"{case}: {what} is read as 'nothing found'")


def _says_nothing(checker: Checker, page: Page) -> bool:
    try:
        return any(isinstance(item, Nothing) for item in _items(checker, page))
    except Exception:  # noqa: BLE001 - stands for the engine's isolation point "visit" (DESIGN 2.7)
        return False


def check_deterministic(case: Case) -> None:
    """The same queries give the same visits, the same page the same items, in the same order."""
    asks = [list(case.checker.plan(case.queries)) for _ in range(2)]
    require(asks[0] == asks[1], f"{case}: the plan differs the second time")
    for answer in case.answers:
        items = [_items(case.checker, answer.page) for _ in range(2)]
        require(items[0] == items[1], f"{case}: {answer.name} is read differently the second time")


def _items(checker: Checker, page: Page) -> list[Item]:
    """What the engine would read."""
    return list(read(checker, page))
