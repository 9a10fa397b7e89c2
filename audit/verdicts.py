"""What turns observations into verdicts, in one place to load: half of what starting findbar takes.

An audit loads it while the first hosts are waited for; whoever only plans or visits does without.
"""

from __future__ import annotations

from audit.checker import Known
from audit.judging.comparing.phones import numbers
from audit.judging.controls import finds, subject_of
from audit.judging.criteria import criteria
from audit.judging.judge import Case, judge
from audit.judging.portions import Portions
from audit.model import Listing, Memory, Result
from audit.remembering import with_last_good
from audit.saying import Remarks
from audit.store.codec import build

__all__ = ["Case", "Portions", "judge", "make_ready", "with_last_good"]

_KNOWN = Known(name="findbar", street="Marktplatz", house_number="1", postcode="00930", city="Quellstadt")
_ENTRY = Listing(name="findbar", websites=("https://findbar.example/",))


def make_ready() -> None:
    """One comparison reads the tables, and shapes are built that the first verdict needs."""
    finds(subject_of(_KNOWN), [_ENTRY])
    numbers("+49 30 901820")
    criteria()
    build(Result, Memory, Remarks)
