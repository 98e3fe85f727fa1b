"""What a pasted block would write: rows by code, name or place, columns by head or place."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.quarters import Period
from reporting.grid.rules.block import BlockError, read_block
from reporting.grid.rules.matching import By, Item
from reporting.grid.rules.writes import WRITTEN, Effect, differing, plan


def item(pk, code, name, *, kind="target", short="", lead="value", last="", texts=(), given=(),
         locked=""):  # fmt: skip
    return Item(pk, kind, code, (name,), short, lead, last, dict(texts), dict(given),
                Period(2026, 3), locked)  # fmt: skip


T15 = item(15, "T15", "重要公共设施和场所充电桩普及率", short="充电桩普及率", last="96.0")
T17 = item(17, "T17", "新增纯电动公交车比例", last="不适用")
T18 = item(18, "T18", "纯电动公交车比例", last="77.90", given={"source": "公交台账"})
T19 = item(19, "T19", "新能源和清洁能源车辆比例", last="93.5")
K1 = item(51, "5-1", "加快绿色交通基础设施建设", kind="task", lead="status", last="正常推进")
K2 = item(52, "5-2", "构建低碳高效交通运输体系", kind="task", lead="status")
C1 = item(11, "1-1", "培育绿色低碳新兴产业", kind="contribution", lead="text")
P9 = item(9, "P9", "霞凝港岸电", kind="project", lead="invested_wan")
ITEMS = (T15, T17, T18, T19, K1, K2, C1, P9)


def planned(text, *, items=ITEMS, start=(15, "value"), **options):
    return plan(read_block(text), items, start=start, **options)


def written(text, **options):
    """(code, field) → text as stored."""
    found = planned(text, **options).written
    return {(c.item.code, name): to for c in found for name, to in c.edits.items()}


def test_a_heading_above_figures_is_no_figure():
    """Case 3: a block without codes, pasted at T15 with its heading."""
    assert written("本季度\n97.5\n100\n78.6\n94.1\n", items=(T15, T17, T18, T19)) == {
        ("T15", "value"): "97.5",
        ("T17", "value"): "100",
        ("T18", "value"): "78.6",
        ("T18", "source"): "公交台账",
        ("T19", "value"): "94.1",
    }


BY_CODE = {("T19", "value"): "94.1", ("T15", "value"): "97.5"}


@pytest.mark.parametrize(
    "text",
    [
        "T19\t94.1\nT15\t97.5",
        "Ｔ１９\t94.1\nＴ15\t97.5\n\n",  # noqa: RUF001
        "1\tT19\t94.1\n2\tT15\t97.5",
        "94.1\tT19\n97.5\tT15",
        "\tT19\t94.1\n\tT15\t97.5",
        "指标\tT19\t94.1\n\tT15\t97.5",
        "编号\t本季度\nT19\t94.1\nT15\t97.5",
        "第三季度\n编号\t名称\t上季度\t本季度\nT19\t\t93.5\t94.1\nT15\t\t96\t97.5",
        "T19 新能源和清洁能源车辆比例\t94.1\nT15、充电桩普及率\t97.5",
        "新能源和清洁能源车辆比例\t94.1\n充电桩普及率\t97.5",
        "T19\t新能源和清洁能源车辆比例\t93.5\t94.1\nT15\t\t96.0\t97.5",
        '"T19"\t"94.1"\nT15\t97.5',
    ],
)
def test_rows_are_found_wherever_they_are_named(text):
    assert written(text) == BY_CODE


def test_codes_go_before_names_and_names_before_short_names():
    found = planned("T15\t纯电动公交车比例\t97.5\n充电桩普及率\t1\n")
    assert [(match.item.code, match.by) for match in found.matches] == [("T15", By.CODE)]
    assert [stray.because for stray in found.strays] == ["T15已由第1行写入"]


def test_without_a_name_the_place_decides_and_blank_rows_count():
    found = planned("97.5\n\n78.6\n", start=(17, "value"))
    assert found.ways == (By.PLACE,)
    assert [(c.item.code, c.new) for c in found.written if c.column == "value"] == [
        ("T17", "97.5"), ("T19", "78.6")]  # fmt: skip


def test_what_reaches_beyond_the_last_row_is_told():
    found = planned("1\n2\n", start=(9, "invested_wan"))
    assert [stray.because for stray in found.strays] == ["表格到这里没有更多的行"]


def test_the_column_of_the_cursor_is_the_first():
    assert written("部门统计\t公交台账", start=(18, "grade")) == {
        ("T18", "grade"): "department",
        ("T18", "source"): "公交台账",
    }


def test_a_blank_cell_after_the_code_keeps_its_place():
    assert written("T18\t\t部门统计") == {("T18", "grade"): "department"}
    assert written("\t部门统计", start=(18, "value")) == {("T18", "grade"): "department"}


def test_one_heading_serves_the_columns_of_other_kinds():
    text = (
        "编号\t本季度\t数据状态\t数据来源\t说明\t本季度进展\n"
        "T15\t97.2\t部门统计\t\t6处停车场等待送电\t\n"
        "5-2\t正常推进\t2026年12月\t推进二期\t\t完成需求评审\n"
        "1-1\t无配合事项\t\t\t\t\n"
    )
    assert written(text) == {
        ("T15", "value"): "97.2",
        ("T15", "grade"): "department",
        ("T15", "note"): "6处停车场等待送电",
        ("5-2", "status"): "on_track",
        ("5-2", "next_due"): "2026年12月",
        ("5-2", "next_steps"): "推进二期",
        ("5-2", "narrative"): "完成需求评审",
        ("1-1", "nothing"): "1",
    }


def test_projects_are_written_under_the_heads_of_their_form():
    text = "项目\t累计完成投资\t形象进度\t预计竣工\n霞凝港岸电\t1.2亿元\t80\t2026-12\n"
    assert written(text) == {
        ("P9", "invested_wan"): "1.2亿元",
        ("P9", "works_percent"): "80",
        ("P9", "expected_on"): "2026-12",
    }


def test_blank_cells_are_left_alone_unless_asked():
    old = item(18, "T18", "纯电动公交车比例", texts={"value": "78.6", "note": "稳定"})
    text = "编号\t本季度\t说明\nT18\t\t\n"
    found = planned(text, items=(old,))
    assert (found.count(Effect.BLANK), found.written) == (2, ())
    assert written(text, items=(old,), clears=True) == {
        ("T18", "value"): "", ("T18", "note"): ""}  # fmt: skip


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "#REF!", "错误:502", "很多", "—", "无"])
def test_what_is_no_figure_is_never_written(text):
    found = planned(f"T18\t{text}")
    assert found.written == ()
    assert [cell.effect for cell in found.cells] == [Effect.UNREADABLE]


def test_what_is_handed_in_is_not_written():
    sent = item(17, "T17", "新增纯电动公交车比例", texts={"value": "100"}, locked="已提交")
    found = planned("T17\t99", items=(sent,))
    assert [(c.effect, c.problem) for c in found.cells] == [(Effect.LOCKED, "已提交")]
    assert planned("T17\t100", items=(sent,)).cells[0].effect is Effect.SAME


def test_an_answer_other_than_a_figure():
    assert written("T17\t不适用") == {("T17", "availability"): "not_applicable"}
    was = item(17, "T17", "甲", texts={"availability": "not_applicable"})
    found = planned("T17\t100", items=(was,)).written[0]
    assert (found.old, dict(found.edits)) == (
        "不适用（如当期无新建）", {"value": "100", "availability": "new"})  # fmt: skip


def test_a_contribution_is_one_cell_of_two_fields():
    was = item(11, "1-1", "培育产业", kind="contribution", lead="text", texts={"nothing": "1"})
    found = planned("1-1\t开了两次会", items=(was,)).written[0]
    assert (found.old, found.new) == ("无配合事项", "开了两次会")
    assert dict(found.edits) == {"nothing": "", "text": "开了两次会"}


def test_rows_without_an_item_say_why():
    found = planned("T15\t97\n公交电动化比例\t78.6\nT21 生活垃圾分类\t31.2\n合计\t1\nT15\t98\n")
    assert [(one.because, one.may_choose) for one in found.strays] == [
        ("名称像T18", True),
        ("不是本单位本季度的事项", False),
        ("没有编号，也认不出名称", True),
        ("T15已由第1行写入", False),
    ]


def test_an_item_can_be_chosen_for_a_row():
    text = "T15\t97\n公交电动化比例\t78.6\n"
    assert written(text, choices={2: 18})[("T18", "value")] == "78.6"
    assert planned(text, choices={2: 18}).lost == 0
    assert planned(text, choices={2: 15}).lost == 1


def test_items_beside_each_other_are_refused():
    with pytest.raises(BlockError, match="转置"):
        planned("编号\tT15\tT17\tT18\n本季度\t97\t100\t78\n")


def test_a_workbook_makes_a_date_of_a_code():
    assert written("5月1日\t正常推进") == {("5-1", "status"): "on_track"}


def test_the_value_of_one_year_is_found_by_its_plain_code_unless_two_are_owed():
    one, two = (item(pk, f"T01@{2024 + pk}", f"能耗 {2024 + pk}年度") for pk in (1, 2))
    assert written("T01\t3.1", items=(one, T15)) == {("T01@2025", "value"): "3.1"}
    assert planned("T01\t3.1\nT15\t2", items=(one, two, T15)).lost == 1


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("97.0", "97.2", ("97.0", "97.2")),
        ("正常推进", "进展滞后", ("正常推进", "进展滞后")),
        ("淘汰柴油货车，按季度计划推进。", "淘汰柴油货车38辆，低于计划。",
         ("…，按季度计划推进。", "…38辆，低于计划。")),
        ("", "很长很长很长很长很长很长很长很长", ("", "很长很长很长很长很长很长很长很长")),
    ],
)  # fmt: skip
def test_long_texts_leave_out_their_common_beginning(old, new, shown):
    assert differing(old, new) == shown


TEXT = st.sampled_from(["", "1", "97.5", "#N/A", "T15", "T18", "5-1", "本季度", "编号", "无",
                        "很多", "正常推进", "测算", "1-1", "合计", "充电桩普及率"])  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the rules
@given(
    st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=7),
    st.sampled_from([one.pk for one in ITEMS]),
    st.booleans(),
)
def test_whatever_is_pasted_nothing_is_written_twice_or_unread(rows, start, clears):
    text = "\n".join("\t".join(row) for row in rows)
    try:
        found = planned(text, start=(start, "value"), clears=clears)
    except BlockError:
        return
    places = [(cell.item.pk, cell.column) for cell in found.cells]
    assert len(places) == len(set(places))
    for cell in found.cells:
        assert bool(cell.edits) == (cell.effect in WRITTEN)
        assert "#N/A" not in cell.edits.values()
    lines = [one.line.number for one in found.matches if one.by != By.CHOICE]
    assert not {stray.line.number for stray in found.strays} & set(lines)
    again = [item_after(one, found) for one in ITEMS]
    assert plan(read_block(text), again, start=(start, "value"), clears=clears).written == ()


def item_after(one, found):
    """The item as it is when the plan was applied: applying twice writes nothing."""
    edits = {name: to for c in found.cells if c.item is one for name, to in c.edits.items()}
    return replace(one, texts={**one.texts, **edits})
