"""与上季度相比: ticks, the common reason and handing in, on one page."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from agencies.policies import Action, SignedInRequest, requires
from common.web.input_cleaning import key_of, keys_of
from reporting.filling.services.entries import FieldEdit
from reporting.filling.views.saving import answers_json, check_same_person
from reporting.policies import ConflictError, words_of
from reporting.submitting import services as submissions
from reporting.unchanged.forms import ticked_boxes
from reporting.unchanged.selectors.page import UnchangedPage, unchanged_page
from reporting.unchanged.selectors.sentence import sentence
from reporting.unchanged.services import ticks


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPORT)
def unchanged(request: SignedInRequest, period: str) -> HttpResponse:
    """The page; a POST stores what its boxes say now."""
    if request.method != "POST":
        return _shown(request, _page(request, period))
    page, by = _page(request, period), request.user
    boxes = ticked_boxes(data=request.POST, page=page)
    for code in boxes.changed:
        messages.error(request, f"{code}刚由另一个人改过，看过以后再勾选")
    try:
        ticks.untick(pks=boxes.untick, by=by)
        ticks.tick(pks=boxes.tick, by=by)
        ticks.await_values(pks=boxes.wait, by=by)
        ticks.share_reason(pks=boxes.share, shares=True, by=by)
        ticks.share_reason(pks=boxes.keep, shares=False, by=by)
    except (ConflictError, ValidationError) as refusal:
        messages.error(request, words_of(refusal))
    return redirect(request.get_full_path())


@answers_json
@require_http_methods(["GET", "POST"])
@requires(Action.REPORT)
def reason(request: SignedInRequest, period: str) -> HttpResponse:
    """Save the common reason like a field of a form; a GET has no doubts to tell."""
    if request.method == "GET":
        return JsonResponse({"findings": [], "live": {}})
    check_same_person(request)
    page = _page(request, period)
    edit = FieldEdit(request.POST.get("reason", ""), key_of(request.POST.get("v_reason")) or 0)
    kept = ticks.give_reason(agency=page.agency, period=page.period, edit=edit, by=request.user)
    if "text/html" in request.headers.get("Accept", ""):
        return _back(period)
    conflict = [] if kept else [_conflict(page, edit)]
    return JsonResponse(
        {
            "unsaved": [],
            "version": kept.version if kept else page.reason.version,
            "saved_at": f"{timezone.localtime():%H:%M:%S}",
            "fields": {"reason": {"v": kept.version}} if kept else {},
            "conflicts": conflict,
        }
    )


@answers_json
@require_POST
@requires(Action.REPORT)
def give_up(request: SignedInRequest, period: str) -> HttpResponse:
    """Keep in the ledger the reason that its editor gave up for another's."""
    check_same_person(request)
    page = _page(request, period)
    text = request.POST.get("text", "")
    ticks.give_up(agency=page.agency, period=page.period, text=text, by=request.user)
    return JsonResponse({})


@require_POST
@requires(Action.REPORT)
def send(request: SignedInRequest, period: str) -> HttpResponse:
    """Hand in what is decided, as the check page does."""
    chosen = keys_of(request.POST.getlist("items"))
    phone = request.POST.get("phone", "").strip()
    refusals = list(_missing(request, chosen, phone))
    if not refusals:
        try:
            sent = submissions.send(pks=chosen, by=request.user, phone=phone)
        except (ConflictError, ValidationError) as refusal:
            refusals = [words_of(refusal)]
        else:
            if sent is not None:
                return redirect("reporting:receipt", period, sent.number)
            messages.success(request, f"已把{len(chosen)}项交给本单位审核人，审核后报送区发改局。")
            home = reverse("reporting:home")
            return redirect(f"{home}?{urlencode({'period': period})}")
    return _shown(request, _page(request, period, phone=phone, refusals=refusals))


def _missing(request: SignedInRequest, chosen: list[int], phone: str) -> list[str]:
    found = []
    if not chosen:
        found.append("还没有可以报送的事项")
    if not phone:
        found.append("填写联系电话，审核员有疑问时用")
    elif len(phone) > 30:
        found.append("联系电话最多30个字")
    if "confirmed" not in request.POST:
        found.append("核对后勾选“我已核对以上内容”")
    return found


def _page(
    request: SignedInRequest,
    period: str,
    *,
    phone: str | None = None,
    refusals: Sequence[str] = (),
) -> UnchangedPage:
    page = unchanged_page(
        reader=request.user,
        code=period,
        opened=request.GET.getlist("open"),
        phone=phone,
        is_confirmed="confirmed" in request.POST,
        refusals=refusals,
    )
    if page is None:
        raise Http404(f"没有{period}这个填报期")
    return page


def _shown(request: SignedInRequest, page: UnchangedPage) -> HttpResponse:
    context = {"page": page, "said": sentence(page)}
    return render(request, "reporting/unchanged/unchanged.html", context)


def _conflict(page: UnchangedPage, edit: FieldEdit) -> dict[str, object]:
    kept = page.reason
    return {
        "field": "reason",
        "label": ticks.REASON,
        "mine": edit.text,
        "theirs": kept.text,
        "by": kept.edited_by,
        "at": f"{timezone.localtime(kept.edited_at):%m月%d日 %H:%M}",
        "v": kept.version,
    }


def _back(period: str) -> HttpResponseRedirect:
    return redirect("reporting:unchanged", period)
