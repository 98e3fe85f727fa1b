from reporting.models.editing import Draft, ParkedForm, Presence
from reporting.models.evidence import Evidence, StoredFile
from reporting.models.handovers import HandedDraft, HandedItem, Handover
from reporting.models.matters import Instruction, Matter, MatterFile, MatterNote
from reporting.models.obligations import (
    KIND_PATHS,
    PLAN_ORDER,
    SUBJECTS,
    Obligation,
    ObligationQuerySet,
    coded,
)
from reporting.models.papers import Paper
from reporting.models.periods import CalendarDay, ReportingPeriod, ReportingSetting
from reporting.models.reminders import Reminder
from reporting.models.requests import TimeRequest
from reporting.models.submissions import (
    Decision,
    FieldComment,
    Submission,
    SubmittedItem,
    full_number_at,
)
from reporting.models.unchanged import CommonReason, UnchangedTick
from reporting.models.workbooks import WorkbookDownload, WorkbookUpload

__all__ = [
    "KIND_PATHS",
    "PLAN_ORDER",
    "SUBJECTS",
    "CalendarDay",
    "CommonReason",
    "Decision",
    "Draft",
    "Evidence",
    "FieldComment",
    "HandedDraft",
    "HandedItem",
    "Handover",
    "Instruction",
    "Matter",
    "MatterFile",
    "MatterNote",
    "Obligation",
    "ObligationQuerySet",
    "Paper",
    "ParkedForm",
    "Presence",
    "Reminder",
    "ReportingPeriod",
    "ReportingSetting",
    "StoredFile",
    "Submission",
    "SubmittedItem",
    "TimeRequest",
    "UnchangedTick",
    "WorkbookDownload",
    "WorkbookUpload",
    "coded",
    "full_number_at",
]
