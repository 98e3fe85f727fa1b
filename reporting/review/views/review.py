"""The review: the queue on the left, one obligation with its decision on the right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.formats import zh_day
from common.web.input_cleaning import key_of
from reporting.answers.selectors.checking import judged_by_key
from reporting.answers.selectors.last_figures import goal_words
from reporting.filling.charts import finding, trend_picture
from reporting.filling.views.years import check_is_one, offers_years
from reporting.models import Obligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.selectors.confirmations import Confirmation, confirmations
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import REFUSALS, ConflictError, words_of
from reporting.review.rules.phrases import PHRASES
from reporting.review.selectors.queue import KINDS, Queue, QueueFilters, queue, queue_rows
from reporting.review.selectors.review_page import ReviewPage, review_obligation, review_page
from reporting.review.selectors.review_parts import TypedDecision
from reporting.review.selectors.workload import ReviewerWorkload, reviewer_workload, something_waits
from reporting.review.services import reviews
from reporting.review.views.decisions import (
    comment_of,
    due_of,
    filters_of,
    onward,
    problems_of,
    query_of,
    queue_address,
    remarks_of,
    typed_decision,
)

PAGE_SIZE = 20
Address = tuple[str, str, str, str]


@require_safe
@requires(Action.REVIEW)
def start(request: SignedInRequest) -> HttpResponse:
    """Where a reviewer starts: the queue while it asks for something, else the overview."""
    is_busy = something_waits() or _asks(reviewer_workload(reader=request.user))
    return redirect("reporting:queue" if is_busy else "dashboard:overview")


def _asks(on_desk: ReviewerWorkload) -> bool:
    """Whether the bureau has to confirm something; false before there are periods."""
    return on_desk.period is not None and bool(_prompts(on_desk, thresholds()))


@require_safe
@requires(Action.REVIEW)
def chase_now(request: SignedInRequest) -> HttpResponse:
    """Redirect to 催报 of the current period."""
    period = reviewer_workload(reader=request.user).period
    return (
        redirect("reporting:chase", period=period.code) if period else redirect("reporting:queue")
    )


@require_safe
@requires(Action.REVIEW)
def review_queue(request: SignedInRequest) -> HttpResponse:
    """What waits, the riskiest first, with the first obligation opened next to it."""
    return _shown(request, filters_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW)
@offers_years("reporting:review")
def review(
    request: SignedInRequest, period: str, kind: str, code: str, agency: str = ""
) -> HttpResponse:
    """One obligation; a POST decides on the round that the form showed, or begins its review."""
    filters, address = filters_of(request, period=period), (period, kind, code, agency)
    if request.method != "POST":
        return _shown(request, filters, address)
    typed = typed_decision(request.POST)
    try:
        done = _decide(request, _asked(request), typed)
    except REFUSALS as refusal:
        status = 409 if isinstance(refusal, ConflictError) else 200
        typed = replace(typed, problems=problems_of(refusal))
        return _shown(request, filters, address, typed, words_of(refusal), status)
    messages.success(request, done)
    if request.POST.get("do") == "begin":  # what is typed already stays in the form
        return _shown(request, filters, address, typed)
    stays = request.POST.get("do") == "approve"
    return redirect(request.get_full_path() if stays else _next(request, filters))


def _next(request: SignedInRequest, filters: QueueFilters) -> str:
    return onward(request) or queue_address(filters, filters.period)


def _asked(request: SignedInRequest) -> tuple[int, int]:
    """Key and round of the form. Raises ValidationError where they are missing."""
    number, round_ = (key_of(request.POST.get(name, "")) for name in ("item", "round"))
    if number is None or round_ is None:
        raise ValidationError("刷新页面，核对内容后再决定")
    return number, round_


def _decide(request: SignedInRequest, asked: tuple[int, int], typed: TypedDecision) -> str:
    act = _DECISIONS.get(request.POST.get("do", ""))
    if act is None:
        raise ValidationError("选择“退回修改”或“通过”")
    return act(request, asked, typed)


def _approve(request: SignedInRequest, asked: tuple[int, int], typed: TypedDecision) -> str:
    if typed.remarks:
        raise ValidationError("字段意见和建议值随退回发出；要通过时先清空各栏意见")
    (decision,) = reviews.approve(
        rounds={asked[0]: asked[1]}, by=request.user, comment=comment_of(typed)
    )
    obligation = decision.obligation
    return f"已通过{obligation.subject_code} {obligation.name}，数据已进入看板。"


def _give_back(request: SignedInRequest, asked: tuple[int, int], typed: TypedDecision) -> str:
    decision = reviews.give_back(
        pk=asked[0],
        round=asked[1],
        comment=comment_of(typed),
        remarks=remarks_of(typed),
        answer_due=due_of(typed),
        by=request.user,
    )
    obligation = decision.obligation
    until = f"，限{zh_day(obligation.answer_due)}前修改" if obligation.answer_due else ""
    return f"已退回{obligation.subject_code} {obligation.name}{until}。"


def _begin(request: SignedInRequest, asked: tuple[int, int], typed: TypedDecision) -> str:  # noqa: ARG001
    obligation = reviews.begin(pk=asked[0], by=request.user)
    return f"已开始审核{obligation.subject_code} {obligation.name}，填报单位不能再撤回。"


Act = Callable[[SignedInRequest, tuple[int, int], TypedDecision], str]
_DECISIONS: Mapping[str, Act] = {
    "approve": _approve,
    "begin": _begin,
    "next": _approve,
    "return": _give_back,
}


@dataclass(frozen=True)
class _Read:
    """The results of the page's statements."""

    desk: ReviewerWorkload
    prompts: tuple[Confirmation, ...]
    queue: Queue
    current: ReviewPage | None
    return_by: str


