"""The words that head the columns of annex tables, in the variants that offices use.

A rule gives a field and a rank: of two columns that fit one field, the higher rank has it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from common.quantities import money_unit
from imports.annex.model import TableKind

_NOISE = re.compile(r"[\s*★☆▲△※#①-⑳⑴-⒇¹²³⁰-⁹]+")
_REMARK = re.compile(r"\(([^()]*)\)?")
_UNIT_TAIL = re.compile(
    r"[/,:;|_-]?(?:单位:?)?(?:(?:十|百|千)?万元?|亿元?|百元|千元|元|年|人民币|万?美元)$"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A header cell: its words, what its brackets say, its unit of money."""

    words: str
    remark: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """The field that a header stands for; `order` sorts columns that share a field."""

    field: str
    rank: int
    order: int = 0


@lru_cache(maxsize=4096)
def label_of(printed: str) -> Label:
    text = _NOISE.sub("", printed)
    text = unicodedata.normalize("NFKC", text).replace("【", "(").replace("】", ")")
    text = text.replace("[", "(").replace("]", ")").replace("〔", "(").replace("〕", ")")
    remark = ";".join(_REMARK.findall(text))
    words = _REMARK.sub("", text).strip(":、,./")
    short = _UNIT_TAIL.sub("", words)
    unit = money_unit(remark) or (money_unit(words[len(short) :]) if short else None)
    return Label(short or words, remark, unit)


_AREA = r"(?:各|本|省|市|区|县|州|旗|镇|级|直|属|县区|市县|区县|县市区|有关|相关)*"
_BODY = r"(?:单位|部门|机构|主体|科室|股室|处室|方|委办局)"
_PLAN = r"(?:项目|工程|计划|规划|预计|拟|建设|实施|改造|实际|总体?)*"
_THING = r"(?:重点|主要|具体|工作|目标|年度|碳达峰|双碳|专项|实施|落实|推进|建设|行动|政策)"

Rule = tuple[str, int, int, str]

