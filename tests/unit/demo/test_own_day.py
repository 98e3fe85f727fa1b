"""Loaded for 30 November 2026 the set is what cases, figures and pictures were drawn from."""

import datetime
import hashlib
import json

import pytest
from django.utils import timezone

from demo import services
from plan.models import Document
from projects.models import Project, ProjectProgress
from reporting.models import (
    Decision,
    Instruction,
    Matter,
    MatterNote,
    Obligation,
    ReportingPeriod,
    Submission,
    SubmittedItem,
)
from setup.services import load_plan
from targets.models import AccountingBasis, Observation, Settlement
from tasks.models import TaskContribution, TaskProgress
from tests.clock import OF_2026Q3

pytestmark = pytest.mark.django_db
RECORDED = "version is_current reason recorded_by recorded_at is_demo"
TASK = "task__code year quarter"
PROJECT = "project__code year quarter"
OBLIGATION = "period__year period__quarter agency__code kind target__code task__code project__code"
TABLES = {
    Observation: "target__code year quarter basis__name value grade source not_applicable "
    + RECORDED,
    TaskProgress: f"{TASK} status narrative problems next_steps next_due coordination "
    f"quantity_name quantity_value quantity_unit {RECORDED}",
    TaskContribution: f"{TASK} agency__code text nothing {RECORDED}",
    ProjectProgress: f"{PROJECT} status invested_wan works_percent works_note started_on "
    f"completed_on expected_on problems {RECORDED}",
    Settlement: "milestone__target__code year verdict observation__value document__number note "
    f"proposed_by {RECORDED}",
    Document: "title number issuer issued_on",
    AccountingBasis: "name measures",
    Project: "code reporting_agency__name",
    ReportingPeriod: "year quarter opens_on due_on closes_on state is_backfill asks_contributions "
    "asks_annual asks_settled holes is_demo opened_at",
    Obligation: f"{OBLIGATION} state content version last_editor edited_at prepared_by "
    "submitted_at first_submitted_at was_due_on decided_at doubts dropped_on",
    Submission: "number agency__name prepared_by signed_by submitted_at",
    SubmittedItem: "submission__number obligation__kind obligation__target__code "
    "obligation__task__code obligation__project__code round texts doubts",
    Decision: "item__submission__number obligation__kind obligation__target__code "
    "obligation__task__code obligation__project__code kind by_name decided_at effect",
    Matter: "code kind title text efforts wish in_ledger level measures task__code project__code "
    "agency_name reported_by reported_at handler__code partners due_on state closing_note "
    "closed_at is_demo",
    MatterNote: "matter__code step text by_name by_agency at",
    Instruction: "matter__code number version leader day text",
}
NOT_OF_THE_SET = {"at", "pk", "message"}
KNOWN = {
    "Observation": (147, "4e5bbfca84c92955"),
    "TaskProgress": (276, "1ef8d1457aed73af"),
    "TaskContribution": (18, "cd9b57c8108cf4de"),
    "ProjectProgress": (179, "ee53cb8489422fa8"),
    "Settlement": (7, "706ee06f82efaa2a"),
    "Document": (3, "84b7d0d604b96ced"),
    "AccountingBasis": (8, "a955a9ce3ea3db52"),
    "Project": (20, "c05a57d4f4223b39"),
    "ReportingPeriod": (1, "f3a636700a0a71ea"),
    "Obligation": (151, "48c26debc5c62b5d"),
    "Submission": (15, "f8e199fa95cad655"),
    "SubmittedItem": (41, "ad03074566550275"),
    "Decision": (38, "6d35f2ad96a0f10e"),
    "Matter": (10, "e1b4e9d1153f0557"),
    "MatterNote": (26, "9ba08a4a3ef00a0e"),
    "Instruction": (1, "319c980393f86c49"),
}


def read(value):
    """A moment is its day: within the day the clock ticks. Keys and sentences are the product's."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date()
    if isinstance(value, dict):
        return {name: read(one) for name, one in value.items() if name not in NOT_OF_THE_SET}
    return [read(one) for one in value] if isinstance(value, list) else value


def digest(model, fields):
    rows = [[str(read(value)) for value in row] for row in model._base_manager.values_list(*fields)]
    text = json.dumps(sorted(rows), ensure_ascii=False)
    return len(rows), hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (OF_2026Q3, None),
        (datetime.date(2028, 2, 29), OF_2026Q3),
        (datetime.date(2031, 2, 1), OF_2026Q3),
    ],
)
def test_is_the_known_set_value_for_value(today, day, clock):
    clock.move_to(today)
    load_plan(by=None)
    services.load(day=day)
    found = {model.__name__: digest(model, fields.split()) for model, fields in TABLES.items()}
    assert found == KNOWN
