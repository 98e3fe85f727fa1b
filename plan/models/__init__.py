from plan.models.agency_names import AgencyName
from plan.models.bases import AgencyShare, Recorded, Retirable, one_in_force
from plan.models.published import Category, Clause, ClauseQuerySet, Document, Goal, GoalAgency
from plan.models.state import AREAS, DataState

__all__ = [
    "AREAS",
    "AgencyName",
    "AgencyShare",
    "Category",
    "Clause",
    "ClauseQuerySet",
    "DataState",
    "Document",
    "Goal",
    "GoalAgency",
    "Recorded",
    "Retirable",
    "one_in_force",
]
