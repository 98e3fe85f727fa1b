"""Task tables as other offices print them; each expectation was written by hand."""

from imports.annex import read_annex
from tests.unit.imports.annex.sheets import codes, read, tasks, text


def test_numbered_city_table_with_deadline_and_remarks():
    rows = [
        ["附件3"],
        ["某市碳达峰实施方案重点任务分工表"],
        ["序号", "重点领域", "工作任务", "牵头单位", "配合单位", "完成时限", "备注"],
        [
            1,
            "能源绿色低碳转型行动",
            "大力发展新能源。",
            "市发展改革委",
            "市自然资源规划局、市生态环境局，各区县（市）人民政府",
            "2030年",
            None,
        ],
        [
            2,
            None,
            "推动煤炭清洁高效利用。",
            "市发展改革委；市工业和信息化局",
            "市生态环境局；市市场监管局",
            "持续推进",
            "重点",
        ],
        [3, "节能降碳增效行动", "提升节能管理能力", "市工业和信息化局", "无", "2025年", None],
        ["注：1.排名第一的单位不代表牵头单位。"],
    ]
    assert tasks(read(rows, ["A1:G1", "A2:G2", "B4:B5"])) == [
        (
            "task",
            "能源绿色低碳转型行动",
            1,
            "大力发展新能源",
            "市发展改革委",
            ("市自然资源规划局", "市生态环境局", "各区县（市）人民政府"),
        ),
        (
            "task",
            "能源绿色低碳转型行动",
            2,
            "推动煤炭清洁高效利用",
            "市发展改革委、市工业和信息化局",
            ("市生态环境局", "市市场监管局"),
        ),
        ("task", "节能降碳增效行动", 3, "提升节能管理能力", "市工业和信息化局", ()),
    ]


def test_categories_as_section_rows_and_sentences_of_duty():
    rows = [
        ["某区碳达峰行动任务清单", None, None],
        ["重点任务", "责任分工", "完成时间"],
        ["一、优化产业结构（2项）", None, None],
        ["1.培育新兴产业", "区发改局牵头，区工信局、区科技局等按职责分工负责", "2025年底"],
        ["2.改造传统产业", "区工信局牵头；区财政局、各镇（街道）配合", "2025年底"],
        [None, None, None],
        ["二、构建清洁能源体系", None, None],
        ["1.发展光伏", "区发改局负责", "长期"],
        ["2.推广热泵", "（区住建局牵头，区城管局、区机关事务管理局按职能分工负责）", "长期"],
    ]
    reading = read(rows, ["A1:C1", "A3:C3", "A7:C7"])
    assert tasks(reading) == [
        ("task", "优化产业结构", 1, "培育新兴产业", "区发改局", ("区工信局", "区科技局")),
        ("task", "优化产业结构", 2, "改造传统产业", "区工信局", ("区财政局", "各镇（街道）")),
        ("task", "构建清洁能源体系", 1, "发展光伏", None, ("区发改局",)),
        ("task", "构建清洁能源体系", 2, "推广热泵", "区住建局", ("区城管局", "区机关事务管理局")),
    ]
    assert codes(reading, "error", "question") == []
    assert "count_mismatch" not in dict(codes(reading))


def test_two_header_rows_with_spanning_duties():
    rows = [
        ["序号", "目标任务", None, "责任单位", None, "完成\n时限"],
        [None, "类别", "具体任务", "牵头单位", "配合单位", None],
        ["1", "（一）绿色交通", "推广电动公交", "县交通局", "县财政局\n县公安局", "2025"],
        ["2", None, "建设充电设施", "县发改局", "县住建局 县自然资源局", "2025"],
        ["3", "（二）绿色建筑", "发展装配式建筑", "县住建局", "/", "2030"],
    ]
    reading = read(rows, ["A1:A2", "B1:C1", "D1:E1", "F1:F2", "B3:B4"])
    assert tasks(reading) == [
        ("task", "绿色交通", 1, "推广电动公交", "县交通局", ("县财政局", "县公安局")),
        ("task", "绿色交通", 2, "建设充电设施", "县发改局", ("县住建局", "县自然资源局")),
        ("task", "绿色建筑", 3, "发展装配式建筑", "县住建局", ()),
    ]
    assert reading.header.rows == (1, 2)
    assert [row.category_number for row in reading.rows] == [1, 1, 2]


