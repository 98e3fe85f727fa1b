"""The milestones of one target as its page prints them: current and former ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.formats import zh_date
from targets import rules
from targets.models import Milestone
from targets.selectors.judging.judged import Judged
from targets.selectors.settling import goal_of


@dataclass(frozen=True)
class MilestoneRow:
    """One current milestone as the page prints it."""

    label: str
    text: str
    word: str
    level: str = ""
    hollow: bool = False
    note: str = ""
    source: str = ""


def milestone_rows(judged: Judged, milestones: Sequence[Milestone]) -> tuple[MilestoneRow, ...]:
    """Current ones, those without a year first, another reading after the year's own."""
    current = [milestone for milestone in milestones if milestone.is_current]
    ordered = sorted(current, key=lambda row: (row.year or 0, row.is_alternative))
    return tuple(
        (_alternative if milestone.is_alternative else _counted)(judged, milestone)
        for milestone in ordered
    )


def older_rows(terms: rules.Terms, milestones: Sequence[Milestone]) -> tuple[MilestoneRow, ...]:
    """Former milestones, with their documents."""
    return tuple(
        MilestoneRow(
            label=f"{_year_words(milestone)}{'（另一种期限）' if milestone.is_alternative else ''} "
            f"第{milestone.version}版",
            text=rules.goal_value(terms, goal_of(milestone)),
            word=str(milestone.document or ""),
        )
        for milestone in milestones
        if not milestone.is_current
    )


def _counted(judged: Judged, milestone: Milestone) -> MilestoneRow:
    year = milestone.year or judged.years.settled
    found = judged.judgement_of(year)
    passed = found.verdict != rules.Verdict.AHEAD
    goal = judged.terms.goal(year) or goal_of(milestone)
    done = rules.completion_words(judged.terms, goal, found.actual if passed else judged.latest)
    note = rules.base_words(judged.terms, goal) or milestone.note
    return MilestoneRow(
        label=_year_words(milestone),
        text=rules.goal_value(judged.terms, goal),
        word=found.label if passed else _word_ahead(judged, year) or found.label,
        level=found.level.value if passed else "",
        hollow=found.is_provisional,
        note=_joined(done, _other_basis(judged.terms, goal), note),
        source=_source_of(milestone),
    )


def _alternative(judged: Judged, milestone: Milestone) -> MilestoneRow:
    """Another reading of a deadline, judged by itself and without a light."""
    goal = goal_of(milestone)
    alone = replace(judged.terms, goals=(goal,))
    years = judged.years
    found = rules.judge(alone, goal.year or years.settled, today_year=judged.today.year)
    counts = f"另一种期限（到{zh_date(milestone.due)}），不计入{_counted_years(years)}"
    return MilestoneRow(
        label=_year_words(milestone),
        text=rules.goal_value(alone, goal),
        word=found.label,
        note=_joined(counts, _other_basis(alone, goal), milestone.note),
        source=_source_of(milestone),
    )


def _counted_years(years: rules.MilestoneYears) -> str:
    """2025年和2030年: the years that it could belong to."""
    return "和".join(f"{year}年" for year in years.years)


def _joined(*said: str) -> str:
    return "；".join(filter(None, said))


def _other_basis(terms: rules.Terms, goal: rules.Goal) -> str:
    """The basis of a goal, if it is not the target's own."""
    return "" if terms.is_own_basis(goal) else f"口径：{goal.basis}"


def _word_ahead(judged: Judged, year: int) -> str:
    """The prospect of the year to which the trend is drawn; empty for others."""
    found = judged.outlook
    told = found.year == year and found.prospect != rules.Prospect.NOT_PROJECTED
    return found.prospect.label if told else ""


def _year_words(milestone: Milestone) -> str:
    return f"{milestone.year}年" if milestone.year else "长期要求"


def _source_of(milestone: Milestone) -> str:
    """Version and document of a milestone that the plan itself did not set."""
    document = milestone.document
    if milestone.version == 1 and (document is None or document.is_plan):
        return ""
    since = f"，{zh_date(milestone.effective_from)}起" if milestone.effective_from else ""
    return f"第{milestone.version}版{since}" + (f"，{document}" if document else "")
