"""Every number of the rules, chasing and rhythm that the bureau can change. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from common.formats import number

DOUBTS, FILLING, CHASING, RHYTHM = "疑点", "填报要求", "催报", "填报周期"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number. `options`, where given, are all its permitted values with their words."""

    code: str
    group: str
    label: str
    unit: str
    default: Decimal
    least: Decimal
    most: Decimal
    help: str = ""
    decimals: int = 0
    options: tuple[tuple[Decimal, str], ...] = ()

    @property
    def words(self) -> Mapping[Decimal, str]:
        """What each option means; empty where any number within the limits is permitted."""
        return dict(self.options)

    def problem(self, value: Decimal) -> str:
        """Why a new value is refused, in a sentence; empty where it is accepted."""
        if not value.is_finite():
            return f"{self.label}：填写数字"
        if self.options and value not in self.words:
            allowed = "、".join(number(option) for option in self.words)
            return f"{self.label}：只能是{allowed}"
        if not self.least <= value <= self.most:
            return f"{self.label}：填写{number(self.least)}至{number(self.most)}之间的数"
        if value != round(value, self.decimals):
            exact = f"最多{self.decimals}位小数" if self.decimals else "填写整数"
            return f"{self.label}：{exact}"
        return ""


def _row(
    code: str, group: str, label: str, unit: str, numbers: str, help: str = "", decimals: int = 0
) -> Threshold:
    """`numbers` holds default, least and most."""
    default, least, most = (Decimal(text) for text in numbers.split())
    return Threshold(code, group, label, unit, default, least, most, help, decimals)


def _choice(code: str, label: str, unit: str, default: int, words: Mapping[int, str]) -> Threshold:
    """A setting of the rhythm that takes only these values."""
    options = tuple((Decimal(value), word) for value, word in words.items())
    least, most = Decimal(min(words)), Decimal(max(words))
    return Threshold(code, RHYTHM, label, unit, Decimal(default), least, most, options=options)


def _quarters() -> dict[int, str]:
    """Every set of quarters by its digits: 24 stands for the second and the fourth."""
    sets = (found for size in range(1, 5) for found in combinations("1234", size))
    return {0: "都不填报"} | {
        int("".join(found)): f"第{'、'.join('一二三四'[int(one) - 1] for one in found)}季度"
        for found in sets
    }


THRESHOLDS: tuple[Threshold, ...] = (
    _row(
        "W1_MAD", DOUBTS, "波动疑点：历史波动的倍数", "倍", "5 1 20",
        "有4个以上历史值时，变化超过历次变化绝对中位差的这个倍数才算疑点", 1,
    ),
    _row(
        "W1_POINTS", DOUBTS, "波动疑点：百分比指标", "个百分点", "3 0.1 100",
        "变化不超过这个数不算疑点", 2,
    ),
    _row(
        "W1_PERCENT", DOUBTS, "波动疑点：其他指标", "%", "30 1 1000",
        "较上期变化不超过这个比例不算疑点", 1,
    ),
    _row(
        "W3_TOLERANCE", DOUBTS, "单位疑点：约为10、100、10000倍的容差", "%", "20 1 50",
        "倍数偏离不超过这个比例时，提示可能填错单位", 1,
    ),
    _row(
        "W5_INVESTED", DOUBTS, "投资疑点：形象进度100%时的最低投资比例", "%", "80 1 100",
        "累计投资占总投资低于这个比例时提示", 1,
    ),
    _row("W6_LIKENESS", DOUBTS, "雷同疑点：与上季度文字相同的比例", "%", "90 50 100", "", 1),
    _row(
        "W7_CHANGE", DOUBTS, "核定疑点：初步值改为最终值的变动", "%", "2 0 100",
        "变动超过这个比例时提示", 2,
    ),
    _row("REASON_LENGTH", FILLING, "疑点说明最少字数", "字", "10 1 200"),
    _row("AWAITED_LENGTH", FILLING, "尚未取得数据的原因最少字数", "字", "5 1 200"),
    _row("NARRATIVE_LEAST", FILLING, "任务进展最少字数", "字", "50 0 500"),
    _row("NARRATIVE_MOST", FILLING, "任务进展最多字数", "字", "800 100 3000"),
    _row("EVIDENCE_MB", FILLING, "每个佐证文件的大小上限", "MB", "20 1 200"),
    _row("REMIND_FIRST", CHASING, "第一次提醒：截止前", "天", "7 2 60"),
    _row("REMIND_SECOND", CHASING, "第二次提醒：截止前", "天", "1 1 30"),
    _row(
        "ORANGE_AFTER", CHASING, "橙色催报：逾期满", "个工作日", "1 1 60",
        "截止第二天起为蓝色，满这么多个工作日转橙色",
    ),
    _row("RED_AFTER", CHASING, "红色催报：逾期满", "个工作日", "3 1 90"),
    _row("REVIEW_DAYS", CHASING, "提醒审核员：报送后等待", "个工作日", "3 1 60"),
    _row("RETURNED_DAYS", CHASING, "退回未改提醒：退回后", "个工作日", "3 1 60"),
    _choice(
        "RHYTHM_QUARTERS", "多长时间填报一次", "季度", 1, {1: "每季度", 2: "每半年", 4: "每年"}
    ),
    _row(
        "PLAN_AHEAD", RHYTHM, "自动建立填报期：提前", "个季度", "2 0 4",
        "从正在进行的季度算起；0为不自动建立。第一个填报期由区发改局建立，"
        "放假没有登记的年份不自动建立",
    ),
    _choice("OPENS_ITSELF", "到开放日期", "选项", 1, {1: "自动开放", 0: "由区发改局开放"}),
    _choice("ANNUAL_QUARTERS", "填报年度指标的季度", "季度", 2, _quarters()),
    _row(
        "OPEN_WORKING_DAY", RHYTHM, "开放日期：季度结束后第", "个工作日", "1 1 60",
        "自动建立和新建填报期时按它推算开放日期",
    ),
    _row(
        "DUE_WORKING_DAYS", RHYTHM, "截止日期：开放后", "个工作日", "20 1 120",
        "自动建立和新建填报期时按它推算截止日期，可以改",
    ),
    _row(
        "CLOSE_WORKING_DAYS", RHYTHM, "关闭日期：截止后", "个工作日", "20 0 240",
        "截止以后还可以补报这么多个工作日，算逾期；关闭后要申请解锁",
    ),
)  # fmt: skip

BY_CODE: Mapping[str, Threshold] = {item.code: item for item in THRESHOLDS}


@dataclass(frozen=True)
class Thresholds:
    """The current numbers: what the bureau set, else the default; `off` are the rules switched off.

    Codes unknown to the registry and values outside its limits count as not set.
    """

    values: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    off: frozenset[str] = frozenset()

    def __getitem__(self, code: str) -> Decimal:
        known = BY_CODE[code]
        value = self.values.get(code)
        return known.default if value is None or known.problem(value) else value

    def whole(self, code: str) -> int:
        """A threshold as a whole number: days, characters, minutes."""
        return int(self[code])

    def is_off(self, rule: str) -> bool:
        """Whether a rule is switched off. Errors cannot be: see `findings.check`."""
        return rule in self.off
