"""Verdict of a milestone, and the light of a target on its way."""

from dataclasses import dataclass
from decimal import Decimal

from common.lights import Level
from targets.rules.enumerations import REDUCTIONS, Comparison, GoalState, Kind
from targets.rules.facts import Actual, Goal, Terms, Verdict
from targets.rules.settings import DEFAULT_RULES
from targets.rules.trajectory import HUNDRED, needs_baseline, required_at

DEFAULT_TOLERANCE = DEFAULT_RULES.tolerance_percent
"""Percent around the value of 左右 where terms name none."""
_WITHOUT_DIRECTION = frozenset({Kind.ABOUT, Kind.PEAK_BY, Kind.QUALITATIVE})


@dataclass(frozen=True)
class Judgement:
    """Verdict of one milestone.

    `outcome` is what the value or a document says, of a provisional value how it looks now.
    `shortfall` is what lacks, in the unit, negative where more than asked for. `index` is the
    degree of completion, met = 100.
    """

    verdict: Verdict
    year: int
    goal: Goal | None = None
    actual: Actual | None = None
    outcome: Verdict | None = None
    shortfall: Decimal | None = None
    index: Decimal | None = None
    is_above_band: bool = False

    @property
    def label(self) -> str:
        """The verdict in words: 数据待核定（初步未达标）."""
        if self.verdict != Verdict.PROVISIONAL:
            return self.verdict.label
        waits = "，含待审核" if self.is_unreviewed else ""
        return f"{self.verdict.label}（{self.preliminary_words}{waits}）"

    @property
    def preliminary_words(self) -> str:
        """初步达标, 初步未达标 or 初步未达到力争值; empty where no value says anything."""
        return f"初步{self.outcome.label.removeprefix('已')}" if self.outcome else ""

    @property
    def met(self) -> bool | None:
        return None if self.outcome is None else self.outcome == Verdict.ACHIEVED

    @property
    def level(self) -> Level:
        """The shape under which the verdict is shown; provisional ones are drawn hollow."""
        if self.verdict == Verdict.PROVISIONAL:
            return Level.GREEN if self.met else Level.ORANGE
        return self.verdict.level

    @property
    def is_provisional(self) -> bool:
        return self.verdict == Verdict.PROVISIONAL

    @property
    def is_unreviewed(self) -> bool:
        """Judged by a value that waits for review."""
        return self.actual is not None and self.actual.is_unreviewed


@dataclass(frozen=True)
class Light:
    """Warning level with its reason; `gap` is the shortfall as a share of the required value."""

    level: Level
    reason: str
    year: int | None = None
    required: Decimal | None = None
    gap: Decimal | None = None
    is_by_hand: bool = False


