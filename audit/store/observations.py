"""What each way saw, as chains of visits: the rows of ``ways`` and ``answers``."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from audit.model import Answer, Reason, Seen, WayObserved


def keep_way(db: Database, run: str, way: WayObserved) -> None:
    """One way with its answers, inside the caller's transaction."""
    db.table("ways").upsert({
        "run": run, "way": way.way, "reason": way.reason, "detail": way.detail, "control": way.control,
        "control_note": way.control_note, "skipped": json.dumps(way.skipped),
    }, pk=("run", "way"))  # fmt: skip
    db.table("answers").upsert_all(
        [
            {
                "run": run, "way": way.way, "number": number, "subjects": json.dumps(answer.subjects),
                "visits": json.dumps([seen.visit.id for seen in answer.chain]), "reason": answer.reason,
                "detail": answer.detail,
            }
            for number, answer in enumerate(way.answers)
        ],
        pk=("run", "way", "number"),
    )  # fmt: skip


def way(db: Database, run: str, row: dict[str, Any], seen: dict[tuple[str, str], Seen]) -> WayObserved:
    """The way of a row of ``ways``, as it was; ``seen`` holds the run's visits by way and id."""
    rows = db.query("SELECT * FROM answers WHERE run = ? AND way = ? ORDER BY number", [run, row["way"]])
    answers = tuple(
        Answer(
            way=row["way"],
            subjects=tuple(json.loads(a["subjects"])),
            chain=tuple(seen[row["way"], id_] for id_ in json.loads(a["visits"])),
            reason=Reason(a["reason"]) if a["reason"] else None,
            detail=a["detail"],
        )
        for a in rows
    )
    return WayObserved(
        way=row["way"],
        answers=answers,
        skipped=tuple((key, Reason(reason)) for key, reason in json.loads(row["skipped"])),
        control=Reason(row["control"]) if row["control"] else None,
        control_note=row["control_note"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        detail=row["detail"],
    )
