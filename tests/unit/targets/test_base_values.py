"""The value of a base year: a document, two persons, versions, and the light that it turns."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from records.asof import AsOf
from targets import rules, selectors, services
from targets.choices import ProposalState, TargetKind
from targets.models import JudgingRule, Observation, Proposal
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast() | {"周审核": UserFactory(name="周审核", roles=[Role.REVIEWER])}


@pytest.fixture
def target():
    """19.2 % of 20 %: by level short by 4.0 %, from a base of 16.8 % by 25.0 % of the change."""
    target = TargetFactory(code="T03", name="非化石能源消费比重", pace="linear")
    MilestoneFactory(target=target, value=D(20))
    ObservationFactory(target=target, value=D("19.2"), grade="final")
    return target


def rule(**facts):
    JudgingRule.objects.create(
        version=2, valid_from="2020-01-01", near_percent=10, tolerance_percent=2,
        caps_striven=True, reason="按应有进展", **facts,
    )  # fmt: skip


@pytest.fixture
def by_change():
    rule(method="change")


@pytest.fixture
def document():
    return DocumentFactory(title="2020年能源统计公报", number="统〔2021〕3号")


def propose(target, by, document, value="16.8", **more):
    facts = {"grade": "final", "document": document} | more
    return services.propose_base(target=target, value=D(value), by=by, **facts)


def judged():
    (found,) = selectors.judged_targets()
    return found


class TestTwoPersons:
    def test_it_holds_when_another_has_confirmed_it(self, cast, target, document):
        asked = propose(target, cast["赵六"], document, note="表3")
        assert asked.words == "16.8%（最终核实），依据2020年能源统计公报（统〔2021〕3号）"
        assert judged().terms.baseline_value is None
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        assert judged().terms.baseline_value == D("16.8")
        row = target.observations.get(year=2020)
        assert (row.version, row.grade, row.source) == (1, "final", str(document))
        detail = selectors.target_detail(code="T03")
        assert detail.baseline_words == f"2020年：16.8%（{document}）"
        assert row.note == "表3；赵六提出，周审核确认"
        events = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
        assert list(events) == ["提出基期值", "录入", "确认基期值"]

    def test_nobody_confirms_what_they_proposed(self, cast, target, document):
        asked = propose(target, cast["赵六"], document)
        with pytest.raises(PermissionDenied, match="自己提出的事项由另一位审核员确认"):
            services.confirm(keys=[asked.pk], by=cast["赵六"])
        assert judged().terms.baseline_value is None

    def test_the_administrator_proposes_and_a_reviewer_decides(self, cast, target, document):
        asked = propose(target, cast["管理员"], document)
        with pytest.raises(PermissionDenied):
            services.confirm(keys=[asked.pk], by=UserFactory(roles=[Role.ADMINISTRATOR]))
        services.confirm(keys=[asked.pk], by=cast["赵六"])
        assert judged().terms.baseline_value == D("16.8")

    def test_it_takes_two_where_one_person_may_settle(self, cast, target, document):
        rule(needs_second=False)
        assert propose(target, cast["赵六"], document).state == ProposalState.OPEN
        assert not target.observations.filter(year=2020).exists()

    @pytest.mark.parametrize("name", ["张三", "钱审核", "孙领导"])
    def test_others_propose_nothing(self, cast, target, document, name):
        with pytest.raises(PermissionDenied, match="“提出基期值”由"):
            propose(target, cast[name], document)


class TestVersions:
    def test_a_correction_says_why_and_keeps_the_old_one(self, cast, target, document):
        first = propose(target, cast["赵六"], document)
        services.confirm(keys=[first.pk], by=cast["周审核"])
        with pytest.raises(ValidationError, match="和现行的基期值相同"):
            propose(target, cast["赵六"], document, reason="五经普修订")
        with pytest.raises(ValidationError, match="写明更正的原因"):
            propose(target, cast["赵六"], document, "16.2")
        again = propose(target, cast["赵六"], document, "16.2", reason="五经普修订")
        services.confirm(keys=[again.pk], by=cast["周审核"])
        rows = target.observations.filter(year=2020).order_by("version")
        assert [(row.value, row.is_current, row.reason) for row in rows] == [
            (D("16.8"), False, ""),
            (D("16.2"), True, "五经普修订"),
        ]

    def test_one_that_changed_meanwhile_is_not_confirmed(self, cast, target, document):
        asked = propose(target, cast["赵六"], document)
        ObservationFactory(target=target, year=2020, value=D(15), grade="final")
        with pytest.raises(ValidationError, match="T03的基期值在提出以后变了"):
            services.confirm(keys=[asked.pk], by=cast["周审核"])

    def test_a_past_day_does_not_know_it(self, cast, target, document):
        zone = timezone.get_current_timezone()
        target.observations.update(recorded_at=datetime.datetime(2026, 5, 1, tzinfo=zone))
        asked = propose(target, cast["赵六"], document)
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        came = datetime.datetime(2026, 6, 2, tzinfo=zone)
        Observation.objects.filter(year=2020).update(recorded_at=came)
        known = [
            selectors.judged_targets(asof=AsOf(datetime.date(2026, 6, day)))[0].terms.baseline_value
            for day in (1, 2)
        ]
        assert known == [None, D("16.8")]

    def test_what_is_entered_goes_before_what_the_plan_gives(self, cast, target, document):
        type(target).objects.update(baseline_value=D(17))
        assert judged().terms.baseline_value == D(17)
        asked = propose(target, cast["赵六"], document)
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        assert judged().terms.baseline_value == D("16.8")

    @pytest.mark.parametrize(
        "facts", [{"kind": TargetKind.REDUCTION, "baseline_value": D(0)}, {"baseline_year": None}]
    )
    def test_what_has_no_base_to_be_found_out(self, cast, document, facts):
        other = TargetFactory(**facts)
        with pytest.raises(ValidationError, match="不需要基期值"):
            propose(other, cast["赵六"], document)

    def test_a_share_is_no_more_than_all(self, cast, target, document):
        with pytest.raises(ValidationError, match="须在0至100之间"):
            propose(target, cast["赵六"], document, "168")


class TestPreview:
    def test_the_light_that_it_turns(self, target, by_change):
        change = selectors.base_entry(code="T03").turned(D("16.8"))
        assert (change.before.level, change.before.reason) == (
            rules.Level.ORANGE, "差距占要求值4.0%（缺基期值）",
        )  # fmt: skip
        assert (change.after.level, change.after.reason) == (
            rules.Level.RED, "缺口占应有进展25.0%",
        )  # fmt: skip

    def test_it_says_what_then_holds(self, cast, target, document, by_change):
        change = selectors.base_entry(code="T03").turned(D("16.8"))
        asked = propose(target, cast["赵六"], document)
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        assert judged().light == change.after

    def test_a_base_by_itself_is_no_progress(self, target):
        Observation.objects.update(year=2020)
        assert judged().light.level == rules.Level.GREY
        assert judged().light.reason == "只有基期值，还没有以后的数值"


class TestTakenBack:
    """What was confirmed is withdrawn by two persons, and what was there before holds again."""

    def gone(self, target, by, reason="文件已作废"):
        value = target.observations.get(year=2020, is_current=True)
        return services.propose_base_gone(observation=value, reason=reason, by=by)

    @pytest.fixture
    def entered(self, cast, target, document):
        services.confirm(keys=[propose(target, cast["赵六"], document).pk], by=cast["周审核"])
        return target

    def test_another_confirms_and_the_base_is_unknown_again(self, cast, entered, document):
        asked = self.gone(entered, cast["赵六"])
        assert asked.words == f"撤销16.8%（{document}）：文件已作废"
        assert judged().terms.baseline_value == D("16.8")
        with pytest.raises(PermissionDenied):
            services.confirm(keys=[asked.pk], by=cast["赵六"])
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        assert judged().terms.baseline_value is None
        row = entered.observations.get(year=2020)
        assert row.retracted_at is not None
        events = AuditEvent.objects.order_by("-pk")[:3]
        assert [event.action for event in events] == ["确认撤销基期值", "撤销", "提出撤销基期值"]
        assert events[1].reason == "文件已作废；赵六提出，周审核确认"

    def test_a_past_day_keeps_it(self, cast, entered):
        came = datetime.datetime(2026, 6, 1, tzinfo=timezone.get_current_timezone())
        entered.observations.update(recorded_at=came)
        services.confirm(keys=[self.gone(entered, cast["赵六"]).pk], by=cast["周审核"])
        (then,) = selectors.judged_targets(asof=AsOf(datetime.date(2026, 6, 2)))
        assert then.terms.baseline_value == D("16.8")

    @pytest.mark.parametrize(("plan", "left"), [(None, None), ("17", "17")])
    def test_what_the_plan_gives_holds_again(self, cast, entered, plan, left):
        plan, left = (None if text is None else D(text) for text in (plan, left))
        type(entered).objects.update(baseline_value=plan)
        assert selectors.base_entry(code="T03").back == left
        services.confirm(keys=[self.gone(entered, cast["赵六"]).pk], by=cast["周审核"])
        assert judged().terms.baseline_value == left

    def test_the_version_before_holds_again_and_turns_the_light(
        self, cast, entered, document, by_change
    ):
        reason = "五经普修订"
        again = propose(entered, cast["赵六"], document, "10", reason=reason)
        services.confirm(keys=[again.pk], by=cast["周审核"])
        asked = self.gone(entered, cast["赵六"])
        (group,) = selectors.waiting_groups(reader=cast["周审核"])
        turned = group.rows[0].turned
        assert turned == selectors.base_entry(code="T03").turned_back
        assert (turned.before.level, turned.after.level) == (rules.Level.ORANGE, rules.Level.RED)
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        assert judged().terms.baseline_value == D("16.8")
        assert judged().light == turned.after

    def test_without_one_left_the_gap_is_by_level(self, entered, by_change):
        turned = selectors.base_entry(code="T03").turned_back
        assert turned.after.reason == "差距占要求值4.0%（缺基期值）"

    def test_one_that_was_corrected_meanwhile_stays(self, cast, entered, document):
        asked = self.gone(entered, cast["赵六"])
        again = propose(entered, cast["赵六"], document, "16.2", reason="五经普修订")
        services.confirm(keys=[again.pk], by=cast["周审核"])
        with pytest.raises(ValidationError, match="T03的基期值在提出以后变了"):
            services.confirm(keys=[asked.pk], by=cast["周审核"])
        first = entered.observations.get(year=2020, version=1)
        with pytest.raises(ValidationError, match="基期值刚刚更新"):
            services.propose_base_gone(observation=first, reason="文件已作废", by=cast["赵六"])

    def test_it_says_why_and_who_may(self, cast, entered):
        with pytest.raises(ValidationError, match="写明撤销的原因"):
            self.gone(entered, cast["赵六"], reason=" ")
        with pytest.raises(PermissionDenied, match="“提出基期值”由"):
            self.gone(entered, cast["张三"])

    def test_the_page_shows_the_light_and_proposes(self, client, cast, entered, by_change):
        client.force_login(cast["赵六"])
        page = "/targets/T03/base/take-back/"
        assert page in client.get("/targets/T03/base/").content.decode()
        shown = client.get(page)
        text = " ".join(shown.content.decode().split())
        assert "2020年基期值待补录" in text
        assert "差距占要求值4.0%（缺基期值）" in text
        stale = client.post(page, {"reason": "文件已作废", "seen": "0"}).content.decode()
        assert "看过现行值再撤销" in stale
        seen = entered.observations.get(year=2020).pk
        told = client.post(page, {"reason": "文件已作废", "seen": seen}, follow=True)
        assert "赵六已提出<b>撤销基期值</b>：撤销16.8%" in told.content.decode()
        asked = Proposal.objects.waiting().get()
        services.confirm(keys=[asked.pk], by=cast["周审核"])
        assert client.get(page).status_code == 404


class TestPages:
    ADDRESS = "/targets/T03/base/"

    def typed(self, document, **more):
        return {"value": "16.8", "grade": "final", "document": document.pk} | more

    def test_first_the_preview_then_the_proposal(self, client, cast, target, document, by_change):
        client.force_login(cast["赵六"])
        assert self.ADDRESS in client.get("/targets/T03/").content.decode()
        seen = client.post(self.ADDRESS, self.typed(document, step="propose"))
        text = " ".join(seen.content.decode().split())
        assert "缺口占应有进展25.0%" in text
        assert not Proposal.objects.exists(), "what was not previewed is not proposed"
        mark = seen.context["form"].mark
        data = self.typed(document, step="propose", seen=mark)
        told = client.post(self.ADDRESS, data, follow=True).content.decode()
        assert "赵六已提出<b>基期值</b>：16.8%（最终核实），依据" in told
        earlier = client.get("/targets/T03/?asof=2026-06-01").content.decode()
        assert "已提出<b>基期值</b>" not in earlier
        assert "T03的基期值已提出，由另一位审核员确认后生效" in told
        twice = client.post(self.ADDRESS, data).content.decode()
        assert "这一项已有人提出，等另一人确认" in twice

    def test_a_share_typed_as_a_fraction_is_asked_about(self, client, cast, target, document):
        client.force_login(cast["赵六"])
        data = self.typed(document, value="0.168", step="preview")
        assert "核对是否把“0.168”当成“16.8%”" in client.post(self.ADDRESS, data).content.decode()

    def test_the_other_reviewer_sees_the_light_and_confirms(
        self, client, cast, target, document, by_change
    ):
        asked = propose(target, cast["赵六"], document)
        client.force_login(cast["周审核"])
        page = client.get("/manage/proposals/").content.decode()
        assert "等您确认1项" in page
        assert "缺口占应有进展25.0%" in page
        client.post("/manage/proposals/decide/", {"pick": [asked.pk], "step": "confirm"})
        assert judged().light.level == rules.Level.RED

    def test_statements_do_not_grow_with_what_waits(self, client, cast, document):
        client.force_login(cast["周审核"])
        counts = []
        for codes in (("T91",), ("T92", "T93", "T94")):
            for code in codes:
                other = TargetFactory(code=code)
                MilestoneFactory(target=other)
                propose(other, cast["赵六"], document)
            with CaptureQueriesContext(connection) as found:
                assert client.get("/manage/proposals/").status_code == 200
            counts.append(len(found))
        assert counts[0] == counts[1] <= 7, counts

    def test_where_there_is_none_to_enter(self, client, cast):
        TargetFactory(code="T01", kind=TargetKind.REDUCTION, baseline_value=D(0))
        client.force_login(cast["赵六"])
        assert client.get("/targets/T01/base/").status_code == 404
        assert "/targets/T01/base/" not in client.get("/targets/T01/").content.decode()
        assert client.get("/targets/T99/base/").status_code == 404
