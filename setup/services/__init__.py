"""Loads the published plan: what is there already is left as it is, whoever changed it."""

from setup.services.agency_changes import carry_out_due, record, take_back
from setup.services.assigned_milestones import enter_assigned
from setup.services.links import accept_proposals
from setup.services.loading import (
    BY_BUTTON,
    link,
    load_annexes,
    load_plan,
    load_text_and_targets,
)
from setup.services.registers import (
    load_agencies,
    load_calendar,
    load_categories,
    load_documents,
    load_text,
)
from setup.services.targets import load_targets

__all__ = [
    "BY_BUTTON",
    "accept_proposals",
    "carry_out_due",
    "enter_assigned",
    "link",
    "load_agencies",
    "load_annexes",
    "load_calendar",
    "load_categories",
    "load_documents",
    "load_plan",
    "load_targets",
    "load_text",
    "load_text_and_targets",
    "record",
    "take_back",
]
