"""The targets' part of the overview: counted once, shown as sentence, strip, cards and tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from django.urls import reverse
from django.utils import timezone

from common.addresses import value_address
from common.formats import signed
from common.kpi import Kpi
from common.static_figures.small import Sparkline
from dashboard.selectors.outlook import Outlooks, outlooks_of
from dashboard.selectors.progress import Progress, progress_of
from targets import rules
from targets.rules import Level, Settled, Verdict
from targets.selectors import Judged, OutlookRow, years_among

_SHOWN = 8
_STRIP = {
    Verdict.ACHIEVED: "met",
    Verdict.MISSED: "missed",
    Verdict.FELL_SHORT: "fell",
    Verdict.PROVISIONAL: "preliminary",
    Verdict.BASIS_CHANGED: "preliminary",
    Verdict.PENDING: "",
    Verdict.MISSING: "missing",
    Verdict.TO_RECOGNISE: "",
    Verdict.NOT_APPLICABLE: "",
    Verdict.AHEAD: "",
}
AGAIN_MARK = "※"
"""Stands at a target whose verdict has to be settled again, and at their number."""

_READY = rules.SETTLED | {Verdict.TO_RECOGNISE}


@dataclass(frozen=True)
class Phrase:
    """A piece of a sentence; with an address it is a link to the list behind it."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class StripGroup:
    """The targets of one verdict."""

    verdict: Verdict
    rows: tuple[Judged, ...]

    @property
    def label(self) -> str:
        if self.verdict == Verdict.NOT_APPLICABLE:
            return f"{self.rows[0].years.settled}年不适用"
        return self.verdict.label

    @property
    def css(self) -> str:
        return f"{_STRIP[self.verdict]} k{min(len(self.rows), 26)}".strip()

    @property
    def url(self) -> str:
        return _list(verdict=self.verdict.value)


@dataclass(frozen=True)
class CategoryLights:
    """How many targets of a field stand at each level."""

    label: str
    counts: tuple[tuple[Level, int, str], ...]
    total: int


