"""What the sentences of the overview need of the targets, from the rows that it shows."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse

from common.caching.cached_rows import Made
from common.formats import number, rounded_apart
from dashboard.rules.changes.snapshots import TargetSnapshot
from dashboard.rules.overview.claim import GoalAhead, PlanScope, claim, going_of, judged_as, why
from dashboard.rules.overview.findings import HeadlineTarget, rows_finding
from dashboard.rules.overview.phrases import Phrase
from dashboard.rules.overview.score import (
    ScoredTarget,
    ScoreLine,
    SettledGroup,
    ahead_group,
    ahead_line,
    has_own_goal,
    settled_group,
    settled_line,
)
from dashboard.rules.overview.worst_cases import TargetCase
from dashboard.selectors.changes.comparison import targets_known
from dashboard.selectors.overview.rows import OverviewRow
from dashboard.selectors.overview.worst_cases import target_case
from dashboard.selectors.years.progress import ended_last
from reporting.matters.rules.computed import ComputedMatter
from reporting.matters.selectors.computed import computed_matters
from targets import rules
from targets.rules import Grade, Level, Prospect
from targets.rules.verdicts.verdicts import SETTLED
from targets.rules.words.provenance import stamp_of
from targets.selectors import Judged

_PEAKS = "达峰"


@dataclass(frozen=True)
class TargetFacts:
    """What the sentences need of the targets; small, so that it can be kept."""

    years: rules.MilestoneYears
    outset: PlanScope
    aims: tuple[GoalAhead, ...]
    settled: tuple[ScoredTarget, ...]
    ahead: tuple[ScoredTarget, ...]
    cases: tuple[TargetCase, ...]
    headlines: tuple[HeadlineTarget, ...]
    names: dict[str, str]
    known: tuple[TargetSnapshot, ...] = ()
    listed: tuple[ComputedMatter, ...] = ()
    judging: rules.JudgingRules | None = None
    progress: Phrase | None = None
    """How the year that ended last went, where it is no milestone year."""

    @property
    def claim(self) -> str:
        return claim(self.aims, self.outset)

    @property
    def why(self) -> tuple[Phrase, ...]:
        return why(self.aims, self.outset)

    @property
    def score(self) -> tuple[ScoreLine, ...]:
        """The settled year, and the year ahead where there is another one."""
        years, lines = self.years, []
        if years.has_ended(years.settled):
            lines.append(settled_line(years.settled, self.settled, year_list, more=self.progress))
        if not years.has_ended(years.ahead):
            earlier = years.before(years.ahead)
            lines.append(ahead_line(years.ahead, self.ahead, year_list, earlier=earlier))
        return tuple(lines)

    @property
    def missed(self) -> int:
        return sum(unit.group == SettledGroup.MISSED for unit in self.settled)

    @property
    def rows_finding(self) -> str:
        return rows_finding(
            self.headlines, year=self.years.settled, has_values=self.outset.has_values
        )


def year_list(year: int, group: str) -> str:
    """The list of a year's targets in a group of the score."""
    return f"{reverse('dashboard:year', args=[year])}?group={group}"


def target_facts(
    rows: Sequence[OverviewRow], years: rules.MilestoneYears, *, before: datetime.date
) -> TargetFacts:
    """The facts of all rows; `before` is the day with which they are compared."""
    judged = sorted((row.judged for row in rows), key=lambda one: one.target.position)
    has_values = any(row.judged.newest is not None for row in rows)
    settled = [_settled_unit(row.judged, has_values=has_values) for row in rows]
    ahead = [_ahead_unit(row.judged, has_values=has_values) for row in rows]
    headlines = [row for row in rows if row.judged.target.is_headline]
    outset = PlanScope(
        year=years.ahead,
        settled=years.settled,
        is_over=years.has_ended(years.ahead),
        targets=len(rows),
        goals=sum(unit is not None for unit in settled),
        aims=sum(unit is not None for unit in ahead),
        headlines=len(headlines),
        has_values=has_values,
    )
    return TargetFacts(
        years=years,
        outset=outset,
        aims=tuple(_aims(rows, is_over=outset.is_over)),
        settled=tuple(filter(None, settled)),
        ahead=tuple(filter(None, ahead)),
        cases=tuple(case for row in rows if (case := _once(row, target_case))),
        headlines=tuple(map(_headline, headlines)),
        names={row.code: row.name for row in rows},
        known=targets_known(judged, {years.settled, replace(years, today=before).settled}),
        listed=computed_matters(judged, ()),
        judging=rows[0].terms.judging if rows else None,
        progress=ended_last(judged, years),
    )


# The score.


def _settled_unit(judged: Judged, *, has_values: bool) -> ScoredTarget | None:
    found = judged.settled
    group = settled_group(found, has_values=has_values)
    if group is None:
        return None
    is_ready = found.verdict in SETTLED and judged.standing is None
    return ScoredTarget(group, judged.target.is_striven, is_ready, found.is_provisional)


