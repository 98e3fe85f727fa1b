"""What single rows of a sheet are taken for, and what is said about them."""

import datetime

import openpyxl
import pytest

from imports.annex import HeaderOverride, read_annex, to_json
from tests.unit.common.workbooks.workbook_bytes import with_cells, with_saved_results
from tests.unit.imports.annex.sheets import codes, known, projects, read, saved, tasks, xlsx

TASK_HEAD = ["序号", "类别", "重点任务", "牵头单位", "责任单位"]
TASK = [1, "能源", "发展光伏", "区发改局", "区住建局"]
HEAD = ["序号", "项目名称", "建设单位", "建设内容", "起止年限", "总投资（万元）"]
ROW = [1, "光伏", "甲公司", "装机", "2023-2024", 100]


def only_problem(reading):
    assert len(reading.problems) == 1, reading.problems
    return reading.problems[0]


class TestTablesOnSheets:
    @pytest.mark.parametrize(
        "rows",
        [
            [TASK_HEAD, TASK, [None], ["附件2 项目"], HEAD, ROW],
            [["附件1"], HEAD, ROW, ["附件2"], HEAD, ROW],
            [[*HEAD, None, *HEAD], [*ROW, None, 2, *ROW[1:]]],
            [[*TASK_HEAD, None, *HEAD], [*TASK, None, *ROW]],
        ],
        ids=["two kinds", "one kind, twice", "side by side", "side by side, two kinds"],
    )
    def test_two_tables_on_a_sheet_are_one_problem_and_nothing_is_read(self, rows):
        reading = read(rows)
        problem = only_problem(reading)
        assert (problem.code, problem.severity) == ("two_tables", "error")
        assert problem.message.count("。") == 1
        assert (reading.table, reading.rows) == (None, ())

    def test_of_two_tables_the_one_asked_for_is_read(self):
        rows = [TASK_HEAD, TASK, [None], ["附件2 项目"], HEAD, ROW]
        assert [row.name for row in read(rows, table="projects").rows] == ["光伏"]
        assert [row.title for row in read(rows, table="tasks").rows] == ["发展光伏"]

    def test_a_continued_table_is_one_table(self):
        rows = [["附件1 项目"], HEAD, ROW, ["附件1 项目（续）"], HEAD, [2, "风电", *ROW[2:]]]
        assert [row.number for row in read(rows).rows] == [1, 2]

    def test_another_kind_of_table_below_is_left_alone(self):
        rows = [["附件1"], HEAD, ROW, [None], ["附件2 指标表"], ["指标", "单位", "2025年"]]
        reading = read([*rows, ["森林覆盖率", "%", 15.38, "x", "x", "x"]])
        assert [row.number for row in reading.rows] == [1]
        assert codes(reading) == [("other_table_below", "6")]

    def test_the_sheet_with_the_table_is_found(self):
        data = xlsx([["说明"], ["本表供参考"]], 附件2=[HEAD, ROW])
        assert read_annex(data, "a.xlsx").sheet == "附件2"

    def test_a_second_table_on_another_sheet_is_asked_about(self):
        data = xlsx([TASK_HEAD, TASK], name="附件1", 附件2=[HEAD, ROW])
        reading = read_annex(data, "a.xlsx")
        assert reading.table == "tasks"
        assert only_problem(reading).code == "other_sheets"
        assert "附件2" in only_problem(reading).message
        assert read_annex(data, "a.xlsx", sheet="附件2").table == "projects"

    def test_visible_sheets_go_before_hidden_ones(self):
        book = openpyxl.Workbook()
        for row in (HEAD, ROW):
            book.active.append(row)
        book.active.sheet_state = "hidden"
        other = book.create_sheet("现行")
        for row in (HEAD, [1, "风电", *ROW[2:]]):
            other.append(row)
        assert read_annex(saved(book), "a.xlsx").rows[0].name == "风电"

    @pytest.mark.parametrize(
        "rows",
        [
            [["姓名", "单位", "电话"], ["张三", "区发改局", "123"]],
            [["指标名称", "2020年", "2025年", "牵头单位"], ["森林覆盖率", 15, 16, "林业局"]],
            [["名称", "单位", "数量"], ["电脑", "台", 3]],
            [["重点任务和责任单位如下"]],
        ],
    )
    def test_a_sheet_without_such_a_table_is_one_sentence(self, rows):
        problem = only_problem(read(rows))
        assert (problem.code, problem.severity) == ("no_table", "error")
        assert problem.message.count("。") == 1

    def test_the_wrong_sheet_or_kind_is_named(self):
        data = xlsx([["说明"]], 附件2=[HEAD, ROW])
        wrong = only_problem(read_annex(data, "a.xlsx", sheet="Sheet1"))
        assert wrong.code == "wrong_sheet"
        assert "“附件2”里是重点项目表" in wrong.message
        assert only_problem(read_annex(data, "a.xlsx", sheet="无")).code == "no_sheet"
        assert only_problem(read([HEAD, ROW], table="tasks")).code == "wrong_sheet"

    def test_a_header_alone_is_no_table(self):
        assert only_problem(read([HEAD])).code == "no_rows"

    def test_a_table_may_begin_anywhere(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["A1"] = "关于重点项目的通知"
        sheet["A2"] = "为贯彻落实有关要求，现将重点任务和责任单位明确如下，请认真组织实施。"
        for down, row in enumerate([HEAD, ROW]):
            for right, value in enumerate(row):
                sheet.cell(9 + down, 3 + right, value)
        reading = read_annex(saved(book), "a.xlsx")
        assert [(row.row, row.name) for row in reading.rows] == [(10, "光伏")]
        assert reading.rows[0].cells["name"] == ("D", "光伏")

    def test_the_header_may_be_set_by_the_user(self):
        rows = [["甲", "乙", "丙", "丁（亿元）"], ["光伏", "某公司", "2023-2024", 2]]
        header = HeaderOverride(
            1, 1, {"A": "name", "B": "owners", "C": "years", "D": "total_investment_wan"}
        )
        reading = read(rows, table="projects", header=header)
        assert projects(reading) == [(1, None, "光伏", ("某公司",), (), (2023, 2024), "20000")]
        names = read(rows, table="projects", header=HeaderOverride(1, 1, {"A": "name"}))
        assert [row.name for row in names.rows] == ["光伏"]
        blank = HeaderOverride(1, 1, {"B": "owners"})
        assert only_problem(read(rows, table="projects", header=blank)).code == "no_chief_column"


class TestRows:
    def test_rows_that_count_the_columns_are_passed(self):
        for code_row in (
            ["（1）", "（2）", "（3）", "（4）", "（5）", "（6）"],
            ["甲", "乙", 1, 2, 3, 4],
        ):
            assert [row.name for row in read([HEAD, code_row, ROW]).rows] == ["光伏"]

    def test_totals_are_passed_wherever_the_word_stands(self):
        rows = [
            HEAD,
            ["合  计", None, None, None, None, 100],
            ROW,
            [None, "小计（1个项目）", None, None, None, 100],
            ["总计", None, None, None, None, "=SUM(F3:F3)"],
        ]
        reading = read(rows, ["A5:E5"])
        assert [row.name for row in reading.rows] == ["光伏"]
        assert codes(reading) == []

    def test_notes_are_kept_and_not_read_as_rows(self):
        rows = [
            TASK_HEAD,
            TASK,
            ["注：1.牵头单位排第一。"],
            ["2.各街道含镇。"],
            ["填表人：", None, "审核人："],
        ]
        reading = read(rows)
        assert len(reading.rows) == 1
        assert reading.notes == ("注：1.牵头单位排第一。", "2.各街道含镇。")
        assert codes(reading) == []

    def test_a_long_sentence_amid_the_rows_is_passed_with_a_hint(self):
        sentence = "以下项目由各单位按照职责分工组织实施，并于每季度末报送进展情况和存在问题。"
        reading = read([HEAD, ROW, [sentence], [2, "风电", *ROW[2:]]])
        assert [row.number for row in reading.rows] == [1, 2]
        assert codes(reading) == [("skipped_row", "A3")]

    def test_a_row_without_name_or_title_is_unreadable(self):
        reading = read([HEAD, ROW, [2, None, "乙公司", "扩建", "2023", 3]])
        assert [(row.name, row.unreadable) for row in reading.rows] == [("光伏", False), ("", True)]
        assert codes(reading) == [("missing_name", "B3")]
        reading = read([TASK_HEAD, TASK, [2, "能源", None, "区发改局", "区住建局"]])
        assert [row.unreadable for row in reading.rows] == [False, True]
        assert codes(reading) == [("missing_title", "C3")]

    def test_a_task_that_names_nobody_is_no_heading(self):
        rows = [
            ["类别", "重点任务", "牵头单位", "责任单位"],
            ["能源", "发展光伏", "甲局", "乙局"],
            [None, "发展储能", None, None],
            [None, "发展风电", "甲局", "乙局"],
        ]
        for merged in ([], ["A2:A4"]):
            reading = read(rows, merged)
            assert [(row.category, row.title, row.lead) for row in reading.rows] == [
                ("能源", "发展光伏", "甲局"),
                ("能源", "发展储能", None),
                ("能源", "发展风电", "甲局"),
            ]
            assert ("no_agency", "D3") in codes(reading)

    def test_a_broken_value_leaves_the_rest_of_its_row_readable(self):
        reading = read([HEAD, [1, "光伏", "甲公司", "装机", "2024-2021", "三千万元"]])
        row = reading.rows[0]
        assert (row.name, row.owners, row.content) == ("光伏", ("甲公司",), "装机")
        assert (row.start_year, row.total_investment_wan, row.unreadable) == (None, None, True)
        assert codes(reading, "error") == [("bad_years", "E2"), ("bad_amount", "F2")]

    def test_error_values_are_missing_not_zero(self):
        cells = '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="inlineStr"><is><t>风电</t></is></c>'
        cells += '<c r="E3" t="e"><v>#N/A</v></c><c r="F3" t="e"><v>#REF!</v></c></row>'
        reading = read_annex(with_cells(xlsx([HEAD, ROW]), cells), "a.xlsx")
        row = reading.rows[1]
        assert (row.total_investment_wan, row.start_year, row.unreadable) == (None, None, False)
        assert ("missing_amount", "F3") in codes(reading, "hint")
        assert "#REF!" in next(p.message for p in reading.problems if p.column == "F")

    def test_a_formula_counts_as_its_saved_value(self):
        data = with_saved_results(xlsx([HEAD, [*ROW[:5], "=60+40"]]), "100")
        reading = read_annex(data, "a.xlsx")
        assert str(reading.rows[0].total_investment_wan) == "100"
        assert codes(reading) == [("formula_value", "F2")]

    def test_a_formula_without_saved_value_is_an_error(self):
        reading = read_annex(xlsx([HEAD, [*ROW[:5], "=60+40"]]), "a.xlsx")
        assert reading.rows[0].unreadable
        assert codes(reading) == [("formula_without_value", "F2")]

    def test_hidden_rows_are_read_and_named(self):
        book = openpyxl.Workbook()
        for row in (HEAD, ROW, [2, "风电", *ROW[2:]]):
            book.active.append(row)
        book.active.row_dimensions[3].hidden = True
        reading = read_annex(saved(book), "a.xlsx")
        assert len(reading.rows) == 2
        assert codes(reading) == [("hidden_rows", "3")]

    def test_the_same_above_is_copied(self):
        rows = [TASK_HEAD, TASK, [None], [2, "同上", "发展储能", "同上", "〃"]]
        assert tasks(read(rows))[1] == ("task", "能源", 2, "发展储能", "区发改局", ("区住建局",))

    def test_a_cell_merged_over_lead_and_responsible_is_taken_apart(self):
        row = [2, "能源", "发展储能", "区发改局牵头，区住建局配合", None]
        assert tasks(read([TASK_HEAD, TASK, row], ["D3:E3"]))[1][4:] == ("区发改局", ("区住建局",))

    def test_a_heading_typed_into_every_cell_is_one_heading(self):
        rows = [HEAD, ["环境保护工程"] * 6, ROW, ["一、能源工程"] * 6, [2, "风电", *ROW[2:]]]
        assert [row.category for row in read(rows).rows] == ["环境保护工程", "能源工程"]

    def test_repeated_header_with_other_order_is_followed(self):
        rows = [
            HEAD,
            ROW,
            ["项目名称", "序号", "起止年限", "建设内容", "建设单位", "总投资（万元）"],
            ["风电", 2, "2024", "装机", "乙公司", 200],
        ]
        assert projects(read(rows))[1] == (2, None, "风电", ("乙公司",), (), (2024, 2024), "200")


class TestNumbers:
    def test_a_duplicated_number_is_an_error_of_the_later_row(self):
        reading = read([HEAD, ROW, [2, "风电", *ROW[2:]], [2, "储能", *ROW[2:]]])
        assert [row.unreadable for row in reading.rows] == [False, False, True]
        assert codes(reading) == [("duplicate_number", "A4")]
        assert "第3行" in reading.problems[0].message

    def test_numbers_may_restart_in_each_category_but_not_repeat_in_one(self):
        rows = [
            TASK_HEAD,
            [1, "能源", "发展光伏", "甲局", "乙局"],
            [2, "能源", "发展储能", "甲局", "乙局"],
            [1, "建筑", "绿色建材", "甲局", "乙局"],
            [1, "建筑", "绿色施工", "甲局", "乙局"],
        ]
        assert codes(read(rows)) == [("duplicate_number", "A5")]

    def test_a_first_number_out_of_turn_is_found_in_a_table_numbered_throughout(self):
        rows = [
            ["序号", "类别", *HEAD[1:]],
            [1, "能源", *ROW[1:]],
            [2, "能源", "储能", *ROW[2:]],
            [1, "建筑", "建材", *ROW[2:]],
            [4, "交通", "充电", *ROW[2:]],
        ]
        assert ("duplicate_number", "A4") in codes(read(rows))

    def test_numbers_are_ints_where_they_can_be(self):
        numbers = [1.0, "2", "３", "（4）", "5.", "六", "第7项", "8.0", "P9", "10-1"]
        rows = [[number, f"项目{index}号站", *ROW[2:]] for index, number in enumerate(numbers)]
        read_numbers = [row.number for row in read([HEAD, *rows]).rows]
        assert read_numbers == [1, 2, 3, 4, 5, 6, 7, 8, "P9", "10-1"]

    def test_a_number_cell_that_lost_a_zero_is_hinted(self):
        reading = read([HEAD, [1.1, *ROW[1:]], ["1.10", "风电", *ROW[2:]]])
        assert [row.number for row in reading.rows] == ["1.1", "1.10"]
        assert codes(reading) == [("decimal_number", "A2")]

    def test_a_number_that_became_a_date_is_hinted(self):
        reading = read([HEAD, [datetime.date(2026, 1, 1), *ROW[1:]], [2, "风电", *ROW[2:]]])
        assert reading.rows[0].number is None
        assert ("number_is_date", "A2") in codes(reading, "hint")

    def test_a_missing_number_is_none(self):
        reading = read([HEAD, ROW, [None, "风电", *ROW[2:]]])
        assert [row.number for row in reading.rows] == [1, None]
        assert codes(reading) == [("missing_number", "A3")]


class TestAmountsAndYears:
    def test_hints_say_what_was_read(self):
        reading = read([HEAD, [*ROW[:4], "2021—2023", "约1.2亿元"]])
        hints = {problem.code: problem for problem in reading.problems}
        assert hints["years_read"].suggestion == "2021-2023"
        assert hints["amount_read"].suggestion == "12000万元"
        assert all(problem.applied for problem in reading.problems)

    def test_an_implausible_amount_is_asked_about(self):
        head = [*HEAD[:5], "总投资（亿元）"]
        reading = read([head, [*ROW[:5], 30000]])
        assert str(reading.rows[0].total_investment_wan) == "300000000"
        assert ("implausible_amount", "F2") in codes(reading, "question")

    def test_a_reversed_pair_of_columns_is_an_error(self):
        head = ["序号", "项目名称", "建设单位", "开工时间", "竣工时间", "总投资（万元）"]
        reading = read([head, [1, "光伏", "甲公司", "2024年", "2022年", 100]])
        assert codes(reading) == [("bad_years", "E2")]
        assert reading.rows[0].start_year is None


class TestNames:
    def test_one_question_for_each_unknown_spelling_naming_its_cells(self):
        rows = [TASK_HEAD, TASK, [2, "能源", "发展储能", "区发改局", "区住建局、区水务局"]]
        reading = read(rows, known=known("区发展和改革局", 区住建局="区住房和城乡建设局"))
        asked = [problem for problem in reading.problems if problem.code == "unknown_agency"]
        assert [problem.severity for problem in asked] == ["question", "question"]
        assert "D2、D3" in asked[0].message
        assert asked[0].suggestion == "区发展和改革局"
        assert reading.resolved == {"区住建局": "区住房和城乡建设局"}
        assert [one.spelling for one in reading.unknown_agencies] == ["区发改局", "区水务局"]

    def test_without_known_names_nothing_is_asked(self):
        assert codes(read([TASK_HEAD, TASK])) == []


def test_json_has_exactly_the_agreed_keys():
    task = to_json(read([TASK_HEAD, [*TASK[:3], "甲局、乙局", "丙局"]]), {"new": 1})
    assert list(task) == ["table", "counts", "rows", "problems"]
    assert task["counts"] == {"new": 1}
    assert task["rows"] == [
        {
            "row": 2,
            "kind": "task",
            "number": 1,
            "category": "能源",
            "title": "发展光伏",
            "lead": "甲局、乙局",
            "leads": ["甲局", "乙局"],
            "responsible": ["丙局"],
        }
    ]
    project = to_json(read([HEAD, ROW, [2, None, "乙", "x", "2021—2022", "7214.5"]]), {})
    assert project["rows"][0] == {
        "row": 2,
        "number": 1,
        "category": None,
        "name": "光伏",
        "owners": ["甲公司"],
        "responsible": [],
        "content": "装机",
        "start_year": 2023,
        "end_year": 2024,
        "total_investment_wan": 100,
    }
    assert project["rows"][1]["name"] is None
    assert project["rows"][1]["total_investment_wan"] == 7214.5
    assert list(project["problems"][0]) == [
        "sheet",
        "row",
        "column",
        "code",
        "severity",
        "message",
        "suggestion",
    ]
