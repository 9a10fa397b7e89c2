"""What is asked of one audit: whom it is about, where it looks, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.model import Organisation


class ContactMissingError(ValueError):
    """Nobody is visited anonymously: the settings lack a contact."""

    def __init__(self) -> None:
        super().__init__(
            "findbar tells every server who asks. Add one line to findbar.toml:\n"
            '    contact = "digital@your-association.example"'
        )


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of one audit; None means all. ``run_minutes`` bounds the visits.

    ``fresh``: nothing an earlier run saw is used again, whatever a server says of its age.
    ``pictures``: pages that may be kept are drawn by a browser as well, where there is one.
    """

    organisations: tuple[Organisation, ...]
    platforms: frozenset[str] | None = None
    services: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    offline: bool = False
    scheduled: bool = False
    run_minutes: float | None = None
    fresh: bool = False
    pictures: bool = False

    @property
    def scope(self) -> dict[str, Any]:
        """What makes two audits the same one, so that a killed one is continued."""
        return {
            "organisations": sorted(organisation.id for organisation in self.organisations),
            "platforms": sorted(self.platforms) if self.platforms is not None else None,
            "services": sorted(self.services) if self.services is not None else None,
            "locations": sorted(self.locations) if self.locations is not None else None,
            "offline": self.offline,
        }
