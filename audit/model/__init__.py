"""The nouns of findbar: frozen data, standard library only, nothing of ours imported."""

from audit.model.changed import Change, Changes, Figures, Mover, Span, Turn
from audit.model.decided import Assignment, Consent, Dispute, IntendedAbsence
from audit.model.enquired import Enquiry, Sending
from audit.model.expected import (
    Address,
    ContactPoint,
    Expected,
    Location,
    Organisation,
    Profile,
    Query,
    Service,
    ServiceAtLocation,
    Subject,
    Target,
    Unit,
)
from audit.model.judged import (
    Cell,
    Column,
    Finding,
    Gap,
    Ground,
    LastGood,
    Match,
    Memory,
    Result,
    Row,
    Stray,
    WayReport,
)
from audit.model.linked import Difference, Linked, LinkedList, Nobodys
from audit.model.observed import (
    Answer,
    Ask,
    Exchange,
    Item,
    Link,
    Listing,
    More,
    Nothing,
    Observed,
    Seen,
    Slot,
    Visit,
    WayObserved,
)
from audit.model.paced import Aim, GapLife, Month, Pace, UnitPace
from audit.model.said import Said
from audit.model.scored import (
    Answering,
    AskedHour,
    Look,
    LookAnswer,
    Offer,
    Pillar,
    Remedy,
    Score,
    Strict,
    Unmeasured,
    Wait,
    WindowWait,
)
from audit.model.told import Export, Tally, Task, Telling, Told
from audit.model.tried import Trial, Tried
from audit.model.words import (
    BY_NAME,
    ENQUIRIES,
    About,
    Access,
    Action,
    EditedBy,
    Kind,
    Level,
    Outcome,
    Reason,
    Retention,
    Standing,
    State,
    Via,
    Window,
)

__all__ = [
    "BY_NAME", "ENQUIRIES", "About", "Access", "Action", "Address", "Aim", "Answer", "Answering", "Ask",
    "AskedHour", "Assignment", "Cell", "Change", "Changes", "Column", "Consent", "ContactPoint", "Difference",
    "Dispute", "EditedBy", "Enquiry", "Exchange", "Expected", "Export", "Figures", "Finding", "Gap", "GapLife",
    "Ground", "IntendedAbsence", "Item", "Kind", "LastGood", "Level", "Link", "Linked", "LinkedList", "Listing",
    "Location", "Look", "LookAnswer", "Match", "Memory", "Month", "More", "Mover", "Nobodys", "Nothing", "Observed",
    "Offer", "Organisation", "Outcome", "Pace", "Pillar", "Profile", "Query", "Reason", "Remedy", "Result", "Retention",
    "Row", "Said", "Score", "Seen", "Sending", "Service", "ServiceAtLocation", "Slot", "Span", "Standing", "State",
    "Stray", "Strict", "Subject", "Tally", "Target", "Task", "Telling", "Told", "Trial", "Tried",
    "Turn", "Unit", "UnitPace", "Unmeasured", "Via", "Visit", "Wait", "WayObserved", "WayReport", "Window",
    "WindowWait",
]  # fmt: skip
