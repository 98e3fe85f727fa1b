"""What a page or workbook prints of a value and its goal says what the verdict says."""

import re
from decimal import Decimal

import pytest
from django.core.management import call_command

from agencies.choices import Role
from targets.models import Target
from tests.factories.agencies import UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.pages import workbook
from tests.workflow.one_number import Reader

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_server,
    pytest.mark.usefixtures("of_2026q3"),
]

D = Decimal
KINDS = {
    "at_least": "at_least",
    "at_most": "at_most",
    "below": "below",
    "equal": "full_coverage",
    "about": "about",
}
GOALS = {"at_least": "20", "at_most": "51.5", "below": "1.3", "equal": "100", "about": "15.38"}
OFF = ("-0.8", "-0.05", "-0.04", "-0.004", "-0.0004", "0", "0.0004", "0.004", "0.05", "0.8")
NUMBER = re.compile(r"−?[\d,]+(?:\.\d+)?")


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    """Targets of every kind and precision with values that keep or miss their goals by little."""
    with django_db_blocker.unblock():
        number = 0
        for comparison, kind in KINDS.items():
            for off in OFF:
                value = D(GOALS[comparison]) + D(off)
                if comparison == "about":  # around the lower end of the band
                    value -= D("0.31")
                if comparison == "equal" and value > 100:
                    continue
                number += 1
                target = TargetFactory(
                    code=f"T{number:02d}", kind=kind, decimals=number % 3, position=number,
                    tolerance_percent=2 if comparison == "about" else None,
                )  # fmt: skip
                MilestoneFactory(target=target, comparison=comparison, value=D(GOALS[comparison]))
                ObservationFactory(target=target, value=value, grade="final")
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def reader(client, plan):
    client.force_login(UserFactory(roles=[Role.LEADER]))
    return Reader(client)


def keeps(comparison, value, goal, decimals):
    """What a reader says who has only the printed numbers, and the two per cent of 左右."""
    if comparison == "about":
        return value >= round(goal * D("0.98"), decimals)
    return {"below": value < goal, "at_most": value <= goal}.get(comparison, value >= goal)


def number(text):
    return D(NUMBER.search(text)[0].replace(",", "").replace("−", "-"))


def as_shown(cell):
    """A number of a workbook as its format shows it."""
    decimals = len(cell.number_format.partition(".")[2].partition(";")[0])
    value = D(str(cell.value))
    return value if cell.number_format == "General" else round(value, decimals)


def contradictions(rows):
    """The rows whose numbers do not say what their verdict says."""
    found = []
    for code, value, goal, gap, verdict in rows:
        target = Target.objects.get(code=code[:3])
        comparison = target.milestones.get().comparison
        kept = keeps(comparison, value, number(goal), target.decimals)
        is_met = "已达标" in verdict
        is_same = gap is None or comparison == "about" or _distance(gap) in {
            abs(value - number(goal)), None
        }  # fmt: skip
        if kept != is_met or not is_same:
            found.append((code, value, goal, gap, verdict))
    return found


def _distance(gap):
    """The printed size of a gap; None if it is said without one."""
    size = re.fullmatch(r"[差高低]([\d.,]+).*", gap)
    return number(size[1]) if size else None


def test_the_list(reader):
    rows = reader.table("/targets/")
    assert len(rows) > 40
    assert not contradictions(
        (row["编号"], number(row["2025年实际"]), row["2025年目标"], None, row["2025年判定"])
        for row in rows
    )


def test_the_rows_of_the_year(reader):
    rows = [row for row in reader.table("/dashboard/2025/") if "结论" in row]
    assert len(rows) > 40
    assert not contradictions(
        (row["编号"], number(row["2025年实际"]), row["2025年目标"], row["差距"], row["结论"])
        for row in rows
    )


def test_the_chart(reader):
    rows = reader.twin(reader.page("/dashboard/2025/"), "milestones-2025")
    assert len(rows) > 40
    assert not contradictions((row[0], number(row[1]), row[2], row[4], row[5]) for row in rows)


@pytest.mark.parametrize(
    ("address", "verdict"),
    [("/targets/export.xlsx", "2025年判定"), ("/dashboard/2025/export.xlsx", "结论")],
)
def test_the_workbooks(reader, address, verdict):
    _, rows = workbook(reader.answer(address))
    assert len(rows) > 40
    assert not contradictions(
        (
            row["编号"].value, as_shown(row["2025年实际"]), row["2025年目标"].value,
            row["差距"].value, row[verdict].value,
        )
        for row in rows
    )  # fmt: skip
