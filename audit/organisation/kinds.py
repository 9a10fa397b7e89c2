"""The kind of a service and what follows from it: protected, confidential and crisis."""

from __future__ import annotations

from audit.organisation.catalogue import Catalogue, ServiceKind
from audit.organisation.folding import nearest
from audit.organisation.problems import Notes
from audit.organisation.schema import ServiceTable


def kind_of(index: int, row: ServiceTable, catalogue: Catalogue, notes: Notes) -> str:
    """The id of the service's kind: stated, or guessed from its name; a problem if neither works."""
    path = ("service", index, "kind")
    if row.kind in catalogue.kinds:
        return row.kind
    if row.kind:
        close = nearest(row.kind, catalogue.kinds) or list(catalogue.suggest(row.kind, 1))
        meant = catalogue.guess(row.kind.replace("-", " ")) or next(iter(close), "")
        notes.problem(path, f"{row.kind!r} is no kind of the catalogue", f"did you mean {meant}?" if meant else "")
        return meant
    if guessed := catalogue.guess(row.name) or next(filter(None, map(catalogue.guess, row.alternate_names)), None):
        return guessed
    close = list(catalogue.suggest(row.name)) or ["social-counselling"]
    stated = " or ".join(f'"{id_}"' for id_ in close)
    notes.problem(path, f"cannot be told from the name {row.name!r}", f"state it; nearest: kind = {stated}")
    return ""


def flags_of(index: int, row: ServiceTable, kind: ServiceKind | None, notes: Notes) -> dict[str, bool]:
    """The three flags: the catalogue's, which a file may only tighten."""
    flags = {}
    for flag in ("confidential", "protected", "crisis"):
        stated, default = getattr(row, flag), bool(kind and getattr(kind, flag))
        if stated is False and default:
            message = (
                f"cannot be false: {kind.id if kind else ''} is {flag} by the catalogue, a file may only tighten it"
            )
            notes.problem(("service", index, flag), message, "leave the key out")
        flags[flag] = default or bool(stated)
    flags["confidential"] = flags["confidential"] or flags["protected"]
    return flags
