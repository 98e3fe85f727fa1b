"""The same plan, printed in any of the ways that offices print it, reads the same."""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.annex import read_annex
from tests.unit.imports.annex.sheets import projects, tasks, text, xlsx

BODIES = [
    "区发展和改革局",
    "区住房和城乡建设局",
    "市生态环境局开福分局",
    "市自然资源和规划局开福区分局",
    "马栏山（长沙）视频文创园管理委员会",
    "各街道",
    "社区（村）",
    "区委宣传部",
    "市公建中心",
]
FIRMS = [
    "湖南壹城环保科技有限公司",
    "市水业集团（长沙供水有限公司）",
    "长沙金霞经济开发区",
    "区农业农村局",
]
CATEGORIES = ["推动产业绿色低碳发展", "环境保护工程", "提高能源利用效率", "新能源建设工程"]
TITLES = [
    "培育绿色低碳新兴产业",
    "强化能耗双控管理",
    "5G基站节能改造",
    "2023年城镇老旧小区改造",
    "推进PCB/FCCL示范",
]

HEADS = {
    "number": ["序号", "编号", "序 号"],
    "category": ["类别", "领域", "重点领域", "项目类别", "类\n别"],
    "title": ["重点任务", "工作任务", "任务名称", "主要任务", "目 标\n任 务"],
    "lead": ["牵头单位", "牵头部门", "牵头责任单位", "牵头\n单位"],
    "responsible": ["责任单位", "责任部门", "配合单位", "责任\n单位"],
    "name": ["项目名称", "工程名称", "项目（工程）名称", "项 目 名 称"],
    "owners": ["项目单位", "建设单位", "业主单位", "项目业主", "实施主体"],
    "content": ["建设内容", "主要建设内容", "建设规模及内容", "项目概况"],
    "years": ["起止年限", "建设年限", "建设周期", "建设起止年限", "建设期"],
    "money": [
        "项目总投资（万元）",
        "总投资（万元）",
        "估算投资\n（万元）",
        "投资额（万元）",
        "计划总投资(万元)",
    ],
}
EXTRA = ["备注", "完成时限", "联系人", "进展情况", "联系电话"]
DASHES = ["-", "—", "–", "～", "~", "至", "——", "－"]


@dataclass
class Printing:
    """How a table is printed."""

    order: list[str]
    heads: dict[str, str]
    extra: list[str]
    blanks: list[int]
    repeat_after: int
    title: bool
    carry: str
    separator: str
    as_csv: bool


def printings(fields):
    return st.builds(
        Printing,
        order=st.permutations([*fields, "extra"]),
        heads=st.fixed_dictionaries({name: st.sampled_from(HEADS[name]) for name in fields}),
        extra=st.lists(st.sampled_from(EXTRA), min_size=1, max_size=1),
        blanks=st.lists(st.integers(0, 8), max_size=3),
        repeat_after=st.integers(0, 6),
        title=st.booleans(),
        carry=st.sampled_from(["full", "blank", "merged", "section"]),
        separator=st.sampled_from(["、", "，", ",", "；", ";", "\n", " 、 "]),
        as_csv=st.booleans(),
    )


def sheet_of(printing, rows):
    """The printed sheet: `rows` map fields to texts and are sorted by category."""
    order = [name for name in printing.order if name != "category" or printing.carry != "section"]
    header = [printing.extra[0] if name == "extra" else printing.heads[name] for name in order]
    sheet = [["附件1 某区重点清单"], [None]] if printing.title else []
    sheet.append(header)
    merged, category, first = [], None, None
    for index, row in enumerate(rows):
        if index in printing.blanks:
            sheet.append([None] * len(order))
        if index and index == printing.repeat_after and printing.carry != "merged":
            sheet.append(header)
        if row["category"] != category:
            if first is not None:
                merged.append((first, len(sheet)))
            category, first = row["category"], len(sheet) + 1
            if printing.carry == "section":
                sheet.append([f"{'一二三四'[CATEGORIES.index(category)]}、{category}"])
            shown = category
        else:
            shown = category if printing.carry == "full" else None
        sheet.append([shown if name == "category" else row.get(name, "略") for name in order])
    merged.append((first, len(sheet)))
    letter = "ABCDEFGHIJ"[order.index("category")] if "category" in order else None
    ranges = [f"{letter}{a}:{letter}{b}" for a, b in merged if letter and b > a]
    return sheet, ranges if printing.carry == "merged" else []


