"""By when a gap is to be closed: the day of the target for the figure that closing it raises (DESIGN 11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from audit.model import Organisation


def due_by(figure: str, services: Collection[str], organisation: Organisation) -> date | None:
    """The earliest day by which ``figure`` has to be reached, None where nobody set one.

    ``services`` are the ids of the services a gap is about. A target for one of them, or for its field of work, counts
    before one for the whole organisation: it was set with this service in mind.
    """
    targets = [target for target in organisation.targets if target.figure == figure]
    own = [target.due for target in targets if set(target.about) & set(services)]
    whole = (target.due for target in targets if not (target.service or target.field))
    return min(own or whole, default=None)
