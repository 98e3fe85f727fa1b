"""The printed page for the leaders: as many rows and words of the overview as fit one sheet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from dashboard.rules.changes.change import UNASSIGNED
from dashboard.rules.overview.worst_cases import ProjectCase, TaskCase, WorstCase
from dashboard.selectors.overview.overview import Overview
from dashboard.selectors.overview.reporting import Reporting
from dashboard.selectors.overview.rows import OverviewRow, RowGroup
from dashboard.selectors.overview.worst_cases import project_cases, task_cases
from targets import rules
from targets.rules import Verdict

ROOM = 26
"""How many rows stand at their full height; more stand closer."""
MOST = 30
PROJECTS = 7
TASKS = 4

_WHOLE_FROM = 10_000
_EMS = 5.7
"""So wide may a verdict and its distance be together."""
_VERDICTS = {
    Verdict.FELL_SHORT: "未达力争",
    Verdict.PENDING: "待下达",
    Verdict.TO_RECOGNISE: "待认定",
    Verdict.BASIS_CHANGED: "口径待确认",
}
_OUTLOOKS = {
    "目标待市下达": "待下达",
    "凭材料认定": "凭材料",
    "等年度值换算": "等年度值",
    "口径变更待确认": "口径待确认",
}


@dataclass(frozen=True)
class SheetRow:
    """A row of the overview as the cells of the sheet, which have no room for units."""

    row: OverviewRow

    @property
    def name(self) -> str:
        """＊ for a target that is striven for (力争)."""
        return self.row.name + ("＊" if self.row.is_striven else "")

    @property
    def settled_goal(self) -> str:
        return self._bare(self.row.judged.settled_goal)

    @property
    def ahead_goal(self) -> str:
        """保持 where the year has no goal of its own and the earlier one has to be kept."""
        judged = self.row.judged
        return "保持" if judged.outlook.is_floor else self._bare(judged.ahead_goal)

    def _bare(self, text: str) -> str:
        """≥50 of ≥50%（保持）."""
        unit = rules.unit_of(self.row.terms)
        bare = text.replace(unit, "") if unit else text
        return bare.partition("（")[0].replace("待市", "待").removesuffix("达峰")

    @property
    def figure(self) -> str:
        """As everywhere; from 10,000 on whole, so that the column does not cut a number."""
        newest, terms = self.row.judged.newest, self.row.terms
        value = newest.actual.value if newest else None
        if newest is None or value is None or abs(value) < _WHOLE_FROM:
            return self.row.figure
        return rules.actual_figure(replace(terms, decimals=0), newest.actual)

    @property
    def when(self) -> str:
        """25年, 三季度 of the year shown, 25年四季度 of another."""
        when = self.row.when
        return when[2:] if when[:4].isdigit() else when

    @property
    def verdict(self) -> str:
        """Empty if the year asks for nothing; ※ of one that has to be given again."""
        judged, cell = self.row.judged, self.row.verdict
        if cell.level is None:
            return ""
        found = judged.settled
        short = _VERDICTS.get(found.outcome or found.verdict)
        words = (f"初步{short}" if found.is_provisional else short) if short else cell.words
        return f"{words}※" if judged.is_outdated else words

    @property
    def gap(self) -> str:
        """What lacks, where there is room for it."""
        gap = self.row.verdict.gap
        is_told = self.row.judged.settled.met is False and not self.row.judged.is_outdated
        return gap if is_told and _ems(self.verdict + gap) <= _EMS else ""

    @property
    def outlook(self) -> str:
        return _OUTLOOKS.get(self.row.outlook, self.row.outlook)


def _ems(words: str) -> float:
    """About how wide words are, of which a Chinese character is one."""
    return sum(1 if ord(sign) > 0x2E7F else 0.55 for sign in words)


@dataclass(frozen=True)
class LateProject:
    """An overdue project as the cells of the sheet."""

    case: ProjectCase

    @property
    def expected(self) -> str:
        """2027年2月; empty if it was not reported."""
        return self.case.shown.due.removeprefix("预计")

    @property
    def owner(self) -> str:
        return _owner(self.case.shown)


@dataclass(frozen=True)
class SlowTask:
    """A task behind or standing still as the cells of the sheet."""

    case: TaskCase

    @property
    def state(self) -> str:
        """停滞3季, 新转滞后."""
        word = "停滞" if self.case.is_stalled else "滞后"
        quarters = self.case.quarters
        return f"{word}{quarters}季" if quarters > 1 else f"新转{word}"

    @property
    def owner(self) -> str:
        return _owner(self.case.shown)


def _owner(shown: WorstCase) -> str:
    """The owner's name; empty without one, since the column's head explains the blank."""
    return UNASSIGNED if shown.owner_is_missing else shown.owner


@dataclass(frozen=True)
class LeadersSheet:
    """All that the sheet shows; of a past day nothing of the reports."""

    overview: Overview
    reporting: Reporting | None = None

    @property
    def years(self) -> rules.MilestoneYears:
        return self.overview.years

    @property
    def is_empty(self) -> bool:
        return self.overview.is_empty

    # The rows.

    @cached_property
    def groups(self) -> tuple[RowGroup, ...]:
        """The groups with the rows for which there is room."""
        return tuple(_cut(self.overview.groups, MOST))

    @property
    def sheet_groups(self) -> Iterator[tuple[RowGroup, list[SheetRow]]]:
        """The same with their rows as cells."""
        return ((group, [SheetRow(row) for row in group.rows]) for group in self.groups)

    @property
    def count(self) -> int:
        return min(MOST, len(self.overview.rows))

    @property
    def left_out(self) -> int:
        """How many targets the sheet has no room for."""
        return len(self.overview.rows) - self.count

    @property
    def is_dense(self) -> bool:
        return self.count > ROOM

    # Projects and tasks.

    @cached_property
    def late(self) -> tuple[LateProject, ...]:
        """The projects that are longest overdue."""
        found = sorted(project_cases(self.overview.projects.rows), key=lambda case: case.rank)
        return tuple(map(LateProject, found[:PROJECTS]))

    @property
    def projects_note(self) -> str:
        """20个项目，已竣工11个，列7个."""
        found = self.overview.projects
        listed = f"，列{PROJECTS}个" if found.overdue > PROJECTS else ""
        done = f"，已竣工{found.completed}个" if found.completed else ""
        return f"{found.total}个项目{done}{listed}" if found.total else ""

    @cached_property
    def slow(self) -> tuple[SlowTask, ...]:
        """The tasks that stand still or have been behind for longest."""
        return tuple(map(SlowTask, self._slow[:TASKS]))

    @cached_property
    def _slow(self) -> list[TaskCase]:
        return sorted(task_cases(self.overview.histories), key=lambda case: case.rank)

    @property
    def tasks_note(self) -> str:
        """共32项，列4项."""
        listed = f"，列{TASKS}项" if len(self._slow) > TASKS else ""
        total = len(self.overview.histories)
        return f"共{total}项{listed}" if total else ""

    @property
    def reports_words(self) -> str:
        """12月7日（周一）截止，还剩7天；通过37项、待审3项、待报111项。"""
        found = self.reporting
        said = [found.due, found.words] if found else []
        return "；".join(filter(None, said)) + ("。" if any(said) else "")

    # Below them.

    @property
    def rule(self) -> rules.JudgingRules:
        """The rule in force, under which the rows were judged."""
        return self.overview.judging or rules.JudgingRules()

    @property
    def near_words(self) -> str:
        """What ▲ means on this page: also a 力争 target that fell short, where there is one."""
        rows = (row for group in self.groups for row in group.rows)
        fell = any(row.judged.settled.verdict == Verdict.FELL_SHORT for row in rows)
        short = f"、{_VERDICTS[Verdict.FELL_SHORT]}" if fell else ""
        return f"{self.rule.gap_words}≤{self.rule.near_words}{short}"

    @property
    def far_words(self) -> str:
        return f"超过{self.rule.near_words}、未达标或不降反升"


def _cut(groups: tuple[RowGroup, ...], most: int) -> Iterator[RowGroup]:
    for group in groups:
        if most > 0:
            yield replace(group, rows=group.rows[:most])
        most -= len(group.rows)
