"""The one page: what the overview says on a sheet, in cells without room, and who printed it."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.overview.leaders_sheet import MOST, PROJECTS, ROOM, TASKS, LeadersSheet
from dashboard.selectors.overview.overview import overview
from plan.models import DataState
from targets.models import JudgingRule
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import RiskFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import statements, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

SHEET = "/dashboard/print/"
QUARTER = Period(2026, 3)
CELLS = 10


@pytest.fixture
def leader(client):
    user = UserFactory(roles=[Role.LEADER], agency=None, name="孙领导")
    client.force_login(user)
    return client


def rows(page):
    return {row[0]: row for row in document(page).table_rows() if len(row) == CELLS}


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


def test_without_a_plan_it_says_what_is_missing(leader):
    page = leader.get(SHEET)
    assert page.status_code == 200
    assert "还没有载入方案" in text(page)


def test_a_row_says_goals_value_verdict_outlook_and_lead(leader):
    made = target(lead=AgencyFactory(short_name="区发改局"))
    ObservationFactory(target=made, year=2024, value=Decimal("18.8"), grade="final")
    assert rows(leader.get(SHEET))["T03"] == [
        "T03", "非化石能源比重", "≥20", "≥22", "", "19.2", "25年初", "初步未达标初", "数据不足",
        "区发改局",
    ]  # fmt: skip


def test_a_distance_stands_where_it_has_room(leader):
    target(grade="final")
    assert rows(leader.get(SHEET))["T03"][7] == "未达标差0.8审"


def test_a_number_of_many_digits_stands_whole(leader):
    target(value="123456.78")
    assert rows(leader.get(SHEET))["T03"][5] == "123,457"


def test_without_a_lead_or_a_value_it_says_so(leader):
    target(value="", lead=None)
    row = rows(leader.get(SHEET))["T03"]
    assert row[5:8] == ["—", "", "无年度值"]
    assert row[9] == "待指定"


@pytest.mark.parametrize(
    ("grade", "word"), [("final", "未达力争审"), ("preliminary", "初步未达力争初")]
)
def test_what_is_only_striven_for_has_a_short_word(leader, grade, word):
    target(commitment="striven", grade=grade)
    row = rows(leader.get(SHEET))["T03"]
    assert row[1] == "非化石能源比重＊"
    assert row[7] == word


def test_a_value_of_another_basis_is_not_judged(leader):
    made = target(value="", accounting_basis="常住人口")
    ObservationFactory(
        target=made, year=2025, value=Decimal("21.0"), grade="final", basis="户籍人口"
    )
    row = rows(leader.get(SHEET))["T03"]
    assert row[7] == "口径待确认"
    assert row[8] == "口径待确认"


def test_a_quarter_is_named_and_of_another_year_with_it(leader):
    made = target(value="20.0", grade="final")
    ObservationFactory(target=made, year=2026, quarter=3, value=Decimal("20.4"))
    assert rows(leader.get(SHEET))["T03"][5:7] == ["20.4", "三季度审"]
    assert rows(leader.get(f"{SHEET}?period=2026Q2"))["T03"][6] == "三季度审"
    ObservationFactory(target=target("T04", "20.0"), year=2025, quarter=4, value=Decimal("20.4"))
    assert rows(leader.get(SHEET))["T04"][6] == "25年初"


def test_once_the_last_milestone_has_ended_nothing_lies_ahead(leader, clock):
    made = target(value="20.0", grade="final")
    ObservationFactory(target=made, year=2030, value=Decimal("22.4"), grade="final")
    clock.move_to(datetime.date(2031, 2, 1))
    leader.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    page = leader.get(SHEET)
    row = rows(page)["T03"]
    assert row[2:4] == ["≥22", ""]
    assert row[5:9] == ["22.4", "30年审", "达标审", ""]
    assert "2030目标" in text(page)


def test_it_says_what_the_overview_says(leader):
    target()
    target("T10", "99", "final")
    TaskProgressFactory(task=TaskFactory(), status="lagging")
    ProjectProgressFactory(project=ProjectFactory(), invested_wan=Decimal(1200))
    seen = overview(period=QUARTER)
    said = document(leader.get(f"{SHEET}?period=2026Q3")).text
    for words in (seen.summary.claim, seen.tasks_finding, seen.projects_finding):
        assert words in said
    for line in seen.summary.score:
        assert line.note in said
    for worst in seen.summary.worst:
        assert worst.headline in said


def test_of_many_overdue_projects_and_slow_tasks_the_worst_are_listed(leader):
    target()
    for number in range(PROJECTS + 2):
        project = ProjectFactory(code=f"P{number:02d}", end_year=2017 + number, start_year=2016)
        ProjectProgressFactory(project=project, status="under_way")
    for number in range(TASKS + 1):
        task = TaskFactory(number=number + 1)
        TaskProgressFactory(task=task, status="lagging" if number else "stalled")
    page = leader.get(SHEET)
    assert f"{PROJECTS + 2}个项目，列{PROJECTS}个" in document(page).text
    assert f"共{TASKS + 1}项，列{TASKS}项" in document(page).text
    sheet = LeadersSheet(overview(period=QUARTER))
    assert [late.case.shown.code for late in sheet.late][:2] == ["P00", "P01"]
    assert [slow.state for slow in sheet.slow] == ["新转停滞", *["新转滞后"] * (TASKS - 1)]


def test_a_past_day_shows_what_was_known_then(leader):
    made = target(value="")
    late = ObservationFactory(target=made, year=2025, value=Decimal("19.2"), grade="final")
    at = timezone.now() - datetime.timedelta(days=10)
    type(late).objects.filter(pk=late.pk).update(recorded_at=at)
    day = timezone.localdate() - datetime.timedelta(days=30)
    page = leader.get(f"{SHEET}?asof={day.isoformat()}")
    assert rows(page)["T03"][5] == "—"
    assert f"数据截至{day.year}年{day.month}月{day.day}日" in document(page).text
    assert rows(leader.get(SHEET))["T03"][5] == "19.2"


def test_more_targets_stand_closer_and_beyond_thirty_it_says_so(leader):
    for number in range(ROOM + 1):
        TargetFactory(code=f"X{number:02d}")
    page = leader.get(SHEET)
    assert "a4 dense" in text(page)
    assert "一页只列" not in text(page)
    for number in range(ROOM + 1, MOST + 2):
        TargetFactory(code=f"X{number:02d}")
    page = leader.get(SHEET)
    assert len(rows(page)) == MOST
    assert "一页只列30项，其余2项见系统“指标”页" in text(page)


def test_it_says_who_printed_and_nobody_keeps_it(leader):
    page = leader.get(SHEET)
    assert "打印：孙领导" in text(page)
    assert "no-store" in page["Cache-Control"]
    assert "ETag" not in page


def test_it_names_the_rule_in_force(leader):
    target()
    assert "判定规则第1版" in text(leader.get(SHEET))


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
            RiskFactory(title=f"风险{number}")

    more(1)
    DataState.touch()
    few = len(statements(leader, SHEET))
    more(9)
    DataState.touch()
    assert len(statements(leader, SHEET)) == few <= 8


class TestMadeOnce:
    """The sheet is made once for all readers, and anew with whatever it says."""

    def test_another_reader_costs_little(self, client, leader, django_assert_max_num_queries):
        target()
        DataState.touch()
        assert "T03" in text(leader.get(SHEET))
        client.force_login(UserFactory(roles=[Role.LEADER], agency=None, name="王芳"))
        with django_assert_max_num_queries(5):
            shown = text(client.get(SHEET))
        assert "T03" in shown
        assert "打印：王芳" in shown

    def test_a_new_risk_is_on_it_at_once(self, leader):
        known = ObservationFactory(target=target(), year=2024, grade="final")
        at = timezone.now() - datetime.timedelta(days=90)
        type(known).objects.filter(pk=known.pk).update(recorded_at=at)
        DataState.touch()
        leader.get(SHEET)
        RiskFactory(title="用地未落实")
        assert "用地未落实" in text(leader.get(SHEET))
