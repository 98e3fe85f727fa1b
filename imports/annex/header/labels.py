"""Which field the words of a header stand for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from common.quantities import money_unit
from imports.annex.header.vocabulary import PROJECT_RULES, TASK_RULES, Rule
from imports.annex.results import TableKind

_NOISE = re.compile(r"[\s*★☆▲△※#①-⑳⑴-⒇¹²³⁰-⁹]+")
_REMARK = re.compile(r"\(([^()]*)\)?")
_UNIT_TAIL = re.compile(
    r"[/,:;|_-]?(?:单位:?)?(?:(?:十|百|千)?万元?|亿元?|百元|千元|元|年|人民币|万?美元)$"
)


@dataclass(frozen=True, slots=True)
class HeaderLabel:
    """A header cell: its words, what its brackets say, its unit of money."""

    words: str
    remark: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """The field that a header stands for; `order` sorts columns that share a field."""

    field: str
    rank: int
    order: int = 0


@lru_cache(maxsize=4096)
def label_of(printed: str) -> HeaderLabel:
    text = _NOISE.sub("", printed)
    text = unicodedata.normalize("NFKC", text).replace("【", "(").replace("】", ")")
    text = text.replace("[", "(").replace("]", ")").replace("〔", "(").replace("〕", ")")
    remark = ";".join(_REMARK.findall(text))
    words = _REMARK.sub("", text).strip(":、,./")
    short = _UNIT_TAIL.sub("", words)
    unit = money_unit(remark) or (money_unit(words[len(short) :]) if short else None)
    return HeaderLabel(short or words, remark, unit)


_PART_OF_INVESTMENT = re.compile(
    r"\d{2,4}年|年度|当年|本年|今年|上年|明年|已|累计|其中|到位|下达|中央|省级|市级|区级|自筹|财政|专项|贷款|债券|来源|剩余|后续|单位"
)
_ACTUAL = re.compile(r"实际")


def _compiled(rules: tuple[Rule, ...]) -> tuple[tuple[str, int, int, re.Pattern[str]], ...]:
    return tuple((name, rank, order, re.compile(pattern)) for name, rank, order, pattern in rules)


_RULES: dict[TableKind, tuple[tuple[str, int, int, re.Pattern[str]], ...]] = {
    "tasks": _compiled(TASK_RULES),
    "projects": _compiled(PROJECT_RULES),
}


@lru_cache(maxsize=4096)
def match_words(kind: TableKind, words: str) -> FieldMatch | None:
    """The field that a header of this wording stands for in a table of this kind."""
    if not words or len(words) > 24:
        return None
    lower = words.lower()
    for field, rank, order, pattern in _RULES[kind]:
        if pattern.fullmatch(lower):
            if field == "total_investment_wan" and _PART_OF_INVESTMENT.search(lower):
                return None
            late = field in ("start_year", "end_year", "years") and _ACTUAL.search(lower)
            return FieldMatch(field, rank - 40 if late else rank, order)
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


def match_label(kind: TableKind, parts: tuple[str, ...]) -> FieldMatch | None:
    """The field of a column from its header cells, top to bottom."""
    found = _match_parts(kind, parts)
    if kind == "projects" and found and found.field == "lead":
        return FieldMatch("responsible", found.rank)
    return found


def _match_parts(kind: TableKind, parts: tuple[str, ...]) -> FieldMatch | None:
    leaf = _by_remark(match_words(kind, label_of(parts[-1]).words), label_of(parts[-1]).remark)
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


def _by_remark(match: FieldMatch | None, remark: str) -> FieldMatch | None:
    """“责任单位（牵头）”: the brackets say which part the agencies of the column have."""
    if match is not None and match.field == "responsible" and match.order == 1:
        if _LEAD_LEAF.fullmatch(remark):
            return FieldMatch("lead", match.rank)
        if _HELP_LEAF.fullmatch(remark) and "责任" not in remark:
            return FieldMatch("responsible", match.rank, 2)
    return match


def _is_detail(words: str) -> bool:
    """A second line that only qualifies the first: a unit, “名称”, “内容”."""
    return words in {"名称", "内容", "全称", "单位", "填写"}


def _match_under(parent: FieldMatch, words: str) -> FieldMatch | None:
    if parent.field in ("years", "start_year", "end_year"):
        if _START_LEAF.fullmatch(words):
            return FieldMatch("start_year", 100)
        if _END_LEAF.fullmatch(words):
            return FieldMatch("end_year", 100)
    if parent.field == "total_investment_wan" and _TOTAL_LEAF.fullmatch(words):
        return FieldMatch("total_investment_wan", 100)
    if parent.field in ("responsible", "owners"):
        if _LEAD_LEAF.fullmatch(words):
            return FieldMatch("lead", 100) if parent.field == "responsible" else None
        if _HELP_LEAF.fullmatch(words):
            return FieldMatch("responsible", 100, 2 if "责任" not in words else 1)
    return None
