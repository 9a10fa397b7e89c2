"""Systems that keep tasks, each with the same five verbs; what is specific to one stands in its file alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from audit.notifying.trackers.base import Text, Tracker
from audit.notifying.trackers.github import GitHub
from audit.notifying.trackers.gitlab import GitLab
from audit.notifying.trackers.openproject import OpenProject
from audit.notifying.trackers.redmine import Redmine
from audit.notifying.wire import Wire
from audit.settings import TasksSettings

__all__ = ["Text", "Tracker", "fence_of", "headers_of", "tracker_of"]

_KINDS: Mapping[str, type[GitLab] | type[GitHub] | type[Redmine] | type[OpenProject]] = {
    "gitlab": GitLab, "github": GitHub, "redmine": Redmine, "openproject": OpenProject,
}  # fmt: skip


def fence_of(kind: str) -> tuple[str, str]:
    """What stands around text in a system."""
    return _KINDS[kind].fence


def headers_of(kind: str, token: str) -> dict[str, str]:
    """How a system is told who asks."""
    match kind:
        case "gitlab":
            return {"PRIVATE-TOKEN": token}
        case "github":
            accept = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
            return {"Authorization": f"Bearer {token}", **accept}
        case "redmine":
            return {"X-Redmine-API-Key": token}
        case _:
            return {"Authorization": f"Basic {b64encode(f'apikey:{token}'.encode()).decode()}"}


def tracker_of(kind: str, settings: TasksSettings, wire: Wire) -> Tracker:
    """The project that the settings name."""
    return _KINDS[kind](settings, wire)
