"""What a verdict rests on beside the observations: versions, stored with every run."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from audit.judging.method import method
from audit.judging.weights import Weights, identity, shipped
from audit.organisation.catalogue import Catalogue


def findbar_version() -> str:
    """The installed version, or "0" when run from a checkout that is not installed."""
    try:
        return version("findbar")
    except PackageNotFoundError:
        return "0"


def manifest(catalogue: Catalogue, weights: Weights | None = None) -> dict[str, str]:
    """Everything a verdict rests on beside the observations: versions of catalogue, weights and data libraries."""
    libraries = ("holidays", "phonenumbers", "publicsuffixlist", "opening-hours-py", "rapidfuzz")
    found = {"findbar": findbar_version(), "catalogue": catalogue.version, "method": str(method().version)}
    found["weights"] = identity(weights or shipped())
    for library in libraries:
        found[library] = version(library)
    return found