def test_same_table_as_csv_without_merges():
    rows = [
        ["序号", "目标任务", "", "责任单位", "", "完成时限"],
        ["", "类别", "具体任务", "牵头单位", "配合单位", ""],
        ["1", "（一）绿色交通", "推广电动公交", "县交通局", "县财政局、县公安局", "2025"],
        ["2", "", "建设充电设施", "县发改局", "县住建局", "2025"],
    ]
    for delimiter in (",", ";", "\t"):
        for encoding in ("utf-8-sig", "utf-8", "gb18030", "utf-16"):
            reading = read_annex(text(rows, delimiter, encoding), "任务.csv")
            assert tasks(reading) == [
                ("task", "绿色交通", 1, "推广电动公交", "县交通局", ("县财政局", "县公安局")),
                ("task", "绿色交通", 2, "建设充电设施", "县发改局", ("县住建局",)),
            ]
            assert ("carried_category", "B4") in codes(reading)


def test_goals_and_tasks_told_by_the_category_column():
    rows = [
        ["类别", "序号", "重点工作", "牵头部门", "责任部门"],
        ["主要目标", 1, "到2025年，单位GDP能耗下降14%。", "区发改委", "各成员单位"],
        [None, 2, "到2030年，非化石能源消费比重达到25%左右。", "区发改委", "各成员单位"],
        ["能源转型", 3, "建设虚拟电厂", "区发改委", "供电公司"],
        [None, 4, "淘汰燃煤锅炉", "区生态环境局", "区市场监管局"],
    ]
    assert tasks(read(rows, ["A2:A3", "A4:A5"])) == [
        ("goal", "主要目标", 1, "到2025年，单位GDP能耗下降14%", "区发改委", ("各成员单位",)),
        (
            "goal",
            "主要目标",
            2,
            "到2030年，非化石能源消费比重达到25%左右",
            "区发改委",
            ("各成员单位",),
        ),
        ("task", "能源转型", 3, "建设虚拟电厂", "区发改委", ("供电公司",)),
        ("task", "能源转型", 4, "淘汰燃煤锅炉", "区生态环境局", ("区市场监管局",)),
    ]


def test_chinese_numbered_group_rows_with_arabic_tasks():
    rows = [
        ["序号", "主要任务", "责任单位", "配合单位", "联系人", "联系电话"],
        ["一", "产业绿色升级", None, None, None, None],
        [1, "实施工业能效提升工程", "经信局", "发改局、科技局", "张三", "8845"],
        [2, "培育绿色工厂", "经信局", "市场监管局", "李四", "8846"],
        ["二", "碳汇能力巩固", None, None, None, None],
        [3, "开展国土绿化", "林业局", "自然资源局、各乡镇（街道）", "王五", "8847"],
        ["填表人：张三", None, "审核人：李四", None, None, None],
    ]
    assert tasks(read(rows)) == [
        ("task", "产业绿色升级", 1, "实施工业能效提升工程", "经信局", ("发改局", "科技局")),
        ("task", "产业绿色升级", 2, "培育绿色工厂", "经信局", ("市场监管局",)),
        ("task", "碳汇能力巩固", 3, "开展国土绿化", "林业局", ("自然资源局", "各乡镇（街道）")),
    ]


def test_number_belongs_to_the_merged_category():
    rows = [
        ["序号", "专项行动", "重点任务", "牵头单位", "责任单位"],
        [1, "能源行动", "（1）发展光伏。", "发改局", "供电公司"],
        [None, None, "（2）发展风电。", "发改局", "自然资源局"],
        [2, "工业行动", "（1）节能改造。", "工信局", "财政局"],
    ]
    reading = read(rows, ["A2:A3", "B2:B3"])
    assert tasks(reading) == [
        ("task", "能源行动", 1, "发展光伏", "发改局", ("供电公司",)),
        ("task", "能源行动", 2, "发展风电", "发改局", ("自然资源局",)),
        ("task", "工业行动", 1, "节能改造", "工信局", ("财政局",)),
    ]
    assert [row.category_number for row in reading.rows] == [1, 1, 2]


