"""Forms as agencies fill them in, and what the rules find in them."""

import datetime
from decimal import Decimal

from common.quarters import Period
from reporting.answers.rules.answers import read
from reporting.answers.rules.findings import ObligationFacts, check
from reporting.periods.rules.thresholds import Thresholds

Q3 = Period(2026, 3)
TODAY = datetime.date(2026, 11, 22)
SENTENCE = "本季度新建公共充电桩一百二十六个，累计建成三千四百一十二个，覆盖全部街道，"
NARRATIVE = SENTENCE + "下一步加快老旧小区充电设施改造并推进公交更新。"

TARGET = {
    "availability": "new",
    "value": "78.6",
    "value_period": "2026Q3",
    "grade": "department",
    "source": "区交通运输局公交台账",
}
TASK = {"status": "on_track", "narrative": NARRATIVE}
PROJECT = {"status": "under_way", "invested_wan": "30850", "works_percent": "96"}
CONTRIBUTION = {"text": "按分工完成本单位公务用车更新。"}
COMPLETED = {"status": "completed", "completed_on": "2026-09"}
FORMS = {"target": TARGET, "task": TASK, "project": PROJECT, "contribution": CONTRIBUTION}


def decimals(*texts):
    return tuple(Decimal(text) for text in texts)


def found(kind, changed=None, *, thresholds=None, previous=None, before_previous=None, **known):
    """The findings of a form that is complete but for what is changed; one file is attached."""
    texts = FORMS[kind] | (changed or {})
    known = {"evidence": 1, "unit": "%" if kind == "target" else ""} | known
    facts = ObligationFacts(
        period=known.pop("period", Q3),
        today=known.pop("today", TODAY),
        previous=read(kind, previous, Q3.previous) if previous is not None else None,
        before_previous=read(kind, before_previous, Q3) if before_previous is not None else None,
        **known,
    )
    return check(kind, read(kind, texts, facts.period), facts, thresholds or Thresholds())


def codes(*args, **kwargs):
    return [f"{item.code} {item.field}" for item in found(*args, **kwargs)]


def only(code, *args, **kwargs):
    """The one finding of a code, None if there is none."""
    matching = [item for item in found(*args, **kwargs) if item.code == code]
    assert len(matching) <= 1, matching
    return matching[0] if matching else None
