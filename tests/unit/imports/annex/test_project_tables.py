"""Project tables as other offices print them; each expectation was written by hand."""

import datetime

from imports.annex import read_annex
from tests.unit.imports.annex.sheets import codes, projects, read, text


def test_sections_with_counts_and_subtotals_in_yi():
    rows = [
        ["某市“十四五”绿色低碳重点项目表", None, None, None, None, None, None],
        [None, None, None, None, None, None, "单位：亿元"],
        ["序号", "项目名称", "建设规模及内容", "建设年限", "总投资", "建设单位", "责任单位"],
        ["合计", None, None, None, 23.7, None, None],
        ["一", "清洁能源项目（2个）", None, None, 13.2, None, None],
        [1, "县域光伏", "装机100MW", "2022-2024", 5, "甲能源有限公司", "县发改局"],
        [2, "抽水蓄能", "装机1200MW", "2023～2028", 8.2, "乙水电有限公司", "县发改局、县水利局"],
        ["二", "循环经济项目（1个）", None, None, 10.5, None, None],
        [
            3,
            "静脉产业园",
            "日处理1000吨",
            "2021年至2025年",
            "10.5亿元",
            "丙环保有限公司",
            "县城管局",
        ],
    ]
    reading = read(rows, ["A1:G1"])
    assert projects(reading) == [
        (1, "清洁能源项目", "县域光伏", ("甲能源有限公司",), ("县发改局",), (2022, 2024), "50000"),
        (
            2,
            "清洁能源项目",
            "抽水蓄能",
            ("乙水电有限公司",),
            ("县发改局", "县水利局"),
            (2023, 2028),
            "82000",
        ),
        (
            3,
            "循环经济项目",
            "静脉产业园",
            ("丙环保有限公司",),
            ("县城管局",),
            (2021, 2025),
            "105000",
        ),
    ]
    assert not {"count_mismatch", "total_mismatch"} & set(dict(codes(reading)))


def test_wrong_counts_and_totals_are_hinted():
    rows = [
        ["序号", "项目名称", "建设内容", "建设周期", "总投资（万元）"],
        ["一", "能源（3个）", None, None, None],
        [1, "光伏", "装机", "2022-2024", 500],
        [2, "储能", "装机", "2022-2024", 600],
        ["合计", None, None, None, 1200],
    ]
    assert codes(read(rows), "hint") == [("count_mismatch", "A2"), ("total_mismatch", "E5")]


def test_a_count_in_the_category_of_each_row_is_declared_once():
    def table(declared):
        kind = f"能源（{declared}个）"
        return [
            ["序号", "项目类别", "项目名称", "建设内容", "建设周期", "总投资（万元）"],
            [1, kind, "光伏", "装机", "2022-2024", 500],
            [2, kind, "储能", "装机", "2022-2024", 600],
            [3, "交通（1个）", "公交", "电动车", "2022-2024", 700],
        ]

    assert codes(read(table(2)), "hint") == []
    assert codes(read(table(3)), "hint") == [("count_mismatch", "B2")]


def test_start_and_end_in_two_columns_as_dates_and_texts():
    rows = [
        [
            "编号",
            "项目类型",
            "项目（工程）名称",
            "项目业主",
            "主要建设内容",
            "计划开工时间",
            "计划竣工时间",
            "估算投资\n（万元）",
            "2023年计划投资（万元）",
        ],
        [
            1,
            "交通",
            "公交场站",
            "公交集团",
            "新建场站2处",
            datetime.date(2023, 3, 1),
            datetime.date(2025, 12, 31),
            3200,
            800,
        ],
        [2, "交通", "慢行系统", "城投集团", "改造12公里", "2022年5月", "2024.6", "1,560.5", 300],
        [3, "建筑", "既有改造", "住建局", "改造30万㎡", 2024, "2025年底前", "待定", None],
    ]
    assert projects(read(rows)) == [
        (1, "交通", "公交场站", ("公交集团",), (), (2023, 2025), "3200"),
        (2, "交通", "慢行系统", ("城投集团",), (), (2022, 2024), "1560.5"),
        (3, "建筑", "既有改造", ("住建局",), (), (2024, 2025), None),
    ]


def test_two_header_rows_over_years_and_investment():
    rows = [
        [
            "序号",
            "工程名称",
            "业主单位",
            "建设内容",
            "建设起止年限",
            None,
            "投资（亿元）",
            None,
            None,
            "备注",
        ],
        [None, None, None, None, "开工", "竣工", "总投资", "中央预算内", "自筹", None],
        [1, "河道治理", "水利局", "治理5公里", 2022, 2023, 1.25, 0.5, 0.75, None],
        [2, "湿地公园", "林业局", "修复湿地", 2023, 2026, "8000万元", None, None, "续建"],
    ]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:I1", "J1:J2"]
    expected = [
        (1, None, "河道治理", ("水利局",), (), (2022, 2023), "12500"),
        (2, None, "湿地公园", ("林业局",), (), (2023, 2026), "8000"),
    ]
    assert projects(read(rows, merged)) == expected
    assert projects(read_annex(text(rows), "项目.csv")) == expected


