"""Where one number comes from: clause, basis, versions, receipt, files, people, verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from agencies.models import User
from common.formats import number
from common.quarters import Period
from dashboard.policies import Visibility, visibility_of
from records.asof import AsOf
from reporting.review.selectors.value_rounds import ValueRound, ValueRounds, value_rounds
from targets import rules
from targets.models import Milestone, Observation
from targets.rules.words import provenance as words
from targets.selectors import TargetDetail, target_detail
from targets.selectors.judging.facts import actual_of
from targets.selectors.judging.quotations import Quoted
from targets.selectors.page.settlement_box import SettlementBox, SettlementVersion


@dataclass(frozen=True)
class VersionLine:
    """One version of the value, or one that waits for review, as far as the reader may see it."""

    text: str
    sight: Visibility
    came: ValueRound | None = None
    observation: Observation | None = None
    """None of a value that waits."""
    of_version: str = ""
    """第2版, where there are several."""
    distance: str = ""
    """From the goal of its year."""

    @property
    def is_current(self) -> bool:
        return self.observation is not None and self.observation.is_current

    @property
    def reason(self) -> str:
        """Why it was corrected; not that it was handed in, which the receipt says."""
        row = self.observation
        if row is None or row.version == 1 or (self.came and row.reason == self.came.usual_reason):
            return ""
        return row.reason

    @property
    def source(self) -> str:
        """Where the agency has the number from."""
        return self.observation.source if self.observation else ""

    @property
    def entered_by(self) -> str:
        """Who put in force what no agency handed in; a name only for those who may see it."""
        by = self.observation.recorded_by if self.observation else ""
        return (by if self.sight.settlers else rules.BUREAU) if by else "系统载入时"


@dataclass(frozen=True)
class Provenance:
    """The card of one value of a target, as one reader sees it on a day."""

    detail: TargetDetail
    period: Period
    versions: tuple[VersionLine, ...]
    """In force first, then the newest; those that are over only where the reader may see them."""
    waiting: tuple[VersionLine, ...]
    corrections: int

    @property
    def terms(self) -> rules.Terms:
        return self.detail.terms

    @cached_property
    def current(self) -> VersionLine | None:
        return next((line for line in self.versions if line.is_current), None)

    @property
    def newest(self) -> VersionLine:
        """The line of which the card says who filled in and who approved."""
        return self.current or (self.waiting or self.versions)[0]

    @property
    def handed_in(self) -> tuple[VersionLine, ...]:
        """What agencies handed in, that of the newest line first."""
        lines = [self.newest, *(line for line in self.versions if line is not self.newest)]
        return tuple(line for line in lines if line.came)

    @property
    def sight(self) -> Visibility:
        return self.newest.sight

    @property
    def title(self) -> str:
        """What the page is called after: the number with its unit, or the period."""
        return self.number or self.period.label

    @property
    def number(self) -> str:
        """The value in force, else the one that waits, with its unit; empty without either."""
        if self.current:
            return self.current.text
        return self.waiting[0].text if self.waiting else ""

    @property
    def record_code(self) -> str:
        """How the ledger names the value."""
        target = self.detail.target
        return f"{(target.values_of or target).code} {self.period.code}"

    @property
    def unit(self) -> str:
        return rules.unit_of(self.terms)

    @property
    def figure(self) -> str:
        """The same without its unit."""
        return self.number.removesuffix(self.unit) or "—"

    # 原文

    @property
    def source(self) -> Quoted | None:
        return next(iter(self.detail.quotations), None)

    @property
    def goal(self) -> str:
        """2025年目标35%以上, of the year of the value; empty if it has none of its own."""
        found = self._milestone
        return rules.goal_head(self.terms, self._goal) if found and self._goal else ""

    @property
    def goal_version(self) -> Milestone | None:
        return self._milestone

    # 口径

    @property
    def formula(self) -> str:
        target = self.detail.target
        if target.formula:
            return target.formula
        both = target.numerator and target.denominator
        return f"{target.numerator} ÷ {target.denominator}" if both else ""

    @property
    def basis(self) -> str:
        row = self.current.observation if self.current else None
        return (row.basis_name if row else "") or self.detail.target.basis_name

    @property
    def basis_words(self) -> str:
        """The accounting basis, the base and what was divided, in one line."""
        target = self.detail.target
        said = [f"口径：{self.basis}" if self.basis else "没有另定口径"]
        if self.detail.baseline_words:
            said.append(f"基期{self.detail.baseline_words}")
        row = self.current.observation if self.current else None
        if row and row.denominator is not None:
            said.append(f"分子{number(row.numerator)}，分母{number(row.denominator)}")
        elif row and target.numerator and target.denominator and not self.terms.compounds:
            said.append("单位没有填分子、分母")
        return "；".join(said)

    @cached_property
    def chain(self) -> tuple[rules.RateRow, ...]:
        """The yearly rates that compound to the value; empty for other kinds."""
        if not self.is_judged_basis or self.period.quarter:
            return ()
        rows = tuple(row for row in self.detail.rate_rows if row.year <= self.period.year)
        whole = all(row.cumulative is not None and not row.is_even for row in rows)
        return rows if whole and rows and rows[-1].year == self.period.year else ()

    @property
    def added_up(self) -> str:
        return words.added_up(self.chain)

    # 判定

    @cached_property
    def is_judged_basis(self) -> bool:
        """Whether the value is of the basis by which the target is judged."""
        row = self.current.observation if self.current else None
        goal = self._goal or rules.Goal(self.period.year)
        return row is not None and self.terms.fits(goal, actual_of(row))

    @property
    def box(self) -> SettlementBox | None:
        """The settlement of the year of the value, where that is a milestone year."""
        if self.period.quarter or not self.is_judged_basis:
            return None
        return self.detail.settlement_of(self.period.year)

    @property
    def verdict_version(self) -> SettlementVersion | None:
        return self.box.current if self.box else None

    @property
    def is_outdated(self) -> bool:
        return self.box is not None and self.box.is_outdated

    @cached_property
    def judgement(self) -> rules.Judgement | None:
        """What is said of the year by the value; None of a quarter and where nothing is asked."""
        year = self.period.year
        if self.period.quarter or not self.is_judged_basis or self.terms.goal(year) is None:
            return None
        if self.verdict_version and self.box:
            return self.detail.judged.judgement_of(year)
        return rules.judge(self.terms, year, today_year=self.detail.judged.today.year)

    @property
    def gap(self) -> str:
        return rules.gap_words(self.terms, self.judgement) if self.judgement else ""

    @property
    def why_not(self) -> str:
        """Why the value is not settled; empty if it is."""
        if self.verdict_version:
            return ""
        if self.current and not self.is_judged_basis:
            return "口径与目标不同，不作判定"
        if self.judgement is None:
            return f"方案没有提出{self.period.year}年目标"
        if self.judgement.is_provisional:
            return "最终核实后才判定"
        return self.box.waiting.removesuffix("。") if self.box else "不作正式判定"

    @property
    def verdict_then(self) -> str:
        """By what the verdict was reached, where the value is another one now."""
        row = self.box.row if self.box else None
        return words.verdict_then(self.terms, row.then, row.now) if row and row.then else ""

    @property
    def verdict_now(self) -> str:
        """What the present value would say."""
        row = self.box.row if self.box else None
        if row is None or row.then is None:
            return ""
        return words.verdict_now(self.terms, row.then, row.now, row.verdict, row.present)

    @property
    def used(self) -> str:
        """The value by which the milestone year due was settled."""
        then = self.detail.settlement and self.detail.settlement.row.then
        if not then or then.actual is None:
            return ""
        return rules.actual_words(self.terms, then.actual, then.goal)

    # the head

    @cached_property
    def stamp(self) -> words.Stamp:
        row = self.current.observation if self.current else None
        if row is None:
            return words.Stamp.WAITING if self.waiting else words.Stamp.GONE
        is_settled = self.verdict_version is not None and not self.is_outdated
        return words.stamp_of(actual_of(row).grade, is_settled=is_settled)

    @property
    def is_due(self) -> bool:
        """Whether a reviewer can propose a verdict at present."""
        return self.box is not None and self.box.is_due

    @cached_property
    def standing(self) -> words.ProvenanceFacts:
        outdated = ""
        if self.is_outdated and self.box:
            row = self.box.row
            outdated = f"判定后{row.changed_words}，按现有数据{row.present.label}，须重新判定"
        return words.ProvenanceFacts(
            self.stamp,
            is_quarter=self.period.quarter is not None,
            year=self.detail.judged.years.settled,
            used=self.used,
            outdated=outdated,
            why_not=self.why_not,
            corrections=self.corrections,
            lacking=tuple(self._lacking()),
        )

    @property
    def answer(self) -> str:
        """May the number be quoted, and who stands for it."""
        return words.quoting_advice(self.standing)

    @property
    def next_steps(self) -> tuple[str, ...]:
        return words.next_steps(
            self.standing,
            is_due=self.is_due,
            is_asked=bool(self.box and self.box.row.asked),
            takes_two=self.terms.judging.needs_second,
        )

    @property
    def sentence(self) -> str:
        """What is copied: the number with what stands behind it, fit for a report."""
        row = self.current.observation if self.current else None
        grade = f"（{row.get_grade_display()}）" if row else ""
        name = self.detail.target.name
        return f"{name}{self.period.label}{self.number or '没有现行数值'}{grade}。{self.answer}。"

    def _lacking(self) -> Iterator[str]:
        """The steps of which there is no record; nothing of what waits or is over."""
        if self.source is None:
            yield "原文出处"
        if not self.formula:
            yield "计算公式"
        row = self.current
        if row is None:
            return
        if row.came is None:
            yield "报送记录"
        elif not row.came.files:
            yield "佐证材料"

    @property
    def _milestone(self) -> Milestone | None:
        """The goal in force of the year of the value, else the standing one."""
        if self.period.quarter:
            return None
        years = (self.period.year, None)
        current = (row for row in self.detail.milestones if row.is_current)
        known = [row for row in current if row.year in years and not row.is_alternative]
        return max(known, key=lambda row: row.year or 0, default=None)

    @property
    def _goal(self) -> rules.Goal | None:
        return self.terms.goal(self.period.year)


def provenance(
    *, code: str, period: Period, reader: User, asof: AsOf | None = None
) -> Provenance | None:
    """Where the value of a year or quarter comes from, in five statements.

    None if there is none that the reader may see. Raises Target.DoesNotExist.
    """
    detail = target_detail(code=code, asof=asof).for_reader(reader)
    rounds = value_rounds(target=detail.target.holder_id, asof=asof)
    rows = [row for row in detail.observations if row.period == period]
    known = _versions(detail, rows, rounds, reader)
    waiting = tuple(_waiting(detail, rounds, period, reader))
    shown = tuple(line for line in known if line.is_current or line.sight.versions)
    if not shown and not waiting:
        return None
    return Provenance(detail, period, shown, waiting, _corrections(rows))


def _corrections(rows: Sequence[Observation]) -> int:
    """How often the value in force took the place of another."""
    current = next((row for row in rows if row.is_current), None)
    if current is None:
        return 0
    replaced = [row for row in rows if not row.is_current and row.retracted_at is None]
    return sum(row.basis_id == current.basis_id for row in replaced)


def _versions(
    detail: TargetDetail, rows: Sequence[Observation], rounds: ValueRounds, reader: User
) -> tuple[VersionLine, ...]:
    """In force first, that of the target's own basis before others; then the newest first."""
    terms = detail.terms
    values = [row.value for row in rows if row.value is not None]
    ordered = sorted(
        rows,
        key=lambda row: (not row.is_current, not terms.is_own_basis(actual_of(row)), -row.version),
    )
    lines = []
    for row in ordered:
        came = rounds.by_value.get(row.pk)
        goal = None if row.quarter else terms.goal(row.year)
        beside = () if row.is_current else values
        text = rules.actual_words(terms, actual_of(row), goal, others=beside)
        which = f"第{row.version}版" if len(rows) > 1 else ""
        fits = goal and goal.is_number and terms.fits(goal, actual_of(row))
        far = rules.distance_words(terms, goal, actual_of(row)) if goal and fits else ""
        lines.append(VersionLine(text, _sight(detail, came, reader), came, row, which, far))
    return tuple(lines)


def _waiting(
    detail: TargetDetail, rounds: ValueRounds, period: Period, reader: User
) -> Iterator[VersionLine]:
    for found in rounds.waiting:
        sight = _sight(detail, found.came, reader)
        if found.period == period and sight.waiting:
            yield VersionLine(rules.actual_words(detail.terms, found.actual), sight, found.came)


def _sight(detail: TargetDetail, came: ValueRound | None, reader: User) -> Visibility:
    """By the agency that handed the value in; where none did, by the one that owes it."""
    agency = came.agency if came else detail.target.reporting_agency
    return visibility_of(by=reader, agency_id=agency.pk if agency else None)
