"""Services at places: the subjects that are judged, and the rows of the matrix they become."""

from __future__ import annotations

from audit.model import About, Organisation, Row, ServiceAtLocation, Subject


def subjects_of(organisation: Organisation) -> list[Subject]:
    """All services at places, ended ones included: their entries must go to them, not to their neighbours."""
    return [
        Subject(about=About.SERVICE_AT_LOCATION, organisation=organisation, offered=offered)
        for offered in organisation.offered
    ]


def offered_of(subject: Subject) -> ServiceAtLocation:
    """The service at a place that a subject is. Raises ValueError for any other subject."""
    if subject.offered is None:
        raise ValueError(f"{subject.key} is no service at a place")
    return subject.offered


def row_of(subject: Subject) -> Row:
    """The row of the matrix that a service at a place is."""
    offered = offered_of(subject)
    service, place = offered.service, offered.location
    return Row(
        subject=subject.key,
        service=service.id,
        service_name=offered.name or service.name,
        kind=service.kind,
        location=place.id,
        location_name=place.name or place.address.city or place.id,
        unit=service.unit,
        key=service.key,
        weight=service.weight,
        protected=service.protected,
    )
