"""What “no change” records for each kind of obligation, and which ones cannot be unchanged. Pure.

The page 与上季度相比, the buttons of the home and the workbook all ask here.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from common.quarters import Period
from projects.rules import Status as ProjectStatus
from reporting.answers.rules.facts import Finding, ObligationFacts
from reporting.answers.rules.missing import FINISHED
from reporting.answers.rules.options import label
from reporting.answers.rules.standstill import NO_NEWS, no_progress, standstill_reason
from reporting.rules.enumerations import Availability, Kind
from reporting.rules.fields import REASON, TICKED, VALUE_PERIOD
from tasks.rules.progress import Status as TaskStatus

SAME, NO_NEW, STILL_NONE = "与上季度相同", "没有新增", "仍不适用"
STOOD_STILL, STILL_NOTHING, NOTHING = "没有新进展", "仍无事项", "无配合事项"
UNALTERED, NO_DATA, AWAITED = "没有变化", "没有新数据", "尚未取得"
NARRATIVE, NOTE = "narrative", "note"
THIRD_TIME = "W2"
"""The doubt of a value that did not move for two quarters: it needs a reason of its own."""
_SAME_FIELDS = ("value", "grade", "basis", "source")
_PROBE = "待写明的原因和下一步安排，四季度完成"


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick is called and writes. `reasons` are the fields that then need a reason."""

    label: str
    texts: Mapping[str, str]
    reasons: tuple[str, ...] = ()
    takes_evidence: bool = False
    """Whether last quarter's files are attached again: they prove the same value."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an obligation cannot be settled by a tick. `lacks_value`: 尚未取得 may be chosen."""

    why: str
    short: str = "不能勾"
    link: str = "填写"
    lacks_value: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An obligation and its last quarter. `last` are its approved texts, None where there are none.

    `sent` are the texts as they were handed in and approved last, which hold what no record keeps.
    """

    kind: str
    period: Period
    today: datetime.date
    facts: ObligationFacts
    last: Mapping[str, str] | None
    sent: Mapping[str, str]
    is_flow: bool = False
    bound: str = ""
    """Why it has to be filled in itself: it was returned, or is being corrected."""


def offer(standing: Standing) -> Tick | Stop:
    """What a tick would write, or why there is none; still to be `accepted` by the check."""
    if standing.bound:
        return Stop(standing.bound)
    return _OFFERS[standing.kind](standing)


def probe(tick: Tick) -> dict[str, str]:
    """The texts of a tick with some reason: what the check is asked about."""
    return {**tick.texts, **reason_texts(tick.reasons, _PROBE)}


def accepted(tick: Tick, errors: Sequence[Finding], doubts: Sequence[Finding]) -> Tick | Stop:
    """The tick with all fields that need a reason; a stop where the check would refuse it."""
    if errors:
        return Stop(errors[0].message)
    if any(one.code == THIRD_TIME for one in doubts):
        return Stop(_third_time(doubts), link="写原因")
    return replace(tick, reasons=(*tick.reasons, *(one.reason_field for one in doubts)))


def awaited() -> Tick:
    """尚未取得, for a target without a value last quarter."""
    return Tick(AWAITED, {"availability": Availability.AWAITED}, (NOTE,))


def reason_texts(fields: Sequence[str], reason: str) -> dict[str, str]:
    """A reason as each of the fields takes it."""
    return {name: no_progress(reason) if name == NARRATIVE else reason for name in fields}


def stands(written: Mapping[str, str], reasons: Sequence[str], texts: Mapping[str, str]) -> bool:
    """Whether an obligation still holds what a tick wrote; its reason may have been reworded."""
    told = NARRATIVE not in reasons or standstill_reason(texts.get(NARRATIVE, "")) is not None
    return told and all(texts.get(name, "") == text for name, text in written.items())


def shares(reasons: Sequence[str], texts: Mapping[str, str], common: str) -> bool:
    """Whether an obligation gives the common reason and none of its own."""
    asked = reason_texts(reasons, common)
    return bool(asked) and all(texts.get(name, "") == text for name, text in asked.items())


def hint(tick: Tick) -> str:
    """What stands beside a tick before it is set."""
    if tick.texts.get("availability") == Availability.NOT_APPLICABLE:
        return "勾选即填“不适用”"
    if f"{REASON}W4" in tick.reasons:
        return "没有达到要求，须写原因"
    is_told = any(name.startswith(REASON) or name == NOTE for name in tick.reasons)
    return "须写原因" if is_told else ""


def _target(standing: Standing) -> Tick | Stop:
    facts, last = standing.facts, standing.last
    if facts.is_qualitative:
        attainment = standing.sent.get("attainment", "")
        if not attainment:
            return Stop("上季度没有填实现程度，要单独填")
        return Tick(SAME, {"attainment": attainment}, takes_evidence=True)
    if facts.is_annual:
        return Tick(NO_DATA, {"availability": Availability.ANNUAL}, (NOTE,))
    if standing.is_flow:
        return Tick(NO_NEW, {"availability": Availability.NOT_APPLICABLE})
    if last is None:
        return Stop("上季度没有数值，要单独填", lacks_value=True)
    if last.get("availability") == Availability.NOT_APPLICABLE:
        return Tick(STILL_NONE, {"availability": Availability.NOT_APPLICABLE})
    kept = {name: last[name] for name in _SAME_FIELDS if last.get(name)}
    fixed = {"availability": Availability.NEW.value, VALUE_PERIOD: standing.period.code}
    return Tick(SAME, fixed | kept, takes_evidence=True)


def _task(standing: Standing) -> Tick | Stop:
    last = standing.last
    if last is None:
        return Stop("上季度没有填报，要写本季度进展")
    status = last.get("status", "")
    if status != TaskStatus.DONE and (promised := _promised(last, standing.today)):
        return Stop(promised)
    return Tick(STOOD_STILL, {"status": status}, (NARRATIVE,))


def _promised(last: Mapping[str, str], today: datetime.date) -> str:
    """Why a promise of last quarter has to be answered: its month is over."""
    month = last.get("next_due", "")
    if not month or month >= f"{today:%Y-%m}":
        return ""
    same_year = month.startswith(f"{today.year}-")
    when = f"{'' if same_year else f'{month[:4]}年'}{int(month[5:])}月"
    return f"上季度定在{when}完成的措施，时限已到，要写结果"


def _contribution(standing: Standing) -> Tick | Stop:
    last = standing.last
    if last is None:
        return Tick(NOTHING, {"nothing": TICKED})
    if last.get("nothing"):
        return Tick(STILL_NOTHING, {"nothing": TICKED})
    return Tick(NO_NEWS, {"text": NO_NEWS})


def _project(standing: Standing) -> Tick | Stop:
    last, end = standing.last, standing.facts.end_year
    if last is None:
        return Stop("上季度没有填报，要填本季度投资和进度")
    status = last.get("status", "")
    if status in FINISHED:
        return Tick(UNALTERED, {"no_change": TICKED})
    words = label("ProjectStatus", status)
    if status == ProjectStatus.UNDER_WAY and end and end < standing.period.year:
        return Stop(f"{words}并已超过计划完成年（{end}年），要填本季度投资和进度", f"{words}，要填")
    return Stop(f"{words}，要填本季度投资和进度", f"{words}，要填")


def _third_time(doubts: Sequence[Finding]) -> str:
    known = next(one.message for one in doubts if one.code == THIRD_TIME)
    _, _, value = known.partition("都是 ")
    return f"第三个季度都是{value.partition('：')[0]}，要写本项自己的原因"


_OFFERS: Mapping[str, Callable[[Standing], Tick | Stop]] = {
    Kind.TARGET: _target,
    Kind.TASK: _task,
    Kind.CONTRIBUTION: _contribution,
    Kind.PROJECT: _project,
}
