"""事项: raised, assessed, 批示, carried out, closed (方案 五（二）, 五（三）).

Each step is one function; the table of steps is MATTER_TRANSITIONS of reporting/workflow.py. `seen`
is the `mark` of the matter when its form was shown: a step raises ConflictError where somebody has
acted since.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.formats import zh_day
from reporting.chasing.services.reminders import send_one
from reporting.choices import MatterState, MatterStep, PeriodState
from reporting.matters.services.steps import Files, begin, finish, leave_note, said
from reporting.models import Instruction, Matter, ReportingPeriod
from reporting.policies import check_can_keep_matters, check_can_report


@transaction.atomic
def report(*, matter: Matter, by: User, files: Files = ()) -> Matter:
    """Raise a matter in the name of the person's agency (重大问题)."""
    check_can_report(by=by)
    return _raise(matter, by, files)


@transaction.atomic
def register(*, matter: Matter, by: User, files: Files = ()) -> Matter:
    """Raise a matter for the bureau, or for the agency that `matter` names."""
    check_can_keep_matters(by=by)
    return _raise(matter, by, files)


@transaction.atomic
def assess(*, matter: Matter, text: str, by: User, seen: str = "") -> Matter:
    """研判: the bureau's opinion; kind, level, ledger, handler and term come from `matter`."""
    begin(step=MatterStep.ASSESS, matter=matter, by=by, seen=seen)
    if matter.in_ledger and not matter.measures.strip():
        raise ValidationError({"measures": "列入风险台账的要写明防范化解措施"})
    matter.keeper = by.display_name
    finish(
        step=MatterStep.ASSESS,
        matter=matter,
        by=by,
        text=said(text=text, field="text", missing="写明研判意见"),
    )
    return matter


@transaction.atomic
def decline(*, matter: Matter, text: str, by: User, seen: str = "") -> Matter:
    """Record that no 批示 is given: the matter returns to be assessed again."""
    begin(step=MatterStep.DECLINE, matter=matter, by=by, seen=seen)
    finish(
        step=MatterStep.DECLINE,
        matter=matter,
        by=by,
        text=said(text=text, field="text", missing="写明不作批示的原因"),
    )
    return matter


@transaction.atomic
def instruct(
    *, matter: Matter, instruction: Instruction, by: User, files: Files = (), seen: str = ""
) -> Instruction:
    """Register a leader's words as on paper; handler and term come from `matter`."""
    begin(step=MatterStep.INSTRUCT, matter=matter, by=by, seen=seen)
    if matter.handler is None:
        raise ValidationError({"handler": "写明承办单位"})
    last = matter.instructions.order_by("-number").first()
    instruction.number, instruction.version = (last.number + 1 if last else 1), 1
    _write(MatterStep.INSTRUCT, matter, instruction, by, _handed_over(matter), files)
    _tell_handler(matter, f"{instruction.leader}批示", by)
    return instruction


@transaction.atomic
def correct_instruction(
    *, matter: Matter, number: int, instruction: Instruction, by: User, files: Files = (),
    seen: str = "",
) -> Instruction:  # fmt: skip
    """Correct a wrongly registered 批示 by a new version with its reason; the old one stays."""
    begin(step=MatterStep.CORRECT, matter=matter, by=by, seen=seen)
    reason = said(text=instruction.reason, field="reason", missing="写明更正原因")
    last = matter.instructions.filter(number=number).first()
    if last is None:
        raise ValidationError("没有这次批示")
    instruction.number, instruction.version = number, last.version + 1
    return _write(MatterStep.CORRECT, matter, instruction, by, reason, files)


@transaction.atomic
def take_up(*, matter: Matter, text: str, by: User, seen: str = "") -> Matter:
    """Start work: by the bureau itself, or by handing it to the handler."""
    begin(step=MatterStep.TAKE_UP, matter=matter, by=by, seen=seen)
    finish(step=MatterStep.TAKE_UP, matter=matter, by=by, text=text.strip())
    _tell_handler(matter, "区发改局交办", by)
    return matter


