"""What 更名, 合并 or 撤销 of an agency moves, what stands in its way, what depends on it."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Agency, GroupMember, User
from plan.models import Goal, GoalAgency
from projects.models import Project, ProjectOwner
from reporting.answers.selectors.transfers import (
    TransferPlan,
    open_obligations,
    plan_transfer,
    touched_since,
    waits_for_signer,
)
from reporting.choices import MatterState
from reporting.models import Matter, Obligation, Submission
from setup.choices import AccountsGo
from setup.models import AgencyChange
from targets.models import Target, TargetAgency
from tasks.models import Task, TaskAgency

_IN_FORCE = Q(retired_on=None)
_OPEN = ~Q(state=MatterState.CLOSED)
_SHOWN = 30
NAMES = ("name", "short_name", "full_name")


@dataclass(frozen=True)
class AgencyLink:
    """A field that names an agency: which records in force move with it, and how they are said."""

    label: str
    model: type[models.Model]
    field: str
    where: Q = _IN_FORCE

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"

    def rows(self, agency: Agency) -> QuerySet[Any]:
        found = self.model._default_manager.filter(self.where, **{self.field: agency})
        return found.order_by("pk")

    def these(self, keys: Iterable[int]) -> QuerySet[Any]:
        return self.model._default_manager.filter(pk__in=list(keys))


@dataclass(frozen=True)
class AgencyShareLink(AgencyLink):
    """Rows of a list of agencies below an owner, which has each of them once."""

    owner: str = ""

    def rows(self, agency: Agency) -> QuerySet[Any]:
        return super().rows(agency).select_related(self.owner)


LINKS = (
    AgencyLink("牵头指标", Target, "lead"),
    AgencyLink("汇总指标", Target, "convenor"),
    AgencyLink("牵头任务", Task, "lead"),
    AgencyLink("汇总任务", Task, "convenor"),
    AgencyLink("填报责任项目", Project, "reporting_agency"),
    AgencyLink("牵头总体目标", Goal, "lead"),
    AgencyLink("承办的未销号事项", Matter, "handler", _OPEN),
    AgencyLink("提出的未销号事项", Matter, "agency", _OPEN),
)
SHARES = (
    AgencyShareLink("责任指标", TargetAgency, "agency", Q(target__retired_on=None), "target"),
    AgencyShareLink("责任任务", TaskAgency, "agency", Q(task__retired_on=None), "task"),
    AgencyShareLink("项目单位", ProjectOwner, "agency", Q(project__retired_on=None), "project"),
    AgencyShareLink("责任总体目标", GoalAgency, "agency", Q(goal__retired_on=None), "goal"),
    AgencyShareLink("所属群体", GroupMember, "member", Q(), "group"),
)


@dataclass(frozen=True)
class PreviewLine:
    """One row of the preview: of what, how many, which, and what becomes of them."""

    label: str
    count: int
    names: str
    becomes: str


@dataclass(frozen=True)
class ChangePreview:
    """What a change would do, and why it cannot be done; nothing is written."""

    change: AgencyChange
    lines: tuple[PreviewLine, ...]
    stays: tuple[str, ...]
    blockers: tuple[str, ...]


def preview(change: AgencyChange) -> ChangePreview:
    """What an unsaved or planned change moves."""
    obligations = list(open_obligations(agency=change.agency))
    into = change.into
    found = plan_transfer(obligations=obligations, into=into) if into else TransferPlan()
    lines = [*_obligations(change, obligations, found), *_accounts(change), *_links(change)]
    return ChangePreview(
        change,
        tuple(line for line in lines if line.count),
        tuple(_stays(change, found)),
        tuple(blockers(change)),
    )


def blockers(change: AgencyChange) -> Iterator[str]:
    """Why the change cannot be carried out at present."""
    agency, into = change.agency, change.into
    if agency.valid_to:
        yield f"{agency}已于{agency.valid_to:%Y-%m-%d}停用"
    if not change.is_rename and agency.is_coordinator:
        yield "牵头抓总单位不能并入其他单位或撤销，先在单位登记册中改换牵头抓总单位"
    if not change.is_rename and agency.is_group:
        yield f"{agency}是群体，只能更名；成员在单位登记册中调整"
    if into and (into.is_group or into.valid_to):
        yield f"{into}是群体或已停用，不能承继"
    if change.is_rename and all(getattr(agency, name) == getattr(change, name) for name in NAMES):
        yield "新名称、新简称、新全称和现在的一样"
    if change.is_rename and _is_taken(change):
        yield f"“{change.name}”已经是另一个单位的名称"
    signers = User.objects.filter(agency=into) if into else User.objects.none()
    if change.accounts == AccountsGo.MOVE:
        signers |= User.objects.filter(agency=agency)
    stuck = waits_for_signer(obligations=open_obligations(agency=agency), signers=signers)
    if stuck and not change.is_rename:
        yield f"{_codes(stuck)}正等原单位审核人审核，以后没有审核人；先审核报送或退回填报员"


def what_depends(change: AgencyChange) -> list[str]:
    """What came after a change and rests on it: it cannot be taken back. Each one a sentence."""
    if change.done_at is None:
        return []
    own = [change.agency_id, change.into_id]
    later = AgencyChange.objects.filter(
        Q(agency__in=own) | Q(into__in=own), undone_at=None, pk__gt=change.pk
    )
    said = [f"{one.day:%Y-%m-%d}又登记了“{one}”，先撤回那一项" for one in later]
    if change.is_rename:
        sent = Submission.objects.filter(agency=change.agency, submitted_at__gte=change.done_at)
        said += [f"已用新名称报送{count}份" for count in [sent.count()] if count]
        if change.agency.name != change.name:
            said.append("单位登记册中的名称后来又改过")
    elif change.into:
        said += _changed_since(change, change.into, change.done_at)
    return said


@dataclass(frozen=True)
class ChangeRow:
    """A change with why it waits still, though its day has come."""

    change: AgencyChange
    waits_for: tuple[str, ...]


def change_rows() -> list[ChangeRow]:
    """All of them, the latest day first; only what is overdue is asked for its reasons."""
    rows = AgencyChange.objects.select_related("agency", "into", "document")
    today = timezone.localdate()
    return [
        ChangeRow(row, tuple(blockers(row)) if row.is_planned and row.day <= today else ())
        for row in rows
    ]


def _changed_since(change: AgencyChange, into: Agency, moment: datetime.datetime) -> Iterator[str]:
    kept = change.before
    touched = touched_since(done=kept["obligations"], into=into, moment=moment)
    if touched:
        yield f"{into}已填写或报送：{_codes(touched)}"
    for link in (*LINKS, *SHARES):
        keys = kept["links"].get(link.key, [])
        if link.these(keys).filter(**{link.field: into}).count() != len(keys):
            yield f"{link.label}后来又有调整"
    moved = kept["accounts"] if change.accounts == AccountsGo.MOVE else []
    gone = User.objects.filter(pk__in=moved).exclude(agency=into)
    if gone:
        yield f"转入的账号后来又有调整：{'、'.join(user.username for user in gone)}"


def _obligations(
    change: AgencyChange, obligations: Sequence[Obligation], found: TransferPlan
) -> Iterator[PreviewLine]:
    if change.is_rename:
        yield PreviewLine("未结应报事项", len(obligations), _codes(obligations), "不变，显示新名称")
    elif change.into is None:
        yield PreviewLine(
            "未结应报事项",
            len(obligations),
            _codes(obligations),
            "以后应报的不再应报，已到期的按缺报保留",
        )
    else:
        joined = [row for row, _ in found.joined]
        yield PreviewLine("未结应报事项", len(found.moved), _codes(found.moved), "连同已填内容移交")
        yield PreviewLine(
            "两单位均应报的事项",
            len(joined),
            _codes(joined),
            "合成一项：承继单位已填的保留，没填的用原单位的，其余记入留痕",
        )
        yield PreviewLine(
            "两单位均应报、原单位已报送或正在更正",
            len(found.kept),
            _codes(found.kept),
            "留在原单位，由区发改局审完",
        )


def _accounts(change: AgencyChange) -> Iterator[PreviewLine]:
    users = User.objects.filter(agency=change.agency, is_active=True).order_by("username")
    names = "、".join(str(user) for user in users)
    if change.is_rename:
        becomes = "不变，显示新名称"
    elif change.accounts == AccountsGo.MOVE:
        becomes = f"转入{change.into}，角色不变"
    else:
        becomes = "停用"
    yield PreviewLine("启用的账号", len(users), names, becomes)


def _links(change: AgencyChange) -> Iterator[PreviewLine]:
    for link in (*LINKS, *SHARES):
        rows = list(link.rows(change.agency))
        if change.is_rename:
            becomes = "不变，显示新名称"
        elif change.into:
            becomes = f"改为{change.into.short_name}"
        else:
            becomes = "退出" if link.model is GroupMember else "名称保留；须另行指定填报单位"
        yield PreviewLine(link.label, len(rows), _codes(rows, getattr(link, "owner", "")), becomes)


def _stays(change: AgencyChange, found: TransferPlan) -> Iterator[str]:
    sent = Submission.objects.filter(agency=change.agency).count()
    yield f"已报送的{sent}份回执、已提出的事项和审核记录写的仍是当时的名称。"
    if change.is_rename:
        yield "旧名称和旧简称登记为别名：导入附件和查找时仍认得。"
    elif change.into:
        yield "已通过和已过期的事项、按时报送的记录留在原单位；附件里的原名称按承继单位导入。"
        yield "承继单位牵头的任务，原来作为配合单位填的文字记入留痕，由它写进任务进展。"
    if found.joined:
        yield "撤回合并时，合成一项的内容各归原处。"


def _is_taken(change: AgencyChange) -> bool:
    return Agency.objects.filter(name=change.name).exclude(pk=change.agency_id).exists()


def _codes(rows: Sequence[Any], owner: str = "") -> str:
    """What the records, or their owners, go by; the first thirty."""
    found = [getattr(row, owner) if owner else row for row in rows[:_SHOWN]]
    said = [_word(one) for one in found]
    return "、".join(said) + ("等" if len(rows) > _SHOWN else "")


def _word(one: Any) -> str:
    """A contribution's code without that of its agency: all are of the same."""
    if isinstance(one, Obligation):
        return one.code.removesuffix(f" {one.agency.code}")
    return str(one) if isinstance(one, Agency | Goal) else str(one.code)