def test_merged_name_over_category_and_item_columns():
    rows = [
        ["项目", None, "实施主体", "项目概况", "实施年限", "投资额（万元）"],
        ["（一）减排工程", "1．锅炉改造", "热力公司", "改造3台", "2023", 900],
        [None, "2．余热利用", "钢铁公司", "建设机组", "2023年—2024年", "１，２００"],
        ["（二）增汇工程", "3．造林", "林场", "造林500亩", "2023", "80万"],
    ]
    assert projects(read(rows, ["A1:B1", "A2:A3"])) == [
        (1, "减排工程", "锅炉改造", ("热力公司",), (), (2023, 2023), "900"),
        (2, "减排工程", "余热利用", ("钢铁公司",), (), (2023, 2024), "1200"),
        (3, "增汇工程", "造林", ("林场",), (), (2023, 2023), "80"),
    ]


def test_full_width_category_rows_without_numbers_and_footer():
    rows = [
        [
            "序号",
            "项目名称",
            "建设单位",
            "建设内容",
            "建设期",
            "总投资(万元)",
            "行业主管部门",
            "联系人",
        ],
        ["环境保护工程", None, None, None, None, None, None, None],
        ["1", "污水厂扩容", "水务集团", "扩容5万吨", "2021-2023", "91,209", "区住建局", "王"],
        ["新能源工程", None, None, None, None, None, None, None],
        [
            "2",
            "充电站",
            "交投集团",
            "新建50座",
            "2022—2024",
            "——",
            "区交通局牵头，区发改局配合",
            "李",
        ],
        ["小计", None, None, None, None, "91209", None, None],
        ["总 计", None, None, None, None, "91209", None, None],
        ["制表：王五    审核：赵六", None, None, None, None, None, None, None],
        ["备注：以上投资为估算数。", None, None, None, None, None, None, None],
    ]
    reading = read(rows, ["A2:H2", "A4:H4"])
    assert projects(reading) == [
        (1, "环境保护工程", "污水厂扩容", ("水务集团",), ("区住建局",), (2021, 2023), "91209"),
        (2, "新能源工程", "充电站", ("交投集团",), ("区交通局", "区发改局"), (2022, 2024), None),
    ]
    assert codes(reading) == [("years_read", "E5"), ("missing_amount", "F5")]


def test_only_names_money_and_responsible_in_yuan():
    rows = [
        ["序号", "项目名称", "责任单位", "投资金额（元）"],
        [1, "路灯改造", "城管局", 1250000],
        [2, "食堂改造", "机关事务中心", "360,000.00"],
    ]
    assert projects(read(rows)) == [
        (1, None, "路灯改造", (), ("城管局",), (None, None), "125"),
        (2, None, "食堂改造", (), ("机关事务中心",), (None, None), "36"),
    ]


def test_missing_unit_is_asked():
    rows = [
        ["序号", "项目名称", "建设单位", "总投资"],
        [1, "路灯改造", "城管局", 1250],
    ]
    reading = read(rows)
    assert projects(reading)[0][-1] == "1250"
    assert ("assumed_unit", "D1") in codes(reading, "question")


def test_no_unit_is_asked_where_every_cell_has_its_own():
    rows = [
        ["序号", "项目名称", "建设单位", "总投资"],
        [1, "路灯改造", "城管局", "1.2亿元"],
        [2, "食堂改造", "城管局", "300万"],
    ]
    assert codes(read(rows), "question") == []


def test_foreign_money_is_not_guessed():
    rows = [
        ["序号", "项目名称", "建设单位", "总投资（万美元）"],
        [1, "路灯改造", "城管局", 1250],
    ]
    reading = read(rows)
    assert projects(reading)[0][-1] is None
    assert ("bad_amount", "D2") in codes(reading, "error")
    assert reading.rows[0].unreadable


def test_merged_content_fills_only_what_the_range_covers():
    rows = [
        ["序号", "项目名称", "建设单位", "建设内容", "起止年限", "总投资（万元）"],
        [12, "小区甲", "城投", "节能改造", "2023-2025", 3500],
        [13, "小区乙", "城投", None, "2023-2025", 1800],
        [14, "小区丙", "城投", None, "2023-2024", 1120],
    ]
    reading = read(rows, ["D2:D3"])
    assert [row.content for row in reading.rows] == ["节能改造", "节能改造", None]
    assert codes(reading) == [("missing_content", "D4")]


