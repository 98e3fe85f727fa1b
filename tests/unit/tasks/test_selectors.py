from decimal import Decimal

import pytest
from django.utils import timezone

from common.quarters import Period
from tasks import selectors
from tasks.choices import TaskStatus
from tasks.forms import TaskFilterForm
from tasks.selectors import TaskFilters
from tests.factories.agencies import AgencyFactory
from tests.factories.plan import CategoryFactory, ClauseFactory
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskContributionFactory, TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db

Q3 = Period(2026, 3)


def share(task, *agencies):
    for position, agency in enumerate(agencies, start=1):
        task.shares.create(agency=agency, position=position)


def codes(**filters):
    return [row.task.code for row in selectors.task_rows(filters=TaskFilters(**filters), period=Q3)]


@pytest.fixture
def traffic():
    """Field 5: a led task, one with a convenor, one with nobody, one of another field."""
    field, other = CategoryFactory(number=5), CategoryFactory(number=6)
    jtj, fgj = AgencyFactory(code="jtj", name="区交通运输局"), AgencyFactory(code="fgj")
    led = TaskFactory(category=field, number=1, lead=jtj, title="加快绿色交通基础设施建设")
    gathered = TaskFactory(category=field, number=2, lead=None, convenor=jtj)
    nobody = TaskFactory(category=field, number=3, lead=None)
    TaskFactory(category=other, number=1, lead=fgj)
    share(led, fgj)
    share(nobody, fgj, jtj)
    return led, gathered, nobody


class TestList:
    def test_stands_in_the_plans_order_without_what_is_retired(self, traffic):
        TaskFactory(category=CategoryFactory(number=10), number=1)
        TaskFactory(category=traffic[0].category, number=9, retired_on="2026-01-01")
        assert codes() == ["5-1", "5-2", "5-3", "6-1", "10-1"]

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"category": "5"}, ["5-1", "5-2", "5-3"]),
            ({"agency": "jtj"}, ["5-1", "5-2", "5-3"]),
            ({"agency": "jtj", "share": "lead"}, ["5-1"]),
            ({"agency": "jtj", "share": "convenor"}, ["5-2"]),
            ({"agency": "jtj", "share": "responsible"}, ["5-3"]),
            ({"agency": "jtj", "share": "none"}, ["5-3"]),
            ({"agency": "fgj", "share": "responsible"}, ["5-1", "5-3"]),
            ({"share": "none"}, ["5-3"]),
            ({"share": "convenor"}, ["5-2"]),
            ({"q": "交通基础"}, ["5-1"]),
            ({"q": "5-2"}, ["5-2"]),
            ({"status": "missing"}, ["5-2", "5-3", "6-1"]),
            ({"status": "lagging"}, ["5-1"]),
            ({"status": "lagging", "category": "6"}, []),
        ],
    )
    def test_is_narrowed(self, traffic, filters, found):
        TaskProgressFactory(task=traffic[0], status=TaskStatus.LAGGING)
        assert codes(**filters) == found

    def test_says_who_answers_for_each(self, traffic):
        rows = selectors.task_rows(filters=TaskFilters(), period=Q3)
        assert [row.report_by for row in rows[:3]] == [
            "区交通运输局",
            "区交通运输局（汇总）",
            "无牵头单位，责任单位分别报送",
        ]
        assert [row.responsible_count for row in rows[:3]] == [1, 0, 2]

    def test_only_the_current_version_of_the_quarter_counts(self, traffic):
        task = traffic[0]
        TaskProgressFactory(task=task, status=TaskStatus.STALLED, is_current=False)
        TaskProgressFactory(task=task, status=TaskStatus.LAGGING, version=2, reason="核实")
        TaskProgressFactory(task=task, status=TaskStatus.DONE, quarter=2)
        row = selectors.task_rows(filters=TaskFilters(), period=Q3)[0]
        assert (row.light.level, row.light.word) == ("orange", "进展滞后")

    def test_is_counted_by_status(self, traffic):
        TaskProgressFactory(task=traffic[0], status=TaskStatus.LAGGING)
        TaskProgressFactory(task=traffic[1], status=TaskStatus.ON_TRACK)
        counts = selectors.status_counts(period=Q3)
        assert (counts.total, counts.on_course, counts.missing) == (4, 1, 2)
        assert counts.sentence == "2026年第三季度：4项任务，正常推进1、进展滞后1、缺报2。"
        assert counts.parts == [
            ("on_track", "正常推进", 1),
            ("lagging", "进展滞后", 1),
            ("missing", "缺报", 2),
        ]
        narrowed = selectors.status_counts(
            period=Q3, filters=TaskFilters(agency="fgj", share="lead")
        )
        assert (narrowed.total, narrowed.is_closed) == (1, True)

    def test_offers_agencies_that_have_to_do_with_tasks(self, traffic):
        AgencyFactory(code="idle")
        assert {agency.code for agency in selectors.agencies_of_tasks()} == {"jtj", "fgj"}


