"""The choices of the forms, code → label, from the classes that the fields name. Pure."""

from collections.abc import Mapping

from projects.rules import Status as ProjectStatus
from reporting.rules.enumerations import Attainment, Availability
from targets.rules import Grade
from tasks.rules.progress import Status as TaskStatus

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "Availability": {one.value: one.label for one in Availability},
    "Attainment": {one.value: one.label for one in Attainment},
    "DataGrade": {one.value: one.label for one in Grade},
    "TaskStatus": {one.value: one.label for one in TaskStatus},
    "ProjectStatus": {one.value: one.label for one in ProjectStatus},
}


def label(kind: str, code: str) -> str:
    """The label of a choice: ("TaskStatus", "done") → 已完成; the code itself where unknown."""
    return OPTIONS[kind].get(code, code)
