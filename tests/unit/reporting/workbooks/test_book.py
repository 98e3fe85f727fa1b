"""The workbook of an agency as it is read from the database."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from reporting.choices import ObligationState, PeriodState
from reporting.workbooks.selectors.book import workbook
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 11, 27, 16, 50, tzinfo=datetime.UTC)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def zhang(cast):
    return cast["张三"]


def owed(person, kind="target", **fields):
    return ObligationFactory(agency=person.agency, kind=kind, **fields)


def read(person, period=None):
    return workbook(
        reader=person, agency=person.agency, period=period or PeriodFactory(), token="t", at=AT
    )


def quarterly(person, **fields):
    known = {"frequency": "quarterly", "unit": "%", "decimals": 2, "lead": person.agency}
    return TargetFactory(**known | fields)


def test_a_target_has_last_value_requirement_and_the_proposals_of_its_form(zhang):
    target = quarterly(zhang, data_source="公交台账")
    MilestoneFactory(target=target, year=2025, value="75")
    ObservationFactory(target=target, year=2026, quarter=2, value="77.90", grade="department")
    item = owed(zhang, target=target)
    book, contents = read(zhang)
    (row,) = book.rows
    assert row.key == f"2026Q3:target:{target.code}"
    assert (row.form, row.sheet, row.decimals) == ("target", "指标", 2)
    assert (row.reference["last"], row.reference["required"]) == (
        Decimal("77.90"), Decimal("75.00"),
    )  # fmt: skip
    assert row.reference["period"] == "2026年第三季度"
    assert row.shortfall == ("<", Decimal(75))
    assert row.cells["value"] == ""
    assert row.cells["grade"] == "部门统计"
    assert contents[row.key]["texts"] == {}, "a proposal is not stored"
    assert contents[row.key]["cells"]["last"] == "77.90"
    assert contents[row.key]["locked"] is False
    assert item.content == {}


def test_drafts_stand_in_their_cells_with_versions_beside(zhang):
    item = filled(owed(zhang, target=quarterly(zhang)), {"value": "78.6", "availability": "new"})
    book, contents = read(zhang)
    assert book.rows[0].cells["value"] == "78.6"
    known = contents[f"2026Q3:target:{item.target.code}"]
    assert known["texts"] == {"value": "78.6", "availability": "new"}
    assert known["v"] == {"value": 1, "availability": 1}


def test_a_value_that_is_none_is_said_in_its_word(zhang):
    filled(owed(zhang, target=quarterly(zhang)), {"availability": "awaited"})
    assert read(zhang)[0].rows[0].cells["value"] == "尚未取得"


def test_a_target_that_had_no_value_last_quarter_says_so(zhang):
    none, missing = quarterly(zhang), quarterly(zhang)
    ObservationFactory(target=none, year=2026, quarter=2, value=None, not_applicable=True)
    owed(zhang, target=none)
    owed(zhang, target=missing)
    assert [row.reference["last"] for row in read(zhang)[0].rows] == ["不适用", "没有"]


def test_a_target_without_a_number_asks_how_far_it_has_come(zhang):
    owed(zhang, target=quarterly(zhang, kind="qualitative", unit=""))
    (row,) = read(zhang)[0].rows
    assert row.form == "qualitative"
    assert set(row.cells) == {"value", "source", "note"}


def test_an_annual_value_has_its_year_in_key_and_name(zhang):
    target = TargetFactory(frequency="annual", lead=zhang.agency)
    owed(zhang, target=target, value_year=2025)
    (row,) = read(zhang)[0].rows
    assert row.key == f"2026Q3:target:{target.code}@2025"
    assert row.reference["code"] == target.code
    assert "2025年度" in row.reference["name"]
    assert row.reference["period"] == "2025年"


def test_all_kinds_stand_on_their_sheets_in_the_order_of_the_plan(zhang, cast):
    for kind in ("project", "contribution", "task", "target"):
        owed(zhang, kind)
    book, _ = read(zhang)
    assert [sheet.name for sheet, _ in book.sheets] == ["指标", "任务", "配合", "项目"]
    assert book.guide[0][1].startswith("4项：指标1项、牵头任务1项、配合事项1项、项目1项。")


def test_a_contribution_names_who_leads(zhang, cast):
    task = TaskFactory(lead=cast["王五"].agency)
    owed(zhang, "contribution", task=task)
    assert read(zhang)[0].rows[0].reference["lead"] == cast["王五"].agency.short_name


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ObligationState.SIGNING, "待本单位审核人，要改先在网页撤回"),
        (ObligationState.SUBMITTED, "已报送，要改先在网页撤回"),
        (ObligationState.REVIEWING, "区发改局审核中，不能改"),
        (ObligationState.APPROVED, "已通过，要改在网页用“更正”"),
    ],
)
def test_what_left_the_reporter_is_locked_with_its_reason(zhang, state, words):
    filled(owed(zhang), {"value": "78"}, state=state)
    book, contents = read(zhang)
    assert book.rows[0].locked == words
    assert book.rows[0].cells["value"] == "78"
    assert contents[book.rows[0].key]["locked"] is True
    assert not book.takes_answers


def test_another_agencys_items_and_dropped_ones_are_left_out(zhang, cast):
    owed(cast["王五"])
    owed(zhang, dropped_on=datetime.date(2026, 11, 1))
    assert read(zhang)[0].rows == ()


def backfill(quarter, state=PeriodState.OPEN, **dates):
    return PeriodFactory(year=2025, quarter=quarter, is_backfill=True, state=state, **dates)


def test_open_backfill_stands_on_a_sheet_of_its_own(zhang):
    own = owed(zhang, "task")
    past = owed(zhang, "task", period=backfill(4))
    owed(zhang, "task", period=backfill(3, PeriodState.CLOSED))
    over = timezone.localdate() - datetime.timedelta(days=1)
    owed(zhang, "task", period=backfill(2, closes_on=over, due_on=over, opens_on=over))
    sent = owed(zhang, "task", period=past.period)
    filled(sent, {"status": "on_track"}, state=ObligationState.SUBMITTED)
    book, _ = read(zhang, own.period)
    assert [(row.sheet, row.key) for row in book.rows] == [
        ("任务", f"2026Q3:task:{own.task.code}"), ("补录", f"2025Q4:task:{past.task.code}"),
    ]  # fmt: skip
    assert book.rows[1].reference["quarter"] == "2025年第四季度"


def test_the_workbook_of_a_backfilled_quarter_has_the_ordinary_sheets(zhang):
    past = owed(zhang, "task", period=backfill(4))
    book, _ = read(zhang, past.period)
    assert [row.sheet for row in book.rows] == ["任务"]
    assert book.due == "补录，不计逾期"


def test_the_day_is_the_first_by_which_something_is_due(zhang):
    period = PeriodFactory(due_on=datetime.date(2026, 12, 7))
    owed(zhang, period=period, due_on=datetime.date(2026, 12, 20))
    assert read(zhang, period)[0].due == "12月20日（周日）截止"
    owed(zhang, period=period)
    assert read(zhang, period)[0].due == "12月7日（周一）截止"


def test_a_correction_without_a_day_leaves_the_day_to_the_others(zhang):
    period = PeriodFactory(due_on=datetime.date(2026, 12, 7))
    corrected = owed(zhang, period=period, correction_reason="台账有误")
    filled(corrected, {"value": "78"})
    assert read(zhang, period)[0].due == "12月7日（周一）截止"


def test_the_first_sheet_says_whom_to_call(zhang, cast):
    owed(zhang)
    called = dict(read(zhang)[0].guide)["找谁"]
    assert "本单位审核人：钱审核" in called
    assert "区发改局审核员：赵六" in called


def test_the_number_of_statements_does_not_grow_with_rows(zhang, django_assert_max_num_queries):
    PeriodFactory()
    for kind in ("target", "task", "contribution", "project"):
        owed(zhang, kind)
    with django_assert_max_num_queries(5) as few:
        read(zhang)
    for kind in ("target", "task", "contribution", "project") * 3:
        owed(zhang, kind)
    with django_assert_max_num_queries(len(few)):
        read(zhang)
