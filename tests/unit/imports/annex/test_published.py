"""The two workbooks of the plan as they were published."""

from decimal import Decimal
from pathlib import Path

import pytest

from common.workbooks.reading import read_workbook
from imports.annex import read_annex
from imports.annex.cells.grid import printed
from tests.unit.imports.annex.sheets import codes, known, text, xlsx

FIXTURES = Path(__file__).parents[4] / "fixtures"
PARK = "马栏山（长沙）视频文创园管理委员会"


def published(name):
    path = FIXTURES / name
    return read_annex(path.read_bytes(), path.name)


@pytest.fixture(scope="module")
def annex1():
    return published("annex1_key_items.xlsx")


@pytest.fixture(scope="module")
def annex2():
    return published("annex2_key_projects.xlsx")


def test_annex1_has_6_goals_and_32_tasks_in_10_categories(annex1):
    goals = [row for row in annex1.rows if row.kind == "goal"]
    tasks = [row for row in annex1.rows if row.kind == "task"]
    assert annex1.table == "tasks"
    assert (len(goals), len(tasks)) == (6, 32)
    assert [row.number for row in goals] == [1, 2, 3, 4, 5, 6]
    assert len({row.category for row in tasks}) == 10
    sizes = [sum(row.category_number == number for row in tasks) for number in range(1, 11)]
    assert sizes == [3, 4, 3, 4, 4, 3, 4, 2, 3, 2]


def test_annex1_numbers_restart_in_each_category(annex1):
    seen: dict[int, list[int]] = {}
    for row in annex1.rows:
        if row.kind == "task":
            seen.setdefault(row.category_number, []).append(row.number)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())


def test_annex1_has_7_tasks_without_lead(annex1):
    nobody = [(row.category_number, row.number) for row in annex1.rows if not row.leads]
    assert nobody == [(1, 1), (2, 2), (4, 4), (8, 2), (9, 1), (9, 2), (9, 3)]
    assert [code for code in codes(annex1) if code[0] == "no_lead"] == [
        ("no_lead", place) for place in ("C12", "C16", "C25", "C39", "C40", "C41", "C42")
    ]


def test_annex1_has_112_responsible_slots_in_tasks(annex1):
    assert sum(len(row.responsible) for row in annex1.rows if row.kind == "task") == 112


def test_annex1_reads_titles_categories_and_names(annex1):
    first = next(row for row in annex1.rows if row.row == 12)
    assert first.category == "推动产业绿色低碳发展"
    assert first.title == "培育绿色低碳新兴产业"
    assert first.responsible[:2] == (
        "马栏山(长沙)视频文创管理委员会",
        "长沙金霞经济开发区管理委员会",
    )
    assert first.cells["title"] == ("B", "1．培育绿色低碳新兴产业。")
    after_blank_row = next(row for row in annex1.rows if row.row == 32)
    assert after_blank_row.category == "提升生态固碳增汇能力"
    assert after_blank_row.responsible == ("市自然资源和规划局开福区分局", "市生态环境局开福分局")
    goal = next(row for row in annex1.rows if row.row == 10)
    assert (goal.kind, goal.number) == ("goal", 6)
    assert goal.category == "2030年森林覆盖率和蓄积量指标"
    assert goal.responsible == ("市自然资源和规划局开福区分局",)


def test_annex1_takes_off_the_footnote_mark_that_the_note_explains(annex1):
    marks = [problem for problem in annex1.problems if problem.code == "footnote_mark"]
    assert [(problem.column, problem.row, problem.applied) for problem in marks] == [
        ("B", 6, True),
        ("B", 10, True),
    ]
    assert marks[0].suggestion == "森林覆盖率稳定在15.38%左右，森林蓄积量达51万立方米。"
    assert annex1.rows[2].title == "森林覆盖率稳定在15.38%左右，森林蓄积量达51万立方米"


def test_annex1_groups_are_names_of_their_own(annex1):
    assert annex1.rows[0].responsible[-2:] == ("各街道", "社区（村）")
    assert len(annex1.rows[4].responsible) == 13


def test_spellings_of_the_park_are_one_agency():
    path = FIXTURES / "annex1_key_items.xlsx"
    names = known(PARK, **{"马栏山(长沙)视频文创管理委员会": PARK})
    reading = read_annex(path.read_bytes(), path.name, names)
    assert {spelling for spelling, name in reading.resolved.items() if name == PARK} == {
        PARK,
        "马栏山(长沙)视频文创管理委员会",
    }


def test_unknown_spellings_are_asked_once_with_all_their_cells():
    path = FIXTURES / "annex1_key_items.xlsx"
    reading = read_annex(path.read_bytes(), path.name, known(PARK))
    asked = [problem for problem in reading.problems if problem.code == "unknown_agency"]
    alias = next(problem for problem in asked if "视频文创管理委员会" in problem.message)
    assert alias.severity == "question"
    assert alias.suggestion == PARK
    agency = next(one for one in reading.unknown_agencies if "视频文创管理" in one.spelling)
    assert agency.cells == ((12, "D"), (21, "D"), (24, "D"))
    assert agency.suggestions[0].score >= 96
    assert (
        len(asked) == len({problem.message for problem in asked}) == len(reading.unknown_agencies)
    )


