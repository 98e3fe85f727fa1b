"""Approving many clean obligations at once, and undoing approvals within ten minutes."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.policies import Action, SignedInRequest, requires
from common.web.input_cleaning import keys_of
from reporting.answers.selectors.checking import judged_by_key
from reporting.models import ReportingPeriod
from reporting.policies import REFUSALS, words_of
from reporting.review.selectors.bulk import BulkPage, bulk_page
from reporting.review.selectors.queue import Queue, QueueFilters, queue, queue_rows
from reporting.review.selectors.workload import reviewer_workload
from reporting.review.services import reviews
from reporting.review.views.decisions import filters_of, queue_address


@require_POST
@requires(Action.REVIEW)
def bulk(request: SignedInRequest) -> HttpResponse:
    """The ticked obligations with every value, to be confirmed. Writes nothing."""
    filters = filters_of(request)
    period = reviewer_workload(reader=request.user, code=filters.period).period
    page = _ticked(request, period, filters) if period else None
    if page is None or not page.rows:
        said = page.left_words if page and page.left else "先勾选要批量通过的事项"
        messages.error(request, said)
        return _back(filters)
    back = queue_address(filters, filters.period)
    query = back.removeprefix(reverse("reporting:queue"))
    context = {"page": page, "period": period, "back": back, "query": query}
    return render(request, "reporting/review/bulk.html", context)


@require_POST
@requires(Action.REVIEW)
def approve(request: SignedInRequest) -> HttpResponseRedirect:
    """Approve what the previous page listed: all or nothing."""
    rounds = _rounds(request.POST.getlist("pick"))
    try:
        reviews.approve(rounds=rounds, by=request.user, batch=True)
    except REFUSALS as refusal:
        messages.error(request, f"{words_of(refusal)}。没有通过任何一项，重新勾选后再试。")
    else:
        messages.success(request, f"已通过{len(rounds)}项，数据已进入看板。")
    return _back(filters_of(request))


@require_POST
@requires(Action.REVIEW)
def undo(request: SignedInRequest) -> HttpResponseRedirect:
    """Undo approvals; the obligations wait again."""
    chosen = keys_of(request.POST.getlist("decision"))
    try:
        rows = reviews.undo(decisions=chosen, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, words_of(refusal))
    else:
        codes = "、".join(row.subject_code for row in rows[:5])
        more = f"等{len(rows)}项" if len(rows) > 5 else ""
        messages.success(request, f"已撤销{codes}{more}的通过，重新待审。")
    return _back(filters_of(request))


def _ticked(request: SignedInRequest, period: ReportingPeriod, filters: QueueFilters) -> BulkPage:
    rows = queue_rows(period=period, filters=filters)
    judged = judged_by_key(keys={row.target_id for row in rows if row.target_id})
    waiting = queue(obligations=rows, judged=judged, filters=filters, reader=request.user)
    return bulk_page(queue=waiting, keys=_keys(request, waiting))


def _keys(request: HttpRequest, waiting: Queue) -> Iterable[str]:
    """The ticked keys; the tick above the list stands for all clean ones."""
    if request.POST.get("all"):
        return [row.key for row in waiting.clean]
    return request.POST.getlist("pick")


def _rounds(keys: Iterable[str]) -> dict[int, int]:
    """Obligation key → round, from ticks such as 17:2."""
    pairs = (keys_of(key.split(":")) for key in keys)
    return {pair[0]: pair[1] for pair in pairs if len(pair) == len(("item", "round"))}


def _back(filters: QueueFilters) -> HttpResponseRedirect:
    return redirect(queue_address(filters, filters.period))