def _shown(
    request: SignedInRequest,
    filters: QueueFilters,
    address: Address | None = None,
    typed: TypedDecision | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found = _read(request, filters, address, typed)
    period = found.desk.period
    context = {
        "desk": found.desk,
        "prompts": found.prompts,
        "queue": found.queue,
        "page": _page(request, found),
        "period": period,
        "filters": filters,
        "query": query_of(filters),
        "kinds": KINDS,
        "is_single": address is not None,
        "problem": problem,
        "phrases": PHRASES,
        "return_by": found.return_by,
        "typed": typed or TypedDecision(),
        **(_beside(found, found.current) if found.current else {}),
    }
    return render(request, "reporting/review/review.html", context, status=status)


def _read(
    request: SignedInRequest,
    filters: QueueFilters,
    address: Address | None,
    typed: TypedDecision | None,
) -> _Read:
    """Workload, rows, obligation, judgements and limits: five statements."""
    limits = thresholds()
    on_desk = reviewer_workload(reader=request.user, code=filters.period)
    obligation = _obligation(address) if address else None
    rows = queue_rows(period=on_desk.period, filters=filters) if on_desk.period else ()
    keys = {
        row.target_id for row in (*rows, *([obligation] if obligation else [])) if row.target_id
    }
    judged = judged_by_key(keys=keys)
    queued = queue(obligations=rows, judged=judged, filters=filters, reader=request.user)
    if obligation is None and queued.rows:
        first = queued.rows[0].obligation
        obligation = _obligation((*first.address, first.agency.code))
    current = None
    if obligation is not None:
        current = review_page(
            obligation=obligation, judged=judged, limits=limits, reader=request.user, typed=typed
        )
    day = on_desk.working_days.after(timezone.localdate(), limits.whole("RETURNED_DAYS"))
    return _Read(on_desk, _prompts(on_desk, limits), queued, current, day.isoformat())


def _prompts(on_desk: ReviewerWorkload, limits: Thresholds) -> tuple[Confirmation, ...]:
    return confirmations(
        today=timezone.localdate(), periods=on_desk.periods, years=on_desk.years, numbers=limits
    )


def _obligation(address: Address) -> Obligation:
    period, kind, code, agency = address
    found = review_obligation(period=period, kind=kind, code=code, agency=agency)
    if found is None:
        raise Http404(f"{period}没有编号为{code}的填报事项")
    check_is_one(found, code)
    return found


def _page(request: SignedInRequest, found: _Read) -> Any:
    """The page of the list asked for, else the one that contains the obligation."""
    pages = Paginator(found.queue.rows, PAGE_SIZE)
    asked = request.GET.get("page")
    if asked is None and found.current:
        keys = [row.pk for row in found.queue.rows]
        key = found.current.obligation.pk
        asked = str(keys.index(key) // PAGE_SIZE + 1) if key in keys else None
    return pages.get_page(asked)


def _beside(found: _Read, current: ReviewPage) -> dict[str, Any]:
    obligation, judged = current.obligation, current.checked.judged
    trend = current.trend
    return {
        "current": current,
        "obligation": obligation,
        "goal": goal_words(judged, obligation.goal_year) if judged else "",
        "trend": trend_picture(trend, obligation.name) if trend else "",
        "trend_words": finding(trend) if trend else "",
        "near": found.queue.near(obligation.pk),
        "following": found.queue.after(obligation.pk),
        "row": next((row for row in found.queue.all if row.pk == obligation.pk), None),
    }
