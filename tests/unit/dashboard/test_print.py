"""The one page: the overview's numbers on a sheet, the problems of the leaders, who printed."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.earlier_overview import overview
from dashboard.selectors.one_page import MOST, ROOM, one_page
from plan.models import DataState
from reporting.models import Matter, StoredFile
from reporting.services import matter_closing, matters
from targets.models import JudgingRule
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import ClosedRiskFactory, RiskFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import statements, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

SHEET = "/dashboard/print/"
QUARTER = Period(2026, 3)


@pytest.fixture
def leader(client):
    user = UserFactory(roles=[Role.LEADER], agency=None, name="孙领导")
    client.force_login(user)
    return client


def rows(page):
    return {row[0]: row for row in document(page).table_rows() if len(row) == 12}


def target(code="T03", value="19.2", grade="preliminary", **fields):
    made = TargetFactory(
        code=code, short_name="非化石能源比重", unit="%", decimals=1, baseline_year=None,
        baseline_value=None, **fields,
    )  # fmt: skip
    MilestoneFactory(target=made, year=2025, value=Decimal(20))
    MilestoneFactory(target=made, year=2030, value=Decimal(22))
    if value:
        ObservationFactory(target=made, year=2025, value=Decimal(value), grade=grade)
    return made


def risk(**fields):
    usual = {"title": "用地未落实", "agency": AgencyFactory(short_name="区住建局")}
    return RiskFactory(**(usual | fields))


def test_without_a_plan_it_says_what_is_missing(leader):
    page = leader.get(SHEET)
    assert page.status_code == 200
    assert "还没有载入方案" in text(page)


def test_a_row_says_value_goal_verdict_outlook_and_lead(leader):
    made = target(lead=AgencyFactory(short_name="区发改局"))
    ObservationFactory(target=made, year=2024, value=Decimal("18.8"), grade="final")
    code, name, unit, first, before, settled, goal, verdict, latest, ahead, look, lead = rows(
        leader.get(SHEET)
    )["T03"]
    assert (code, name, unit, first, before, settled) == (
        "T03", "非化石能源比重", "%", "—", "18.8", "19.2○",
    )  # fmt: skip
    assert (goal, verdict, latest) == ("≥20", "初步未达标", "19.2")
    assert (ahead, look, lead) == ("≥22", "数据不足", "区发改局")


@pytest.mark.parametrize(
    ("grade", "word"), [("final", "未达力争"), ("preliminary", "初步未达力争")]
)
def test_what_is_only_striven_for_has_a_short_word(leader, grade, word):
    target(commitment="striven", grade=grade)
    assert rows(leader.get(SHEET))["T03"][7] == word


def test_a_value_of_another_basis_stands_in_no_column(leader):
    made = target(value="", accounting_basis="常住人口")
    ObservationFactory(
        target=made, year=2025, value=Decimal("21.0"), grade="final", basis="户籍人口"
    )
    row = rows(leader.get(SHEET))["T03"]
    assert row[5] == "—"
    assert row[7] == "口径待确认"
    assert row[8] == "口径不同"


def test_a_settled_value_has_no_circle_and_a_later_one_names_its_year(leader):
    made = target(value="20.0", grade="final")
    ObservationFactory(target=made, year=2026, value=Decimal("20.4"), grade="preliminary")
    row = rows(leader.get(SHEET))["T03"]
    assert row[5] == "20.0"
    assert row[7] == "已达标"
    assert row[8] == "20.4○'26"


def test_a_number_of_many_digits_stands_whole(leader):
    target(value="123456.78")
    assert rows(leader.get(SHEET))["T03"][5] == "123,457○"


def test_it_counts_as_the_overview_counts(leader):
    target()
    target("T10", "99", "final")
    task = TaskFactory()
    TaskProgressFactory(task=task, status="lagging")
    ProjectProgressFactory(project=ProjectFactory(), invested_wan=Decimal(1200))
    sheet, seen = one_page(period=QUARTER), overview(period=QUARTER)
    assert sheet.overview.targets.sentence == seen.targets.sentence
    assert sheet.overview.tasks_finding == seen.tasks_finding
    assert sheet.overview.investment_finding == seen.investment_finding
    said = text(leader.get(f"{SHEET}?period=2026Q3"))
    for phrase in seen.targets.sentence:
        assert phrase.text in said
    assert seen.tasks_finding in said
    assert sheet.overview.heat == seen.heat


def test_the_ledger_comes_first_but_no_low_risk_before_a_task_that_stands_still():
    risk(title="低", level="low")
    risk(title="高", level="high", due_on=datetime.date(2026, 12, 31))
    ClosedRiskFactory(title="已销号")
    TaskProgressFactory(
        task=TaskFactory(lead=AgencyFactory(short_name="区科技局")),
        status="stalled", problems="经费未落实", next_due="2027-01",
    )  # fmt: skip
    found = one_page(period=QUARTER).problems
    assert [(one.text, one.whose) for one in found] == [
        ("高", "区住建局，2026年12月31日"),
        ("经费未落实", "区科技局，2027年1月"),
        ("低", "区住建局，时限待定"),
    ]


def closed(matter):
    """Closed by two reviewers, after the body had proved what it did."""
    one, other = (UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory()) for _ in range(2))
    note = matter.notes.create(step="report_back", by_name="张三")
    content = StoredFile.objects.create(sha256="0" * 64, size=1, content_type="application/pdf")
    note.files.create(file=content, name="纪要.pdf")
    matter_closing.propose_closing(matter=matter, text="已落实", by=one)
    matter_closing.close(matter=matter, by=other)


def test_a_past_day_shows_the_ledger_of_the_day(leader):
    target()
    known = risk(title="用地未落实", level="high", due_on=datetime.date(2026, 12, 31))
    late = risk(title="后来登记")
    for row, days in ((known, 60), (late, 10)):
        at = timezone.now() - datetime.timedelta(days=days)
        Matter.objects.filter(pk=row.pk).update(reported_at=at)
    known.refresh_from_db()
    closed(known)
    day = timezone.localdate() - datetime.timedelta(days=30)
    page = leader.get(f"{SHEET}?asof={day.isoformat()}")
    assert [(one.text, one.whose) for one in page.context["page"].problems] == [
        ("用地未落实", "区住建局，2026年12月31日")
    ]
    assert [one.text for one in leader.get(SHEET).context["page"].problems] == ["后来登记"]


def test_what_the_ledger_names_is_not_told_again():
    progress = TaskProgressFactory(status="lagging", problems="搬迁补偿未谈妥")
    risk(title="搬迁补偿", task=progress.task)
    assert [one.text for one in one_page(period=QUARTER).problems] == ["搬迁补偿"]


def test_overdue_projects_tell_their_problem():
    project = ProjectFactory(start_year=2022, end_year=2023, reporting_agency=None)
    ProjectProgressFactory(
        project=project, status="under_way", problems="设备未到货。", expected_on="2027-02"
    )
    (found,) = one_page(period=QUARTER).problems
    assert found.code == project.code
    assert found.text.startswith("设备未到货；超期")
    assert found.whose == "责任单位待定，2027年2月"


def test_a_completion_that_was_expected_and_passed_is_no_term(clock):
    clock.move_to(datetime.date(2027, 5, 10))
    project = ProjectFactory(start_year=2022, end_year=2023, code="P2", reporting_agency=None)
    ProjectProgressFactory(project=project, problems="设备未到货。", expected_on="2027-02")
    page = one_page(period=Period(2027, 1))
    assert page.problems[0].whose == "责任单位待定，2027年2月（已过）"
    said = "P2超过计划完成年41个月，预计2027年2月竣工已过3个月"
    assert [phrase.text for phrase in page.overview.concerns] == [said]


def test_at_most_five_problems_and_a_sentence_for_none(leader):
    target()
    assert "风险台账没有未化解的事项" in text(leader.get(SHEET))
    for number in range(7):
        risk(title=f"风险{number}")
    assert len(one_page(period=QUARTER).problems) == 5


def test_more_targets_stand_closer_and_beyond_thirty_it_says_so(leader):
    for number in range(ROOM + 1):
        TargetFactory(code=f"X{number:02d}")
    page = leader.get(SHEET)
    assert "a4 dense" in text(page)
    assert "一页只列" not in text(page)
    for number in range(ROOM + 1, MOST + 2):
        TargetFactory(code=f"X{number:02d}")
    page = leader.get(SHEET)
    assert len(rows(page)) == MOST + 1  # and the head
    assert "一页只列前30项，其余2项见系统“指标”页" in text(page)


def test_it_says_who_printed_and_nobody_keeps_it(leader):
    page = leader.get(SHEET)
    assert "打印：孙领导" in text(page)
    assert "no-store" in page["Cache-Control"]
    assert "ETag" not in page


def test_the_rule_in_force_and_the_grades_stand_below(leader):
    target()
    said = text(leader.get(SHEET))
    assert "第1版，差距按缺口÷要求值；“左右”容差±2%；力争目标最高二级。" in said
    assert "2025年数值：初步核算1项。" in said


@pytest.mark.parametrize(
    ("method", "near", "far"),
    [
        ("level", "差距≤10%", "超过10%、未达标或不降反升"),
        ("change", "缺口占应有进展≤10%", "超过10%、未达标或不降反升"),
    ],
)
def test_the_legend_says_what_the_rule_measures(leader, method, near, far):
    JudgingRule.objects.create(
        version=2, valid_from=timezone.localdate(), near_percent=10, tolerance_percent=2,
        caps_striven=True, method=method, reason="测试两种算法",
    )  # fmt: skip
    target()
    legend = document(leader.get(SHEET)).one("p.legend")
    assert [one.text for one in legend.every("span.light")][1:3] == [near, far]


def test_an_unknown_quarter_falls_back_and_another_is_chosen(leader):
    last = leader.get(SHEET).context["period"]
    assert leader.get(f"{SHEET}?period=x").context["period"] == last
    earlier = last.previous
    page = leader.get(f"{SHEET}?period={earlier.code}")
    assert page.context["period"] == earlier


def test_statements_do_not_grow(leader):
    def more(count):
        for number in range(count):
            made = target(f"X{count}{number}")
            ObservationFactory(target=made, year=2024, value=Decimal(18), grade="final")
            TaskProgressFactory(status="stalled", problems="问题")
            ProjectProgressFactory(project=ProjectFactory(), problems="问题")
            risk(title=f"风险{number}")

    more(1)
    few = len(statements(leader, SHEET))
    more(9)
    assert len(statements(leader, SHEET)) == few <= 8


class TestMadeOnce:
    """The sheet is made once for all readers, and anew with whatever it says."""

    def test_another_reader_costs_little(self, client, leader, django_assert_max_num_queries):
        target()
        DataState.touch()
        assert "T03" in text(leader.get(SHEET))
        client.force_login(UserFactory(agency=AgencyFactory(), name="王芳"))
        with django_assert_max_num_queries(5):
            shown = text(client.get(SHEET))
        assert "T03" in shown
        assert "打印：王芳" in shown

    def test_a_new_risk_is_on_it_at_once(self, leader):
        target()
        DataState.touch()
        leader.get(SHEET)
        bureau = UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory())
        new = risk(title="用地未落实")
        assert "用地未落实" in text(leader.get(SHEET))
        new.title = "用地手续未办"
        matters.assess(matter=new, text="属实", by=bureau)
        assert "用地手续未办" in text(leader.get(SHEET))