@transaction.atomic
def answer(*, matter: Matter, text: str, by: User, files: Files = (), seen: str = "") -> Matter:
    """Answer the agency that raised it; the state stays."""
    begin(step=MatterStep.ANSWER, matter=matter, by=by, seen=seen)
    finish(
        step=MatterStep.ANSWER,
        matter=matter,
        by=by,
        text=said(text=text, field="text", missing="写明答复"),
        files=files,
    )
    return matter


@transaction.atomic
def report_back(
    *, matter: Matter, text: str, by: User, files: Files = (), seen: str = ""
) -> Matter:
    """Record what the handler has done; the first time, the matter becomes 办理中."""
    begin(step=MatterStep.REPORT_BACK, matter=matter, by=by, seen=seen)
    finish(
        step=MatterStep.REPORT_BACK,
        matter=matter,
        by=by,
        text=said(text=text, field="text", missing="写明办理情况"),
        files=files,
    )
    return matter


@transaction.atomic
def extend(*, matter: Matter, due_on: datetime.date, text: str, by: User, seen: str = "") -> Matter:
    """Set another due date, with its reason."""
    begin(step=MatterStep.EXTEND, matter=matter, by=by, seen=seen)
    if due_on == matter.due_on:
        raise ValidationError({"due_on": "期限和原来一样"})
    words = said(text=text, field="text", missing="写明延期的原因")
    was = f"原定{zh_day(matter.due_on)}" if matter.due_on else "原来没有期限"
    matter.due_on = due_on
    finish(
        step=MatterStep.EXTEND, matter=matter, by=by, text=f"延至{zh_day(due_on)}，{was}：{words}"
    )
    return matter


def _raise(matter: Matter, by: User, files: Files) -> Matter:
    if matter.agency is None:
        matter.agency = by.agency
    matter.agency_name = matter.agency.name if matter.agency else "区发改局"
    matter.reported_by, matter.state = by.display_name, MatterState.RAISED
    matter.code = _next_code()
    audit.save(matter, by=by, action=MatterStep.RAISE.label)
    leave_note(step=MatterStep.RAISE, matter=matter, by=by, text=matter.text, files=files)
    return matter


def _next_code() -> str:
    """2026-07. Locking the oldest row makes concurrent calls take different numbers."""
    Matter.objects.select_for_update().order_by("pk").first()
    year = timezone.localdate().year
    codes = Matter.objects.filter(code__startswith=f"{year}-").values_list("code", flat=True)
    last = max((int(code.partition("-")[2]) for code in codes), default=0)
    return f"{year}-{last + 1:02d}"


def _write(
    step: MatterStep, matter: Matter, words: Instruction, by: User, text: str, files: Files
) -> Instruction:
    today = timezone.localdate()
    if words.day and words.day > today:
        raise ValidationError({"day": f"批示日期不能晚于今天（{zh_day(today)}）"})
    words.matter = matter
    words.note = finish(step=step, matter=matter, by=by, text=text, files=files)
    audit.save(words, by=by, action=step.label)
    return words


def _tell_handler(matter: Matter, decided: str, by: User) -> None:
    """Remind the handler, in the newest open period."""
    period = ReportingPeriod.objects.filter(state=PeriodState.OPEN).first()
    if period is None or matter.handler is None:
        return
    due = f"，{zh_day(matter.due_on)}到期" if matter.due_on else ""
    text = f"{decided}：事项{matter.code}“{matter.title}”由你单位承办{due}。原文和反馈在“事项”里。"
    number = matter.notes.count()
    key = f"matter/{matter.code}/{number}"
    send_one(period=period, agency=matter.handler, key=key, text=text, by=by)


def _handed_over(matter: Matter) -> str:
    """承办区人居环境局，协办区财政局，12月15日到期."""
    parts = [
        f"承办{matter.handler}",
        f"协办{matter.partners}" if matter.partners else "",
        f"{zh_day(matter.due_on)}到期" if matter.due_on else "没有期限",
    ]
    return "，".join(filter(None, parts))