@dataclass(frozen=True)
class TargetsOverview:
    """The judged targets of the plan, in plan order."""

    rows: tuple[Judged, ...]

    @cached_property
    def years(self) -> rules.MilestoneYears:
        """The milestone years on the day."""
        return years_among(self.rows, timezone.localdate())

    @cached_property
    def strip(self) -> tuple[StripGroup, ...]:
        """Groups in order of verdicts; a verdict that no target has is left out."""
        groups = (
            StripGroup(verdict, tuple(r for r in self.rows if r.settled.verdict == verdict))
            for verdict in Verdict
        )
        return tuple(group for group in groups if group.rows)

    @cached_property
    def sentence(self) -> tuple[Phrase, ...]:
        """26项指标中，2025年目标已达标6项、未达标2项……; numbers link to their lists."""
        phrases = [Phrase(f"{len(self.rows)}项指标中，{self.years.settled}年目标")]
        for place, group in enumerate(self.strip):
            comma = "" if place == 0 else "，" if group.verdict == Verdict.PROVISIONAL else "、"
            phrases.append(Phrase(comma))
            phrases.append(Phrase(f"{group.verdict.label}{len(group.rows)}项", group.url))
            if group.verdict == Verdict.PROVISIONAL:
                phrases.append(Phrase(_provisional_words(group)))
        return (*phrases, Phrase("。"))

    @cached_property
    def concerns(self) -> tuple[Phrase, ...]:
        """The two worst shortfalls, as linked words: on the way where a later year has values, else
        of the settled year."""
        behind = [r for r in self.rows if r.on_the_way and r.light.level in _BEHIND]
        if behind:
            behind.sort(key=lambda row: (_BEHIND.index(row.light.level), -(row.light.gap or 0)))
            return tuple(_concern(row, row.latest_year, row.way_gap) for row in behind[:2])
        lacking = [r for r in self.settled_rows if r.present.met is False]
        return tuple(_concern(row, self.years.settled, row.settled_gap) for row in lacking[:2])

    @cached_property
    def unsettled(self) -> tuple[Phrase, ...]:
        """What of the settled year is left to a reviewer: 待判定2项, ※须重新判定1项, as links."""
        again = sum(row.is_outdated for row in self.rows)
        waiting = sum(row.standing is None and row.settled.verdict in _READY for row in self.rows)
        said = ((waiting, Settled.OPEN, ""), (again, Settled.OUTDATED, AGAIN_MARK))
        page = reverse("dashboard:year", args=[self.years.settled])
        return tuple(
            Phrase(f"{mark}{state.label}{number}项", f"{page}?state={state.value}")
            for number, state, mark in said
            if number
        )

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The headline targets as cards."""
        return tuple(_kpi(row) for row in self.rows if row.target.is_headline)

    @cached_property
    def settled_rows(self) -> tuple[Judged, ...]:
        """Targets with a value for the settled year, worst first."""
        judged = [row for row in self.rows if row.settled.shortfall is not None]
        return tuple(sorted(judged, key=lambda row: row.sort_key))

    @property
    def settled_finding(self) -> str:
        """The finding of the settled year as a title."""
        count, met = len(self.settled_rows), sum(r.settled.met is True for r in self.settled_rows)
        if not count:
            return f"还没有指标有{self.years.settled}年的年度值"
        return f"有数据的{count}项指标中，{met}项达到或初步达到{self.years.settled}年目标"

    @cached_property
    def outlooks(self) -> Outlooks:
        """Where the trends lead by the year ahead, from the same rows."""
        return outlooks_of((OutlookRow(row, row.outlook) for row in self.rows), self.years)

    @cached_property
    def by_category(self) -> tuple[CategoryLights, ...]:
        """Lights counted by field, overall goals first."""
        labels = dict.fromkeys(row.field for row in self.rows)
        return tuple(self._lights(*label) for label in sorted(labels))

    def _lights(self, number_: str, label: str) -> CategoryLights:
        rows = [row for row in self.rows if row.field == (number_, label)]
        counts = tuple(
            (
                level,
                sum(row.light.level == level for row in rows),
                _list(category=number_, level=level.value),
            )
            for level in Level
        )
        return CategoryLights(label, counts, len(rows))

    @cached_property
    def progress(self) -> Progress | None:
        """The year that ended last against its own requirement, where it is no milestone year."""
        year = self.years.running_up
        return progress_of(self.rows, year, self.years) if year else None

    @property
    def no_values(self) -> str:
        return f"还没有{self.years.settled}年的年度值"

    @property
    def has_demo(self) -> bool:
        return any(row.has_demo for row in self.rows)

    @property
    def by_hand(self) -> tuple[Judged, ...]:
        """The targets whose warning level the bureau set by hand."""
        return tuple(row for row in self.rows if row.light.is_by_hand)

    @property
    def unreviewed(self) -> tuple[Judged, ...]:
        """The targets of which values wait for review."""
        return tuple(row for row in self.rows if row.waiting_words)

    @property
    def judging(self) -> rules.JudgingRules | None:
        """The rules under which the rows are judged; None where there are no rows."""
        return self.rows[0].terms.judging if self.rows else None


_BEHIND = (Level.RED, Level.ORANGE)


def _concern(row: Judged, year: int | None, gap: str) -> Phrase:
    """垃圾回收利用率差5.2个百分点; of another year than the verdict, or an old one, with it."""
    is_told = year == row.years.settled == row.today.year - 1
    when = "" if is_told else f"{year}年"
    return Phrase(f"{row.target.short_name}{when}{gap}", row.target.get_absolute_url())


def _provisional_words(group: StripGroup) -> str:
    """Those only striven for have a place of their own where there are any."""
    found = Counter(row.settled.preliminary_words for row in group.rows)
    shown = {"初步达标": 0, "初步未达标": 0} | found
    return f"（{'、'.join(f'{words}{count}' for words, count in shown.items())}）"


def _kpi(row: Judged) -> Kpi:
    latest, target = row.latest, row.target
    value, unit, when = _kpi_value(row)
    return Kpi(
        code=target.code,
        name=target.short_name,
        url=target.get_absolute_url(),
        value=value,
        unit=unit,
        when=when,
        says=_says(row),
        level=row.light.level.value,
        word=row.light_words,
        verdict=_kpi_verdict(row),
        hollow=bool(latest and not latest.is_settled),
        spark=_spark(row),
        why=row.light.reason,
        source_url=value_address(target.code, row.newest.actual.period.code) if row.newest else "",
    )


def _says(row: Judged) -> str:
    """2026年第三季度31.2%（部门统计），预警等级按2025年值."""
    if row.newest is None:
        return ""
    judged = f"，预警等级{row.light_when}" if row.light_when else ""
    return f"{row.newest.words}{judged}"


def _kpi_value(row: Judged) -> tuple[str, str, str]:
    """Figure, unit and when; of a peak the change against the value before."""
    newest = row.newest
    if newest is None:
        return "", rules.unit_of(row.terms), ""
    if row.peak and row.peak.last_change_percent is not None:
        return signed(row.peak.last_change_percent, 1), "%", f"较上年，{newest.when}"
    cumulative = "累计降低，" if row.target.kind in rules.REDUCTIONS else ""
    return newest.figure, newest.unit, f"{cumulative}{newest.when}"


def _kpi_verdict(row: Judged) -> str:
    if row.is_light_unreviewed:
        return _unreviewed_verdict(row)
    if row.peak:
        return f"{rules.short(row.terms, row.ahead_goal)}，{row.peak.words.split('，')[0]}"
    if row.settled.verdict == Verdict.PENDING:
        return "目标待市下达"
    if row.latest_year is not None and row.latest_year > row.years.settled:
        return _on_the_way(row, row.latest_year)
    goal = _year_and_goal(row, row.years.settled, row.settled.goal, row.settled_actual)
    if row.settled.verdict == Verdict.MISSING:
        return f"{goal}，缺数据"
    return f"{goal}，{_short_verdict(row)}"


def _on_the_way(row: Judged, year: int) -> str:
    """2026 ≥20.4%，差0.8: value, requirement and gap of one year."""
    if row.on_the_way is None:
        return f"{year}年：{row.light.reason}"
    is_met = row.light_by_rule.level == Level.GREEN
    gap = rules.REACHED if is_met else rules.short(row.terms, row.way_gap).removesuffix("个百分点")
    return f"{_year_and_goal(row, year, row.on_the_way, row.latest_text)}，{gap}"


def _year_and_goal(row: Judged, year: int, goal: rules.Goal | None, value: str) -> str:
    """2025 ≥20%, 15.38%左右; 2025年18.0%，要求≥20% where a quarter's value stands above."""
    words = rules.short(row.terms, rules.goal_value(row.terms, goal)) if goal else "—"
    if value and row.newest is not None and row.newest.is_quarter:
        return f"{year}年{rules.short(row.terms, value)}，要求{words}"
    return words if goal is not None and goal.is_band else f"{year} {words}"


