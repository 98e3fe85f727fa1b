"""Whether the goals of the year ahead will be kept, as one sentence, and why as a second one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from dashboard.rules.overview.phrases import Phrase, joined
from targets.rules import Judgement, Outlook, Peak, Prospect, Verdict
from targets.rules.levels import Level
from targets.rules.words.provenance import Stamp

REASONS = 4
"""So many reasons are given at most."""


class GoalStanding(StrEnum):
    """Where a goal of the year stands: by the trend until the year is over, then by its verdict."""

    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    UNLIKELY = "unlikely"
    RISING = "rising"
    PENDING = "pending"
    UNKNOWN = "unknown"


_FAILING = frozenset({GoalStanding.UNLIKELY, GoalStanding.RISING})
_KNOWN = frozenset(
    {GoalStanding.LIKELY, GoalStanding.UNCERTAIN, GoalStanding.UNLIKELY, GoalStanding.RISING}
)
_PROSPECTS = {
    Prospect.LIKELY: GoalStanding.LIKELY,
    Prospect.UNCERTAIN: GoalStanding.UNCERTAIN,
    Prospect.UNLIKELY: GoalStanding.UNLIKELY,
}
_LEVELS = {
    Level.GREEN: GoalStanding.LIKELY,
    Level.ORANGE: GoalStanding.UNCERTAIN,
    Level.RED: GoalStanding.UNLIKELY,
}


def going_of(found: Outlook) -> GoalStanding:
    """Where the trend leads; of a peak which way its series goes."""
    if found.peak is not None:
        return _peak(found.peak)
    if found.goal is not None and found.goal.is_pending:
        return GoalStanding.PENDING
    return _PROSPECTS.get(found.prospect, GoalStanding.UNKNOWN)


def judged_as(found: Judgement, peak: Peak | None) -> GoalStanding:
    """The same of a year that is over."""
    if found.verdict == Verdict.PENDING:
        return GoalStanding.PENDING
    if found.met is None and peak is not None:
        return _LEVELS.get(peak.level, GoalStanding.UNKNOWN)
    if found.met is None:
        return GoalStanding.UNKNOWN
    return GoalStanding.LIKELY if found.met else GoalStanding.UNLIKELY


def _peak(found: Peak) -> GoalStanding:
    return (
        GoalStanding.RISING if found.is_rising else _LEVELS.get(found.level, GoalStanding.UNKNOWN)
    )


@dataclass(frozen=True)
class GoalAhead:
    """A target with a goal of its own for the year.

    `lag` is 慢15个月 or 快8个月, `gap` what lacks to the goal that was due (差0.8个百分点),
    `lacks` what will lack to that of the year; `state` and `change` are of a peak (仍在上升;
    2025年423.8万吨，比上年增长0.9%，增速放缓).
    """

    name: str
    url: str
    going: GoalStanding
    is_headline: bool = False
    is_striven: bool = False
    value: str = ""
    stamp: Stamp | None = None
    lag: str = ""
    gap: str = ""
    lacks: str = ""
    state: str = ""
    change: str = ""
    position: int = 0

    @property
    def is_behind(self) -> bool:
        return bool(self.gap) or self.lag.startswith("慢")


@dataclass(frozen=True)
class PlanScope:
    """What the plan asks for. `goals` are those of the settled year, `aims` those of the year ahead
    or to be kept until then."""

    year: int
    settled: int
    is_over: bool = False
    targets: int = 0
    goals: int = 0
    aims: int = 0
    headlines: int = 0
    has_values: bool = True


class _Answer(StrEnum):
    SHORT = "short"
    UNKNOWN = "unknown"
    OPEN = "open"
    KEPT = "kept"


_AHEAD = {
    _Answer.SHORT: "按现趋势，{year}年目标还不能全部实现",
    _Answer.UNKNOWN: "{year}年目标能否实现，还不能判断",
    _Answer.OPEN: "按现趋势，{year}年目标能否全部实现还不确定",
    _Answer.KEPT: "按现趋势，{year}年目标可以实现",
}
_OVER = {
    _Answer.SHORT: "按现有数据，{year}年目标没有全部实现",
    _Answer.UNKNOWN: "{year}年目标是否实现，还不能判断",
    _Answer.OPEN: "按现有数据，{year}年目标是否全部实现还不确定",
    _Answer.KEPT: "按现有数据，{year}年目标已经实现",
}


def claim(aims: Sequence[GoalAhead], outset: PlanScope) -> str:
    """Are we on track for the year? The first rule that applies; what is striven for binds none."""
    if not outset.targets:
        return "还没有载入实施方案"
    if not outset.has_values:
        return "还不能说进展，先看方案的要求"
    return (_OVER if outset.is_over else _AHEAD)[_answer(aims)].format(year=outset.year)


def _answer(aims: Sequence[GoalAhead]) -> _Answer:
    binding = [aim.going for aim in aims if not aim.is_striven]
    if any(going in _FAILING for going in binding):
        return _Answer.SHORT
    if 2 * sum(going in _KNOWN for going in binding) < max(len(binding), 1):
        return _Answer.UNKNOWN
    is_open = any(going in {GoalStanding.UNCERTAIN, GoalStanding.PENDING} for going in binding)
    return _Answer.OPEN if is_open else _Answer.KEPT


def why(aims: Sequence[GoalAhead], outset: PlanScope) -> tuple[Phrase, ...]:
    """The reasons, a peak first, then the headline targets that are behind, short by the trend or
    wait for the city; without any what can be said of all."""
    if not outset.targets:
        return ()
    if not outset.has_values:
        return (Phrase(_asked(outset)),)
    answer = _answer(aims)
    found = list(islice(_reasons(aims, outset, answer), REASONS))
    if not found:
        return (Phrase(_in_all(aims, answer)),)
    peaks = [phrases for phrases, kind in found if kind == _PEAK]
    others = [phrases for phrases, kind in found if kind == _OTHER]
    pending = [phrases for phrases, kind in found if kind == _PENDING]
    sentences = (*peaks, *([joined(others, "；")] if others else []), *pending)
    return (*joined(sentences, "。"), Phrase("。"))


_PEAK, _OTHER, _PENDING = range(3)
_Reason = tuple[tuple[Phrase, ...], int]


def _reasons(aims: Sequence[GoalAhead], outset: PlanScope, answer: _Answer) -> Iterator[_Reason]:
    headline = [aim for aim in aims if aim.is_headline and not aim.state]
    yield from ((_peaking(aim), _PEAK) for aim in aims if aim.is_headline and aim.state)
    behind = [aim for aim in headline if aim.is_behind]
    short = [aim for aim in headline if aim.going == GoalStanding.UNLIKELY and aim not in behind]
    yield from ((_late(aim, outset), _OTHER) for aim in behind)
    yield from ((_short(aim, outset), _OTHER) for aim in short)
    if answer == _Answer.OPEN:
        open_ones = (a for a in headline if a.going == GoalStanding.UNCERTAIN and a not in behind)
        yield from ((_unsure(aim, outset), _OTHER) for aim in open_ones)
    if waiting := [aim for aim in headline if aim.going == GoalStanding.PENDING]:
        names = "、".join(aim.name for aim in sorted(waiting, key=lambda aim: aim.position))
        yield (Phrase(f"{names}的{outset.year}年目标市里还没有下达"),), _PENDING
    rest = (a for a in aims if not (a.is_headline or a.is_striven) and a.going in _FAILING)
    yield from ((_short(aim, outset), _OTHER) for aim in rest)


def _peaking(aim: GoalAhead) -> tuple[Phrase, ...]:
    """二氧化碳排放仍在上升：2025年423.8万吨，比上年增长0.9%，增速放缓."""
    state = Phrase(aim.state, aim.url, is_strong=True)
    return Phrase(aim.name), state, Phrase(f"：{aim.change}", stamp=aim.stamp)


def _late(aim: GoalAhead, outset: PlanScope) -> tuple[Phrase, ...]:
    """非化石能源比重19.2%，比时序进度慢15个月."""
    due = outset.year if outset.is_over else outset.settled
    is_slow = aim.lag.startswith("慢") and not outset.is_over
    than, gap = ("时序进度", aim.lag) if is_slow else (f"{due}年目标", aim.gap)
    lacks = Phrase(gap, is_strong=True, stamp=aim.stamp)
    return Phrase(aim.name, aim.url), Phrase(f"{aim.value}，比{than}"), lacks


def _short(aim: GoalAhead, outset: PlanScope) -> tuple[Phrase, ...]:
    """森林蓄积量眼下快8个月，按现趋势2030年仍差0.5万立方米."""
    if aim.state:
        return Phrase(aim.name), Phrase(aim.state, aim.url)
    if not aim.lacks:
        return _late(aim, outset)
    now = f"眼下{aim.lag}，" if aim.lag.startswith("快") else ""
    return Phrase(aim.name, aim.url), Phrase(f"{now}按现趋势{outset.year}年仍{aim.lacks}")


def _unsure(aim: GoalAhead, outset: PlanScope) -> tuple[Phrase, ...]:
    return Phrase(aim.name, aim.url), Phrase(f"按现趋势能否达到{outset.year}年目标还不确定")


def _asked(outset: PlanScope) -> str:
    """What the plan asks for, as long as there is no value."""
    goals = f"{outset.goals}项要求{outset.settled}年达到" if outset.goals else ""
    aims = f"{outset.aims}项要求到{outset.year}年达到或保持" if outset.aims else ""
    said = "，".join(filter(None, (goals, aims if outset.year != outset.settled else "")))
    head = f"{outset.targets}项指标中，{said or '还没有一项有年份目标'}"
    main = f"；{outset.headlines}项主要目标都还没有实际值" if outset.headlines else ""
    return f"{head}{main}。第一批年度值审核通过后，这里给出结论。"


def _in_all(aims: Sequence[GoalAhead], answer: _Answer) -> str:
    """What can be said where no single target is the reason."""
    binding = [aim.going for aim in aims if not aim.is_striven]
    head = f"有自己目标的{len(binding)}项中"
    if answer == _Answer.UNKNOWN:
        known = sum(going in _KNOWN for going in binding)
        said = f"能看出趋势或结论的只有{known}项" if known else "还没有一项能看出趋势"
        return f"{head}，{said}。"
    likely = sum(going == GoalStanding.LIKELY for going in binding)
    return f"{head}，{likely}项达到或预计可达，没有一项难以达到。"
