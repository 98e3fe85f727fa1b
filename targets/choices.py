from django.db.models import TextChoices

from targets.rules.facts import Verdict


class TargetKind(TextChoices):
    """The nine kinds of target, each with its own rule of judgement (see targets/rules.py)."""

    AT_LEAST = "at_least", "不低于"
    AT_MOST = "at_most", "不高于"
    BELOW = "below", "低于（不含本数）"
    ABOUT = "about", "稳定在左右"
    REDUCTION = "reduction", "较基期下降"
    FULL_COVERAGE = "full_coverage", "全覆盖"
    PEAK_BY = "peak_by", "按期达峰"
    ASSIGNED = "assigned", "市下达"
    QUALITATIVE = "qualitative", "定性"


class Commitment(TextChoices):
    BINDING = "binding", "约束性"
    STRIVEN = "striven", "力争"


class Pace(TextChoices):
    """How the required line runs between baseline and milestones."""

    LINEAR = "linear", "直线"
    GEOMETRIC = "geometric", "等比"
    HOLD = "hold", "保持"
    STEP = "step", "到期一次达到"
    ASSIGNED = "assigned", "按市下达进度"
    MANUAL = "manual", "由区发改局认定"


class Frequency(TextChoices):
    ANNUAL = "annual", "年度指标"
    QUARTERLY = "quarterly", "季度指标"


class MilestoneState(TextChoices):
    SET = "set", "已明确"
    PENDING = "pending", "待市下达"
    WITHDRAWN = "withdrawn", "不再下达"


class Nature(TextChoices):
    """What a milestone asks for."""

    NUMBER = "number", "数值"
    EVENT = "event", "达峰"
    JUDGEMENT = "judgement", "定性"
    STANDING = "standing", "长期要求"


class Comparison(TextChoices):
    """Boundary words as in law: 以上 includes the number, 低于 does not (民法典第1259条)."""

    AT_LEAST = "at_least", "≥"
    AT_MOST = "at_most", "≤"
    BELOW = "below", "<"
    ABOUT = "about", "≈"
    EQUAL = "equal", "="
    BY_YEAR = "by_year", "到该年"
    BEFORE_YEAR = "before_year", "该年前"


class DataGrade(TextChoices):
    ESTIMATE = "estimate", "测算"
    DEPARTMENT = "department", "部门统计"
    PRELIMINARY = "preliminary", "初步核算"
    FINAL = "final", "最终核实"


class SettledVerdict(TextChoices):
    """What a settlement stores: whether the goal was met. All other verdicts are states of not
    being settled."""

    ACHIEVED = "achieved", "已达标"
    MISSED = "missed", "未达标"

    def said(self, *, is_striven: bool) -> Verdict:
        """The verdict in the words of its target: a 力争 target is not missed."""
        return Verdict.settled(is_met=self == SettledVerdict.ACHIEVED, is_striven=is_striven)


class OverrideLevel(TextChoices):
    """What the bureau may say of a light by hand; the words of the levels are `rules.Level`'s."""

    GREEN = "green", "三级"
    ORANGE = "orange", "二级"
    RED = "red", "一级"
    BY_RULE = "rule", "按规则判定"
