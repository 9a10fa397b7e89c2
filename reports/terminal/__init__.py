"""What is seen in a terminal: the only place rich is used. The same words as in the other reports."""

from reports.terminal.assisting import lead, somebody_is_there
from reports.terminal.calibrating import print_calibration
from reports.terminal.changing import print_changes
from reports.terminal.drafting import print_draft
from reports.terminal.enquiring import print_sending
from reports.terminal.explaining import print_explain
from reports.terminal.federating import print_federation
from reports.terminal.importing import print_imported
from reports.terminal.linking import print_linked
from reports.terminal.listing import (
    print_gaps,
    print_keys,
    print_left_out,
    print_platforms,
    print_trial,
)
from reports.terminal.live import LiveView
from reports.terminal.notifying import print_export, print_telling
from reports.terminal.overview import print_files, print_next, print_reports_written, print_result
from reports.terminal.pacing import print_pace
from reports.terminal.planning import print_left_out_files, print_nights, print_plan
from reports.terminal.rejudging import print_rejudged, print_rescored
from reports.terminal.scheduling import print_schedule

__all__ = [
    "LiveView",
    "lead",
    "print_calibration",
    "print_changes",
    "print_draft",
    "print_explain",
    "print_export",
    "print_federation",
    "print_files",
    "print_gaps",
    "print_imported",
    "print_keys",
    "print_left_out",
    "print_left_out_files",
    "print_linked",
    "print_next",
    "print_nights",
    "print_pace",
    "print_plan",
    "print_platforms",
    "print_rejudged",
    "print_reports_written",
    "print_rescored",
    "print_result",
    "print_schedule",
    "print_sending",
    "print_telling",
    "print_trial",
    "somebody_is_there",
]
