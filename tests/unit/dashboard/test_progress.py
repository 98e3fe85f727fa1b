"""Years between milestones: each against its own requirement, by the path to the next goal."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.choices import Role
from dashboard.selectors.years.progress import ProgressGroup, progress
from dashboard.sheets import progress_sheet
from targets.choices import MilestoneState, Pace
from targets.models import LightOverride
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.pages import statements, text

pytestmark = pytest.mark.django_db

PAGE = "/dashboard/2027/progress/"
DAY = datetime.date(2028, 2, 29)


@pytest.fixture(autouse=True)
def plan(clock):
    clock.move_to(DAY)
    return DocumentFactory(is_plan=True, base_year=2020, milestone_years=[2025, 2030])


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None, name="孙领导"))
    return client


def target(code, *values, goals=((2025, 20), (2030, 22)), **facts):
    """A share from 16.8 in 2020 with its values, newest last."""
    usual = {"decimals": 1, "baseline_value": Decimal("16.8"), "pace": Pace.LINEAR}
    found = TargetFactory(code=code, short_name=f"{code}比重", **(usual | facts))
    for year, value in goals:
        MilestoneFactory(target=found, year=year, value=value and Decimal(value))
    for year, value, *grade in values:
        ObservationFactory(
            target=found, year=year, value=Decimal(value), grade=grade[0] if grade else "final"
        )
    return found


def row_of(code, year=2027):
    return next(row for row in progress(year=year).rows if row.judged.target.code == code)


class TestRows:
    def test_a_value_is_held_against_its_own_year(self):
        # 20 in 2025, 22 in 2030: 20.8 at the end of 2027
        target("T03", (2025, "19.2"), (2026, "19.9"), (2027, "20.6", "preliminary"))
        row = row_of("T03")
        assert (row.required, row.value, row.gap) == ("≥20.8%", "20.6%", "差0.2个百分点")
        assert (row.group, row.is_hollow) == (ProgressGroup.ORANGE, True)
        assert row.sentence == (
            "T03比重：2027年进度要求20.8%以上，实际20.6%（初步核算），差0.2个百分点，二级：差距不超过10%。"
        ).replace("T03比重", row.judged.target.name)
        before = row_of("T03", 2026)
        assert (before.required, before.value, before.group) == (
            "≥20.4%",
            "19.9%",
            ProgressGroup.ORANGE,
        )
        assert not before.is_hollow

    def test_what_is_reached_and_what_is_missing(self):
        target("T01", (2027, "20.8"))
        target("T02", (2026, "20.8"))
        assert (row_of("T01").group, row_of("T01").gap) == (ProgressGroup.GREEN, "达到")
        missing = row_of("T02")
        assert (missing.group, missing.required, missing.value) == (
            ProgressGroup.MISSING,
            "≥20.8%",
            "",
        )
        assert missing.sentence.endswith("2027年进度要求20.8%以上，还没有2027年的年度值。")

    def test_what_is_not_required_says_why(self):
        pending = target("T01", (2027, "9"), goals=(), pace=Pace.ASSIGNED, kind="assigned")
        MilestoneFactory(target=pending, year=2030, value=None, state=MilestoneState.PENDING)
        peak = target("T06", *((y, str(y - 2000)) for y in range(2024, 2028)), goals=(),
                      kind="peak_by", unit="万吨")  # fmt: skip
        MilestoneFactory(target=peak, year=2030, value=None, nature="event", comparison="by_year")
        none = target("T08", goals=((2030, 22),), baseline_value=None, baseline_year=None)
        assert (row_of("T01").group, row_of("T01").light.reason) == (
            ProgressGroup.OTHER,
            "目标待市下达",
        )
        assert row_of("T06").sentence.endswith("，实际27.0万吨（最终核实），仍在上升，增速放缓。")
        assert row_of("T08").sentence == f"{none.name}：2027年没有进度要求。"

    def test_a_level_set_by_hand_says_so(self):
        made = target("T03", (2027, "20.6"))
        (value,) = made.observations.all()
        LightOverride.objects.create(
            target=made, observation=value, year=2027, level="red", reason="设备停运，来年难以恢复",
            recorded_by="赵六",
        )  # fmt: skip
        row = row_of("T03")
        assert (row.group, row.level_words) == (ProgressGroup.RED, "一级，人工判定")
        assert "，一级，人工判定：" in row.sentence

    def test_a_value_of_another_basis_is_not_compared(self):
        made = target("T19", accounting_basis="区级口径")
        ObservationFactory(target=made, year=2027, value=Decimal(30), basis="市级口径")
        row = row_of("T19")
        assert (row.group, row.gap) == (ProgressGroup.OTHER, "")
        assert "口径变更待确认" in row.sentence


class TestYears:
    @pytest.mark.parametrize("year", [2021, 2024, 2026, 2027])
    def test_are_those_that_are_over_and_no_milestones(self, year):
        target("T03")
        assert progress(year=year).year == year

    @pytest.mark.parametrize("year", [2019, 2020, 2025, 2028, 2029, 2030])
    def test_are_no_others(self, year):
        target("T03")
        assert progress(year=year) is None

    def test_without_a_plan_there_are_none(self):
        assert progress(year=2027) is None


class TestPage:
    def test_counts_and_lists_by_level(self, leader):
        target("T01", (2027, "21"), lead=AgencyFactory(short_name="区发改局"))
        target("T02", (2027, "20.6"))
        target("T03")
        page = leader.get(PAGE)
        assert "2027年进度：2项有年度值，达到要求1项，二级1项；1项没有年度值。" in text(page)
        cells = {row[0]: row for row in document(page).table_rows() if len(row) == 8}
        assert cells["T01"] == [
            "T01", "T01比重", "≥20.8%", "21.0%", "高0.2个百分点", "最终核实", "三级", "区发改局",
        ]  # fmt: skip
        assert [a["href"] for a in document(page).every("p.note")[-1].every("a")] == [
            f"/dashboard/{year}/progress/" for year in (2021, 2022, 2023, 2024, 2026)
        ]

    def test_has_a_workbook_with_the_same_numbers(self, leader):
        target("T02", (2027, "20.6"))
        assert leader.get(f"{PAGE}export.xlsx").status_code == 200
        sheet = progress_sheet(progress(year=2027))
        assert sheet.head[3:5] == ("2027年进度要求", "2027年实际")
        assert sheet.rows[0][:2] + sheet.rows[0][3:8] == (
            "T02", row_of("T02").judged.target.name,
            "≥20.8%", Decimal("20.6"), "差0.2个百分点", "最终核实", "二级",
        )  # fmt: skip

    @pytest.mark.parametrize(("day", "year"), [(DAY, 2027), (datetime.date(2026, 11, 30), 2024)])
    def test_the_rules_lead_to_the_newest_year(self, leader, clock, day, year):
        clock.move_to(day)
        target("T03")
        assert "/dashboard/progress/" in text(leader.get("/manage/rules/lights/"))
        assert leader.get("/dashboard/progress/").url == reverse("dashboard:progress", args=[year])

    def test_without_a_plan_there_is_no_such_year(self, leader, plan):
        plan.delete()
        assert leader.get("/dashboard/progress/").url == reverse("dashboard:overview")

    def test_of_a_year_that_runs_is_none(self, leader):
        target("T03")
        for address in ("/dashboard/2028/progress/", "/dashboard/2028/progress/export.xlsx"):
            assert leader.get(address).status_code == 404

    def test_statements_do_not_grow(self, leader):
        target("T90", (2027, "20"))
        few = len(statements(leader, PAGE))
        for number in range(9):
            target(f"T{number}", (2027, "20"))
        assert len(statements(leader, PAGE)) == few
