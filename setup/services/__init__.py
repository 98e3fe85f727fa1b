"""Loads the published plan: what is there already is left as it is, whoever changed it."""

from setup.services.loading import (
    link,
    load_annexes,
    load_plan,
    load_text_and_targets,
)
from setup.services.registers import (
    load_agencies,
    load_categories,
    load_documents,
    load_text,
)
from setup.services.targets import load_targets

__all__ = [
    "link",
    "load_agencies",
    "load_annexes",
    "load_categories",
    "load_documents",
    "load_plan",
    "load_targets",
    "load_text",
    "load_text_and_targets",
]