class TestHeatMap:
    def test_shows_worst_count_missing_and_closed(self, traffic):
        led, gathered, nobody = traffic
        for quarter, statuses in (
            (2, (TaskStatus.ON_TRACK, TaskStatus.DONE, TaskStatus.LAGGING)),
            (3, (TaskStatus.STALLED, TaskStatus.ON_TRACK, None)),
        ):
            for task, status in zip((led, gathered, nobody), statuses, strict=True):
                if status:
                    TaskProgressFactory(task=task, quarter=quarter, status=status)
        heat = selectors.heat_map(Q3.back(3))
        field, other = heat.rows
        assert [cell.summary.text for cell in field.cells] == ["缺报3", "2/3", "缺报1"]
        assert [cell.summary.level for cell in field.cells] == ["grey", "orange", "red"]
        assert [cell.css for cell in field.cells] == ["cell-grey", "cell-orange", "cell-missing"]
        # The other field reported nothing in quarters in which others did.
        assert [cell.css for cell in other.cells] == ["cell-grey", "cell-missing", "cell-missing"]
        assert not heat.is_empty

    def test_leaves_out_old_versions_and_retired_tasks(self, traffic):
        task = traffic[0]
        TaskProgressFactory(task=task, status=TaskStatus.STALLED, is_current=False)
        TaskProgressFactory(task=task, status=TaskStatus.DONE, version=2, reason="核实")
        retired = TaskFactory(category=task.category, number=8, retired_on="2026-01-01")
        TaskProgressFactory(task=retired, status=TaskStatus.STALLED)
        cell = selectors.heat_map((Q3,)).rows[0].cells[0]
        assert (cell.summary.level, cell.summary.total, cell.summary.on_course) == ("green", 3, 1)

    def test_without_reports_it_is_empty(self, traffic):
        assert selectors.heat_map(Q3.back(8)).is_empty

    def test_costs_the_same_for_ten_times_the_rows(self, traffic, django_assert_max_num_queries):
        for number in range(20, 60):
            task = TaskFactory(category=traffic[0].category, number=number, lead=None)
            TaskProgressFactory(task=task)
        with django_assert_max_num_queries(2):
            heat = selectors.heat_map(Q3.back(8))
        assert heat.rows[0].cells[-1].summary.on_course == 40