def test_annex2_has_20_projects_of_915822_wan_over_19_values(annex2):
    amounts = [row.total_investment_wan for row in annex2.rows]
    assert annex2.table == "projects"
    assert [row.number for row in annex2.rows] == list(range(1, 21))
    assert amounts[14] is None
    assert sum(amount is not None for amount in amounts) == 19
    assert sum((amount for amount in amounts if amount is not None), Decimal(0)) == Decimal(915822)


def test_annex2_categories_are_carried_down(annex2):
    sizes: dict[str, int] = {}
    for row in annex2.rows:
        sizes[row.category] = sizes.get(row.category, 0) + 1
    assert sizes == {
        "环境保护工程": 1,
        "资源循环利用工程": 1,
        "重点行业绿色提升工程": 7,
        "新能源建设工程": 2,
        "城市居民生活降碳工程": 4,
        "基础设施提质工程": 5,
    }


def test_annex2_reads_years_whatever_the_dash(annex2):
    years = {row.number: (row.start_year, row.end_year) for row in annex2.rows}
    assert years[10] == (2021, 2023)
    assert years[6] == (2020, 2023)
    assert years[15] == (2023, 2026)
    assert None not in {year for pair in years.values() for year in pair}


def test_annex2_reads_owners(annex2):
    owners = {row.number: row.owners for row in annex2.rows}
    assert owners[15] == ("区人居环境局", "各相关部门", "各相关街道")
    assert owners[16] == ("市水业集团（长沙供水有限公司）",)
    assert owners[19] == ("长沙金霞经济开发区",)
    assert all(not row.responsible for row in annex2.rows)


def test_annex2_leaves_contents_blank_that_no_merged_range_covers(annex2):
    contents = {row.number: row.content for row in annex2.rows}
    assert contents[13] is None
    assert contents[14] is None
    assert ("missing_content", "E15") in codes(annex2, "hint")


def test_annex2_suggests_the_lost_superscript_without_applying_it(annex2):
    problem = next(one for one in annex2.problems if one.code == "lost_superscript")
    assert (problem.column, problem.row, problem.applied) == ("E", 23, False)
    assert problem.suggestion.startswith("改造规模为30×10⁴ m³/d。")
    assert annex2.rows[-1].content.startswith("改造规模为30*104m3/d。")


@pytest.mark.parametrize("name", ["annex1_key_items.xlsx", "annex2_key_projects.xlsx"])
def test_published_tables_have_no_errors(name):
    assert codes(published(name), "error", "question") == []


@pytest.mark.parametrize("name", ["annex1_key_items.xlsx", "annex2_key_projects.xlsx"])
def test_published_tables_read_the_same_as_csv(name):
    data = (FIXTURES / name).read_bytes()
    sheet = read_workbook(data, name).sheets[0]
    plain = text([[printed(cell) for cell in row] for row in sheet.rows])
    first, second = read_annex(data, name), read_annex(plain, "附件.csv")
    assert values(first) == values(second)
    assert [row.row for row in first.rows] == [row.row for row in second.rows]


def values(reading):
    """All that was read, without rows and cells."""
    left_out = ("row", "cells")
    return [
        {name: getattr(row, name) for name in row.__slots__ if name not in left_out}
        for row in reading.rows
    ]


@pytest.mark.parametrize(
    "order", [(0, 2, 3, 6, 5, 4, 1), (3, 2, 1, 6, 0, 4, 5), (6, 0, 2, 4, 1, 5, 3)]
)
def test_annex2_reads_the_same_in_any_order_of_columns_and_with_blank_rows(annex2, order):
    path = FIXTURES / "annex2_key_projects.xlsx"
    sheet = read_workbook(path.read_bytes(), path.name).sheets[0]
    rows = []
    for row in sheet.rows[1:]:
        rows += [[row[column] for column in order], [""] * 7]
    assert values(read_annex(xlsx(rows), "附件2.xlsx")) == values(annex2)


def test_annex1_reads_the_same_with_agencies_first_and_a_further_column(annex1):
    path = FIXTURES / "annex1_key_items.xlsx"
    sheet = read_workbook(path.read_bytes(), path.name).sheets[0]
    rows = []
    for row in sheet.rows[1:]:
        alone = sum(cell != "" for cell in row) == 1 and row[0]
        rows.append(
            [row[0]] if alone and row[0] != "目标任务" else [row[2], row[3], row[0], row[1]]
        )
        rows.append([])
    rows[0].append("备注")
    assert values(read_annex(xlsx(rows), "附件1.xlsx")) == values(annex1)
