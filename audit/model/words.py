"""The closed vocabularies: every verdict findbar gives is one of these words.

Each word has a German and an English text in ``reports/texts``; a test proves it.
"""

from __future__ import annotations

from enum import StrEnum

BY_NAME = "findbar:by-name"  # the tag of a listing that only a search by name led to: never ours by that alone


class Outcome(StrEnum):
    """The answer to one criterion."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


class Swiftness(StrEnum):
    """How soon a label promises an answer, from the quickest on; untimed: it judges, but names no time."""

    AT_ONCE = "at-once"
    MINUTES = "minutes"
    HOURS = "hours"
    DAY = "day"
    DAYS = "days"
    UNTIMED = "untimed"


class Reason(StrEnum):
    """Why something is unknown or not applicable: never free text, so it can be counted and cured."""

    # could not be visited
    NEEDS_KEY = "needs-key"
    NEEDS_PERSON = "needs-person"
    NEEDS_DATASET = "needs-dataset"
    SWITCHED_OFF = "switched-off"
    ROBOTS_FORBIDDEN = "robots-forbidden"
    TERMS_FORBID_BOTS = "terms-forbid-bots"
    ADDRESS_REFUSED = "address-refused"
    NO_BROWSER = "no-browser"
    NOT_RUN = "not-run"
    BUDGET = "budget"
    PROFILE_UNKNOWN = "profile-unknown"
    # was visited, gave no usable answer
    BLOCKED = "blocked"
    RATE_LIMITED = "rate-limited"
    LOGIN_WALL = "login-wall"
    CONSENT_WALL = "consent-wall"
    MAINTENANCE = "maintenance"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server-error"
    NETWORK_DOWN = "network-down"
    TOO_LARGE = "too-large"
    # answered, but the answer does not carry a verdict
    LAYOUT_CHANGED = "layout-changed"
    TRUNCATED = "truncated"
    CONTROL_FAILED = "control-failed"
    OUTSIDE_DATA = "outside-data"
    STALE = "stale"
    UNCLEAR_MATCH = "unclear-match"
    CHECKER_BROKEN = "checker-broken"
    # not applicable
    NOT_STATED = "not-stated"
    NOT_SHOWN = "not-shown"
    NOT_LISTED = "not-listed"
    NOT_RELEVANT = "not-relevant"
    PROTECTED = "protected"
    INTENDED = "intended"


class Access(StrEnum):
    """How a way reaches its platform, from the most open to the most laborious."""

    OPEN_DATA = "open-data"
    API = "api"
    PAGE = "page"
    BROWSER = "browser"
    ASSISTED = "assisted"


class Kind(StrEnum):
    """What sort of platform a person is looking at."""

    MAP = "map"
    DIRECTORY = "directory"
    SOCIAL = "social"
    BOOKING = "booking"
    WEBSITE = "website"
    KNOWLEDGE = "knowledge"
    REVIEW = "review"
    EMPLOYER = "employer"
    VOLUNTEERING = "volunteering"
    SEARCH = "search"


class About(StrEnum):
    """What a checker asks about."""

    ORGANISATION = "organisation"
    LOCATION = "location"
    SERVICE_AT_LOCATION = "service-at-location"
    PROFILE = "profile"


class Action(StrEnum):
    """First steps a person seeking help can take from a listing."""

    CALL = "call"
    WRITE = "write"
    VISIT_WEBSITE = "visit-website"
    BOOK = "book"
    REGISTER = "register"


class EditedBy(StrEnum):
    """Who can change what a platform shows."""

    OWNER = "owner"
    UMBRELLA = "umbrella-association"
    AUTHORITY = "authority"
    CROWD = "crowd"
    NOBODY = "nobody"


class Retention(StrEnum):
    """What may be kept of an answer."""

    FULL = "full"
    EXTRACT = "extract"
    IDS_ONLY = "ids-only"


class Standing(StrEnum):
    """How well a checker is proven."""

    LIVE_VERIFIED = "live-verified"
    RECORDED = "recorded"
    DOCUMENTED_ONLY = "documented-only"


class Via(StrEnum):
    """Which getter fetches a visit."""

    HTTP = "http"
    BROWSER = "browser"
    DATA = "data"


class Window(StrEnum):
    """Arrival windows of an enquiry, in the seeker's local time (DESIGN 9)."""

    OFFICE = "office"
    EVENING = "evening"
    WEEKEND = "weekend"
    NIGHT = "night"


class Level(StrEnum):
    """How two values of one field compare."""

    SAME = "same"
    PARTIAL = "partial"
    ABSENT = "absent"
    CONFLICT = "conflict"


class State(StrEnum):
    """What the matrix shows for a cell."""

    COMPLETE = "complete"
    GAPS = "gaps"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


ENQUIRIES = "enquiries"
"""Stands where the gaps about answers name a platform."""