def _unreviewed_verdict(row: Judged) -> str:
    """含待审核 first: it is what must not be overlooked where room is short."""
    if row.peak:
        return f"{rules.UNREVIEWED}，{row.peak.words.split('，')[0]}"
    judged = row.settled.is_unreviewed and row.settled.is_provisional
    return f"{rules.UNREVIEWED}，{_short_verdict(row)}" if judged else rules.UNREVIEWED


def _short_verdict(row: Judged) -> str:
    if row.is_outdated:
        return Settled.OUTDATED.label
    if row.settled.met is False:
        return rules.short(row.terms, row.settled_gap).removesuffix("个百分点")
    return "初步达标" if row.settled.is_provisional else row.settled.label


def _spark(row: Judged) -> Sparkline | None:
    series = row.terms.series[-_SHOWN:]
    if len(series) < 2:
        return None
    goal = row.on_the_way or row.settled.goal
    value = goal.value if goal and goal.is_number else None
    about = goal is not None and goal.is_band
    low, high = rules.limits(goal, row.terms.tolerance) if goal and about else (None, None)
    return Sparkline(
        values=tuple(actual.value for actual in series),
        goal=None if about else value,
        band=(low, high) if low is not None and high is not None else None,
        last_settled=series[-1].is_settled,
        label=f"{row.target.short_name}{series[0].year}至{series[-1].year}年走势",
    )


def _list(**filters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return f"{_list_address()}?{query}"


@cache
def _list_address() -> str:
    return reverse("targets:list")


def targets_overview(*, rows: Sequence[Judged]) -> TargetsOverview:
    """The overview of the judged targets."""
    return TargetsOverview(tuple(rows))
