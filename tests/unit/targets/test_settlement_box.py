"""The settlement on a target's page: what holds, what has changed since, what was said before."""

import datetime

import pytest

from records.asof import AsOf
from targets import services
from targets.choices import Nature, TargetKind
from targets.models import Settlement
from targets.selectors import target_detail
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, TargetFactory
from tests.pages import text, words
from tests.unit.targets.settling_scene import revise, row_of, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]


@pytest.fixture
def page(client, cast):
    def read(code="T18", name="赵六"):
        client.force_login(cast[name])
        return words(text(client.get(f"/targets/{code}/")))

    return read


def box(code="T18", asof=None):
    return target_detail(code=code, asof=asof).settlement


def test_before_it_is_settled(milestone, value, page):
    assert (box().current, box().is_due) == (None, True)
    assert "还没有判定：年度值已核定，等区发改局审核员判定。" in page()
    assert "去判定" in page()
    assert "去判定" not in page(name="孙领导")


def test_the_same_as_on_the_page_of_2025(target, milestone, value, reviewer, page):
    settle(milestone, value, reviewer, note="按公报")
    assert box().row == row_of(target)
    shown = page()
    for said in (
        "已达标",
        "李敏提出，赵六",
        "依据：实际值78.60%（部门统计，第1版）",
        "说明：按公报",
    ):
        assert said in shown, said
    assert "须重新判定" not in shown


def test_what_has_changed_and_what_was_said_before(target, milestone, value, reviewer, page):
    settle(milestone, value, reviewer)
    new = revise(target, reviewer, "74.2")
    assert box().row == row_of(target)
    shown = page()
    assert "此后实际值由78.60%（部门统计，第1版）改为74.20%（最终核实，第2版）" in shown
    assert "按现有数据：未达标。重新判定以前原结论不变。" in shown
    settle(milestone, new, reviewer, reason="五经普修订")
    found = box()
    assert (found.current.says.label, [told.says.label for told in found.earlier]) == (
        "未达标",
        ["已达标"],
    )
    shown = page()
    assert "重新判定的原因：五经普修订" in shown
    assert "以前的判定（1）" in shown
    assert "已被取代" in shown


def test_one_taken_back_stays_readable(milestone, value, reviewer, page):
    found = settle(milestone, value, reviewer)
    services.retract_settlement(
        settlement=found, by=reviewer, reason="口径还要核对", proposed_by="李敏"
    )
    assert box().current is None
    assert "已撤销" in page()


def test_what_was_recognised_names_its_document(reviewer, page):
    cars = TargetFactory(code="T20", kind=TargetKind.QUALITATIVE)
    goal = MilestoneFactory(target=cars, nature=Nature.JUDGEMENT, comparison="", value=None)
    document = DocumentFactory(number="长发改〔2026〕9号")
    services.recognise(
        proposed_by="李敏",
        milestone=goal,
        verdict="missed",
        document=document,
        note="还没有全面电动化",
        by=reviewer,
    )
    shown = page("T20")
    assert "长发改〔2026〕9号" in shown
    assert "说明：还没有全面电动化" in shown
    assert "定性待认定" not in shown


def test_as_of_a_day_before_it_came(milestone, value, reviewer):
    settle(milestone, value, reviewer)
    day = datetime.date(2026, 1, 1)
    before = datetime.datetime(2025, 12, 1, tzinfo=datetime.UTC)
    type(value).objects.update(recorded_at=before)
    assert box(asof=AsOf(day)).current is None
    Settlement.objects.update(recorded_at=before)
    assert box(asof=AsOf(day)).current.says.label == "已达标"


def test_without_a_goal_of_the_year(page):
    MilestoneFactory(target=TargetFactory(code="T23"), year=2030)
    assert box("T23") is None
    assert "2025年判定" not in page("T23").partition("阶段目标")[2]


def test_no_statement_of_its_own(milestone, value, reviewer, django_assert_num_queries):
    with django_assert_num_queries(3):
        target_detail(code="T18")
    settle(milestone, value, reviewer)
    with django_assert_num_queries(3):
        assert box().row.state