def test_task_and_measures_choose_the_title_that_each_row_has():
    rows = [
        ["重点任务", "具体举措", "牵头单位", "参与单位"],
        ["推进绿色建筑", "1.新建建筑全面执行绿色标准；", "住建局", "资规局"],
        [None, "2.推进既有建筑改造；", "住建局", "财政局、机关事务服务中心"],
        ["发展绿色交通", "1.建设充电桩；", "交通局", "发改局"],
        [None, "2.推广新能源车。", "交通局", "公安局"],
    ]
    assert tasks(read(rows, ["A2:A3", "A4:A5"])) == [
        ("task", "推进绿色建筑", 1, "新建建筑全面执行绿色标准", "住建局", ("资规局",)),
        ("task", "推进绿色建筑", 2, "推进既有建筑改造", "住建局", ("财政局", "机关事务服务中心")),
        ("task", "发展绿色交通", 1, "建设充电桩", "交通局", ("发改局",)),
        ("task", "发展绿色交通", 2, "推广新能源车", "交通局", ("公安局",)),
    ]


def test_tasks_with_their_contents_beside_keep_the_task_as_title():
    rows = [
        ["序号", "类别", "任务名称", "工作内容", "责任单位（第一个为牵头单位）"],
        [1, "能源", "发展光伏", "新增装机10万千瓦", "发改局、供电公司、住建局"],
        [2, "能源", "发展储能", "建成储能电站2座", "发改局、供电公司"],
        [3, "建筑", "绿色建材", "推广绿色建材3类", "住建局"],
    ]
    assert tasks(read(rows)) == [
        ("task", "能源", 1, "发展光伏", "发改局", ("供电公司", "住建局")),
        ("task", "能源", 2, "发展储能", "发改局", ("供电公司",)),
        ("task", "建筑", 3, "绿色建材", "住建局", ()),
    ]


def test_lead_merged_over_rows_and_header_repeated_on_each_page():
    rows = [
        ["序号", "工作任务", "牵头单位", "责任单位"],
        [1, "发展光伏", "发改局", "供电公司"],
        [2, "发展储能", None, "供电公司"],
        ["序号", "工作任务", "牵头单位", "责任单位"],
        [3, "绿色建材", "住建局", "工信局"],
        [4, "绿色施工", None, "城管局"],
    ]
    assert tasks(read(rows, ["C2:C3"])) == [
        ("task", None, 1, "发展光伏", "发改局", ("供电公司",)),
        ("task", None, 2, "发展储能", "发改局", ("供电公司",)),
        ("task", None, 3, "绿色建材", "住建局", ("工信局",)),
        ("task", None, 4, "绿色施工", None, ("城管局",)),
    ]


def test_one_task_over_several_rows_of_agencies():
    rows = [
        ["序号", "任务", "牵头单位", "责任单位"],
        [1, "发展光伏", "发改局", "供电公司"],
        [None, None, None, "住建局、城管局"],
        [2, "绿色建材", "住建局", "工信局"],
    ]
    reading = read(rows, ["A2:A3", "B2:B3", "C2:C3"])
    assert tasks(reading) == [
        ("task", None, 1, "发展光伏", "发改局", ("供电公司", "住建局", "城管局")),
        ("task", None, 2, "绿色建材", "住建局", ("工信局",)),
    ]


def test_unnumbered_table_is_numbered_by_place():
    rows = [
        ["领域", "重点任务", "牵头单位", "责任单位"],
        ["能源", "发展光伏", "发改局", "供电公司"],
        ["能源", "发展储能", "发改局", "供电公司"],
        ["建筑", "绿色建材", "住建局", "工信局"],
    ]
    reading = read(rows)
    assert [(row.category, row.number) for row in reading.rows] == [
        ("能源", 1),
        ("能源", 2),
        ("建筑", 1),
    ]
    assert ("numbered_by_place", "B2") in codes(reading, "hint")


def test_vertical_text_wide_spaces_and_full_width_digits():
    rows = [
        ["项 目\n类　别", "目 标\n任 务", "牵头\n单位", "责 任 单 位"],
        [
            "环\n境\n保\n护",
            "１．加强　污染\n防治。",
            "区生态\n环境局",
            "区住房和\n城乡建设局、区　财　政　局",
        ],
        [None, "２．推进减污降碳。", "－", "区生态环境局"],
    ]
    assert tasks(read(rows, ["A2:A3"])) == [
        ("task", "环境保护", 1, "加强污染防治", "区生态环境局", ("区住房和城乡建设局", "区财政局")),
        ("task", "环境保护", 2, "推进减污降碳", None, ("区生态环境局",)),
    ]


