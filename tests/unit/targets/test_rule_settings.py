"""The thresholds of light and verdict: boundaries by version, dates, who may change them."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from plan.models import DataState
from targets import rules, selectors, services
from targets.models import JudgingRule
from targets.rules import Goal, JudgingRules, Level, Terms, Verdict
from tests.factories.cast import make_cast
from tests.unit.targets.terms import D, actual, share


def light(terms, **changes):
    return rules.light(terms.under(JudgingRules(**changes))).level


class TestThresholds:
    def test_the_defaults_are_the_published_rule(self):
        assert JudgingRules() == JudgingRules(1, D(10), D(2), True)

    @pytest.mark.parametrize(
        ("near", "value", "level"),
        [
            ("10", "18", Level.ORANGE),
            ("10", "17.99", Level.RED),
            ("5", "19", Level.ORANGE),
            ("5", "18.99", Level.RED),
            ("12.5", "17.5", Level.ORANGE),
            ("12.5", "17.49", Level.RED),
            ("5", "20", Level.GREEN),
        ],
    )
    def test_near(self, near, value, level):
        assert light(share((2025, value)), near_percent=D(near)) == level

    @pytest.mark.parametrize(("near", "words"), [("5", "5%"), ("7.50", "7.5%"), ("10.00", "10%")])
    def test_words_carry_the_share_in_force(self, near, words):
        judging = JudgingRules(near_percent=D(near))
        for value, said in (("19.9", "差距不超过"), ("17", "差距超过")):
            assert rules.light(share((2025, value)).under(judging)).reason == said + words

    @pytest.mark.parametrize(
        ("tolerance", "value", "level", "verdict"),
        [
            ("2", "15.07", Level.GREEN, Verdict.ACHIEVED),
            ("2", "15.06", Level.ORANGE, Verdict.MISSED),
            ("1", "15.23", Level.GREEN, Verdict.ACHIEVED),
            ("1", "15.22", Level.ORANGE, Verdict.MISSED),
            ("1", "15.07", Level.ORANGE, Verdict.MISSED),
            ("1", "15.06", Level.RED, Verdict.MISSED),
            ("5", "14.61", Level.GREEN, Verdict.ACHIEVED),
        ],
    )
    def test_tolerance(self, tolerance, value, level, verdict):
        goal = Goal(2025, comparison="about", value=D("15.38"))
        terms = Terms("about", (goal,), (actual(2025, value),), pace="hold", decimals=2)
        terms = replace(terms, is_tolerance_confirmed=True)
        terms = terms.under(JudgingRules(tolerance_percent=D(tolerance)))
        assert rules.light(terms).level == level
        assert rules.judge(terms, 2025, today_year=2026).verdict == verdict

    def test_a_tolerance_of_the_target_itself_stays(self):
        terms = replace(share(), tolerance_percent=D(3))
        assert terms.under(JudgingRules(tolerance_percent=D(1))).tolerance_percent == 3

    def test_the_cap_of_what_is_striven_for(self):
        terms = share((2025, "10"), is_striven=True)
        assert light(terms) == Level.ORANGE
        assert light(terms, caps_striven=False) == Level.RED

    @settings(deadline=None)
    @given(
        values=st.lists(st.decimals("-50", "150", places=2), max_size=6),
        near=st.decimals("0.01", "50", places=2),
        caps=st.booleans(),
    )
    def test_no_thresholds_light_anything_without_data(self, values, near, caps):
        in_force = JudgingRules(near_percent=near, caps_striven=caps)
        actuals = tuple(actual(2021 + n, value) for n, value in enumerate(values))
        terms = replace(share(), actuals=actuals).under(in_force)
        assert (rules.light(terms).level == Level.GREY) == (not values)
        assert rules.light(replace(terms, goals=())).level == Level.GREY

    @settings(deadline=None)
    @given(
        values=st.lists(
            st.tuples(
                st.integers(2020, 2026),
                st.decimals("0", "30", places=1),
                st.sampled_from(["final", "preliminary"]),
                st.sampled_from(["", "新口径"]),
            ),
            max_size=8,
            unique_by=lambda value: (value[0], value[3]),
        ),
        order=st.randoms(use_true_random=False),
    )
    def test_the_order_of_values_does_not_matter(self, values, order):
        actuals = [actual(year, value, grade, basis=basis) for year, value, grade, basis in values]
        one = replace(share(), actuals=tuple(actuals))
        order.shuffle(actuals)
        other = replace(share(), actuals=tuple(actuals))
        assert one == other
        assert rules.light(one) == rules.light(other)
        judged = [rules.judge(terms, 2025, today_year=2027) for terms in (one, other)]
        assert judged[0] == judged[1]

    @settings(deadline=None)
    @given(
        first=st.decimals("17", "60", places=1),
        more=st.decimals("0", "40", places=1),
        pace=st.sampled_from(["linear", "geometric", "hold"]),
    )
    def test_the_required_line_of_rising_milestones_never_falls(self, first, more, pace):
        terms = share(goals=((2025, first), (2030, first + more)), pace=pace)
        line = [rules.required(terms, year) for year in range(2020, 2034)]
        if pace == "hold":
            line = line[1:]
        assert line == sorted(line)

    @settings(deadline=None)
    @given(
        first=st.decimals("1", "16", places=1),
        less=st.decimals("0", "1", places=1),
    )
    def test_that_of_falling_milestones_never_rises(self, first, less):
        goals = tuple(
            Goal(year, comparison="at_most", value=value)
            for year, value in ((2025, first), (2030, first - less))
        )
        line = [rules.required(replace(share(), goals=goals), year) for year in range(2020, 2034)]
        assert line == sorted(line, reverse=True)


def change(by, *, days=0, reason="征求意见后调整", **values):
    facts = {"near_percent": D(10), "tolerance_percent": D(2), "caps_striven": True}
    day = timezone.localdate() + datetime.timedelta(days=days)
    return services.change_rules(valid_from=day, reason=reason, by=by, **facts | values)


def on(days):
    return selectors.rules_on(timezone.localdate() + datetime.timedelta(days=days))


@pytest.fixture
def cast(db):
    return make_cast()


class TestVersions:
    def test_without_a_change_the_defaults_hold(self, db, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert on(0) == JudgingRules()

    def test_the_past_keeps_its_rule(self, cast):
        second = change(cast["赵六"], near_percent=D(5))
        third = change(cast["赵六"], days=30, tolerance_percent=D(1), near_percent=D(5))
        assert (second.version, third.version) == (2, 3)
        assert on(-1) == JudgingRules()
        assert on(0) == on(29) == JudgingRules(2, D(5), D(2), True)
        assert on(30) == on(900) == JudgingRules(3, D(5), D(1), True)

    def test_what_was_decided_last_overtakes_what_would_begin_later(self, cast):
        change(cast["赵六"], days=60, near_percent=D(5))
        change(cast["赵六"], days=10, near_percent=D(8))
        assert [on(day).near_percent for day in (0, 10, 60)] == [D(10), D(8), D(8)]

    def test_a_change_is_in_the_ledger_with_old_and_new(self, cast):
        version = DataState.current().version
        change(cast["赵六"], near_percent=D("7.5"), caps_striven=False)
        event = AuditEvent.objects.get(action="修改规则")
        assert (event.object_type, event.object_code, event.actor_name) == (
            "判定规则",
            "第2版",
            "赵六",
        )
        assert ["二级差距上限（%）", "10", "7.5"] in event.changes
        assert ["力争目标最高到二级", "是", "否"] in event.changes
        assert not any(label.startswith("左右容差") for label, *_ in event.changes)
        assert (event.reason, DataState.current().version) == ("征求意见后调整", version + 1)

    def test_the_same_again_is_no_version(self, cast):
        assert change(cast["赵六"]) is None
        change(cast["赵六"], near_percent=D(5))
        before = AuditEvent.objects.count()
        assert change(cast["赵六"], near_percent=D("5.00")) is None
        assert (JudgingRule.objects.count(), AuditEvent.objects.count()) == (1, before)

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"days": -1, "near_percent": D(5)}, "生效日期不能早于今天"),
            ({"reason": "调整", "near_percent": D(5)}, "写明修改的原因（至少5个字）"),
            ({"near_percent": D(0)}, "二级差距上限须大于0、不超过50"),
            ({"near_percent": D("50.01")}, "二级差距上限须大于0、不超过50"),
            ({"tolerance_percent": D("20.01")}, "左右容差须大于0、不超过20"),
            ({"tolerance_percent": D("0.001")}, "小数"),
        ],
    )
    def test_what_is_refused(self, cast, values, sentence):
        with pytest.raises(ValidationError, match=sentence):
            change(cast["赵六"], **values)
        assert not JudgingRule.objects.exists()

    @pytest.mark.parametrize("name", ["张三", "钱审核", "孙领导"])
    def test_others_change_nothing(self, cast, name):
        with pytest.raises(PermissionDenied, match="判定规则由区发改局审核员或管理员维护"):
            change(cast[name], near_percent=D(5))

    def test_two_at_once_do_not_both_win(self, cast):
        change(cast["管理员"], near_percent=D(5))
        twin = JudgingRule(
            version=2,
            valid_from=timezone.localdate(),
            near_percent=Decimal(6),
            tolerance_percent=Decimal(2),
            caps_striven=True,
            reason="同时修改",
        )
        with pytest.raises(DatabaseError, match="judging_rule_version_once"), transaction.atomic():
            twin.save()

    @pytest.mark.parametrize("write", ["update", "delete"])
    def test_the_database_keeps_every_version(self, cast, write):
        change(cast["管理员"], near_percent=D(5))
        rows = JudgingRule.objects.all()
        with pytest.raises(DatabaseError, match="判定规则只能增加新版本"), transaction.atomic():
            rows.update(near_percent=9) if write == "update" else rows.delete()

    def test_statements(self, cast, django_assert_max_num_queries):
        DataState.touch()
        with django_assert_max_num_queries(12):
            change(cast["赵六"], near_percent=D(5))


def test_the_printed_formula_is_that_of_the_rule_in_force():
    assert JudgingRules().gap_formula == "缺口÷要求值"
    by_change = JudgingRules(method=rules.GapMethod.CHANGE)
    assert by_change.gap_formula == "缺口÷应有进展（缺基期值的÷要求值）"
