"""The warning level of a target before its milestone, with the gap behind it."""

from dataclasses import dataclass
from decimal import Decimal

from common.formats import rounded
from targets.rules.enumerations import REDUCTIONS, Course, GapMethod, Kind
from targets.rules.levels import Level
from targets.rules.terms import Actual, Goal, Terms
from targets.rules.trends.trajectory import (
    HUNDRED,
    base_at,
    goal_at,
    goal_led_to,
    leads_to_another_basis,
    needs_baseline,
)
from targets.rules.verdicts.judgement import band_end, meets, shortfall, waits_for_settled_base

_WITHOUT_DIRECTION = frozenset({Kind.ABOUT, Kind.PEAK_BY, Kind.QUALITATIVE})


@dataclass(frozen=True)
class Light:
    """Warning level with its reason; `gap` is the shortfall as a share of what is required."""

    level: Level
    reason: str
    year: int | None = None
    required: Decimal | None = None
    gap: Decimal | None = None
    is_by_hand: bool = False


@dataclass(frozen=True)
class Gap:
    """A shortfall with its measure: the required value, or the change required to date.

    `why` says why it is not the change, although the rules use that. `least` is one printed unit,
    which always counts as near.
    """

    shortfall: Decimal
    reference: Decimal
    method: GapMethod = GapMethod.LEVEL
    why: str = ""
    least: Decimal = Decimal(0)

    @property
    def share(self) -> Decimal | None:
        return self.shortfall / self.reference if self.reference else None

    def is_near(self, percent: Decimal) -> bool:
        return self.shortfall * HUNDRED <= max(percent * self.reference, self.least * HUNDRED)

    def words(self, percent: Decimal) -> str:
        """缺口占应有进展25.0%, 差距占要求值14.9%（缺基期值）.

        With as many decimals as distinguish it from the near share.
        """
        if self.method == GapMethod.CHANGE:
            text = f"缺口占应有进展{_printed_share(self.share, percent)}"
            is_least = self.is_near(percent) and self.shortfall * HUNDRED > percent * self.reference
            return f"{text}，不超过{self.least:f}" if is_least else text
        return f"差距占要求值{_printed_share(self.share, percent)}" + (
            f"（{self.why}）" if self.why else ""
        )


def _printed_share(share: Decimal | None, near: Decimal) -> str:
    """A share in percent, rounded so that it stays on the correct side of the near share."""
    if share is None:
        return "无法计算"
    percent, decimals = share * HUNDRED, 1
    while (rounded(percent, decimals) > near) != (percent > near):
        decimals += 1
    return f"{rounded(percent, decimals):f}%"


def light(terms: Terms) -> Light:
    """The light of the newest value against the requirement at the end of its year or quarter.

    Every page and check uses this rule: with the current values for the light of the target, with
    `terms.ending_with(value)` for the light of one value, before its approval and after.

    Met is GREEN (三级), short by up to the near share (a tenth) ORANGE (二级), by more RED (一级);
    below a band of 左右 by up to its tolerance is ORANGE, by more RED. A miss that also moves the
    wrong way, and a reduction that turns into a rise (不降反升), is RED. GREY is not judged, with
    its reason. A target that is only striven for (力争) is at worst ORANGE. The thresholds are
    those of `terms.judging`.

    Source: 发改办环资〔2020〕901号, 发改办环资〔2021〕629号.
    """
    reason = _not_judged(terms)
    latest = terms.latest
    if reason or latest is None or latest.value is None:
        missing = "缺年度值" if terms.quarterly else "缺数据"
        return Light(Level.GREY, reason or missing, latest.year if latest else None)
    goal = goal_at(terms, latest.year, latest.quarter)
    if goal is None or goal.value is None:
        why = "基期值待补录" if needs_baseline(terms) else "未到期"
        return Light(Level.GREY, why, latest.year)
    gap = gap_of(terms, goal, latest, latest.value)
    level, words = _level(terms, goal, gap, latest.value)
    if terms.is_striven and terms.judging.caps_striven and level == Level.RED:
        level, words = Level.ORANGE, f"{words}；力争目标最高到二级"
    return Light(level, words, latest.year, goal.value, gap.share)