_COMMON: tuple[Rule, ...] = (
    (
        "number",
        100,
        0,
        r"(?:项目|任务|工作|事项|条目)?(?:序号|编号|项次|序|次序|顺序号?|排序)|no\.?|№|nr",
    ),
    ("number", 50, 0, r"号|项目代号|行次|行号"),
)
_TASK_RULES: tuple[Rule, ...] = (
    *_COMMON,
    (
        "category",
        100,
        0,
        rf"(?:{_THING}|任务|项目|指标|所属|所在|涉及)*(?:类别|分类|类型|领域|板块|方面|种类|大类|门类|类)(?:名称)?",
    ),
    (
        "category",
        90,
        0,
        rf"(?:{_THING}|十大|八大|六大)*(?:行动|工程|方向|体系)(?:名称|类别)?|所属行业|行业|一级(?:任务|分类|目录)|章节|条款|任务大类|总体?任务|大项",
    ),
    (
        "responsible",
        95,
        0,
        r".*牵头.{0,4}(?:和|与|及|或|、|/|,).{0,2}(?:责任|配合|参与|协办|协同|参加|实施).*",
    ),
    (
        "lead",
        100,
        0,
        rf"(?!.*(?:领导|人员|负责人|责任人|联系|电话)){_AREA}(?:总|主要|第一)?(?:牵头|主办|主责|总责|抓总)(?:责任|负责|落实|实施|抓总|推进|建设)*{_AREA}{_BODY}?",
    ),
    ("lead", 90, 0, rf"{_AREA}(?:主要责任|第一责任|主体责任|主要负责|首要责任){_BODY}"),
    (
        "responsible",
        100,
        1,
        rf"{_AREA}(?:工作|任务|主要|具体|直接)?责任{_AREA}{_BODY}|任务分工|责任分工|部门分工|分工|职责分工|责任体系",
    ),
    (
        "responsible",
        90,
        1,
        rf"{_AREA}(?:负责|主管|承办|实施|落实|执行|承担|完成|推进|行业主管|归口|分管){_AREA}{_BODY}",
    ),
    (
        "responsible",
        90,
        2,
        rf"{_AREA}(?:配合|协办|参与|参加|协同|协作|协助|支持|会办|辅助|联动)(?:责任|实施|落实|工作)*{_AREA}{_BODY}?",
    ),
    ("responsible", 40, 3, rf"{_AREA}{_BODY}(?:名称)?"),
    ("item", 100, 0, r"(?:任务|事项|工作)(?:名称|条目|清单|项)|任务名"),
    (
        "item",
        92,
        0,
        r"(?:具体|子|细化|分解|二级|三级)(?:工作|目标)?(?:任务|事项|工作|要点)(?:分解)?",
    ),
    (
        "item",
        90,
        0,
        rf"{_THING}*(?:任务|事项)(?:清单|分解|内容|要点|目标|安排)?(?:和|与|及|、|/)?(?:举措|措施|要求|内容)?|目标任务|任务目标|重点举措",
    ),
    (
        "item",
        85,
        0,
        r"(?:重点|主要|具体|年度)工作(?:任务|事项|要点|安排|内容)?|工作(?:任务|事项|项目|要点|安排|名称|重点)|工作",
    ),
    ("item", 60, 0, rf"{_THING}*(?:任务)?(?:内容|举措|措施)(?:和|与|及)?(?:要求|举措|措施)?|目标"),
    ("item", 50, 0, r"项目(?:名称)?|内容|名称"),
)
_PROJECT_RULES: tuple[Rule, ...] = (
    *_COMMON,
    (
        "name",
        100,
        0,
        r"(?:重点|建设|工程|拟建|支撑|储备)*(?:项目|工程)(?:及|/|、|和|或)?(?:工程|项目)?(?:名称|名)",
    ),
    ("name", 70, 0, r"(?:重点|建设|工程|拟建|支撑)*项目(?:清单)?|项目内容名称|工程|名称|工程项目"),
    (
        "category",
        100,
        0,
        rf"(?:{_THING}|任务|项目|工程|产业|所属|所在|涉及)*(?:类别|分类|类型|领域|板块|方面|种类|大类|门类|类)(?:名称)?",
    ),
    (
        "category",
        80,
        0,
        rf"(?:所属|重点|对应|支撑|产业)*(?:行业|产业|专项|行动|工程类|任务|重点工程)(?:名称)?|专项行动|{_THING}行动",
    ),
    (
        "owners",
        100,
        0,
        r"(?:项目|工程)?(?:建设|业主|法人|项目|实施|投资|承建|申报)(?:责任|业主|实施|法人)?(?:单位|主体|企业|方)(?:名称)?",
    ),
    (
        "owners",
        95,
        0,
        r"(?:项目|建设|工程)?(?:业主|法人)(?:单位|名称)?|项目(?:建设|实施|申报|承担|责任)(?:单位|主体)|(?:实施|建设|投资|运营|承担|承办)(?:单位|主体|企业|方)|投资人",
    ),
    ("owners", 60, 0, r"企业(?:名称)?|单位名称|(?:公司|业主)名称"),
    ("owners", 40, 0, r"单位|主体"),
    (
        "responsible",
        100,
        0,
        rf"(?!.*(?:领导|人员|负责人|责任人|联系|电话)){_AREA}(?:总|主要)?(?:牵头|主办|主责)(?:责任|负责|推进)*{_AREA}{_BODY}?",
    ),
    ("responsible", 100, 1, rf"{_AREA}(?:主体|工作)?责任{_AREA}{_BODY}|责任分工"),
    (
        "responsible",
        90,
        1,
        rf"{_AREA}(?:行业|业务|项目)?(?:主管|监管|监督|推进|调度|服务|协调|负责|归口|指导|包保|落实|代报){_AREA}{_BODY}",
    ),
    ("responsible", 90, 2, rf"{_AREA}(?:配合|协办|参与|协同|属地)(?:责任)?{_AREA}{_BODY}?"),
    (
        "content",
        100,
        0,
        r"(?:项目|工程|主要|建设|实施|改造|具体|拟建|总体)*(?:内容|规模|概况|简介|概述)(?:(?:及|和|与|、|/|,)*(?:主要|项目)?(?:建设)?(?:内容|规模|概况|性质|标准|地点))*",
    ),
    ("content", 60, 0, r"(?:项目|工程|基本)(?:基本)?(?:情况|说明|描述)|建设任务"),
    (
        "start_year",
        100,
        0,
        r"(?:项目|计划|预计|拟|建设)*(?:开工|开始|起始|启动|动工|开建)(?:建设)?(?:时间|年份|年度|日期|年月|年|月份|时限|节点)?|起始?年",
    ),
    ("start_year", 50, 0, r"(?:项目|实际)*(?:开工|开始)(?:建设)?(?:时间|年份|年度|日期|年月)?"),
    (
        "end_year",
        100,
        0,
        r"(?:项目|计划|预计|拟|建设)*(?:竣工|完工|建成|结束|终止|截止|完成)(?:投产|投用|使用|建设|投运|验收)*(?:时间|年份|年度|日期|年月|年|月份|时限|期限|节点)?|止年",
    ),
    (
        "end_year",
        50,
        0,
        r"(?:项目|实际|计划|预计)*(?:竣工|完工|投产|投用|投运|验收)(?:时间|年份|年度|日期|年月)?",
    ),
    (
        "years",
        90,
        0,
        rf"{_PLAN}(?:起止|起讫|开竣工|开、竣工|始末|起始终止)?(?:年限|年份|周期|期限|工期|时限|年月|建设期|实施期|时段|期|年度|起止)(?:安排)?",
    ),
    (
        "years",
        80,
        0,
        rf"{_PLAN}(?:起止|起讫|开竣工|建设|实施)?(?:时间|日期|进度安排|时间安排|时间节点)",
    ),
    (
        "total_investment_wan",
        100,
        0,
        r"(?:项目|工程|建设|计划|估算|概算|预计|规划|匡算|拟|预估|静态|动态|批复)*总(?:投资|概算|造价|金额)(?:估算|概算|匡算|预算)?(?:额|规模|金额|总额|数)?(?:估算|概算)?",
    ),
    (
        "total_investment_wan",
        95,
        0,
        r"(?:项目|工程|建设)*投资(?:总额|总规模|总量|估算总额|总概算|总计|合计)|(?:投资)?总额",
    ),
    (
        "total_investment_wan",
        85,
        0,
        r"(?:项目|工程|建设|估算|概算|预计|匡算|预估|批复|拟)*投资(?:额|规模|金额|估算|概算|匡算|数)*",
    ),
    (
        "total_investment_wan",
        60,
        0,
        r"(?:项目|工程|建设)*计划投资(?:额|规模|金额)?|(?:工程|项目)?(?:造价|概算|估算|总价)|资金(?:总额|规模)|金额",
    ),
)
_PART_OF_INVESTMENT = re.compile(
    r"\d{2,4}年|年度|当年|本年|今年|上年|明年|已|累计|其中|到位|下达|中央|省级|市级|区级|自筹|财政|专项|贷款|债券|来源|剩余|后续|单位"
)
_ACTUAL = re.compile(r"实际")


