"""Header cells in the wordings of other offices."""

import pytest

from imports.annex.header.labels import label_of, match_label
from imports.annex.results import HeaderColumn
from tests.unit.imports.annex.sheets import read

TASK_WORDS = {
    "number": """
        序号 编号 项次 NO. 任务编号
    """,
    "category": """
        类别 领域 重点领域 行动 专项行动 十大行动 任务分类 所属领域 重点工程
    """,
    "item": """
        目标任务 重点任务 工作任务 主要任务 任务名称 具体任务 重点工作 工作内容 主要举措
        改革任务 重点任务及举措 目标及任务 工作事项 任务清单 具体事项
    """,
    "lead": """
        牵头单位 牵头部门 牵头责任单位 牵头（责任）单位 市级牵头单位 主办单位 主责部门
        主要责任单位 责任单位（牵头） 牵头单位及责任人 首席责任单位
    """,
    "responsible": """
        责任单位 责任部门 配合单位 协办单位 参与单位 区级责任单位 责任主体 成员单位 落实单位
        责任单位及责任人 责任单位及分工 牵头单位及责任单位 责任单位和配合单位 其他责任单位
    """,
    None: """
        备注 完成时限 完成时间 联系人 联系电话 责任人 责任领导 牵头领导 进展情况 工作目标 目标值
        任务来源 工作要求 填报单位 考核单位 数据来源单位 2025年目标
    """,
}
PROJECT_WORDS = {
    "name": """
        项目名称 工程名称 项目（工程）名称 建设项目 重点项目 子项目名称 *项目名称 项目名称及编号
    """,
    "owners": """
        项目单位 建设单位 业主单位 项目业主 实施主体 建设主体 项目法人 建设（业主）单位 企业名称
        投资主体 投资业主 项目公司 责任企业 建设单位及联系人
    """,
    "responsible": """
        责任单位 牵头单位 主管部门 行业主管部门 监管部门 配合单位 责任部门
    """,
    "content": """
        建设内容 主要建设内容 建设规模及内容 项目概况 建设内容（规模） 主要建设内容、规模
        工程概况 技改内容
    """,
    "years": """
        起止年限 建设年限 建设周期 建设起止年限 建设期 实施年限 建设工期 开竣工时间
        起止时间（年） 开工-竣工时间 建设起止年月
    """,
    "start_year": """
        计划开工 开工时间 计划开工年份 起始年份 拟开工时间 启动时间
    """,
    "end_year": """
        计划竣工 竣工时间 建成时间 完成时限 计划完工时间 竣工投产时间 结束年份
    """,
    "total_investment_wan": """
        项目总投资（万元） 总投资（亿元） 估算投资 投资额 投资额/万元 计划总投资
        总投资估算（万元） 概（估）算总投资 投资总额 投资规模(亿元) 总投资(万元)① 资金需求
    """,
    None: """
        备注 建设性质 建设地点 年度计划投资 2023年计划投资（万元） 已完成投资 累计完成投资
        资金来源 项目进展 所在街道 责任领导
    """,
}


@pytest.mark.parametrize(
    ("kind", "field", "label"),
    [
        (kind, field, label)
        for kind, words in (("tasks", TASK_WORDS), ("projects", PROJECT_WORDS))
        for field, labels in words.items()
        for label in labels.split()
    ],
)
def test_wordings(kind, field, label):
    match = match_label(kind, (label,))
    assert (match.field if match else None) == field


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (("起止年限", "开工"), "start_year"),
        (("起止年限", "止"), "end_year"),
        (("投资（亿元）", "总投资"), "total_investment_wan"),
        (("投资（亿元）", "其中：2023年"), None),
        (("总投资", "（万元）"), "total_investment_wan"),
        (("项目", "名称"), "name"),
        (("项目", "类别"), "category"),
    ],
)
def test_two_lines_of_header(parts, field):
    match = match_label("projects", parts)
    assert (match.field if match else None) == field


def test_units_and_remarks_are_not_part_of_the_words():
    label = label_of("*项 目\n总投资①（万元）")
    assert (label.words, label.unit) == ("项目总投资", "万元")


def test_the_header_says_what_every_column_was_taken_for():
    reading = read(
        [
            ["序号", "项目名称", "建设单位", "总投资（亿元）", "备注"],
            [1, "光伏", "甲公司", 2, "续建"],
        ]
    )
    assert reading.header.rows == (1,)
    assert reading.header.unit == "亿元"
    assert reading.header.letters("total_investment_wan") == ("D",)
    assert reading.header.columns[4] == HeaderColumn("E", "备注", None)
