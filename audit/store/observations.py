"""What each way saw, as chains of visits: the rows of ``visits`` and ``ways``."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from audit.looks import PersonsLook
from audit.model import Answer, Reason, Seen, WayObserved
from audit.saying import Remarks
from audit.store import contents
from audit.store.codec import dump, parse
from audit.store.evidence import Place
from audit.store.rows import put_rows


def keep_visit(
    db: Database, run: str, way: str, seen: Seen, place: Place | None = None, again: dict[str, str | None] | None = None
) -> None:
    """One visit's end, where its page lies in the evidence, and what is needed to use it ``again``."""
    row = {
        "run": run, "way": way, "id": seen.visit.id, "url": seen.url or seen.visit.url,
        "method": seen.visit.method, "status": seen.status, "reason": seen.reason, "detail": seen.detail,
        "at": seen.at.isoformat(), "seen": b"",
        "warc": place and place.file, "warc_offset": place and place.offset,
        "warc_length": place and place.length, "sha256": place and place.sha256,
        "picture_offset": place and place.picture and place.picture[0],
        "picture_length": place and place.picture and place.picture[1],
        **(again or dict.fromkeys(("etag", "modified", "fresh_until", "reader"))),
    }  # fmt: skip
    columns, places = ", ".join(row), ", ".join("?" * len(row))
    with db.atomic():  # one row at a time: a table's upsert would cost ten times as much
        row["seen"] = contents.put_seen(db, seen)
        db.execute(f"INSERT OR REPLACE INTO visits ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608 - names of our own columns


def keep_way(db: Database, run: str, way: WayObserved) -> None:
    """One way with its answers, inside the caller's transaction."""
    put_rows(db, "ways", [{
        "run": run, "way": way.way, "reason": way.reason, "detail": way.detail, "control": way.control,
        "control_note": way.control_note, "answers": contents.put(db, _answers(way)),
        "control_said": _written(way.control_said), "detail_said": _written(way.detail_said),
        "control_at": way.control_at.isoformat() if way.control_at else None,
    }], ("run", "way"))  # fmt: skip
    _keep_looks(db, run, way)


@lru_cache(maxsize=1_000)
def _written(said: Remarks) -> str:
    """Kept: most ways have the same to say."""
    return dump(Remarks, said).decode()


def _answers(way: WayObserved) -> bytes:
    """Whom each answer is about, by which visits, and how it ended; and who was never asked about."""
    answers = [(a.subjects, [seen.visit.id for seen in a.chain], a.reason, a.detail) for a in way.answers]
    return json.dumps({"answers": answers, "skipped": way.skipped}).encode()


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
    there = set(db.execute("SELECT way, id FROM visits WHERE run = ?", [run]).fetchall())
    ways = db.execute("SELECT way, answers FROM ways WHERE run = ?", [run]).fetchall()
    answers = ((way, answer) for way, key in ways for answer in json.loads(contents.get(db, key))["answers"])
    return all((way, id_) in there for way, (_, visits, *_) in answers for id_ in visits)


def way(db: Database, row: dict[str, Any], seen: dict[tuple[str, str], Seen]) -> WayObserved:
    """The way of a row of ``ways``, as it was; ``seen`` holds the run's visits by way and id."""
    said = json.loads(contents.get(db, row["answers"]))
    answers = tuple(
        Answer(
            way=row["way"],
            subjects=tuple(subjects),
            chain=tuple(seen[row["way"], id_] for id_ in visits),
            reason=Reason(reason) if reason else None,
            detail=detail,
        )
        for subjects, visits, reason, detail in said["answers"]
    )
    return WayObserved(
        way=row["way"],
        answers=answers,
        skipped=tuple((key, Reason(reason)) for key, reason in said["skipped"]),
        control=Reason(row["control"]) if row["control"] else None,
        control_note=row["control_note"],
        control_said=parse(Remarks, row["control_said"]),
        control_at=datetime.fromisoformat(row["control_at"]) if row["control_at"] else None,
        reason=Reason(row["reason"]) if row["reason"] else None,
        detail=row["detail"],
        detail_said=parse(Remarks, row["detail_said"]),
    )
