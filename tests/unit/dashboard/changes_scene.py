"""Snapshots of the tests of changes: of what is not said, nothing."""

import datetime
from dataclasses import replace
from decimal import Decimal

from common.quarters import Period
from dashboard.rules.changes.comparing import compare
from dashboard.rules.changes.snapshots import (
    Concern,
    Held,
    ProjectReport,
    ProjectThen,
    Room,
    Snapshot,
    Stage,
    TargetThen,
    TaskReport,
    TaskThen,
    Thing,
)
from projects.rules import Status as ProjectStatus
from targets.rules import Actual, Goal, Grade, Kind, Terms
from targets.rules.levels import Level
from tasks.rules.progress import Status as TaskStatus

D = Decimal
BEFORE, AFTER = datetime.date(2026, 9, 30), datetime.date(2026, 11, 30)
Q1, Q2, Q3 = (Period(2026, quarter) for quarter in (1, 2, 3))
CAME = datetime.date(2026, 10, 20)
TARGET = Thing(Room.TARGETS, "T26", "绿色完整社区创建比例", "/targets/T26/", "区人居环境局", 26)
TASK = Thing(Room.TASKS, "8-1", "推动产业园区循环发展", "/tasks/8-1/", "区发改局", 801)
PROJECT = Thing(Room.PROJECTS, "P2", "建筑垃圾资源化利用项目", "/projects/P2/", "", 2)
RISK = Thing(Room.CONCERNS, "P2", "设备采购延期", "/risks/1/", "区城管局", 1)
AT_LEAST = Goal(2025, value=D(40))


def value(number, year=2026, quarter=None, grade=Grade.DEPARTMENT, **facts):
    return Actual(year, None if number is None else D(number), grade, quarter=quarter, **facts)


def target(*values, thing=TARGET, level=Level.GREEN, by_hand=False, verdicts=None, **facts):
    known = {"kind": Kind.AT_LEAST, "goals": (AT_LEAST,), "unit": "%"} | facts
    annual = tuple(one for one in values if one.quarter is None)
    terms = Terms(actuals=annual, **known)
    terms = terms.with_quarters(one for one in values if one.quarter)
    return TargetThen(thing, terms, level, by_hand, verdicts or {})


def held(verdict, *, settled=False, words=""):
    return {2025: Held(verdict, words or verdict.label, settled)}


def task(status=None, period=Q3, version=1, problems="", reason="", thing=TASK):
    if status is None:
        return TaskThen(thing)
    return TaskThen(thing, TaskReport(period, version, CAME, reason, problems, TaskStatus(status)))


def project(status=None, period=Q3, version=1, problems="", overdue=0, thing=PROJECT, **facts):
    if status is None:
        return ProjectThen(thing, None, overdue)
    report = ProjectReport(period, version, CAME, "", problems, ProjectStatus(status), **facts)
    return ProjectThen(thing, report, overdue)


def risk(stage=Stage.OPEN, severity=2, about="P2", thing=RISK):
    state = {Stage.OPEN: "未化解", Stage.HELD: "已控制", Stage.CLOSED: "已销号"}[stage]
    grade = {1: "低", 2: "中", 3: "高"}[severity] + "风险"
    return Concern(thing, about, stage, state, severity, grade, kept_in="重点风险台账")


def matter(stage=Stage.OPEN):
    state = "待处理" if stage == Stage.OPEN else "已答复"
    thing = replace(RISK, code="M1", url="/matters/1/")
    return Concern(thing, "", stage, state, kept_in="重大问题")


def compared(before=(), after=(), *, first=BEFORE, last=AFTER):
    """What differs between two lists of things; each stands in its room."""
    return compare(_snapshot(first, before), _snapshot(last, after))


def _snapshot(day, things):
    def of(kind):
        return tuple(one for one in things if isinstance(one, kind))

    return Snapshot(day, 2025, of(TargetThen), of(TaskThen), of(ProjectThen), of(Concern))


def only(before, after, **days):
    """The one change between two states of one thing."""
    (found,) = compared([before], [after], **days).changes
    return found
