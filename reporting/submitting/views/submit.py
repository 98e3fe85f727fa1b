"""Submitting: answers checked and sent, receipt, withdrawal."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.choices import Role
from agencies.policies import Action, SignedInRequest, requires
from common.web.addresses import own_address
from common.web.input_cleaning import keys_of
from reporting.models import Submission
from reporting.policies import ConflictError, words_of
from reporting.submitting import services as submissions
from reporting.submitting.selectors.check_page import SubmissionBlocker, check_page
from reporting.submitting.selectors.receipt import Receipt, receipt

LONGEST_PHONE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPORT)
def check(request: SignedInRequest, period: str) -> HttpResponse:
    """All answers before they are submitted; a POST submits the ticked ones."""
    if request.method != "POST":
        return _check_shown(request, period)
    chosen = chosen_items(request)
    problems = list(_problems(request, chosen))
    if problems:
        return _check_shown(request, period, chosen, problems)
    try:
        sent = submissions.send(pks=chosen, by=request.user, phone=_phone(request))
    except ValidationError:
        return _check_shown(request, period, chosen, [SubmissionBlocker(_NOT_YET, "#items")])
    except ConflictError as refusal:
        return _check_shown(request, period, chosen, [SubmissionBlocker(str(refusal), "#items")])
    return _sent(request, sent, period, len(chosen))


@require_safe
@requires(Action.READ_SOURCES)
def receipt_page(request: SignedInRequest, period: str, number: str) -> HttpResponse:
    """The receipt of a submission."""
    found = _receipt(request, period, number)
    return render(request, "reporting/submitting/receipt.html", {"page": found})


@require_POST
@requires(Action.REPORT)
def withdraw(request: SignedInRequest, period: str) -> HttpResponseRedirect:
    """Withdraw obligations that were submitted or wait for the agency's own signer."""
    try:
        rows = submissions.withdraw(pks=chosen_items(request), by=request.user)
        codes = "、".join(row.subject_code for row in rows)
        messages.success(request, f"已撤回{len(rows)}项：{codes}。修改后重新报送。")
    except (ConflictError, ValidationError) as refusal:
        messages.error(request, words_of(refusal))
    home = f"{reverse('reporting:home')}?{urlencode({'period': period})}"
    return redirect(own_address(request.POST.get("back", "")) or home)


_NOT_YET = "所选事项中有的还不能报送，一项也没有报送：按下面的提示修改，或去掉勾选"


def chosen_items(request: HttpRequest) -> list[int]:
    """Keys of the ticked obligations."""
    return sorted(set(keys_of(request.POST.getlist("items"))))


def _problems(request: HttpRequest, chosen: Iterable[int]) -> Iterable[SubmissionBlocker]:
    if not chosen:
        yield SubmissionBlocker("勾选要报送的事项", "#items")
    phone = _phone(request)
    if not phone:
        yield SubmissionBlocker("填写联系电话，审核员有疑问时用", "#id_phone")
    elif len(phone) > LONGEST_PHONE:
        yield SubmissionBlocker(f"联系电话最多{LONGEST_PHONE}个字", "#id_phone")
    if "confirmed" not in request.POST:
        yield SubmissionBlocker("核对后勾选“我已核对以上内容”", "#id_confirmed")


def _phone(request: HttpRequest) -> str:
    return request.POST.get("phone", "").strip()


def _check_shown(
    request: SignedInRequest,
    period: str,
    chosen: list[int] | None = None,
    problems: Iterable[SubmissionBlocker] = (),
) -> HttpResponse:
    phone = _phone(request) if request.method == "POST" else None
    page = check_page(
        reader=request.user, code=period, chosen=chosen, phone=phone, problems=tuple(problems)
    )
    if page is None:
        raise Http404(f"没有{period}这个填报期")
    context = {
        "page": page,
        "confirmed": "confirmed" in request.POST,
        "sends": request.user.has_role(Role.REPORTER),
    }
    return render(request, "reporting/submitting/check.html", context)


def _sent(
    request: SignedInRequest, sent: Submission | None, period: str, count: int
) -> HttpResponseRedirect:
    if sent is not None:
        return redirect("reporting:receipt", sent.period.code, sent.full_number)
    messages.success(request, f"已把{count}项交给本单位审核人，审核后报送区发改局。")
    return redirect(f"{reverse('reporting:home')}?{urlencode({'period': period})}")


def _receipt(request: SignedInRequest, period: str, number: str) -> Receipt:
    found = receipt(reader=request.user, period=period, number=number)
    if found is None:
        raise Http404(f"没有编号为{number}的报送")
    return found