def test_one_project_over_several_rows_of_contents():
    rows = [
        ["序号", "项目名称", "建设单位", "建设内容", "起止年限", "总投资（万元）"],
        [1, "园区循环化", "城投", "一期：管网", "2023-2025", 3500],
        [None, None, None, "二期：中水", None, None],
        [2, "小区乙", "城投", "改造", "2023-2025", 1800],
    ]
    reading = read(rows, ["A2:A3", "B2:B3", "C2:C3", "E2:E3", "F2:F3"])
    assert [(row.number, row.content, str(row.total_investment_wan)) for row in reading.rows] == [
        (1, "一期：管网\n二期：中水", "3500"),
        (2, "改造", "1800"),
    ]


def test_merged_sum_of_two_projects_is_pointed_out():
    rows = [
        ["序号", "项目名称", "建设单位", "建设内容", "起止年限", "总投资（万元）"],
        [1, "小区甲", "城投", "改造", "2023-2025", 3500],
        [2, "小区乙", "城投", "改造", "2023-2025", None],
    ]
    reading = read(rows, ["F2:F3"])
    assert [str(row.total_investment_wan) for row in reading.rows] == ["3500", "3500"]
    assert ("merged_amount", "F3") in codes(reading, "hint")


def test_table_of_a_province_with_area_and_progress_columns():
    rows = [
        ["附表2"],
        ["2024年省级零碳园区重点项目清单（共3项）"],
        ["填报单位：某市发展改革委", None, None, None, None, None, None, None, "单位：万元、亩"],
        [
            "序号",
            "所在园区",
            "项目名称",
            "建设性质",
            "建设地点",
            "项目单位",
            "建设规模与主要内容",
            "起止年月",
            "计划总投资",
            "截至2023年底完成投资",
            "目前进展情况",
        ],
        [
            1,
            "高新区",
            "零碳工厂",
            "新建",
            "高新区",
            "丁科技股份有限公司",
            "厂房2万平方米",
            "2023.05-2024.12",
            12000,
            3000,
            "主体施工",
        ],
        [
            2,
            "高新区",
            "智慧能源站",
            "续建",
            "高新区",
            "戊能源（集团）有限公司",
            "供冷供热站3座",
            "202203-202506",
            45600.75,
            20000,
            "设备安装",
        ],
        [
            3,
            "经开区",
            "园区光伏",
            "新建",
            "经开区",
            "己电力有限公司、庚投资有限公司",
            "屋顶光伏20MW",
            "2024年1月至2025年1月",
            "约8000万元",
            0,
            "前期",
        ],
    ]
    reading = read(rows, ["A2:K2"])
    assert projects(reading) == [
        (1, None, "零碳工厂", ("丁科技股份有限公司",), (), (2023, 2024), "12000"),
        (2, None, "智慧能源站", ("戊能源（集团）有限公司",), (), (2022, 2025), "45600.75"),
        (3, None, "园区光伏", ("己电力有限公司", "庚投资有限公司"), (), (2024, 2025), "8000"),
    ]
    assert codes(reading, "error", "question") == []


def test_headings_beside_their_numerals_with_counts_in_words():
    rows = [
        ["序号", None, "项目名称", "建设单位", "总投资（万元）"],
        ["一", "能源工程：2个项目", None, None, None],
        [1, None, "光伏", "甲公司", 100],
        [2, None, "储能", "甲公司", 100],
        ["二、", "城市更新 1 项", None, None, None],
        ["3、", None, "改造", "甲公司", 100],
    ]
    reading = read(rows, ["A1:B1"])
    assert [(row.number, row.category, row.category_number) for row in reading.rows] == [
        (1, "能源工程", 1),
        (2, "能源工程", 1),
        (3, "城市更新", 2),
    ]
    assert codes(reading) == []


def test_three_header_rows():
    rows = [
        ["序号", "项目", None, "建设单位", "建设起止年限", None, "投资（万元）", None, None],
        [None, None, None, None, None, None, "总投资", "其中", None],
        [None, "类别", "名称", None, "开工", "竣工", None, "中央", "地方"],
        [1, "能源", "光伏", "甲公司", 2023, 2024, 100, 50, 50],
        [2, None, "储能", "甲公司", 2023, 2024, 200, 50, 50],
    ]
    merged = ["A1:A3", "B1:C2", "D1:D3", "E1:F2", "G1:I1", "G2:G3", "H2:I2", "B4:B5"]
    reading = read(rows, merged)
    assert reading.header.rows == (1, 2, 3)
    assert projects(reading) == [
        (1, "能源", "光伏", ("甲公司",), (), (2023, 2024), "100"),
        (2, "能源", "储能", ("甲公司",), (), (2023, 2024), "200"),
    ]
