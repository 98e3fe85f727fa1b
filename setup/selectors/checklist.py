"""What is there of the plan's data, for the administrator's checklist."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Subquery
from django.urls import reverse

from agencies.choices import GROUP_KINDS
from agencies.models import Agency
from agencies.selectors import able_to_report_today
from plan.models import Document
from projects.choices import ProjectOrigin
from projects.models import Project
from reporting.choices import PeriodState
from reporting.models import ReportingPeriod
from targets.choices import OF_BASE, MilestoneState
from targets.models import Milestone, Proposal, Target
from targets.rules import with_unit
from targets.selectors import BASED, UNBASED, Judged, judged_targets
from tasks.models import Task

DONE, OPEN, EMPTY, WAITING = "done", "open", "empty", "waiting"
"""What waits for a document of the city is not the administrator's to finish."""


@dataclass(frozen=True)
class ChecklistStep:
    """One step of setting the plan up: how far it is, what is left, where to go on."""

    number: str
    title: str
    state: str
    text: str
    left: tuple[str, ...] = ()
    url: str = ""
    link: str = ""
    loads: str = ""
    load_label: str = ""

    @property
    def is_done(self) -> bool:
        return self.state == DONE

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING


@dataclass(frozen=True)
class Checklist:
    steps: tuple[ChecklistStep, ...]

    @property
    def open(self) -> int:
        """Steps that are not finished."""
        return sum(step.state in (OPEN, EMPTY) for step in self.steps)

    @property
    def is_empty(self) -> bool:
        """Nothing has been loaded yet."""
        return all(step.state == EMPTY for step in self.steps[:4])


def checklist() -> Checklist:
    """The eight steps with their state; five statements."""
    agencies = _agency_counts()
    targets = _target_counts()
    return Checklist(
        (
            _agencies(agencies),
            _tasks(),
            _projects(),
            _text(targets),
            _baselines(targets),
            _assigned(targets),
            _accounts(agencies),
            _periods(agencies),
        )
    )


@dataclass(frozen=True)
class BaselineRow:
    """A target whose base value has to be found out, and the one that waits for a second person."""

    judged: Judged
    asked: Proposal | None

    @property
    def value(self) -> str:
        """The base in force with its unit; empty if there is none."""
        found = self.judged.terms.baseline_value
        return "" if found is None else with_unit(self.judged.terms, found)


def baseline_rows() -> list[BaselineRow]:
    """In the order of the targets; a reduction is 0 in its base year and not among them."""
    waiting = Proposal.objects.waiting().filter(kind__in=OF_BASE)
    asked = {row.target_id: row for row in waiting.select_related("proposed_by")}
    rows = judged_targets(where=BASED)
    return [BaselineRow(judged, asked.get(judged.target.pk)) for judged in rows]


def pending_milestones() -> QuerySet[Milestone]:
    """Milestones whose value the city has not sent down."""
    return _current_milestones().filter(state=MilestoneState.PENDING)


def assigned_milestones() -> QuerySet[Milestone]:
    """Milestones of the city whose value has come, or will not come any more."""
    sent_down = Q(version__gt=1) | Q(state=MilestoneState.WITHDRAWN)
    return _current_milestones().filter(sent_down).exclude(state=MilestoneState.PENDING)


def _current_milestones() -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(is_current=True, is_alternative=False, target__retired_on=None)
    return rows.select_related("target", "document")


def _agency_counts() -> dict[str, int]:
    """With the number of periods, to keep to one statement."""
    can_report = able_to_report_today().order_by().values("pk")
    periods = ReportingPeriod.objects.order_by().values("state")
    every = periods.annotate(all=Count("pk")).values("all")
    return Agency.objects.aggregate(
        all=Count("pk", distinct=True),
        unconfirmed=Count("pk", filter=Q(kind_confirmed=False), distinct=True),
        empty_groups=Count("pk", filter=Q(kind__in=GROUP_KINDS, memberships=None), distinct=True),
        able=Count("pk", filter=Q(pk__in=can_report), distinct=True),
        with_account=Count("pk", filter=Q(pk__in=can_report, users__is_active=True), distinct=True),
        opened=Max(Subquery(every.filter(state=PeriodState.OPEN))),
        planned=Max(Subquery(every.filter(state=PeriodState.PLANNED))),
        closed=Max(Subquery(every.filter(state=PeriodState.CLOSED))),
    )


def _target_counts() -> dict[str, int]:
    pending = Q(
        milestones__is_current=True,
        milestones__is_alternative=False,
        milestones__state=MilestoneState.PENDING,
    )
    return Target.objects.in_force().aggregate(
        all=Count("pk", distinct=True),
        unsourced=Count("pk", filter=Q(sources=None), distinct=True),
        based=Count("pk", filter=BASED, distinct=True),
        unbased=Count("pk", filter=UNBASED, distinct=True),
        pending=Count("milestones", filter=pending, distinct=True),
    )


def _agencies(counts: dict[str, int]) -> ChecklistStep:
    left = (
        _left(counts["unconfirmed"], "个单位的类别或全称待核实"),
        _left(counts["empty_groups"], "个群体（如各街道）还没有成员"),
    )
    return ChecklistStep(
        number="①",
        title="单位",
        state=DONE if counts["all"] else EMPTY,
        text=f"已登记{counts['all']}个单位。" if counts["all"] else "还没有单位。",
        left=tuple(sentence for sentence in left if sentence),
        url=reverse("agencies:list"),
        link="单位",
        loads="" if counts["all"] else "agencies",
        load_label="载入方案中的40个单位",
    )


