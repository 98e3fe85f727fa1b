"""A plan made up by chance, the same for the same seed: what nobody thought of writing down."""

import random
from decimal import Decimal

from plan.choices import CategoryScope
from projects.choices import ProjectStatus
from targets.choices import Commitment, DataGrade, TargetKind
from targets.models import Target
from tasks.choices import TaskStatus
from tests.factories.agencies import AgencyFactory
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory

NUMBERED = {
    TargetKind.AT_LEAST: "at_least",
    TargetKind.AT_MOST: "at_most",
    TargetKind.BELOW: "below",
    TargetKind.ABOUT: "about",
    TargetKind.REDUCTION: "at_least",
    TargetKind.FULL_COVERAGE: "equal",
    TargetKind.ASSIGNED: "at_least",
}
PACES = {TargetKind.REDUCTION: "geometric", TargetKind.ABOUT: "hold", TargetKind.BELOW: "step"}


def generated_plan(seed, *, targets=30, tasks=32, projects=16):
    """Targets of every kind with gaps, bases and grades; tasks and projects with reports."""
    chance = random.Random(seed)  # noqa: S311
    agencies = AgencyFactory.create_batch(6)
    fields = [CategoryFactory(number=n) for n in range(1, 11)]
    rooms = [CategoryFactory(scope=CategoryScope.PROJECTS, number=n) for n in range(1, 4)]
    for n in range(targets):
        _target(chance, n, chance.choice(agencies), [None, *fields[:6], rooms[0]])
    for n in range(tasks):
        _task(chance, n, chance.choice(fields), chance.choice([None, *agencies]))
    quarters = random.Random(seed)  # noqa: S311
    for target in Target.objects.all():
        _quarters(quarters, target)
    for n in range(projects):
        _project(chance, n, chance.choice(rooms), chance.choice([None, *agencies]))


def _target(chance, n, agency, fields):
    kind = list(TargetKind)[n % len(TargetKind)]
    has_base = chance.random() < 0.6
    target = TargetFactory(
        code=f"T{n + 1:02d}", kind=kind, lead=chance.choice([agency, None]), position=n + 1,
        category=chance.choice(fields), decimals=chance.randint(0, 2),
        pace=PACES.get(kind, "linear"), is_headline=n % 5 == 0,
        commitment=chance.choice([Commitment.BINDING, Commitment.BINDING, Commitment.STRIVEN]),
        baseline_value=_number(chance) if has_base else None,
        accounting_basis=chance.choice(["", "区级"]),
    )  # fmt: skip
    for year in chance.choice([(2025,), (2030,), (2025, 2030)]):
        _milestone(chance, target, year)
    years = chance.sample(range(2018, 2027), chance.randint(0, 8))
    for year in sorted(years):
        _observation(chance, target, year)


def _milestone(chance, target, year):
    facts = {"target": target, "year": year, "due": None}
    if target.kind == TargetKind.PEAK_BY:
        MilestoneFactory(**facts, nature="event", comparison="by_year", value=None)
    elif target.kind == TargetKind.QUALITATIVE:
        MilestoneFactory(**facts, nature="judgement", comparison="", value=None)
    elif target.kind == TargetKind.ASSIGNED and chance.random() < 0.5:
        MilestoneFactory(**facts, state=chance.choice(["pending", "withdrawn"]), value=None)
    else:
        value = Decimal(100) if target.kind == TargetKind.FULL_COVERAGE else _number(chance)
        MilestoneFactory(**facts, comparison=NUMBERED[target.kind], value=value)


def _observation(chance, target, year):
    is_empty = chance.random() < 0.1
    ObservationFactory(
        target=target, year=year, value=None if is_empty else _number(chance),
        not_applicable=is_empty, grade=chance.choice(list(DataGrade)),
        basis=chance.choice(["", "", "", "", "市级"]),
    )  # fmt: skip


def _quarters(chance, target):
    """Of some targets, from 2024 on; of a chance of their own, so that all else stays as it was."""
    for number in chance.sample(range(11), chance.choice([0, 0, 1, 4])):
        ObservationFactory(
            target=target, year=2024 + number // 4, quarter=number % 4 + 1, value=_number(chance),
            grade=chance.choice(list(DataGrade)), basis=chance.choice(["", "", "市级"]),
        )  # fmt: skip


def _task(chance, n, field, agency):
    task = TaskFactory(category=field, number=n + 1, lead=agency)
    for year, quarter in ((2025, 1), (2025, 4), (2026, 1), (2026, 2), (2026, 3)):
        if chance.random() < 0.8:
            status = chance.choice(list(TaskStatus))
            TaskProgressFactory(task=task, year=year, quarter=quarter, status=status)


def _project(chance, n, room, agency):
    start = chance.choice([None, 2021, 2023, 2025])
    project = ProjectFactory(
        code=f"P{n + 1}", number=n + 1, category=room, reporting_agency=agency,
        start_year=start, end_year=start and start + chance.randint(0, 4),
        total_investment_wan=chance.choice([None, Decimal(chance.randint(100, 90000))]),
    )  # fmt: skip
    for quarter in chance.sample([1, 2, 3], chance.randint(0, 3)):
        ProjectProgressFactory(
            project=project, quarter=quarter, status=chance.choice(list(ProjectStatus)),
            invested_wan=chance.choice([None, Decimal(chance.randint(0, 90000))]),
        )  # fmt: skip


def _number(chance):
    """Between −5 and 130, with up to two decimals, whole ones more often."""
    return (
        Decimal(chance.choice([chance.randint(-5, 130) * 100, chance.randint(-500, 13000)])) / 100
    )
