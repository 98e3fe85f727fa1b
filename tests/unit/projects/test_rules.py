"""Projects against plan and calendar, against months and shares counted by hand."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from common.quarters import Period
from projects import rules
from projects.choices import ProjectStatus

D = Decimal
TODAY = datetime.date(2026, 11, 22)
PLAN = rules.ProjectPlan(2023, 2026, D(1000))


def report(status="under_way", invested=None, period="2026Q3", **more):
    amount = None if invested is None else D(invested)
    return rules.LatestReport(Period.parse(period), rules.Status(status), amount, **more)


class TestMonths:
    @pytest.mark.parametrize(
        ("end_year", "today", "months"),
        [
            (2024, TODAY, 23),
            (2025, TODAY, 11),
            (2026, TODAY, 0),
            (2025, datetime.date(2025, 12, 31), 0),
            (2025, datetime.date(2026, 1, 1), 1),
            (None, TODAY, 0),
        ],
    )
    def test_overdue_since_the_december_of_the_planned_end(self, end_year, today, months):
        plan = replace(PLAN, end_year=end_year)
        assert rules.months_overdue(plan, report(), today) == months
        assert rules.months_overdue(plan, None, today) == months

    @pytest.mark.parametrize("status", ["completed", "cancelled"])
    def test_what_is_closed_is_never_overdue(self, status):
        assert rules.months_overdue(rules.ProjectPlan(2021, 2022), report(status), TODAY) == 0

    def test_a_start_that_is_due_counts_only_where_it_was_reported_missing(self):
        plan = rules.ProjectPlan(2025, 2028)
        assert rules.months_late_to_start(plan, report("not_started"), TODAY) == 11
        assert rules.months_late_to_start(plan, report(), TODAY) == 0
        assert rules.months_late_to_start(plan, None, TODAY) == 0

    @pytest.mark.parametrize(
        ("today", "words"),
        [
            (datetime.date(2027, 2, 28), ""),
            (datetime.date(2027, 3, 1), "预计2027年2月竣工已过1个月"),
            (datetime.date(2027, 5, 10), "预计2027年2月竣工已过3个月"),
            (datetime.date(2028, 2, 29), "预计2027年2月竣工已过12个月"),
        ],
    )
    def test_an_expected_completion_that_has_passed_is_said(self, today, words):
        assert rules.past_expected_words(report(expected_on="2027-02"), today) == words
        assert rules.past_expected_words(report("completed", expected_on="2027-02"), today) == ""
        assert rules.past_expected_words(report(), today) == ""
        assert rules.past_expected_words(None, today) == ""

    @pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "明年底", "2026-Q3"])
    def test_what_is_no_month_is_none(self, text):
        assert rules.month_of(text) is None
        assert rules.end_of_month(text) is None

    def test_a_month_has_its_first_and_last_day(self):
        assert rules.month_of("2024-02") == datetime.date(2024, 2, 1)
        assert rules.end_of_month("2024-02") == datetime.date(2024, 2, 29)


class TestShares:
    @pytest.mark.parametrize(
        ("day", "share"),
        [
            (datetime.date(2022, 12, 31), "0"),
            (datetime.date(2023, 12, 31), "50"),
            (datetime.date(2024, 12, 30), "100"),
            (datetime.date(2027, 1, 1), "100"),
        ],
    )
    def test_of_time(self, day, share):
        """365 of the 731 days of 2023 and 2024 are the first year."""
        found = rules.time_share(rules.ProjectPlan(2023, 2024), day)
        assert found is not None
        assert found.quantize(D(1)) == D(share)

    def test_of_investment(self):
        assert rules.investment_share(PLAN, report(invested=943)) == D("94.3")
        assert rules.investment_share(PLAN, report(invested=0)) == 0
        assert rules.investment_share(PLAN, report(invested=1100)) == D(110)

    @pytest.mark.parametrize(
        ("plan", "made"),
        [
            (replace(PLAN, total_wan=None), report(invested=10)),
            (PLAN, report()),
            (PLAN, None),
        ],
    )
    def test_what_is_unknown_is_none_never_zero(self, plan, made):
        assert rules.investment_share(plan, made) is None
        assert rules.points_behind(plan, made) is None


class TestLight:
    @pytest.mark.parametrize(
        ("invested", "level", "word"),
        [
            # 2026-09-30 is day 1369 of 1461: 93.70 % of the planned time has passed.
            (838, "green", "按计划"),  # 9.90 points behind
            (837, "orange", "投资滞后"),  # 10.00
            (638, "orange", "投资滞后"),  # 29.90
            (637, "red", "投资滞后"),  # 30.003
            (1000, "green", "按计划"),
        ],
    )
    def test_investment_behind_the_time_in_points(self, invested, level, word):
        light = rules.light(PLAN, report(invested=invested), TODAY)
        assert (light.level, light.word) == (level, word)
        assert ("个百分点" in light.reason) == (word == "投资滞后")

    def test_the_published_edges_belong_to_the_milder_side(self):
        """10 points (含) begin orange, 30 points (含) still are orange."""
        passed = rules.time_share(PLAN, datetime.date(2026, 9, 30))
        for behind, level in ((D(10), "orange"), (D(30), "orange")):
            invested = (passed - behind) * 10
            assert rules.light(PLAN, report(invested=invested), TODAY).level == level

    @pytest.mark.parametrize(
        ("today", "level", "reason"),
        [
            (datetime.date(2027, 1, 1), "orange", "超期1个月"),
            (datetime.date(2027, 2, 28), "orange", "超期2个月"),
            (datetime.date(2027, 3, 1), "red", "超期3个月"),
        ],
    )
    def test_an_end_that_has_passed(self, today, level, reason):
        light = rules.light(PLAN, report(invested=1000), today)
        assert (light.level, light.word, light.reason) == (level, "应竣工未竣工", reason)

    def test_the_worse_of_two_findings_wins(self):
        light = rules.light(PLAN, report(invested=100), datetime.date(2027, 1, 1))
        assert (light.level, light.word) == ("red", "投资滞后")

    def test_a_start_that_has_passed(self):
        light = rules.light(rules.ProjectPlan(2025, 2028, D(10)), report("not_started"), TODAY)
        assert (light.level, light.word, light.reason) == ("red", "应开工未开工", "超期11个月")

    @pytest.mark.parametrize(
        ("today", "level", "months"),
        [
            (datetime.date(2025, 12, 31), "green", 0),
            (datetime.date(2026, 1, 1), "orange", 1),
            (datetime.date(2026, 2, 28), "orange", 2),
            (datetime.date(2026, 3, 1), "red", 3),
        ],
    )
    def test_a_start_turns_red_in_the_third_month(self, today, level, months):
        light = rules.light(rules.ProjectPlan(2025, 2028, D(10)), report("not_started"), today)
        assert light.level == level
        assert light.reason == (f"超期{months}个月" if months else "")

    @pytest.mark.parametrize(
        ("behind", "level"),
        [
            ("9.99", "green"), ("10", "orange"), ("10.01", "orange"), ("29.99", "orange"),
            ("30", "orange"), ("30.01", "red"),
        ],
    )  # fmt: skip
    def test_points_are_of_the_end_of_the_reported_quarter(self, behind, level):
        """Whatever the day of reading: the time share is that of 30 June, not of today."""
        passed = rules.time_share(PLAN, datetime.date(2026, 6, 30))
        made = report(invested=(passed - D(behind)) * 10, period="2026Q2")
        for today in (datetime.date(2026, 7, 1), TODAY, datetime.date(2026, 12, 31)):
            assert rules.light(PLAN, made, today).level == level

    def test_not_started_in_its_planned_first_year_is_on_plan(self):
        light = rules.light(rules.ProjectPlan(2026, 2028, D(10)), report("not_started"), TODAY)
        assert light.level == "green"

    @pytest.mark.parametrize(
        ("plan", "made", "level", "word", "reason"),
        [
            (PLAN, None, "grey", "未填报", "还没有填报"),
            (PLAN, report("completed"), "green", "已竣工", ""),
            (PLAN, report("cancelled"), "grey", "取消或调整", "不作评价"),
            (PLAN, report("suspended"), "red", "停工", ""),
            (PLAN, report(), "grey", "在建", "未报投资"),
            (replace(PLAN, total_wan=None), report(), "grey", "在建", "未列总投资"),
            (
                rules.ProjectPlan(None, None, D(9)),
                report(invested=1),
                "grey",
                "在建",
                "未列计划年限",
            ),
        ],
    )
    def test_other_states(self, plan, made, level, word, reason):
        light = rules.light(plan, made, TODAY)
        assert (light.level, light.word) == (level, word)
        assert reason in light.reason
        assert light.level != "grey" or light.reason

    def test_every_status_has_its_word(self):
        assert ProjectStatus.choices == [(one.value, one.label) for one in rules.Status]


class TestSums:
    def test_a_project_without_a_total_is_left_out_and_named(self):
        found = rules.investment_sums(
            [
                rules.ProjectAmount("P1", D(7214), D(7000)),
                rules.ProjectAmount("P2", D(30000)),
                rules.ProjectAmount("P15", None),
            ]
        )
        assert found.sentence == "合计 37,214 万元（2个项目，P15未列投资）"
        assert (found.reported, found.invested_wan) == (1, D(7000))

    def test_nothing_reported_is_none(self):
        found = rules.investment_sums([rules.ProjectAmount("P1", D(5))])
        assert (found.reported, found.invested_wan) == (0, None)

    def test_many_without_a_total_are_counted(self):
        rows = [
            rules.ProjectAmount("P1", D(5)),
            *(rules.ProjectAmount(f"P{n}", None) for n in range(2, 9)),
        ]
        assert "P2、P3、P4、P5、P6等7个项目未列投资" in rules.investment_sums(rows).sentence

    def test_none_at_all_with_a_total(self):
        assert (
            rules.investment_sums([rules.ProjectAmount("P1", None)]).sentence == "1个项目都未列投资"
        )

    @pytest.mark.parametrize(
        ("amounts", "words"),
        [
            ([(D(10), None)], "还没有填报投资。"),
            ([(None, D(4))], "累计完成投资4万元。"),
            (
                [(D(10000), D(9000)), (D(10000), D(6000)), (D(50000), None)],
                "累计完成投资15,000万元（≈1.50亿元），占所报2个项目总投资的75.0%。",
            ),
            (
                [(D(10), D(4)), (None, D(4))],
                "累计完成投资8万元，其中列明总投资的1个项目完成40.0%。",
            ),
        ],
    )
    def test_says_how_much_of_what_was_invested(self, amounts, words):
        rows = [rules.ProjectAmount(f"P{n}", *pair) for n, pair in enumerate(amounts)]
        assert rules.investment_sums(rows).invested_sentence == words
