"""Reads a reviewer's decision from the form, and shows a refused one again."""

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from common.fields import DayField
from common.web.addresses import own_address
from reporting.review.rules.phrases import PHRASES
from reporting.review.selectors.queue import QueueFilters
from reporting.review.selectors.review_parts import TypedDecision
from reporting.review.services.reviews import FieldRemark

_DUE = DayField(error_messages={"invalid": "修改期限写成年月日，如 2026-11-25"})
REMARK, SUGGEST = "remark_", "suggest_"


def filters_of(request: HttpRequest, *, period: str = "") -> QueueFilters:
    """The filters in the address; `period` where the path names it."""
    asked = request.GET
    return QueueFilters(
        period or asked.get("period", ""),
        asked.get("agency", ""),
        asked.get("kind", ""),
        asked.get("state", ""),
        bool(asked.get("doubts")),
    )


def query_of(filters: QueueFilters) -> str:
    """The filters as a query string: ?agency=jtj, or empty."""
    known = {name: getattr(filters, name) for name in ("agency", "kind", "state")}
    query = {name: value for name, value in known.items() if value}
    if filters.doubts:
        query["doubts"] = "1"
    return f"?{urlencode(query)}" if query else ""


def queue_address(filters: QueueFilters, period: str) -> str:
    """The queue with the same filters."""
    tail = query_of(filters).removeprefix("?")
    return f"{reverse('reporting:queue')}?{'&'.join(filter(None, (f'period={period}', tail)))}"


def typed_decision(data: QueryDict) -> TypedDecision:
    """All texts of the form, so that a refused decision loses nothing."""
    names = {
        key.removeprefix(prefix)
        for key in data
        for prefix in (REMARK, SUGGEST)
        if key.startswith(prefix)
    }
    remarks = {
        name: (data.get(f"{REMARK}{name}", "").strip(), data.get(f"{SUGGEST}{name}", "").strip())
        for name in names
    }
    return TypedDecision(
        data.get("comment", "").strip(),
        data.get("answer_due", "").strip(),
        tuple(text for text in data.getlist("phrase") if text in PHRASES),
        {name: pair for name, pair in remarks.items() if any(pair)},
    )


def comment_of(typed: TypedDecision) -> str:
    """The ticked phrases and the written comment."""
    said = [text for text in typed.phrases if text not in typed.comment]
    return "；".join([*said, *([typed.comment] if typed.comment else [])])


def remarks_of(typed: TypedDecision) -> list[FieldRemark]:
    """The comments at fields."""
    remarks: Mapping[str, tuple[str, str]] = typed.remarks or {}
    return [FieldRemark(name, text, suggested) for name, (text, suggested) in remarks.items()]


def due_of(typed: TypedDecision) -> datetime.date | None:
    """The day by which the agency answers. Raises ValidationError for an invalid day."""
    if not typed.answer_due:
        return None
    day: datetime.date = _DUE.clean(typed.answer_due)
    return day


def problems_of(refusal: Exception) -> dict[str, str]:
    """Field → sentence, where a refusal names fields."""
    if not isinstance(refusal, ValidationError) or not hasattr(refusal, "error_dict"):
        return {}
    return {name: "；".join(said) for name, said in refusal.message_dict.items()}


def onward(request: HttpRequest) -> str:
    """The address of the next obligation, as the form has it; own addresses only."""
    return own_address(request.POST.get("next", ""))
