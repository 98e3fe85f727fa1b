"""No sheet, however odd, makes the reader fail: what it cannot read it says."""

import datetime
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.workbooks.reading import MergedRange, Sheet, Workbook
from imports.annex import read_annex_of, to_json
from tests.unit.imports.annex.sheets import known

# fmt: off
WORDS = [
    "序号", "类别", "重点任务", "目标任务", "牵头单位", "责任单位", "配合单位", "项目名称",
    "建设单位", "建设内容", "起止年限", "总投资（万元）", "开工", "竣工", "合计", "小计",
    "一、能源（3个）", "（一）绿色交通", "1．发展光伏。", "2、5G基站", "总体目标",
    "二、重点任务", "/", "——", "无", "待定", "区发展和改革局、各街道、社区（村）",
    "区财政局牵头，区住建局配合", "2021—2023", "2024-2021", "三千万元", "1,200", "约3亿元",
    "#REF!", "注：1、说明", "附件2", "单位：亿元", "同上", "（1）", "填表人：张三",
    "森林覆盖率1稳定在", "30*104m3/d", "（", "）", "、", "（（", "①",
]
# fmt: on
CELL = st.one_of(
    st.just(""),
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.text("序号任务单位（）、，。/-0123年万元 \n", max_size=6),
    st.integers(-5, 2030).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just(datetime.date(2023, 5, 1)),
    st.just(datetime.datetime(2023, 5, 1, 8, 30, tzinfo=datetime.UTC)),
    st.just(datetime.time(8, 30)),
    st.booleans(),
)
HEADS = st.sampled_from(
    [
        ["序号", "类别", "重点任务", "牵头单位", "责任单位", "备注"],
        ["目标任务", "", "牵头单位", "责任单位", "", ""],
        ["序号", "项目名称", "建设单位", "建设内容", "起止年限", "总投资（万元）"],
        ["", "", "", "", "", ""],
    ]
)
RANGES = st.builds(
    lambda top, left, down, right: MergedRange(top, left, top + down, left + right),
    st.integers(0, 12),
    st.integers(0, 6),
    st.integers(0, 4),
    st.integers(0, 6),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    head=HEADS,
    rows=st.lists(st.lists(CELL, min_size=6, max_size=6), max_size=10),
    merged=st.lists(RANGES, max_size=4),
    formulas=st.sets(st.tuples(st.integers(0, 10), st.integers(0, 5)), max_size=3),
    table=st.sampled_from([None, "tasks", "projects"]),
)
def test_any_sheet_is_read_or_answered(head, rows, merged, formulas, table):
    cells = tuple(tuple(row) for row in [head, *rows])
    sheet = Sheet(
        "附件",
        cells,
        tuple(merged),
        formulas=frozenset(formulas),
        unsaved_formulas=frozenset(formulas),
    )
    reading = read_annex_of(Workbook((sheet,)), known("区发展和改革局"), table=table)
    assert reading.rows or reading.problems
    assert json.dumps(to_json(reading, {}), ensure_ascii=False)
    for problem in reading.problems:
        assert problem.message.endswith("。")
    for row in reading.rows:
        title = row.title if hasattr(row, "title") else row.name
        assert title or row.unreadable
