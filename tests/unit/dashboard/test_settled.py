"""The page of the milestones of 2025: what it says and who may settle on it."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from agencies.choices import Role
from audit.models import AuditEvent
from dashboard.selectors.years.settled import MilestoneGroup
from plan.models import DataState
from reporting.choices import ObligationKind
from reporting.review.services import reviews
from targets.models import Settlement, Target, TargetSource
from targets.selectors import judged_targets
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.plan import ClauseFactory, DocumentFactory
from tests.factories.targets import MilestoneFactory, TargetFactory
from tests.pages import workbook
from tests.unit.dashboard.settled_scene import (
    PAGE,
    decide,
    marks,
    milestone,
    page,
    posted,
    settle,
    state_of,
)
from tests.unit.reporting.reviewed import handed_in, make_agency
from tests.unit.targets.settling_scene import revise

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def reviewer(client):
    user = UserFactory(roles=[Role.REVIEWER])
    client.force_login(user)
    return user


class TestPage:
    def test_groups_states_and_the_finding(self):
        milestone("T90", "75", "77.1")
        milestone("T91", "35", "29.8")
        milestone("T92", "20", "19.2", grade="preliminary")
        milestone("T93", "50")
        milestone("T94", "50", "60", commitment="striven")
        found = page()
        assert [(row.code, row.group, row.state) for row in found.rows] == [
            ("T91", MilestoneGroup.JUDGED, "待判定"),
            ("T92", MilestoneGroup.JUDGED, "—"),
            ("T90", MilestoneGroup.JUDGED, "待判定"),
            ("T94", MilestoneGroup.STRIVEN, "待判定"),
            ("T93", MilestoneGroup.MISSING, "—"),
        ]
        assert found.finding == "2025年5项目标（含力争1项）：还没有一项判定，还有3项可以判定"

    def test_everybody_reads_it_and_only_reviewers_see_boxes(self, client):
        milestone("T90", "75", "77.1")
        for role in Role:
            client.force_login(UserFactory(roles=[role]))
            text = client.get(PAGE).content.decode()
            assert "2025年1项目标" in text
            assert ('name="pick"' in text) is (role == Role.REVIEWER)

    def test_each_number_leads_to_its_rows(self, client, reviewer):
        milestone("T90", "75", "77.1")
        milestone("T93", "50")
        for count in (*page().groups, *page().states, *page().verdicts):
            assert f"共{count.number}项" in client.get(count.url).content.decode()

    def test_an_unknown_filter_lets_all_pass(self, client, reviewer):
        milestone("T90", "75", "77.1")
        assert "共1项" in client.get(f"{PAGE}?group=odd&state=1").content.decode()

    def test_who_owes_a_value_is_named(self, client, reviewer):
        milestone("T93", "50", lead=AgencyFactory(short_name="区住建局"))
        text = client.get(PAGE).content.decode()
        assert text.count("待区住建局填报") == 2
        (row,) = page().rows
        assert row.sentence.endswith("还没有2025年的年度值，待区住建局填报。")

    def test_targets_without_a_goal_of_the_year_are_named(self, client, reviewer):
        milestone("T90", "75", "77.1")
        MilestoneFactory(target=TargetFactory(code="T23"), year=2030)
        assert "不在此列的1项" in client.get(PAGE).content.decode()
        assert "不在此列" not in client.get(PAGE, {"verdict": "achieved"}).content.decode()

    @pytest.mark.usefixtures("of_2026q3")
    def test_the_chart_stands_on_the_whole_page_with_its_table(self, client, reviewer):
        milestone("T90", "75", "77.1")
        milestone("T93", "50")
        text = client.get(PAGE).content.decode()
        assert text.count("<figure") == text.count('class="chart-table"') == 1
        assert client.get(PAGE).content.decode().count("<figure") == 1
        assert "<figure" not in client.get(PAGE, {"verdict": "achieved"}).content.decode()

    def test_the_words_of_the_plan_are_one_click_away(self, client, reviewer):
        target = milestone("T90", "75", "77.1").target
        source = TargetSource.objects.create(
            target=target, clause=ClauseFactory(), quote="达到75%以上"
        )
        assert f'href="{escape(source.url)}"' in client.get(PAGE).content.decode()

    def test_without_milestones(self, client, reviewer):
        assert "还没有2025年目标" in client.get(PAGE).content.decode()

    def test_the_workbook_has_the_same_rows(self, client, reviewer):
        found = milestone("T90", "75", "77.1")
        settle(client, "T90")
        revise(found.target, reviewer, "74.2")
        _, (row,) = workbook(client.get(f"{PAGE}export.xlsx"))
        shown = [row[name].value for name in ("编号", "2025年实际", "差距", "结论", "判定")]
        assert shown == ["T90", 74.2, "差0.8个百分点", "已达标", "须重新判定"]
        assert row["依据"].value.startswith("实际值77.1%（最终核实，第1版）")

    @pytest.mark.parametrize(("value", "degree"), [("1.3", "不足100"), ("1.299", 100.1)])
    def test_a_degree_of_completion_says_what_the_verdict_says(
        self, client, reviewer, value, degree
    ):
        facts = {"kind": "below", "unit": "无量纲", "decimals": 2}
        milestone("T11", "1.3", value, comparison="below", **facts)
        _, (row,) = workbook(client.get(f"{PAGE}export.xlsx"))
        assert row["结论"].value == ("未达标" if value == "1.3" else "已达标")
        assert row["完成程度（目标＝100）"].value == degree

    def test_statements_do_not_grow(self, client, reviewer, django_assert_max_num_queries):
        for number in range(1, 3):
            milestone(f"T{number:02d}", "75", "77.1")
        client.get(PAGE)
        with django_assert_max_num_queries(8) as few:
            client.get(PAGE, {"state": "open"})
        for number in range(3, 23):
            milestone(f"T{number:02d}", "75", "77.1")
        with django_assert_max_num_queries(8) as many:
            client.get(PAGE, {"group": "judged"})
        assert len(many) == len(few)


def test_a_value_leads_to_its_submission_for_those_concerned(client, reviewer):
    target = milestone("T90", "75").target
    item = handed_in(
        make_agency(), ObligationKind.TARGET, target=target, value="77.1", value_period="2025"
    )
    reviews.begin(pk=item.pk, by=reviewer)
    reviews.approve(rounds={item.pk: 1}, by=reviewer)
    number = item.rounds.get().submission.full_number
    receipt = reverse("reporting:receipt", args=["2026Q3", number])
    assert receipt in client.get(PAGE).content.decode()
    assert client.get(receipt).status_code == 200
    client.force_login(UserFactory(roles=[Role.LEADER]))
    page = client.get(PAGE).content.decode()
    assert receipt not in page
    assert "2026年第三季度" in page
    assert "报送</span>" in page


@pytest.mark.usefixtures("of_2026q3")
class TestSettling:
    def test_first_the_numbers_then_the_verdict(self, client, reviewer):
        milestone("T90", "75", "77.1")
        milestone("T91", "35", "29.8")
        shown = client.post(reverse("dashboard:settle", args=[2025]), {"pick": marks("T90", "T91")})
        assert "提出判定2项" in shown.content.decode()
        assert not Settlement.objects.exists()
        done = settle(client, "T90", "T91", note="统计公报")
        assert "已提出判定T91、T90，等另一位审核员确认" in done.content.decode()
        assert {(row.target.code, row.verdict) for row in Settlement.objects.all()} == {
            ("T90", "achieved"),
            ("T91", "missed"),
        }
        assert AuditEvent.objects.filter(object_type="判定").count() == 2
        assert set(Settlement.objects.values_list("proposed_by", "recorded_by")) == {
            (reviewer.name, "王敏")
        }
        assert page().finding == "2025年2项目标：判定2项（已达标1、未达标1）"
        Target.objects.filter(code="T91").update(commitment="striven")
        assert page().finding == "2025年2项目标（含力争1项）：判定2项（已达标1、未达到力争值1）"
        Target.objects.filter(code="T90").update(commitment="striven")
        assert page().finding == "2025年2项目标（含力争2项）：判定2项（已达标1、未达到力争值1）"
        listed = client.get("/dashboard/2025/?verdict=fell_short").content.decode()
        assert "T91" in listed
        assert "T90" not in listed

    def test_statements_of_settling_do_not_grow(self, client, reviewer):
        for number in range(1, 23):
            milestone(f"T{number:02d}", "75", "77.1")
        self.statements(client, "T01")
        few = self.statements(client, "T02")
        many = self.statements(client, *(f"T{number:02d}" for number in range(3, 23)))
        assert len(many) == len(few) <= MOST, many

    def statements(self, client, *codes):
        data = {"pick": marks(*codes), "confirm": "1"}
        return posted(client, reverse("dashboard:settle", args=[2025]), data)

    def test_a_revised_value_never_flips_and_is_settled_again(self, client, reviewer):
        found = milestone("T90", "75", "77.1")
        settle(client, "T90")
        revise(found.target, reviewer, "74.2")
        assert state_of("T90") == "须重新判定"
        text = client.get(PAGE).content.decode()
        assert "原判定为已达标" in text
        (judged,) = judged_targets()
        words = "已达标（按77.1%），须重新判定"
        assert (judged.verdict_words, judged.settled_actual) == (words, "74.2%")
        assert words in client.get("/targets/").content.decode()
        note = "差0.8个百分点；原按实际77.1%、目标75%以上判定为已达标，须重新判定。"
        assert judged.settled_sentence.endswith(note)
        refused = settle(client, "T90", again="1")
        assert "写明为什么重新判定" in refused.content.decode()
        settle(client, "T90", again="1", reason="五经普修订了数值")
        assert state_of("T90") == "已判定"
        assert Settlement.objects.get(is_current=True).verdict == "missed"
        (judged,) = judged_targets()
        assert (judged.verdict_words, judged.settled_actual) == ("未达标", "74.2%")

    def test_another_value_than_the_one_seen_is_not_settled(self, client, reviewer):
        found = milestone("T90", "75", "77.1")
        seen = marks("T90")
        revise(found.target, reviewer, "74.2")
        answer = client.post(
            reverse("dashboard:settle", args=[2025]), {"pick": seen, "confirm": "1"}, follow=True
        )
        assert "勾选的数值或目标刚刚变了" in answer.content.decode()
        assert not Settlement.objects.exists()

    def test_what_was_missed_is_carried_over(self, client, reviewer):
        milestone("T91", "35", "29.8", name="回收利用率")
        assert "结转至2030年" not in client.get(PAGE).content.decode()
        settle(client, "T91")
        text = client.get(PAGE).content.decode()
        assert "未完成的结转至2030年" in text
        assert "今后年均需提高1.04个百分点" in text

    def test_versions_and_rule_stand_under_the_sentence(self, client, reviewer):
        milestone("T91", "35", "29.8")
        settle(client, "T91")
        text = client.get(PAGE).content.decode()
        assert (
            "依据：实际值29.8%（最终核实，第1版）；阶段目标35%以上（第1版）；判定规则第1版" in text
        )

    def test_a_preliminary_value_cannot_be_picked(self, client, reviewer):
        milestone("T92", "20", "19.2", grade="preliminary")
        settle(client, "T92")
        assert not Settlement.objects.exists()

    def test_nothing_picked(self, client, reviewer):
        answer = client.post(reverse("dashboard:settle", args=[2025]), follow=True)
        assert "先勾选要判定的指标" in answer.content.decode()

    def test_it_is_retracted_with_a_reason(self, client, reviewer):
        milestone("T90", "75", "77.1")
        settle(client, "T90")
        address = reverse("dashboard:settled_retract", args=[2025, Settlement.objects.get().pk])
        assert "写明为什么撤销" in client.post(address).content.decode()
        assert state_of("T90") == "已判定"
        client.post(address, {"reason": "口径还要核对"})
        assert state_of("T90") == "待确认"
        decide()
        assert state_of("T90") == "待判定"

    def test_what_has_no_number_is_recognised_by_a_document(self, client, reviewer):
        target = TargetFactory(code="T20", kind="qualitative")
        found = MilestoneFactory(
            target=target, year=2025, nature="judgement", comparison="", value=None
        )
        address = reverse("dashboard:recognise", args=[2025, found.pk])
        assert address in client.get(PAGE).content.decode()
        document = DocumentFactory()
        wrong = client.post(address, {"verdict": "achieved", "note": "公共机构用车已全部电动化"})
        assert "选择认定所依据的文件" in wrong.content.decode()
        assert "重新认定" not in wrong.content.decode()
        assert "公共机构用车已全部电动化" in wrong.content.decode()
        data = {"verdict": "achieved", "document": document.pk, "note": "公共机构用车已全部电动化"}
        client.post(address, data)
        decide()
        again = client.post(address, {**data, "verdict": "missed"})
        assert "写明为什么重新认定" in again.content.decode()
        assert state_of("T20") == "已判定"
        (judged,) = judged_targets()
        assert judged.verdict_words == "已达标"

    def test_what_is_striven_for_is_recognised_in_its_own_words(self, client, reviewer):
        target = TargetFactory(code="T20", kind="qualitative", commitment="striven")
        found = MilestoneFactory(
            target=target, year=2025, nature="judgement", comparison="", value=None
        )
        address = reverse("dashboard:recognise", args=[2025, found.pk])
        form = client.get(address).content.decode()
        assert "未达到力争值" in form
        assert "未达标" not in form
        data = {"verdict": "missed", "document": DocumentFactory().pk, "note": "还没有全面电动化"}
        client.post(address, data)
        decide()
        assert Settlement.objects.get().verdict == "missed"
        (judged,) = judged_targets()
        assert (judged.verdict_words, judged.settled.level) == ("未达到力争值", "orange")
        event = AuditEvent.objects.get(object_type="判定")
        assert ["判定结果", "", "未达到力争值"] in event.changes
        text = client.get(PAGE).content.decode()
        assert "没有达到的目标" in text
        assert "（未达到力争值1）" in text

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.REVIEWER])
    def test_nobody_else_settles(self, client, reviewer, role):
        milestone("T90", "75", "77.1")
        milestone("T91", "75", "77.1")
        peak = milestone("T92", None, nature="event", comparison="by_year")
        settle(client, "T91")
        known = Settlement.objects.get()
        client.force_login(UserFactory(roles=[role]))
        assert settle(client, "T90").status_code == 403
        data = {"verdict": "achieved", "document": DocumentFactory().pk, "note": "凭文件认定"}
        assert (
            client.post(reverse("dashboard:recognise", args=[2025, peak.pk]), data).status_code
            == 403
        )
        back = reverse("dashboard:settled_retract", args=[2025, known.pk])
        assert client.post(back, {"reason": "口径还要核对"}).status_code == 403
        assert Settlement.objects.get(is_current=True) == known

    def test_statements_of_the_other_writes(self, client, reviewer):
        DataState.touch()
        found = milestone("T20", None, nature="judgement", comparison="", kind="qualitative")
        data = {"verdict": "achieved", "document": DocumentFactory().pk, "note": "已全部电动化"}
        known = posted(client, reverse("dashboard:recognise", args=[2025, found.pk]), data)
        assert len(known) <= MOST, "\n".join(q[:110] for q in known)
        decide()
        back = reverse("dashboard:settled_retract", args=[2025, Settlement.objects.get().pk])
        known = posted(client, back, {"reason": "口径还要核对"})
        assert len(known) <= MOST, "\n".join(q[:110] for q in known)


class TestMadeOnce:
    """Readers of the same roles and agency get what the first of them was shown."""

    def test_others_see_what_they_may_and_no_more(self, client, reviewer):
        milestone("T90", "75", "77.1")
        DataState.touch()
        assert 'name="pick"' in client.get(PAGE).content.decode()
        leader = UserFactory(roles=[Role.LEADER], agency=None)
        for _ in range(2):
            client.force_login(leader)
            shown = client.get(PAGE).content.decode()
            assert "T90" in shown
            assert 'name="pick"' not in shown
            assert 'id="settle"' not in shown
            client.force_login(reviewer)
            assert 'name="pick"' in client.get(PAGE).content.decode()

    def test_a_second_reader_asks_for_little(self, client, reviewer, django_assert_max_num_queries):
        milestone("T90", "75", "77.1")
        DataState.touch()
        client.get(PAGE)
        client.force_login(UserFactory(roles=[Role.REVIEWER], agency=reviewer.agency))
        with django_assert_max_num_queries(3):
            assert 'name="pick"' in client.get(PAGE).content.decode()

    def test_a_settlement_is_shown_at_once(self, client, reviewer):
        milestone("T90", "75", "77.1")
        DataState.touch()
        client.get(PAGE)
        settle(client, "T90")
        assert "已判定" in client.get(PAGE).content.decode()