def test_multi_level_numbers_stay_text():
    rows = [
        ["序号", "工作任务", "牵头单位", "责任单位"],
        ["1-1", "发展光伏", "发改局", "供电公司"],
        ["1-2", "发展储能", "发改局", "供电公司"],
        ["2-1", "绿色建材", "住建局", "工信局"],
    ]
    assert [row.number for row in read(rows).rows] == ["1-1", "1-2", "2-1"]


def test_glued_multi_level_marks_are_numbers_when_every_title_has_one():
    rows = [
        ["任务", "牵头单位", "责任单位"],
        ["1.1发展光伏", "发改局", "供电公司"],
        ["1.2发展储能", "发改局", "供电公司"],
        ["2.1绿色建材", "住建局", "工信局"],
    ]
    assert [(row.number, row.title) for row in read(rows).rows] == [
        ("1.1", "发展光伏"),
        ("1.2", "发展储能"),
        ("2.1", "绿色建材"),
    ]


def test_quantities_at_the_start_of_a_title_are_no_numbers():
    rows = [
        ["序号", "任务", "牵头单位", "责任单位"],
        [1, "1.5万千瓦光伏建设", "发改局", "供电公司"],
        [2, "5G基站节能改造", "工信局", "铁塔公司"],
        [3, "2025年公共机构节能", "机关事务中心", "财政局"],
    ]
    assert [(row.number, row.title) for row in read(rows).rows] == [
        (1, "1.5万千瓦光伏建设"),
        (2, "5G基站节能改造"),
        (3, "2025年公共机构节能"),
    ]


def test_a_sign_or_the_first_place_marks_the_lead():
    head = ["序号", "任务", "责任单位（带★为牵头单位）"]
    rows = [head, [1, "发展光伏", "★发改局、住建局"], [2, "发展储能", "住建局、★财政局"]]
    assert [(row.lead, row.responsible) for row in read(rows).rows] == [
        ("发改局", ("住建局",)),
        ("财政局", ("住建局",)),
    ]
    rows = [["序号", "任务", "责任单位"], [1, "发展光伏", "发改局、住建局"]]
    assert read([*rows, ["注：排在首位的为牵头单位。"]]).rows[0].lead == "发改局"
    assert read([*rows, ["注：排在首位的不代表牵头单位。"]]).rows[0].lead is None


def test_two_columns_of_responsible_agencies_are_joined_in_their_order():
    rows = [
        ["序号", "重点任务", "市级责任单位", "区级责任单位", "牵头领导", "责任人"],
        [1, "发展光伏", "市发改委", "区发改局、区住建局", "张三", "李四"],
    ]
    assert read(rows).rows[0].responsible == ("市发改委", "区发改局", "区住建局")


def test_marks_followed_by_digits_are_marks_when_every_title_has_one():
    rows = [
        ["任务", "牵头单位", "责任单位"],
        ["1、5G基站节能", "甲局", "乙局"],
        ["2、2号线低碳改造", "甲局", "乙局"],
        ["3、推广公交", "甲局", "乙局"],
    ]
    assert [(row.number, row.title) for row in read(rows).rows] == [
        (1, "5G基站节能"),
        (2, "2号线低碳改造"),
        (3, "推广公交"),
    ]


def test_two_columns_with_all_duties_in_sentences():
    rows = [
        ["任务", "责任分工"],
        ["1.发展光伏", "牵头单位：发改局；配合单位：住建局、城管局"],
        ["2.发展储能", "发改局、住建局按职责负责"],
        ["3.发展风电", "发改局牵头，有关部门和各镇街配合"],
        ["4.绿色建材", "由住建局负责牵头，工信局、城管局等部门协同推进"],
    ]
    assert [(row.lead, row.responsible) for row in read(rows).rows] == [
        ("发改局", ("住建局", "城管局")),
        (None, ("发改局", "住建局")),
        ("发改局", ("有关部门", "各镇街")),
        ("住建局", ("工信局", "城管局")),
    ]


def test_a_column_of_contents_right_of_the_titles_is_no_category():
    rows = [
        ["序号", "重点任务", "具体内容", "牵头部门", "配合部门"],
        ["一、能源绿色低碳转型行动"],
        [1, "推进煤炭消费替代", "加强煤炭清洁利用", "甲局", "乙局"],
        ["二、节能降碳增效行动"],
        [2, "节能管理", "", "甲局", "乙局"],
    ]
    assert [(row.category, row.title) for row in read(rows).rows] == [
        ("能源绿色低碳转型行动", "推进煤炭消费替代"),
        ("节能降碳增效行动", "节能管理"),
    ]