def _compiled(rules: tuple[Rule, ...]) -> tuple[tuple[str, int, int, re.Pattern[str]], ...]:
    return tuple((name, rank, order, re.compile(pattern)) for name, rank, order, pattern in rules)


_RULES: dict[TableKind, tuple[tuple[str, int, int, re.Pattern[str]], ...]] = {
    "tasks": _compiled(_TASK_RULES),
    "projects": _compiled(_PROJECT_RULES),
}


@lru_cache(maxsize=4096)
def match_words(kind: TableKind, words: str) -> Match | None:
    """The field that a header of this wording stands for in a table of this kind."""
    if not words or len(words) > 24:
        return None
    lower = words.lower()
    for field, rank, order, pattern in _RULES[kind]:
        if pattern.fullmatch(lower):
            if field == "total_investment_wan" and _PART_OF_INVESTMENT.search(lower):
                return None
            late = field in ("start_year", "end_year", "years") and _ACTUAL.search(lower)
            return Match(field, rank - 40 if late else rank, order)
    return None


_START_LEAF = re.compile(
    r"(?:计划|预计)?(?:开工|开始|起始|启动|起|始|自|开建|动工|从)(?:时间|年份|年度|年月|年|日期)?"
)
_END_LEAF = re.compile(
    r"(?:计划|预计)?(?:竣工|完工|结束|止|终|至|建成|完成|截止|终止|到|投产)(?:时间|年份|年度|年月|年|日期)?"
)
_TOTAL_LEAF = re.compile(
    r"(?:总投资|总额|合计|总计|小计|总数|总|计|项目总投资|投资总额|总量)(?:额|规模)?"
)
_LEAD_LEAF = re.compile(r"(?:牵头|主办|主责|主要)(?:单位|部门)?")
_HELP_LEAF = re.compile(r"(?:责任|配合|协办|参与|协同|其他|次要|成员)(?:单位|部门)?")


def match_label(kind: TableKind, parts: tuple[str, ...]) -> Match | None:
    """The field of a column from its header cells, top to bottom."""
    found = _match_parts(kind, parts)
    if kind == "projects" and found and found.field == "lead":
        return Match("responsible", found.rank)
    return found


def _match_parts(kind: TableKind, parts: tuple[str, ...]) -> Match | None:
    leaf = match_words(kind, label_of(parts[-1]).words)
    if len(parts) == 1:
        return leaf
    parent = _match_parts(kind, parts[:-1])
    words = label_of(parts[-1]).words
    if parent is not None:
        under = _match_under(parent, words)
        if under is not None:
            return under
        if parent.field == "total_investment_wan":
            return None if words else parent
    whole = match_words(kind, "".join(label_of(part).words for part in parts))
    if not words:
        return parent
    return leaf or whole or (parent if _is_detail(words) else None)


def _is_detail(words: str) -> bool:
    """A second line that only qualifies the first: a unit, “名称”, “内容”."""
    return words in {"名称", "内容", "全称", "单位", "填写"}


def _match_under(parent: Match, words: str) -> Match | None:
    if parent.field in ("years", "start_year", "end_year"):
        if _START_LEAF.fullmatch(words):
            return Match("start_year", 100)
        if _END_LEAF.fullmatch(words):
            return Match("end_year", 100)
    if parent.field == "total_investment_wan" and _TOTAL_LEAF.fullmatch(words):
        return Match("total_investment_wan", 100)
    if parent.field in ("responsible", "owners"):
        if _LEAD_LEAF.fullmatch(words):
            return Match("lead", 100) if parent.field == "responsible" else None
        if _HELP_LEAF.fullmatch(words):
            return Match("responsible", 100, 2 if "责任" not in words else 1)
    return None