def limits(goal: Goal, tolerance_percent: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Smallest and largest allowed value; None where that side is open.

    左右 is a band of the tolerance, whose upper side is open for judging but asks for a look at
    the accounting basis.
    """
    if goal.value is None:
        return None, None
    if goal.lower_is_better:
        return None, goal.value
    if goal.is_band:
        width = _tolerance(goal, tolerance_percent)
        return goal.value - width, goal.value + width
    return goal.value, None


def _tolerance(goal: Goal, percent: Decimal | None) -> Decimal:
    """Half the width of a band, in the unit."""
    return abs(goal.value or Decimal(0)) * (percent or DEFAULT_TOLERANCE) / HUNDRED


def meets(goal: Goal, value: Decimal, tolerance_percent: Decimal | None = None) -> bool:
    """Whether a value keeps a goal: 以上 and 达 include the number, 低于 does not.

    Source: 民法典第1259条.
    """
    low, high = limits(goal, tolerance_percent)
    if goal.comparison == Comparison.BELOW:
        return high is not None and value < high
    if goal.comparison == Comparison.AT_MOST:
        return high is not None and value <= high
    return low is not None and value >= low


def shortfall(goal: Goal, value: Decimal, tolerance_percent: Decimal | None = None) -> Decimal:
    """What lacks to the goal, in the unit; negative is more than asked for, 0 inside a band."""
    low, high = limits(goal, tolerance_percent)
    if goal.lower_is_better and high is not None:
        return value - high
    if goal.is_band and low is not None and high is not None:
        return low - value if value < low else min(high - value, Decimal(0))
    return (low or Decimal(0)) - value


def completion(
    goal: Goal, value: Decimal, tolerance_percent: Decimal | None = None
) -> Decimal | None:
    """Degree of completion, met = 100: actual ÷ goal, limit ÷ actual where lower is better,
    100 inside a band and less by the distance outside. None where a division has no sense."""
    if not goal.value:
        return None
    if goal.lower_is_better:
        return goal.value / value * HUNDRED if value > 0 else None
    if goal.is_band:
        outside = max(shortfall(goal, value, tolerance_percent), Decimal(0))
        return HUNDRED - outside / abs(goal.value) * HUNDRED
    return value / goal.value * HUNDRED


def judge(terms: Terms, year: int, *, today_year: int) -> Judgement:
    """The verdict of a milestone year.

    Only an annual value of that very year settles (of the year before for a goal 该年前); a value
    that is not settled is provisional; a value of another accounting basis is never compared.
    Source: 方案 二.
    """
    goal = terms.goal(year)
    if goal is None or goal.state == GoalState.WITHDRAWN:
        return Judgement(Verdict.NOT_APPLICABLE, year, goal)
    if goal.is_pending:
        return Judgement(Verdict.PENDING, year, goal)
    if (goal.last_year or year) >= today_year:
        return Judgement(Verdict.AHEAD, year, goal)
    if not goal.is_number:
        return Judgement(Verdict.TO_RECOGNISE, year, goal)
    return _judge_value(terms, year, goal)


def _judge_value(terms: Terms, year: int, goal: Goal) -> Judgement:
    actual = terms.actual(goal.last_year or year)
    if actual is None:
        return Judgement(Verdict.MISSING, year, goal)
    if actual.not_applicable or actual.value is None:
        return Judgement(Verdict.NOT_APPLICABLE, year, goal, actual)
    if not terms.is_own_basis(actual):
        return Judgement(Verdict.BASIS_CHANGED, year, goal, actual)
    met = meets(goal, actual.value, terms.tolerance_percent)
    outcome = Verdict.settled(is_met=met, is_striven=terms.is_striven)
    _, high = limits(goal, terms.tolerance_percent)
    return Judgement(
        verdict=outcome if actual.is_settled else Verdict.PROVISIONAL,
        year=year,
        goal=goal,
        actual=actual,
        outcome=outcome,
        shortfall=shortfall(goal, actual.value, terms.tolerance_percent),
        index=completion(goal, actual.value, terms.tolerance_percent),
        is_above_band=goal.is_band and high is not None and actual.value > high,
    )


def light(terms: Terms) -> Light:
    """The light of the newest value against what is required at the end of its year or quarter.

    The one rule of all places: terms in force give the light of the overview, terms `ending_with`
    a value that of the value, the same before its approval and after.

    Met is 三级, short by up to the near share (a tenth) 二级, more 一级; below a band of 左右 by up
    to its tolerance is 二级, by more 一级. A miss that also moves the wrong way, and a reduction
    that turns into a rise, is 一级 (不降反升). Not judged is grey with its reason. A target that is
    only striven for (力争) is at worst 二级. The thresholds are those of `terms.judging`.
    Source: 发改办环资〔2020〕901号, 发改办环资〔2021〕629号.
    """
    reason = _not_judged(terms)
    latest = terms.latest
    if reason or latest is None or latest.value is None:
        return Light(Level.GREY, reason or "缺数据", latest.year if latest else None)
    goal = goal_at(terms, latest.year, latest.quarter)
    if goal is None or goal.value is None:
        why = "基准值待补录" if needs_baseline(terms) else "未到期"
        return Light(Level.GREY, why, latest.year)
    need = goal.value
    lacking = shortfall(goal, latest.value, terms.tolerance_percent)
    met = meets(goal, latest.value, terms.tolerance_percent)
    gap = lacking / abs(need) if need else None
    level, words = _level(terms, met=met, is_near=_is_near(terms, goal, lacking))
    if terms.is_striven and terms.judging.caps_striven and level == Level.RED:
        return Light(Level.ORANGE, f"{words}；力争目标最高到二级", latest.year, need, gap)
    return Light(level, words, latest.year, need, gap)


def _is_near(terms: Terms, goal: Goal, lacking: Decimal) -> bool:
    """Whether a shortfall is still 二级."""
    if goal.is_band:
        return lacking <= _tolerance(goal, terms.tolerance_percent)
    return lacking * HUNDRED <= terms.judging.near_percent * abs(goal.value or Decimal(0))


def _level(terms: Terms, *, met: bool, is_near: bool) -> tuple[Level, str]:
    wrong = moves_wrong_way(terms)
    if wrong and terms.kind in REDUCTIONS and not terms.lower_is_better:
        return Level.RED, "不降反升"
    if met:
        return Level.GREEN, "达到进度要求"
    if wrong:
        return Level.RED, "未达进度要求且方向相反"
    if terms.kind == Kind.ABOUT:
        return (
            (Level.ORANGE, "低于下限不到1倍容差") if is_near else (Level.RED, "低于下限超过1倍容差")
        )
    share = terms.judging.near_words
    return (Level.ORANGE, f"差距不超过{share}") if is_near else (Level.RED, f"差距超过{share}")


def moves_wrong_way(terms: Terms) -> bool:
    """True where the newest value is worse than the year before it, or than the base year.

    Only years that follow each other are compared, and only values of one accounting basis.
    """
    series, latest = terms.series, terms.latest
    if latest is None or latest.value is None or terms.kind in _WITHOUT_DIRECTION:
        return False
    sign = -1 if terms.lower_is_better else 1
    before = [actual.value for actual in series if actual.year == latest.year - 1]
    if terms.baseline_value is not None and terms.is_own_basis(latest):
        before.append(terms.baseline_value)
    return any(value is not None and (latest.value - value) * sign < 0 for value in before)


def goal_at(terms: Terms, year: int, quarter: int | None = None) -> Goal | None:
    """What the end of a year or a quarter requires as a goal of its own, compared as the milestone
    that it leads to; None where nothing is required."""
    need = required_at(terms, year, quarter)
    if need is None:
        return None
    later = [goal for goal in terms.numeric_goals if (goal.year or 0) >= year]
    known = later or terms.numeric_goals[-1:]
    nearest = known[0] if known else terms.standing_goal
    comparison = nearest.comparison if nearest else Comparison.AT_LEAST
    return Goal(year, comparison=comparison, value=need)


def _not_judged(terms: Terms) -> str:
    """Why there is no light, whatever the values; empty where there may be one."""
    if terms.is_qualitative:
        return "定性目标，由区发改局认定"
    if terms.is_peak:
        return "达峰由区发改局认定"
    if not terms.numeric_goals and terms.standing_goal is None:
        return "目标待市下达" if any(g.is_pending for g in terms.goals) else "没有数值目标"
    newest, latest = terms.newest, terms.latest
    if newest is not None and newest.not_applicable:
        return f"{newest.year}年不适用（没有新建）"
    if latest is not None and not terms.is_own_basis(latest):
        return "口径变更待确认"
    return ""