class TestDetail:
    def test_holds_everything_about_one_task(self, traffic):
        task = traffic[2]
        task.clause = ClauseFactory()
        task.save()
        served = TargetFactory(code="T18")
        retired = TargetFactory(code="T99", retired_on="2026-01-01")
        task.targets.set([served, retired])
        ObservationFactory(target=served)
        TaskProgressFactory(task=task, quarter=1, status=TaskStatus.LAGGING, problems="手续未办完")
        TaskProgressFactory(task=task, quarter=2, is_current=False)
        TaskProgressFactory(
            task=task, quarter=2, version=2, reason="核实", next_steps="办完手续",
            next_due="2026-12", status=TaskStatus.STALLED, is_demo=True,
        )  # fmt: skip
        TaskProgressFactory(quarter=3)  # others reported, so this one is missing
        detail = selectors.task_detail(code="5-3", period=Q3)
        assert [agency.code for agency in detail.responsible] == ["fgj", "jtj"]
        assert [row.target.code for row in detail.served] == ["T18"]
        assert [(row.quarter, row.version) for row in detail.versions] == [(2, 2), (2, 1), (1, 1)]
        assert [box.light.short for box in detail.strip][-3:] == ["滞后", "停滞", "缺报"]
        assert [box.css for box in detail.strip][-3:] == [
            "cell-orange",
            "cell-red",
            "cell-missing",
        ]
        assert (detail.is_reported, detail.light.word) == (False, "缺报")
        assert (detail.latest_light.word, detail.is_demo) == ("严重滞后或停滞", True)
        assert detail.latest_pairs == [("下一步措施", "办完手续"), ("完成时限", "2026年12月")]

    def test_what_was_counted_and_whom_it_needs(self, traffic):
        TaskProgressFactory(
            task=traffic[2], coordination="市供电公司", quantity_name="公共充电桩累计",
            quantity_value=Decimal("3412.0000"), quantity_unit="个",
        )  # fmt: skip
        detail = selectors.task_detail(code="5-3", period=Q3)
        assert detail.latest_pairs == [
            ("量化进展", "公共充电桩累计3,412个"),
            ("需要协调的单位", "市供电公司"),
        ]

    @pytest.mark.parametrize(
        ("value", "words"),
        [(None, "改造面积"), ("12.50", "改造面积12.5万㎡"), ("400", "改造面积400万㎡")],
    )
    def test_a_quantity_in_words(self, value, words):
        row = TaskProgressFactory.build(
            quantity_name="改造面积",
            quantity_value=None if value is None else Decimal(value),
            quantity_unit="万㎡",
        )
        assert selectors.quantity_words(row) == words

    def test_the_newest_contribution_of_each_agency(self, traffic):
        task = traffic[2]
        first, second = (share.agency for share in task.shares.select_related("agency"))
        former = AgencyFactory(code="former")
        for agency in (former, second, first):
            TaskContributionFactory(task=task, agency=agency, quarter=2)
        TaskContributionFactory(task=task, agency=second, is_current=False)
        newest = TaskContributionFactory(task=task, agency=second, version=2, reason="补充")
        taken_back = TaskContributionFactory(
            task=task, agency=first, is_current=False, retracted_at=timezone.now()
        )
        detail = selectors.task_detail(code="5-3", period=Q3)
        shown = [(row.agency.code, row.quarter, row.version) for row in detail.latest_contributions]
        assert shown == [(first.code, 2, 1), (second.code, 3, 2), ("former", 2, 1)]
        assert newest in detail.latest_contributions
        assert taken_back in detail.earlier_contributions
        assert len(detail.earlier_contributions) == 3

    def test_a_task_without_anything(self, traffic):
        detail = selectors.task_detail(code="5-2", period=Q3)
        assert (detail.responsible, detail.served, detail.latest) == ((), (), None)
        assert detail.latest_pairs == []
        assert len(detail.strip) == selectors.QUARTERS_SHOWN

    @pytest.mark.parametrize(
        ("text", "words"),
        [("2026-12", "2026年12月"), ("2026-03", "2026年3月"), ("年底", "年底"), ("", "")],
    )
    def test_a_month_in_words(self, text, words):
        assert selectors.month_words(text) == words

    def test_a_quarter_that_nobody_reported_is_not_missing(self, traffic):
        TaskProgressFactory(task=traffic[2], quarter=2)
        detail = selectors.task_detail(code="5-3", period=Q3)
        assert [box.light.short for box in detail.strip][-3:] == ["—", "正常", "—"]
        assert [box.css for box in detail.strip][-1] == "cell-grey"
        rows = selectors.task_rows(filters=TaskFilters(), period=Q3)
        assert {row.light.word for row in rows} == {"未填报"}
        TaskProgressFactory(task=traffic[0], quarter=3)
        assert selectors.task_detail(code="5-3", period=Q3).light.word == "缺报"


def test_a_link_that_names_the_last_quarter_is_no_mistake(db):
    form = TaskFilterForm(
        {"period": Q3.code, "q": "绿色"}, newest=Q3, running=Q3, categories=[], agencies=[]
    )
    assert (form.errors, form.period_chosen, form.filters.q) == ({}, Q3, "绿色")
