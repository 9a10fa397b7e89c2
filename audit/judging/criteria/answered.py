"""Are questions asked in public on this platform answered?"""

from __future__ import annotations

from datetime import timedelta

from audit.judging.promptness import hours_waited
from audit.judging.view import View
from audit.model import Finding, Outcome
from audit.saying import english, say

ID, ORDER = "answered", 150
_PATIENCE = timedelta(hours=24)


def judge(view: View) -> Finding | None:
    """Met where no question is open for longer than a day; a finding without points (R has its own)."""
    questions = [e for e in view.exchanges if e.kind == "question" and e.asked_at <= view.now]
    if not questions:
        return None
    late = [e for e in questions if e.answered_at is None and view.now - e.asked_at > _PATIENCE]
    longest = max((hours_waited(e, view.now) for e in late), default=0.0)
    said = say("questions", str(len(questions)), str(len(late)), f"{longest:.0f}")
    return view.finding(ID, Outcome.NOT_MET if late else Outcome.MET, note=english(said), said=said)
