"""``python -m audit.testing accept FOLDER MODULE``: takes what is read now as expected, for a person to review.

MODULE is the module of a checker, or a package of them (with which all installed ones are known, too).
"""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

from audit.checker import Checker
from audit.registry import find
from audit.testing.cases import accept, load
from audit.visiting.understanding import read

_USAGE = "usage: python -m audit.testing accept tests/recordings/CHECKER/CASE MODULE"


def main(arguments: list[str]) -> int:
    """Accepts one case folder (``.../<checker id>/<case>``). Returns 0, or 2 where it cannot be done."""
    if len(arguments) != 3 or arguments[0] != "accept":
        return _refuse(_USAGE)
    folder = Path(arguments[1]).resolve()
    sys.path.insert(0, str(Path.cwd()))
    checkers = {checker.id: checker for checker in _of_module(arguments[2])}
    if folder.parent.name not in checkers:
        return _refuse(f"no checker {folder.parent.name!r}; there are: {', '.join(sorted(checkers))}")
    try:
        case = load(checkers[folder.parent.name], folder)
    except ValueError as error:
        return _refuse(str(error))
    items = {answer.name: list(read(case.checker, answer.page)) for answer in case.answers}
    count = sum(map(len, items.values()))
    sys.stdout.write(f"{accept(case, items)}: {count} items; read them before you believe them\n")
    return 0


def _of_module(name: str) -> list[Checker]:
    module = importlib.import_module(name)
    if not hasattr(module, "__path__"):
        kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass)]
        return [kind() for kind in kinds if issubclass(kind, Checker) and kind.__module__ == name]
    found = find(module)
    for broken in found.broken:
        sys.stderr.write(f"broken: {broken.name}: {broken.problem}\n")
    return list(found.checkers)


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
