"""What a verdict rests on beside the observations: versions, stored with every run."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from audit.judging.method import method
from audit.judging.weights import Weights, identity, shipped
from audit.organisation.catalogue import Catalogue

_LIBRARIES = ("holidays", "phonenumbers", "publicsuffixlist", "opening-hours-py", "rapidfuzz")


@cache
def version(library: str) -> str:
    """The installed version, read once: every organisation's result states it. Raises PackageNotFoundError."""
    return installed(library)


@cache
def findbar_version() -> str:
    """The installed version, or "0" when run from a checkout that is not installed."""
    try:
        return version("findbar")
    except PackageNotFoundError:
        return "0"


def manifest(catalogue: Catalogue, weights: Weights | None = None) -> dict[str, str]:
    """Everything a verdict rests on beside the observations: versions of catalogue, weights and data libraries."""
    own = {"findbar": findbar_version(), "catalogue": catalogue.version, "method": str(method().version)}
    own["weights"] = identity(weights or shipped())
    return own | {library: version(library) for library in _LIBRARIES}