def _ahead_unit(judged: Judged, *, has_values: bool) -> ScoredTarget | None:
    group = ahead_group(judged.outlook, has_values=has_values)
    return None if group is None else ScoredTarget(group, judged.target.is_striven)


# The claim.


def _aims(rows: Iterable[OverviewRow], *, is_over: bool) -> Iterator[GoalAhead]:
    """The targets with a goal of their own for the year ahead."""
    aim_of = _over if is_over else _on_course
    for row in rows:
        if has_own_goal(row.judged.outlook):
            yield _once(row, aim_of)


def _once(row: OverviewRow, make: Callable[[OverviewRow], Made]) -> Made:
    """What is said of a row alone, made once as long as its judgement holds."""
    return row.judged.cached(f"{make.__name__} {row.day}", lambda _: make(row))


def _aim(row: OverviewRow) -> GoalAhead:
    target = row.judged.target
    return GoalAhead(
        name=target.name.removesuffix(_PEAKS) if row.terms.is_peak else row.name,
        url=row.url,
        going=going_of(row.judged.outlook),
        is_headline=target.is_headline,
        is_striven=target.is_striven,
        position=target.position,
    )


def _on_course(row: OverviewRow) -> GoalAhead:
    aim, judged = _aim(row), row.judged
    if judged.outlook.peak is not None:
        return _with_peak(aim, row)
    newest = judged.newest
    when = row.when if newest and newest.is_quarter else ""
    aim = replace(aim, value=when + (newest.text if newest else ""), stamp=row.stamp, lag=row.lag)
    if judged.settled.met is False and not aim.lag.startswith("慢"):
        aim = _with_gap(aim, row)
    return replace(aim, lacks=_lacks(judged))


def _over(row: OverviewRow) -> GoalAhead:
    """The same once the year is over: its verdict counts, not the trend."""
    aim, judged = _aim(row), row.judged
    peak = judged.outlook.peak if _is_peak_known(judged) else None
    aim = replace(aim, going=judged_as(judged.settled, peak))
    if judged.outlook.peak is not None:
        return _with_peak(aim, row)
    return _with_gap(aim, row) if judged.settled.met is False else aim


def _with_gap(aim: GoalAhead, row: OverviewRow) -> GoalAhead:
    judged = row.judged
    value = f"{judged.years.settled}年{judged.settled_actual}"
    return replace(aim, value=value, stamp=row.verdict.stamp, gap=judged.settled_gap)


def _with_peak(aim: GoalAhead, row: OverviewRow) -> GoalAhead:
    """State and last change of a peak; nothing of one of which too little is known."""
    peak = row.judged.outlook.peak
    values = [actual for actual in row.terms.series if actual.value is not None]
    if peak is None or not _is_peak_known(row.judged) or len(values) < 2:
        return aim
    before, last = values[-2:]
    step = _step(peak.last_change_percent or Decimal(0), before.year, last.year)
    tail = [piece for piece in peak.words.split("，") if piece != peak.word]
    said = "，".join((f"{last.year}年{rules.actual_words(row.terms, last)}", step, *tail))
    stamp = stamp_of(last.grade, is_settled=False)
    return replace(aim, state=peak.word, change=said, stamp=stamp)


def _is_peak_known(judged: Judged) -> bool:
    """Whether a peak can be seen: by four values, and after its deadline by one of then."""
    peak, goal = judged.outlook.peak, judged.outlook.goal
    if peak is None or peak.level == Level.GREY:
        return False
    deadline = goal.last_year if goal else None
    is_over = deadline is not None and judged.years.has_ended(deadline)
    return not is_over or (judged.latest_year or 0) >= (deadline or 0)


def _step(percent: Decimal, before: int, last: int) -> str:
    """比上年增长0.9%, 比2023年下降1.2%, 与上年持平."""
    against = "上年" if last - before == 1 else f"{before}年"
    if not percent:
        return f"与{against}持平"
    verb = "增长" if percent > 0 else "下降"
    return f"比{against}{verb}{number(rounded_apart(abs(percent), 1, [Decimal(0)]))}%"


def _lacks(judged: Judged) -> str:
    """差0.5万立方米: what the trend will lack to the goal of the year ahead."""
    found = judged.outlook
    if found.prospect != Prospect.UNLIKELY or found.goal is None or found.projection is None:
        return ""
    expected = rules.Actual(found.year, found.projection.expected, Grade.ESTIMATE)
    return rules.distance_words(judged.terms, found.goal, expected)


# The title over the rows.


def _headline(row: OverviewRow) -> HeadlineTarget:
    judged = row.judged
    peak = judged.outlook.peak
    if peak is not None and _is_peak_known(judged):
        name = judged.target.name.removesuffix(_PEAKS)
        return HeadlineTarget(peak=f"{name}{peak.word}")
    found = judged.settled
    is_slow = row.lag.startswith("慢")
    return HeadlineTarget(
        is_met=found.met is True,
        is_missed=found.met is False,
        is_pending=found.verdict == rules.Verdict.PENDING,
        lag=row.lag if is_slow else judged.settled_gap,
    )