def read_back(printing, rows):
    sheet, ranges = sheet_of(printing, rows)
    if printing.as_csv and not ranges:
        return read_annex(text(sheet), "表.csv")
    return read_annex(xlsx(sheet, ranges), "表.xlsx")


TASKS = st.lists(
    st.fixed_dictionaries(
        {
            "category": st.sampled_from(CATEGORIES),
            "title": st.sampled_from(TITLES),
            "leads": st.lists(st.sampled_from(BODIES), max_size=2, unique=True),
            "responsible": st.lists(st.sampled_from(BODIES), min_size=1, max_size=5, unique=True),
        }
    ),
    min_size=2,
    max_size=9,
)
PROJECTS = st.lists(
    st.fixed_dictionaries(
        {
            "category": st.sampled_from(CATEGORIES),
            "name": st.sampled_from(TITLES),
            "owners": st.lists(st.sampled_from(FIRMS), min_size=1, max_size=3, unique=True),
            "span": st.tuples(st.integers(2018, 2024), st.integers(0, 6)),
            "dash": st.sampled_from(DASHES),
            "suffix": st.sampled_from(["", "年"]),
            "money": st.one_of(st.none(), st.integers(1, 4_000_000)),
            "money_as": st.sampled_from(["number", "grouped", "full", "unit"]),
        }
    ),
    min_size=2,
    max_size=9,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(rows=TASKS, printing=printings(["number", "category", "title", "lead", "responsible"]))
def test_tasks_read_the_same_however_printed(rows, printing):
    rows.sort(key=lambda row: CATEGORIES.index(row["category"]))
    for index, row in enumerate(rows):
        row["number"] = index + 1
        row["lead"] = printing.separator.join(row["leads"]) or "/"
    printed = [{**row, "responsible": printing.separator.join(row["responsible"])} for row in rows]
    if printing.heads["responsible"] == "配合单位" and printing.heads["lead"] == "责任单位":
        printing.heads["responsible"] = "责任单位"
    assert tasks(read_back(printing, printed)) == [
        (
            "task",
            row["category"],
            row["number"],
            row["title"],
            "、".join(row["leads"]) or None,
            tuple(row["responsible"]),
        )
        for row in rows
    ]


MONEY_AS = {
    "number": lambda money: money,
    "grouped": lambda money: f"{money:,}",
    "full": lambda money: str(money).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "unit": lambda money: f"{money}万元",
}


@QUICK
@given(
    rows=PROJECTS,
    printing=printings(["number", "category", "name", "owners", "content", "years", "money"]),
)
def test_projects_read_the_same_however_printed(rows, printing):
    rows.sort(key=lambda row: CATEGORIES.index(row["category"]))
    expected, printed = [], []
    for index, row in enumerate(rows):
        start, length = row["span"]
        years = f"{start}{row['suffix']}{row['dash']}{start + length}年"
        money = row["money"]
        shown = "——" if money is None else MONEY_AS[row["money_as"]](money)
        printed.append(
            {
                "number": index + 1,
                "category": row["category"],
                "name": row["name"],
                "owners": printing.separator.join(row["owners"]),
                "content": "新建厂房、综合楼（含倒班楼），总长8公里",
                "years": years if length else f"{start}{row['suffix']}",
                "money": shown,
            }
        )
        expected.append(
            (
                index + 1,
                row["category"],
                row["name"],
                tuple(row["owners"]),
                (),
                (start, start + length),
                None if money is None else str(money),
            )
        )
    assert projects(read_back(printing, printed)) == expected
