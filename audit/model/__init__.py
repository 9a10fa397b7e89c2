"""The nouns of findbar: frozen data, standard library only, nothing of ours imported."""

from audit.model.enquired import Enquiry, Sending
from audit.model.expected import (
    Address,
    Consent,
    ContactPoint,
    Expected,
    IntendedAbsence,
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
from audit.model.scored import Look, LookAnswer, Offer, Pillar, Remedy, Score, Strict, Wait
from audit.model.tried import Trial, Tried
from audit.model.words import (
    BY_NAME,
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
    "BY_NAME", "About", "Access", "Action", "Address", "Answer", "Ask", "Cell", "Column", "Consent", "ContactPoint",
    "Difference", "EditedBy", "Enquiry", "Exchange", "Expected", "Finding", "Gap", "Ground", "IntendedAbsence", "Item",
    "Kind", "Level", "Link", "Linked", "LinkedList", "Listing", "Location", "Look", "LookAnswer", "Match", "Memory",
    "More", "Nobodys", "Nothing", "Observed", "Offer", "Organisation", "Outcome", "Pillar", "Profile", "Query",
    "Reason", "Remedy", "Result", "Retention", "Row", "Score", "Seen", "Sending", "Service", "ServiceAtLocation",
    "Slot", "Standing", "State", "Stray", "Strict", "Subject", "Target", "Trial", "Tried", "Unit", "Via", "Visit",
    "Wait", "WayObserved", "WayReport", "Window",
]  # fmt: skip
