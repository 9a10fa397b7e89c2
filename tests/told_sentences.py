"""What the engine can say to people in English beyond its codes: errors, warnings and notes, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

# Calls whose texts people read: problems of files and lists, notes about them, and what a command says.
CALLS = frozenset({"problem", "warning", "told", "wrong", "Mended", "Problem", "append"})
INNER = frozenset(  # caught before anybody reads them, or of a programmer's making
    {
        "BadArchive", "Contradiction", "KeyError", "NotUnderstood", "NotImplementedError", "TypeError", "Unreachable",
        "Unreadable", "AssertionError", "RuntimeError", "StopIteration",
    }
)  # fmt: skip
NOT_READ = (
    "audit/testing",
    "audit/visiting",
    "audit/judging",
    "audit/readers",
    "audit/model",
    "audit/store/evidence.py",
)


def sentences() -> dict[str, str]:
    """Every sentence as a template with its values as ``{0}`` ..., and the file it stands in."""
    found: dict[str, str] = {}
    for folder in ("audit", "commands"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(NOT_READ):
                found |= {text: name for text in _of(path) if any(letter.isalpha() for letter in text)}
    return found


def _of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    everywhere = _assigned(tree)
    for scope in (*tree.body, *(inner for node in tree.body if isinstance(node, ast.ClassDef) for inner in node.body)):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            names = everywhere | _assigned(scope)
            for node in ast.walk(scope):
                for said in _said(node, path):
                    yield from _templates(said, names)


def _said(node: ast.AST, path: Path) -> Iterator[ast.expr]:
    """The expressions that people may read."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) not in INNER:
        yield from node.exc.args
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
        yield from node.args
    elif isinstance(node, ast.Call) and _name(node.func) in CALLS:
        noted = _name(node.func) != "append" or "organisation" in path.parts
        for argument in node.args if noted else ():
            yield from argument.elts[1:] if isinstance(argument, ast.Tuple) else [argument]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _assigned(scope: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    body = scope.body if isinstance(scope, ast.Module) else ast.walk(scope)
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                found.setdefault(target.id, []).append(node.value)
    return found


def _templates(  # noqa: C901, PLR0912 - one case for each form of an expression
    node: ast.expr, names: dict[str, list[ast.expr]], depth: int = 3
) -> Iterator[str]:
    """The sentences an expression may become."""
    match node:
        case ast.Constant(value=str(text)):
            if " " in text.strip() or text.endswith("."):
                yield text
        case ast.JoinedStr():
            yield _joined(node)
        case ast.BinOp(op=ast.Add()):
            parts = [list(_templates(one, names, depth)) or ["{}"] for one in (node.left, node.right)]
            yield from ((a + b).removesuffix("\n{}") for a in parts[0] for b in parts[1])
        case ast.IfExp() | ast.BoolOp():
            for one in [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values:
                yield from _templates(one, names, depth)
        case ast.Name(id=name) if depth:
            for one in names.get(name, []):
                yield from _templates(one, names, depth - 1)
        case ast.Dict():
            for one in node.values:
                yield from _templates(one, names, depth)
        case ast.Subscript(value=one) | ast.Call(func=ast.Attribute(value=one, attr="get")):
            yield from _templates(one, names, depth)
        case ast.Tuple():
            for one in node.elts:
                yield from _templates(one, names, depth)


def _joined(node: ast.JoinedStr) -> str:
    text, number = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        else:
            text, number = text + f"{{{number}}}", number + 1
    return text
