"""Warning levels set by hand: for one value, with a reason, and said wherever a level is."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.models import AuditEvent
from records.asof import AsOf
from targets import services
from targets.models import LightOverride
from targets.rules import Actual, Grade, Level, Override
from targets.selectors import judged_targets, target_detail
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.unit.targets.judged import judged

SHORT = ((2025, 10),)
"""Ten where the milestone asks for twenty: 一级 by the rules."""
WHY = "市里已同意按调整后的口径考核"


def with_overrides(*overrides, values=SHORT, **facts):
    return replace(judged(values=values, **facts), overrides=overrides)


class TestRule:
    def test_holds_for_the_value_that_it_names(self):
        row = with_overrides(Override(Level.ORANGE, WHY, 2025))
        assert row.light_by_rule.level == Level.RED
        assert (row.light.level, row.light_words) == (Level.ORANGE, "二级，人工判定")
        assert row.light.reason == f"人工判定：{WHY}"

    @pytest.mark.parametrize(
        "override",
        [
            Override(Level.GREEN, WHY, 2024),
            Override(Level.GREEN, WHY, 2025, is_in_force=False),
            Override(None, WHY, 2025),
        ],
        ids=["another year", "another version", "by the rules again"],
    )
    def test_the_rules_hold_otherwise(self, override):
        row = with_overrides(override)
        assert (row.light, row.light_words) == (row.light_by_rule, "一级")

    def test_a_newer_value_goes_by_the_rules(self):
        row = with_overrides(Override(Level.GREEN, WHY, 2025), values=((2025, 10), (2026, 11)))
        assert row.light == row.light_by_rule

    def test_without_data_it_stays_grey(self):
        row = with_overrides(Override(Level.GREEN, WHY, 2025), values=())
        assert row.light.level == Level.GREY
        assert not row.may_be_overridden

    def test_a_value_that_waits_for_review_goes_by_the_rules(self):
        row = with_overrides(Override(Level.GREEN, WHY, 2025))
        waits = Actual(2025, Decimal(9), Grade.FINAL, is_unreviewed=True)
        assert replace(row, terms=row.terms.with_unreviewed((waits,))).light.level == Level.RED

    def test_a_qualitative_target_keeps_the_newest_word(self):
        words = (Override(Level.GREEN, WHY, 2025), Override(Level.ORANGE, WHY, 2026))
        row = with_overrides(*words, values=(), goals=(), terms={"kind": "qualitative"})
        assert row.light_by_rule.level == Level.GREY
        assert row.light_words == "二级，人工判定"


@pytest.mark.django_db
class TestService:
    def set(self, target, value, by, **facts):
        facts = {"level": "orange", "reason": WHY} | facts
        return services.override_light(target=target, observation=value, by=by, **facts)

    @pytest.fixture
    def short(self, target, milestone):
        return ObservationFactory(target=target, value=Decimal(10))

    def test_is_shown_told_in_the_ledger_and_ends_with_the_next_value(
        self, target, short, reviewer
    ):
        self.set(target, short, reviewer)
        (row,) = judged_targets()
        assert row.light_words == "二级，人工判定"
        assert target_detail(code="T18").judged.light == row.light
        assert AuditEvent.objects.filter(reason=WHY).exists()
        newer = ObservationFactory.build(target=target, value=Decimal(11), reason="核实后更正")
        services.record_observations(observations=[newer], by=reviewer)
        assert judged_targets()[0].light_words == "一级"

    def test_goes_by_the_rules_again(self, target, short, reviewer):
        self.set(target, short, reviewer)
        again = self.set(target, short, reviewer, level="rule", reason="材料经核实不成立")
        assert again.version == 2
        assert judged_targets()[0].light_words == "一级"

    def test_the_same_again_writes_nothing(self, target, short, reviewer):
        self.set(target, short, reviewer)
        assert self.set(target, short, reviewer) is None

    def test_was_not_known_the_day_before(self, target, short, reviewer):
        made = self.set(target, short, reviewer)
        day = made.recorded_at.date()
        later = made.recorded_at + datetime.timedelta(days=1)
        LightOverride.objects.update(recorded_at=later)
        assert judged_targets(asof=AsOf(day))[0].light_words == "一级"

    @pytest.mark.parametrize(
        ("facts", "words"),
        [({"reason": "不清楚"}, "写明理由"), ({"level": "grey"}, "选择预警等级")],
    )
    def test_asks_for_level_and_reason(self, target, short, reviewer, facts, words):
        with pytest.raises(ValidationError, match=words):
            self.set(target, short, reviewer, **facts)

    def test_refuses_a_value_that_is_not_in_force(self, target, short, reviewer):
        newer = ObservationFactory.build(target=target, value=Decimal(11), reason="核实后更正")
        services.record_observations(observations=[newer], by=reviewer)
        with pytest.raises(ValidationError, match="刚刚更新"):
            self.set(target, short, reviewer)

    def test_refuses_a_number_without_a_value(self, target, reviewer):
        with pytest.raises(ValidationError, match="还没有年度值"):
            self.set(target, None, reviewer)

    @pytest.mark.parametrize("name", ["张三", "钱审核", "孙领导", "管理员"])
    def test_only_reviewers_may(self, target, short, cast, name):
        with pytest.raises(PermissionDenied):
            self.set(target, short, cast[name])

    def test_a_qualitative_target_has_no_value(self, reviewer):
        target = TargetFactory(code="T20", kind="qualitative", unit="")
        self.set(target, None, reviewer, level="green", reason="两项证据经现场核查属实")
        assert judged_targets()[0].light_words == "三级，人工判定"


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def page(self, client, target, milestone, reviewer):
        ObservationFactory(target=target, value=Decimal(10))
        client.force_login(reviewer)
        return reverse("targets:override", args=["T18"])

    def typed(self, client, page, **facts):
        seen = client.get(page).context["form"].initial["seen"]
        return {"level": "orange", "reason": WHY, "seen": seen} | facts

    def test_says_who_why_and_what_the_rules_say(self, client, page):
        found = client.post(page, self.typed(client, page), follow=True).content.decode()
        assert f"人工判定</b>为二级：{WHY}。按规则为一级" in found
        assert "二级，人工判定" in client.get(reverse("targets:list")).content.decode()

    def test_a_value_that_changed_meanwhile_is_shown_first(self, client, page):
        found = client.post(page, self.typed(client, page, seen="0"))
        assert "数值刚刚更新" in found.content.decode()
        assert WHY in found.content.decode()
        assert not LightOverride.objects.exists()

    def test_nothing_to_judge_is_no_page(self, client, page):
        TargetFactory(code="T19")
        assert client.get(reverse("targets:override", args=["T19"])).status_code == 404
