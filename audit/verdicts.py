"""What turns observations into verdicts, in one place to load: half of what starting findbar takes.

An audit loads it while the first hosts are waited for; whoever only plans or visits does without.
"""

from __future__ import annotations

from audit.judging.comparing.web import registrable
from audit.judging.judge import Case, judge
from audit.judging.portions import Portions
from audit.judging.weights import shipped
from audit.model import Memory, Result
from audit.remembering import with_last_good
from audit.store.codec import dump_ready

__all__ = ["Case", "Portions", "judge", "make_ready", "with_last_good"]


def make_ready() -> None:
    """Tables are read and shapes are built that the first verdict needs."""
    shipped()
    registrable("findbar.example")
    dump_ready(Result)
    dump_ready(Memory)
