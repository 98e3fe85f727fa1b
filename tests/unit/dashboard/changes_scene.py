"""Snapshots of the tests of changes: of what is not said, nothing."""

import datetime
from dataclasses import replace
from decimal import Decimal

from common.quarters import Period
from dashboard.rules.changes.compare_days import compare
from dashboard.rules.changes.snapshots import (
    ChangedObject,
    MatterSnapshot,
    MatterStage,
    ProjectReportSnapshot,
    ProjectSnapshot,
    Room,
    Snapshot,
    TargetSnapshot,
    TaskReportSnapshot,
    TaskSnapshot,
    VerdictSnapshot,
)
from projects.rules import Status as ProjectStatus
from targets.rules import Actual, Goal, Grade, Kind, Terms
from targets.rules.levels import Level
from tasks.rules.progress import Status as TaskStatus

D = Decimal
BEFORE, AFTER = datetime.date(2026, 9, 30), datetime.date(2026, 11, 30)
Q1, Q2, Q3 = (Period(2026, quarter) for quarter in (1, 2, 3))
CAME = datetime.date(2026, 10, 20)
TARGET = ChangedObject(
    Room.TARGETS, "T26", "绿色完整社区创建比例", "/targets/T26/", "区人居环境局", 26
)
TASK = ChangedObject(Room.TASKS, "8-1", "推动产业园区循环发展", "/tasks/8-1/", "区发改局", 801)
PROJECT = ChangedObject(Room.PROJECTS, "P2", "建筑垃圾资源化利用项目", "/projects/P2/", "", 2)
RISK = ChangedObject(Room.CONCERNS, "P2", "设备采购延期", "/risks/1/", "区城管局", 1)
AT_LEAST = Goal(2025, value=D(40))


def value(number, year=2026, quarter=None, grade=Grade.DEPARTMENT, **facts):
    return Actual(year, None if number is None else D(number), grade, quarter=quarter, **facts)


def target(*values, thing=TARGET, level=Level.GREEN, by_hand=False, verdicts=None, **facts):
    known = {"kind": Kind.AT_LEAST, "goals": (AT_LEAST,), "unit": "%"} | facts
    annual = tuple(one for one in values if one.quarter is None)
    terms = Terms(actuals=annual, **known)
    terms = terms.with_quarters(one for one in values if one.quarter)
    return TargetSnapshot(thing, terms, level, by_hand, verdicts or {})


def held(verdict, *, settled=False, words=""):
    return {2025: VerdictSnapshot(verdict, words or verdict.label, settled)}


def task(status=None, period=Q3, version=1, problems="", reason="", thing=TASK):
    if status is None:
        return TaskSnapshot(thing)
    return TaskSnapshot(
        thing, TaskReportSnapshot(period, version, CAME, reason, problems, TaskStatus(status))
    )


def project(status=None, period=Q3, version=1, problems="", overdue=0, thing=PROJECT, **facts):
    if status is None:
        return ProjectSnapshot(thing, None, overdue)
    report = ProjectReportSnapshot(
        period, version, CAME, "", problems, ProjectStatus(status), **facts
    )
    return ProjectSnapshot(thing, report, overdue)


def risk(stage=MatterStage.OPEN, severity=2, about="P2", thing=RISK):
    state = {MatterStage.OPEN: "未化解", MatterStage.HELD: "已控制", MatterStage.CLOSED: "已销号"}[
        stage
    ]
    grade = {1: "低", 2: "中", 3: "高"}[severity] + "风险"
    return MatterSnapshot(thing, about, stage, state, severity, grade, kept_in="重点风险台账")


def matter(stage=MatterStage.OPEN):
    state = "待处理" if stage == MatterStage.OPEN else "已答复"
    thing = replace(RISK, code="M1", url="/matters/1/")
    return MatterSnapshot(thing, "", stage, state, kept_in="重大问题")


def compared(before=(), after=(), *, first=BEFORE, last=AFTER):
    """What differs between two lists of things; each stands in its room."""
    return compare(_snapshot(first, before), _snapshot(last, after))


def _snapshot(day, things):
    def of(kind):
        return tuple(one for one in things if isinstance(one, kind))

    return Snapshot(
        day, 2025, of(TargetSnapshot), of(TaskSnapshot), of(ProjectSnapshot), of(MatterSnapshot)
    )


def only(before, after, **days):
    """The one change between two states of one thing."""
    (found,) = compared([before], [after], **days).changes
    return found
