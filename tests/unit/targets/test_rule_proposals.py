"""The gap by change: an empty installation begins with it, another adopts it by two persons."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from records.asof import AsOf
from setup import services as setup
from targets import selectors, services
from targets.models import JudgingRule, RuleProposal
from targets.rules import GapMethod, JudgingRules, Level
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D

URL = "/manage/rules/lights/"
REASON = "基期高的指标按应有进展看"
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast() | {"周审核": UserFactory(name="周审核", roles=[Role.REVIEWER])}


def propose(by, *, days=0, **values):
    facts = {"near_percent": D(10), "tolerance_percent": D(2), "caps_striven": True}
    day = timezone.localdate() + datetime.timedelta(days=days)
    values = {"method": GapMethod.CHANGE, "reason": REASON} | values
    return services.change_rules(valid_from=day, by=by, **facts | values)


def today():
    return selectors.rules_on(timezone.localdate())


def non_fossil():
    """From 16.8 in 2020 to 20 in 2025, with 19.2 in 2025."""
    target = TargetFactory(code="T03", baseline_year=2020, baseline_value=D("16.8"))
    MilestoneFactory(target=target, value=D(20))
    ObservationFactory(target=target, value=D("19.2"))
    return target


class TestBegun:
    def test_an_installation_without_values_begins_by_change(self):
        setup.load_plan(by=None)
        row = JudgingRule.objects.get()
        assert (row.version, row.valid_from) == (2, datetime.date(2020, 1, 1))
        assert row.values == JudgingRules(2, method=GapMethod.CHANGE)
        setup.load_plan(by=None)
        assert JudgingRule.objects.count() == 1

    def test_one_with_values_or_versions_stays_as_it_is(self, cast):
        day = datetime.date(2020, 1, 1)
        propose(cast["赵六"], method=GapMethod.LEVEL, near_percent=D(5))
        assert services.begin_by_change(valid_from=day, by=None) is None
        assert today().method == GapMethod.LEVEL

    def test_values_alone_keep_their_lights(self):
        non_fossil()
        day = datetime.date(2020, 1, 1)
        assert services.begin_by_change(valid_from=day, by=None) is None
        assert selectors.judged_targets()[0].light.level == Level.ORANGE


class TestAdopted:
    def test_a_proposal_changes_nothing_until_a_second_person_confirms(self, cast):
        non_fossil()
        proposal = propose(cast["赵六"])
        assert today() == JudgingRules()
        rule = services.confirm_rules(proposal=proposal, by=cast["周审核"])
        assert today() == JudgingRules(2, method=GapMethod.CHANGE)
        assert (rule.recorded_by, rule.confirmed_by) == ("赵六", "周审核")
        assert selectors.judged_targets()[0].light.reason == "缺口占应有进展25.0%"
        assert RuleProposal.objects.get().rule == rule
        actions = AuditEvent.objects.filter(object_type__in=["判定规则", "规则提议"])
        assert {(event.action, event.actor_name) for event in actions} == {
            ("提出规则", "赵六"),
            ("确认规则", "周审核"),
        }

    def test_a_past_day_keeps_its_light(self, cast):
        non_fossil()
        services.confirm_rules(proposal=propose(cast["赵六"]), by=cast["管理员"])
        yesterday = AsOf(timezone.localdate() - datetime.timedelta(days=1))
        assert selectors.rules_on(yesterday.day) == JudgingRules()

    def test_confirmed_late_it_holds_from_then_on(self, cast):
        proposal = propose(cast["赵六"], days=1)
        long_ago = timezone.localdate() - datetime.timedelta(days=9)
        RuleProposal.objects.update(valid_from=long_ago)
        rule = services.confirm_rules(proposal=proposal, by=cast["管理员"])
        assert rule.valid_from == timezone.localdate()

    @pytest.mark.parametrize("name", ["张三", "钱审核", "王五", "孙领导", "赵六"])
    def test_neither_the_proposer_nor_others_confirm(self, cast, name):
        proposal = propose(cast["赵六"])
        with pytest.raises(PermissionDenied):
            services.confirm_rules(proposal=proposal, by=cast[name])
        assert not JudgingRule.objects.exists()

    def test_meanwhile_nothing_else_is_changed(self, cast):
        propose(cast["赵六"])
        with pytest.raises(ValidationError, match="有一版规则还等第二人确认"):
            propose(cast["管理员"], method=GapMethod.LEVEL, near_percent=D(5))
        twin = RuleProposal.objects.get()
        twin.pk = None
        with pytest.raises(DatabaseError, match="rule_proposal_one_waits"), transaction.atomic():
            twin.save()

    def test_the_one_who_proposed_may_take_it_back(self, cast):
        proposal = propose(cast["赵六"])
        with pytest.raises(ValidationError, match="写明不采用的原因"):
            services.decline_rules(proposal=proposal, reason="不", by=cast["赵六"])
        services.decline_rules(proposal=proposal, reason="先征求意见再说", by=cast["赵六"])
        assert not JudgingRule.objects.exists()
        assert AuditEvent.objects.get(action="不采用规则").reason == "先征求意见再说"
        with pytest.raises(ValidationError, match="已经处理"):
            services.confirm_rules(proposal=proposal, by=cast["管理员"])
        assert propose(cast["管理员"]).pk != proposal.pk

    def test_back_to_the_level_takes_two_as_well(self, cast):
        services.confirm_rules(proposal=propose(cast["赵六"]), by=cast["管理员"])
        assert isinstance(propose(cast["赵六"], method=GapMethod.LEVEL), RuleProposal)
        assert today().method == GapMethod.CHANGE

    def test_other_thresholds_keep_the_method(self, cast):
        services.confirm_rules(proposal=propose(cast["赵六"]), by=cast["管理员"])
        propose(cast["赵六"], method="", near_percent=D(5))
        assert today() == JudgingRules(3, near_percent=D(5), method=GapMethod.CHANGE)


class TestPages:
    def test_it_is_offered_previewed_proposed_and_confirmed(self, client, cast):
        non_fossil()
        client.force_login(cast["赵六"])
        assert "预览改用后的预警等级" in client.get(URL).content.decode()
        first = client.get(f"{URL}change/?method=change").context["form"]
        typed = {name: first.initial[name] for name in ("method", "near_percent", "valid_from")}
        typed |= {"tolerance_percent": "2", "caps_striven": "on", "reason": REASON}
        shown = client.post(f"{URL}change/", typed | {"step": "preview"})
        assert [row.after.reason for row in shown.context["changed"]] == ["缺口占应有进展25.0%"]
        seen = {"step": "confirm", "seen": shown.context["mark"]}
        told = client.post(f"{URL}change/", typed | seen, follow=True).content.decode()
        assert "由另一位审核员或管理员确认后生效" in told
        assert "新规则等第二人确认" in told

        page = client.get(f"{URL}decide/")
        assert "提出的人不能自己确认" in page.content.decode()
        proposal = str(RuleProposal.objects.get().pk)
        answer = {"decision": "confirm", "seen": proposal}
        assert client.post(f"{URL}decide/", answer).status_code == 403

        client.force_login(cast["周审核"])
        page = client.get(f"{URL}decide/")
        assert [row.target.code for row in page.context["changed"]] == ["T03"]
        told = client.post(f"{URL}decide/", answer, follow=True).content.decode()
        assert "判定规则第2版已确认" in told
        assert "赵六" in told
        assert "周审核确认" in told
        assert "差距＝（进度要求−实际值）÷（进度要求−基期值）" in told
        assert client.get(f"{URL}decide/").status_code == 302

    def test_declined_with_a_reason(self, client, cast):
        proposal = propose(cast["赵六"])
        client.force_login(cast["管理员"])
        answer = {"decision": "decline", "seen": str(proposal.pk), "reason": ""}
        assert "写明不采用的原因" in client.post(f"{URL}decide/", answer).content.decode()
        answer["reason"] = "先征求意见再说"
        told = client.post(f"{URL}decide/", answer, follow=True).content.decode()
        assert "新规则不采用，记入留痕" in told


def test_it_stands_with_all_that_waits_for_a_second_person(client, cast):
    client.force_login(cast["周审核"])
    page = "/manage/proposals/"
    assert "没有等确认的事项" in client.get(page).content.decode()
    propose(cast["赵六"])
    text = client.get(page).content.decode()
    assert "没有等确认的事项" not in text
    assert REASON in text
    assert 'href="/manage/rules/lights/decide/"' in text


class TestDatabase:
    def test_who_proposed_does_not_confirm_whatever_code_asks(self, cast):
        proposal = propose(cast["赵六"])
        rule = services.confirm_rules(proposal=proposal, by=cast["周审核"])
        rows = RuleProposal.objects.filter(pk=proposal.pk)
        for decided_by in (cast["赵六"], None):
            refused = pytest.raises(DatabaseError, match="rule_proposal_two_persons")
            with refused, transaction.atomic():
                rows.update(decided_by=decided_by)
        assert rows.get().rule == rule
        assert rows.get().decided_by == cast["周审核"]

    def test_an_upgrade_knows_who_decided(self, cast):
        kept = propose(cast["赵六"])
        services.confirm_rules(proposal=kept, by=cast["周审核"])
        other = propose(cast["周审核"], method=GapMethod.LEVEL)
        services.decline_rules(proposal=other, reason="不采用这一版", by=cast["周审核"])
        RuleProposal.objects.filter(pk=other.pk).update(decided_by=None)
        migration = import_module("targets.migrations.0023_rules_by_two")
        with connection.schema_editor() as editor:
            migration.know_who_decided(apps, editor)
        deciders = RuleProposal.objects.order_by("pk").values_list("decided_by__name", flat=True)
        assert list(deciders) == ["周审核", "周审核"]
