"""The plan ten and a hundred times as large, with forty quarters of history."""

from copy import copy
from decimal import Decimal

from django.db import connection, transaction
from django.db.models.base import ModelState

from agencies.choices import AgencyKind
from agencies.models import Agency
from common.quarters import Period
from plan.choices import CategoryScope
from plan.models import Category, DataState, Recorded
from projects.choices import ProjectStatus
from projects.models import Project, ProjectProgress
from targets.choices import Comparison, DataGrade, Nature, TargetKind
from targets.models import AccountingBasis, Milestone, Observation, Target
from tasks.choices import TaskStatus
from tasks.models import Task, TaskAgency, TaskProgress

QUARTERS = Period(2026, 3).back(40)


@transaction.atomic
def grow(factor: int) -> None:
    """Add rows until the plan is `factor` times as large; the published rows stay as they are."""
    agencies = _agencies(40 * (factor - 1))
    targets = _targets(26 * (factor - 1), agencies)
    _observations(targets)
    _task_progress(_tasks(32 * (factor - 1), agencies))
    _project_progress(_projects(20 * (factor - 1), agencies))
    DataState.touch(has_demo=True)


@transaction.atomic
def shrink() -> None:
    """Take back what `grow` has added."""
    Target.objects.filter(code__startswith="X").delete()
    Task.objects.filter(code__startswith="x").delete()
    Project.objects.filter(code__startswith="X").delete()
    Observation.objects.filter(basis="扩容").delete()
    AccountingBasis.objects.filter(name="扩容").delete()
    Agency.objects.filter(name__startswith="扩容").delete()


@transaction.atomic
def lengthen(times: int) -> None:
    """As if every approved value had been corrected so often; the plan stays as large as it is."""
    for model in (Observation, TaskProgress, ProjectProgress):
        rows = list(model.objects.filter(is_current=True))  # type: ignore[attr-defined]
        for row in rows:
            row.version += times
            row.reason = "扩容"
        old = (_superseded(row, back) for row in rows for back in range(1, times))
        model.objects.bulk_update(rows, ["version", "reason"])  # type: ignore[attr-defined]
        model.objects.bulk_create(old, batch_size=2000)  # type: ignore[attr-defined]
    DataState.touch()


def _superseded(row: Recorded, back: int) -> Recorded:
    """The version that many before it, no longer in force."""
    made = copy(row)
    made.pk, made._state = None, ModelState()
    made.is_current, made.version = False, row.version - back
    return made


def settle() -> None:
    """Tidy up now, so that the database does not do it while pages are measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _agencies(count: int) -> list[Agency]:
    made = Agency.objects.bulk_create(
        Agency(
            code=f"x{n}",
            name=f"扩容单位{n}",
            short_name=f"扩容{n}",
            kind=AgencyKind.DISTRICT_BUREAU,
            position=1000 + n,
        )
        for n in range(count)
    )
    return [*made, *Agency.objects.filter(kind=AgencyKind.DISTRICT_BUREAU)[:10]]


def _targets(count: int, agencies: list[Agency]) -> list[Target]:
    made = Target.objects.bulk_create(
        Target(
            code=f"X{n:04d}",
            name=f"扩容指标{n}",
            short_name=f"扩容指标{n}",
            kind=TargetKind.AT_LEAST,
            unit="%",
            baseline_year=2020,
            baseline_value=Decimal(10),
            lead=agencies[n % len(agencies)],
            position=1000 + n,
        )
        for n in range(count)
    )
    Milestone.objects.bulk_create(
        Milestone(
            target=target,
            year=year,
            nature=Nature.NUMBER,
            comparison=Comparison.AT_LEAST,
            value=value,
        )
        for target in made
        for year, value in ((2025, Decimal(20)), (2030, Decimal(30)))
    )
    return [*made, *Target.objects.filter(code__startswith="T")]


def _observations(targets: list[Target]) -> None:
    basis, _ = AccountingBasis.objects.get_or_create(name="扩容")
    Observation.objects.bulk_create(
        (
            Observation(
                target=target,
                year=year,
                value=Decimal(10) + Decimal(position * 7 + year) % 15,
                grade=DataGrade.FINAL,
                basis=basis,
                source="扩容",
                is_demo=True,
            )
            for position, target in enumerate(targets)
            for year in range(2016, 2026)
        ),
        batch_size=2000,
    )


def _tasks(count: int, agencies: list[Agency]) -> list[Task]:
    categories = list(Category.objects.filter(scope=CategoryScope.TASKS))
    made = Task.objects.bulk_create(
        Task(
            code=f"x{n}",
            category=categories[n % len(categories)],
            number=100 + n,
            title=f"扩容任务{n}",
            lead=agencies[n % len(agencies)],
        )
        for n in range(count)
    )
    TaskAgency.objects.bulk_create(
        TaskAgency(task=task, agency=agencies[(n + shift) % len(agencies)], position=shift)
        for n, task in enumerate(made)
        for shift in (1, 2, 3)
    )
    return made


def _task_progress(tasks: list[Task]) -> None:
    states = list(TaskStatus)
    TaskProgress.objects.bulk_create(
        (
            TaskProgress(
                task=task,
                year=period.year,
                quarter=period.quarter or 1,
                status=states[n % len(states)],
                narrative="扩容进展",
                is_demo=True,
            )
            for n, task in enumerate(tasks)
            for period in QUARTERS
        ),
        batch_size=2000,
    )


def _projects(count: int, agencies: list[Agency]) -> list[Project]:
    categories = list(Category.objects.filter(scope=CategoryScope.PROJECTS))
    return Project.objects.bulk_create(
        Project(
            code=f"X{n}",
            number=1000 + n,
            name=f"扩容项目{n}",
            category=categories[n % len(categories)],
            owner_text="扩容单位",
            reporting_agency=agencies[n % len(agencies)],
            start_year=2022,
            end_year=2024 + n % 4,
            total_investment_wan=Decimal(1000 + n),
        )
        for n in range(count)
    )


def _project_progress(projects: list[Project]) -> None:
    ProjectProgress.objects.bulk_create(
        (
            ProjectProgress(
                project=project,
                year=period.year,
                quarter=period.quarter or 1,
                status=ProjectStatus.UNDER_WAY,
                invested_wan=Decimal(10 * step),
                works_percent=Decimal(min(step * 2, 100)),
                is_demo=True,
            )
            for project in projects
            for step, period in enumerate(QUARTERS)
        ),
        batch_size=2000,
    )
