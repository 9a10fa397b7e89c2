"""What each way saw, as chains of visits: the rows of ``visits``, ``ways`` and ``answers``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.looks import PersonsLook
from audit.model import Answer, Reason, Seen, WayObserved
from audit.saying import Remarks
from audit.store.codec import dump, parse
from audit.store.evidence import Place
from audit.store.packing import packed


def keep_visit(
    db: Database, run: str, way: str, seen: Seen, place: Place | None = None, again: dict[str, str | None] | None = None
) -> None:
    """One visit's end, where its page lies in the evidence, and what is needed to use it ``again``."""
    row = {
        "run": run, "way": way, "id": seen.visit.id, "url": seen.url or seen.visit.url,
        "method": seen.visit.method, "status": seen.status, "reason": seen.reason, "detail": seen.detail,
        "at": seen.at.isoformat(), "seen": packed(seen),
        "warc": place and place.file, "warc_offset": place and place.offset,
        "warc_length": place and place.length, "sha256": place and place.sha256,
        "picture_offset": place and place.picture and place.picture[0],
        "picture_length": place and place.picture and place.picture[1],
        **(again or dict.fromkeys(("etag", "modified", "fresh_until", "reader"))),
    }  # fmt: skip
    columns, places = ", ".join(row), ", ".join("?" * len(row))
    with db.atomic():  # one row at a time: a table's upsert would cost ten times as much
        db.execute(f"INSERT OR REPLACE INTO visits ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608 - names of our own columns


def keep_way(db: Database, run: str, way: WayObserved) -> None:
    """One way with its answers, inside the caller's transaction."""
    db.table("ways").upsert({
        "run": run, "way": way.way, "reason": way.reason, "detail": way.detail, "control": way.control,
        "control_note": way.control_note, "skipped": json.dumps(way.skipped),
        "control_said": dump(Remarks, way.control_said).decode(),
        "detail_said": dump(Remarks, way.detail_said).decode(),
        "control_at": way.control_at.isoformat() if way.control_at else None,
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
    _keep_looks(db, run, way)


def _keep_looks(db: Database, run: str, way: WayObserved) -> None:
    """Looks by a person are no visits that were committed one by one; judging again needs them all the same."""
    stored = {row[0] for row in db.execute("SELECT id FROM visits WHERE run = ? AND way = ?", [run, way.way])}
    for seen in (seen for answer in way.answers for seen in answer.chain):
        if seen.visit.id not in stored:
            keep_visit(db, run, way.way, seen)


def look(row: dict[str, Any]) -> PersonsLook:
    """A row of ``looks``; one of a database that was only read may be of version 1."""
    shown = tuple((field, text) for field, text in json.loads(row.get("shown", "[]")))
    flags = {"found": bool(row["found"]), "unseen": bool(row.get("unseen", 0))}
    return PersonsLook(**{**row, **flags, "shown": shown, "at": datetime.fromisoformat(row["at"])})


def are_whole(db: Database, run: str) -> bool:
    """Whether every visit that an answer of the run names is there."""
    lost = db.execute(
        """SELECT 1 FROM answers a, json_each(a.visits) v WHERE a.run = ? AND NOT EXISTS
           (SELECT 1 FROM visits WHERE run = a.run AND way = a.way AND id = v.value) LIMIT 1""",
        [run],
    )
    return lost.fetchone() is None


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
        control_said=parse(Remarks, row["control_said"]),
        control_at=datetime.fromisoformat(row["control_at"]) if row["control_at"] else None,
        reason=Reason(row["reason"]) if row["reason"] else None,
        detail=row["detail"],
        detail_said=parse(Remarks, row["detail_said"]),
    )