def gap_of(terms: Terms, goal: Goal, latest: Actual, value: Decimal) -> Gap:
    """The shortfall of a value against the requirement of its date, by the method of the rules.

    By change it is a share of |required − base|. By level it is a share of |required|, also used
    where there is no change to compare with: no base, a base that already meets the requirement,
    steps, standing goals and 左右.
    """
    lacking, need = shortfall(goal, value, terms.tolerance), goal.value or Decimal(0)
    if terms.judging.method == GapMethod.LEVEL:
        return Gap(lacking, abs(need))
    base = base_at(terms, latest.year)
    why = _without_change(terms, goal, base)
    if why or base is None:
        return Gap(lacking, abs(need), why=why)
    least = Decimal(1).scaleb(-terms.decimals)
    return Gap(lacking, abs(need - base), GapMethod.CHANGE, least=least)


def _without_change(terms: Terms, goal: Goal, base: Decimal | None) -> str:
    """Why the gap cannot be a share of the change; empty if it can."""
    if not terms.numeric_goals:
        return "长期要求"
    if terms.pace == Course.STEP:
        return "分阶段生效"
    if base is None:
        return "缺基期值"
    if base == goal.value or meets(goal, base, terms.tolerance):
        return "基期值已达到"
    return ""


def _level(terms: Terms, goal: Goal, gap: Gap, value: Decimal) -> tuple[Level, str]:
    met = meets(goal, value, terms.tolerance)
    wrong = moves_wrong_way(terms, goal)
    if wrong and terms.kind in REDUCTIONS and not terms.lower_is_better:
        return Level.RED, "不降反升"
    if met:
        return Level.GREEN, "达到进度要求"
    if wrong:
        return Level.RED, "未达进度要求且方向相反"
    if goal.is_band:
        is_near = value >= band_end(goal, terms.tolerance, widths=-2)
        return (
            (Level.ORANGE, "低于下限不到1倍容差") if is_near else (Level.RED, "低于下限超过1倍容差")
        )
    near = terms.judging.near_percent
    level = Level.ORANGE if gap.is_near(near) else Level.RED
    if terms.judging.method == GapMethod.CHANGE:
        return level, gap.words(near)
    side = "不超过" if level == Level.ORANGE else "超过"
    return level, f"差距{side}{terms.judging.near_words}"


def moves_wrong_way(terms: Terms, goal: Goal | None = None) -> bool:
    """Whether the newest value is worse than that of the year before, or of the base year.

    Only consecutive years are compared, and only values of one accounting basis. By the method of
    change, a base value that already meets the requirement is not compared with.
    """
    series, latest = terms.series, terms.latest
    if latest is None or latest.value is None or terms.kind in _WITHOUT_DIRECTION:
        return False
    sign = -1 if terms.lower_is_better else 1
    before = [actual.value for actual in series if actual.year == latest.year - 1]
    if terms.is_own_basis(latest) and not _base_kept(terms, goal):
        before.append(terms.baseline_value)
    return any(value is not None and (latest.value - value) * sign < 0 for value in before)


def _base_kept(terms: Terms, goal: Goal | None) -> bool:
    base = terms.baseline_value
    if terms.judging.method == GapMethod.LEVEL or goal is None or base is None:
        return False
    return base == goal.value or meets(goal, base, terms.tolerance)


def _not_judged(terms: Terms) -> str:
    """Why there is no light, whatever the values; empty if there may be one."""
    if terms.is_qualitative:
        return "定性目标，由区发改局认定"
    if terms.is_peak:
        return "达峰由区发改局认定"
    if not terms.dated_goals and terms.any_standing_goal is None:
        return "目标待市下达" if any(g.is_pending for g in terms.goals) else "没有数值目标"
    newest, latest = terms.newest, terms.latest
    if newest is not None and newest.not_applicable:
        return f"{newest.year}年不适用（没有新建）"
    if latest is not None and not _is_comparable(terms, latest):
        return "口径变更待确认"
    if latest is not None and latest.quarter is None and latest.year == terms.baseline_year:
        return "只有基期值，还没有以后的数值"
    return ""


def _is_comparable(terms: Terms, latest: Actual) -> bool:
    return terms.is_own_basis(latest) and not leads_to_another_basis(terms, latest.year)


def rests_on_open_base(terms: Terms) -> bool:
    """Whether the newest value is judged by a goal whose base value is not final yet."""
    latest = terms.latest
    goal = goal_led_to(terms, latest.year) if latest else None
    if latest is None or goal is None or latest.year <= (goal.base_year or latest.year):
        return False
    return waits_for_settled_base(terms, goal)
