from django.db.models import TextChoices

from targets import rules


class TargetKind(TextChoices):
    """The nine kinds of target, each with its own rule of judgement (see targets/rules)."""

    AT_LEAST = rules.Kind.AT_LEAST, "不低于"
    AT_MOST = rules.Kind.AT_MOST, "不高于"
    BELOW = rules.Kind.BELOW, "低于（不含本数）"
    ABOUT = rules.Kind.ABOUT, "稳定在左右"
    REDUCTION = rules.Kind.REDUCTION, "较基期下降"
    FULL_COVERAGE = rules.Kind.FULL_COVERAGE, "全覆盖"
    PEAK_BY = rules.Kind.PEAK_BY, "按期达峰"
    ASSIGNED = rules.Kind.ASSIGNED, "市下达"
    QUALITATIVE = rules.Kind.QUALITATIVE, "定性"


class Commitment(TextChoices):
    BINDING = "binding", "约束性"
    STRIVEN = "striven", "力争"


class Pace(TextChoices):
    """How the required line runs between baseline and milestones."""

    LINEAR = rules.Course.LINEAR, "直线"
    GEOMETRIC = rules.Course.GEOMETRIC, "等比"
    HOLD = rules.Course.HOLD, "保持"
    STEP = rules.Course.STEP, "到期一次达到"
    ASSIGNED = rules.Course.ASSIGNED, "按市下达进度"
    MANUAL = rules.Course.MANUAL, "由区发改局认定"


class GapMethod(TextChoices):
    """What a shortfall is a share of, for 二级 and 一级."""

    LEVEL = rules.GapMethod.LEVEL, rules.GapMethod.LEVEL.label
    CHANGE = rules.GapMethod.CHANGE, rules.GapMethod.CHANGE.label


class Frequency(TextChoices):
    ANNUAL = "annual", "年度指标"
    QUARTERLY = "quarterly", "季度指标"


class MilestoneState(TextChoices):
    SET = rules.GoalState.SET, "已明确"
    PENDING = rules.GoalState.PENDING, "待市下达"
    WITHDRAWN = rules.GoalState.WITHDRAWN, "不再下达"


class Nature(TextChoices):
    """What a milestone asks for."""

    NUMBER = rules.Nature.NUMBER, "数值"
    EVENT = rules.Nature.EVENT, "达峰"
    JUDGEMENT = rules.Nature.JUDGEMENT, "定性"
    STANDING = rules.Nature.STANDING, "长期要求"


class Comparison(TextChoices):
    """Boundary words as in law: 以上 includes the number, 低于 does not (民法典第1259条)."""

    AT_LEAST = rules.Comparison.AT_LEAST, "≥"
    AT_MOST = rules.Comparison.AT_MOST, "≤"
    BELOW = rules.Comparison.BELOW, "<"
    ABOUT = rules.Comparison.ABOUT, "≈"
    EQUAL = rules.Comparison.EQUAL, "="
    BY_YEAR = rules.Comparison.BY_YEAR, "到该年"
    BEFORE_YEAR = rules.Comparison.BEFORE_YEAR, "该年前"


class DataGrade(TextChoices):
    ESTIMATE = rules.Grade.ESTIMATE, rules.Grade.ESTIMATE.label
    DEPARTMENT = rules.Grade.DEPARTMENT, rules.Grade.DEPARTMENT.label
    PRELIMINARY = rules.Grade.PRELIMINARY, rules.Grade.PRELIMINARY.label
    FINAL = rules.Grade.FINAL, rules.Grade.FINAL.label


class SettledVerdict(TextChoices):
    """What a settlement stores: whether the goal was met. All other verdicts are states of not
    being settled."""

    ACHIEVED = rules.Verdict.ACHIEVED, rules.Verdict.ACHIEVED.label
    MISSED = rules.Verdict.MISSED, rules.Verdict.MISSED.label

    def said(self, *, is_striven: bool) -> rules.Verdict:
        """The verdict in the words of its target: a 力争 target is not missed."""
        return rules.Verdict.settled(is_met=self == SettledVerdict.ACHIEVED, is_striven=is_striven)


class OverrideLevel(TextChoices):
    """What the bureau may say of a light by hand; the words of the levels are `rules.Level`'s."""

    GREEN = rules.Level.GREEN, rules.Level.GREEN.label
    ORANGE = rules.Level.ORANGE, rules.Level.ORANGE.label
    RED = rules.Level.RED, rules.Level.RED.label
    BY_RULE = "rule", "按规则判定"


class ProposalKind(TextChoices):
    """What one person proposes and another decides."""

    SETTLEMENT = "settlement", "判定"
    RECOGNITION = "recognition", "认定"
    RETRACTION = "retraction", "撤销判定"
    YEAR_END = "year_end", "四季度末值作为年度值"
    BASE = "base", "基期值"
    BASE_GONE = "base_gone", "撤销基期值"
    TOLERANCE = "tolerance", "左右容差"


VERDICTS = frozenset({ProposalKind.SETTLEMENT, ProposalKind.RECOGNITION, ProposalKind.RETRACTION})
"""What the rules may leave to one person; everything else always takes two."""
OF_BASE = frozenset({ProposalKind.BASE, ProposalKind.BASE_GONE})
"""What turns a light by the value of a target's base year."""


class ProposalState(TextChoices):
    OPEN = "open", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class BasisChangeKind(TextChoices):
    """How values came from one accounting basis to another."""

    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    RENAME = "rename", "更名"


class LinkOrigin(TextChoices):
    """Why a task or project serves a target."""

    CLAUSE = "clause", "同一条款"
    WORDS = "words", "方案文字"
    HAND = "hand", "手工关联"
