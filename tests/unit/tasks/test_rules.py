"""Lights of tasks: what the unit reports, the worst of a field, and what was never reported."""

import pytest

from common.quarters import Period
from tasks.choices import TaskStatus
from tasks.rules import progress as rules


@pytest.mark.parametrize(
    ("status", "level", "word", "short"),
    [
        ("done", "green", "已完成", "完成"),
        ("on_track", "green", "正常推进", "正常"),
        ("lagging", "orange", "进展滞后", "滞后"),
        ("stalled", "red", "严重滞后或停滞", "停滞"),
        ("not_started", "grey", "未启动", "未启动"),
        ("waiting", "grey", "待审核", "待审"),
        (None, "grey", "缺报", "缺报"),
    ],
)
def test_each_status_has_its_light(status, level, word, short):
    light = rules.light(status)
    assert (light.level, light.word, light.short) == (level, word, short)


def test_every_status_has_a_light_and_every_grey_one_a_reason():
    for status in [*TaskStatus.values, None]:
        light = rules.light(status)
        assert bool(light.reason) == (light.level == "grey")
        assert status is None or light.word == TaskStatus(status).label


@pytest.mark.parametrize(
    ("statuses", "level", "text", "words"),
    [
        (["done", "on_track", "on_track"], "green", "3/3", "正常3/3"),
        (["on_track", "lagging", "on_track", "done"], "orange", "3/4", "正常3/4"),
        (["lagging", "stalled"], "red", "0/2", "正常0/2"),
        (["on_track", "not_started"], "grey", "1/2", "正常1/2"),
        (["on_track", "on_track", None], "green", "缺报1", "正常2/3，缺报1"),
        (["stalled", None], "red", "缺报1", "正常0/2，缺报1"),
        (["on_track", "waiting"], "grey", "1/1＋1", "正常1/2，待审核1"),
        (["lagging", "waiting", None], "orange", "缺报1", "正常0/3，待审核1，缺报1"),
        ([None, None], "grey", "缺报2", "正常0/2，缺报2"),
        ([], "grey", "—", "正常0/0"),
    ],
)
def test_a_field_shows_its_worst_and_counts_what_is_on_course(statuses, level, text, words):
    summary = rules.quarter_summary(statuses)
    assert (summary.level, summary.text, summary.words) == (level, text, words)


@pytest.mark.parametrize(
    ("statuses", "is_whole"),
    [
        (["stalled", "done"], True),
        (["stalled", None], False),
        (["stalled", "waiting"], False),
        (["stalled", "awaited"], False),
        (["waiting", None], False),
    ],
)
def test_the_worst_is_shown_only_where_every_report_is_in_force(statuses, is_whole):
    assert rules.quarter_summary(statuses).is_whole is is_whole


def test_the_sentence_leaves_out_what_does_not_occur():
    counts = [("on_track", 27), ("lagging", 4), ("stalled", 1), ("missing", 0)]
    said = rules.sentence("2026年第三季度", counts)
    assert said == "2026年第三季度：32项任务，正常推进27、进展滞后4、严重滞后或停滞1。"


def test_the_sentence_of_a_quarter_without_reports():
    said = rules.sentence("2026年第四季度", [("on_track", 0), ("missing", 32)])
    assert said == "2026年第四季度：32项任务，还没有填报。"


Q1, Q2, Q3 = Period(2026, 3).back(3)


class TestStale:
    @pytest.mark.parametrize(
        ("told", "now", "words"),
        [
            ([(Q2, "甲"), (Q3, "乙")], Q3, ""),
            ([(Q3, "甲")], Q3, ""),
            ([], Q3, ""),
            (
                [(Q2, "甲"), (Q3, "甲。")],
                Q3,
                "2026年第三季度的进展文字与2026年第二季度相同，连续2次填报没有改动。",
            ),
            (
                [(Q1, "甲"), (Q2, "甲"), (Q3, "甲")],
                Q3,
                "2026年第三季度的进展文字与2026年第一季度相同，连续3次填报没有改动。",
            ),
            ([(Q2, "甲")], Q3, ""),  # one quarter without a report is said elsewhere
            ([(Q1, "甲")], Q3, "2026年第一季度以后已有2个季度没有新的填报。"),
            (
                [(Period(2025, 4), "甲"), (Q1, "甲")],
                Q3,
                "2026年第一季度的进展文字与2025年第四季度相同，连续2次填报没有改动；"
                "2026年第一季度以后已有2个季度没有新的填报。",
            ),
        ],
    )
    def test_the_same_text_again_or_no_report_for_two_quarters(self, told, now, words):
        assert rules.stale_reason(told, now) == words


class TestProblems:
    def test_open_is_what_the_newest_report_names(self):
        found = rules.reported_problems([(Q1, "缺资金"), (Q2, "手续未办完"), (Q3, "手续未办完")])
        assert [(run.text, run.times, run.is_last) for run in found] == [
            ("手续未办完", 2, True),
            ("缺资金", 1, False),
        ]

    @pytest.mark.parametrize("text", ["", "无", "没有。", "暂无", "没有问题"])
    def test_a_report_that_says_there_is_none_closes_them(self, text):
        [found] = rules.reported_problems([(Q2, "缺资金"), (Q3, text)])
        assert not found.is_last