def _tasks() -> ChecklistStep:
    counts = Task.objects.in_force().aggregate(
        all=Count("pk"),
        nobody=Count("pk", filter=Q(lead=None, convenor=None)),
        untied=Count("pk", filter=Q(clause=None)),
    )
    return _annex(
        "②",
        "导入附件1（重点事项清单）",
        f"已有{counts['all']}项任务。" if counts["all"] else "还没有任务。",
        ("任务", "tasks:list") if counts["all"] else ("导入附件1", "imports:list"),
        _left(counts["nobody"], "项任务没有牵头单位，待指定汇总单位"),
        _left(counts["untied"], "项任务还没有对应的正文条款"),
        counts["all"],
    )


def _projects() -> ChecklistStep:
    counts = Project.objects.in_force().aggregate(
        all=Count("pk"),
        nobody=Count("pk", filter=Q(reporting_agency=None)),
        untied=Count("pk", filter=Q(clause=None, origin=ProjectOrigin.ANNEX)),
    )
    return _annex(
        "③",
        "导入附件2（重点项目清单）",
        f"已有{counts['all']}个项目。" if counts["all"] else "还没有项目。",
        ("项目", "projects:list") if counts["all"] else ("导入附件2", "imports:list"),
        _left(counts["nobody"], "个项目没有填报责任单位（项目单位是企业），待指定"),
        _left(counts["untied"], "个项目还没有对应的条款"),
        counts["all"],
    )


def _annex(
    number: str,
    title: str,
    text: str,
    link: tuple[str, str],
    nobody: str,
    untied: str,
    there: int,
) -> ChecklistStep:
    """A table of the annexes; what was imported before the text waits for being tied to it."""
    left = tuple(sentence for sentence in (nobody, untied) if sentence)
    return ChecklistStep(
        number=number,
        title=title,
        state=EMPTY if not there else OPEN if left else DONE,
        text=text,
        left=left,
        url=reverse(link[1]),
        link=link[0],
        loads="links" if untied else "",
        load_label="关联正文和指标",
    )


def _text(targets: dict[str, int]) -> ChecklistStep:
    plan = Document.objects.filter(is_plan=True).annotate(all=Count("clauses")).first()
    clauses = plan.all if plan else 0
    left = (
        "" if clauses else "方案正文还没有载入",
        _left(targets["unsourced"], "项指标没有原文出处和口径说明") if clauses else "",
        "方案的文号、印发日期还没有登记" if plan and not plan.number else "",
    )
    ready = clauses and targets["all"] and not targets["unsourced"]
    return ChecklistStep(
        number="④",
        title="正文和正文目标补录",
        state=DONE if ready else OPEN if clauses or targets["all"] else EMPTY,
        text=f"正文{clauses}条，指标{targets['all']}项。" if clauses else "还没有正文。",
        left=tuple(sentence for sentence in left if sentence),
        url=reverse("setup:text"),
        link="更换正文" if clauses else "上传正文",
        loads="" if ready else "text",
        load_label="载入公布的正文和26项指标",
    )


def _baselines(targets: dict[str, int]) -> ChecklistStep:
    missing, based = targets["unbased"], targets["based"]
    return ChecklistStep(
        number="⑤",
        title="补录2020年基期值",
        state=EMPTY if not based else OPEN if missing else DONE,
        text=f"还缺{missing}项。缺基期值的指标不画进度要求线，到期的仍可按数值判定。"
        if missing
        else "需要基期值的指标都已登记。"
        if based
        else "载入指标后补录。",
        url=reverse("setup:baselines") if based else "",
        link="提出" if missing else "查看和修改",
    )


def _assigned(targets: dict[str, int]) -> ChecklistStep:
    pending = targets["pending"]
    return ChecklistStep(
        number="⑥",
        title="录入市下达值",
        state=EMPTY if not targets["all"] else WAITING if pending else DONE,
        text=f"还有{pending}项阶段目标待市下达；有文件后录入，不影响其他各步。"
        if pending
        else "没有待下达的阶段目标。"
        if targets["all"]
        else "载入指标后录入。",
        url=reverse("setup:assigned") if targets["all"] else "",
        link="录入" if pending else "查看",
    )


def _accounts(counts: dict[str, int]) -> ChecklistStep:
    able, ready = counts["able"], counts["with_account"]
    return ChecklistStep(
        number="⑦",
        title="账号",
        state=EMPTY if not ready else DONE if ready >= able else OPEN,
        text=f"{able}个可填报的单位中，{ready}个已有账号。",
        url=reverse("agencies:users"),
        link="账号",
    )


def _periods(counts: dict[str, int]) -> ChecklistStep:
    opened, closed = counts["opened"] or 0, counts["closed"] or 0
    found = (("正在填报", opened), ("已建立未开放", counts["planned"] or 0), ("已关闭", closed))
    there = "，".join(f"{label}{count}期" for label, count in found if count)
    empty = "还没有填报期；前面各步完成后建立并开放。"
    return ChecklistStep(
        number="⑧",
        title="开放填报期",
        state=DONE if opened or closed else OPEN if there else EMPTY,
        text=f"{there}。" if there else empty,
        url=reverse("reporting:periods"),
        link="填报期",
    )


def _left(count: int, words: str) -> str:
    return f"{count}{words}" if count else ""
