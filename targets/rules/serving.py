"""Which targets a task or project mentions: proposed to the administrator by its words alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Proposed:
    """A target that a text mentions, and the phrase that does."""

    target: str
    quote: str


TOPICS: Mapping[str, tuple[str, ...]] = {
    "单位GDP能耗": ("能耗双控", "高耗能高排放项目", "产业单位能耗"),
    "单位GDP二氧化碳": ("碳排放双控", "碳排放水平", "直接碳排放", "能耗和碳排放"),
    "非化石能源": ("清洁能源利用", "使用清洁能源", "可再生能源", "太阳能", "光伏发电"),
    "森林": ("森林", "林业"),
    "二氧化碳排放达峰": ("碳达峰建设",),
    "光伏": ("光伏",),
    "成品油": ("成品油", "燃油", "加油"),
    "气化率": ("管道气", "供气", "燃气站"),
    "数据中心": ("大型数据中心", "数据中心能效"),
    "装配": ("装配",),
    "绿色建筑": ("绿色建筑",),
    "建筑节能": ("建筑节能", "建筑有序实施节能", "节能设计标准"),
    "充电桩": ("充电",),
    "绿色出行": ("绿色出行", "低碳出行"),
    "公交": ("电动公交",),
    "新能源和清洁能源车辆": ("新能源汽车", "新能源替代", "新能源车"),
    "电动化": ("网约车", "服务车辆电动化"),
    "垃圾分类": ("生活垃圾",),
    "生活垃圾": ("生活垃圾",),
    "公共机构单位建筑面积": ("节约型机关", "公共机构单位建筑面积"),
    "绿色完整社区": ("绿色完整", "老旧小区", "城市更新"),
}
"""Words in a target's name → words of tasks and projects about the same subject."""

_PHRASE = re.compile(r"[^，。；\n]+")


def proposed_targets(text: str, names: Mapping[str, str]) -> tuple[Proposed, ...]:
    """The targets (code → name) that a text mentions, each with its first phrase."""
    phrases = [found.group().strip() for found in _PHRASE.finditer(text)]
    found = ((code, _first(phrases, _words(name))) for code, name in names.items())
    return tuple(Proposed(code, quote) for code, quote in found if quote)


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for key, words in TOPICS.items() if key in name for word in words)


def _first(phrases: Iterable[str], words: tuple[str, ...]) -> str:
    return next((phrase for phrase in phrases if any(word in phrase for word in words)), "")
