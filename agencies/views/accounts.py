"""Accounts, as administrators keep them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies import selectors
from agencies.forms import AccountFilterForm, AccountForm
from agencies.models import User
from agencies.policies import Action, SignedInRequest, requires
from agencies.services import accounts
from common.web.refusals import refusal_as_message

PAGE_SIZE = 100


@requires(Action.MANAGE_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    agencies = selectors.account_holders()
    form = AccountFilterForm([(a.code, a.name) for a in agencies], request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    pages = Paginator(selectors.accounts(filters=filters), PAGE_SIZE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "form": form,
        "found": f"共{pages.count}个账号",
        "without_account": [agency for agency in agencies if not agency.has_account],
    }
    return render(request, "agencies/users.html", context)


@never_cache
@requires(Action.MANAGE_ACCOUNTS)
def new_account(request: SignedInRequest) -> HttpResponse:
    chosen = {"agency": request.GET.get("agency")}
    form = AccountForm(request.POST or None, initial=chosen)
    if form.is_valid():
        user = form.instance
        try:
            password = accounts.open_account(user=user, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            return _once(request, user, password)
    return render(request, "agencies/user_form.html", {"form": form})


@requires(Action.MANAGE_ACCOUNTS)
def edit_account(request: SignedInRequest, username: str) -> HttpResponse:
    account = _account(username)
    form = AccountForm(request.POST or None, instance=account)
    if form.is_valid():
        try:
            changed = accounts.change_account(user=form.instance, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{account}已保存" if changed else "没有改动")
            return redirect("agencies:users")
    return render(request, "agencies/user_form.html", {"form": form, "account": account})


@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def set_active(request: SignedInRequest, username: str) -> HttpResponseRedirect:
    account = _account(username)
    account.is_active = request.POST.get("active") == "1"
    with refusal_as_message(request):
        accounts.change_account(user=account, by=request.user)
        messages.success(request, f"{account}已{'启用' if account.is_active else '停用'}")
    return redirect("agencies:user", username=username)


@never_cache
@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def reset_password(request: SignedInRequest, username: str) -> HttpResponse:
    account = _account(username)
    return _once(request, account, accounts.reset_password(user=account, by=request.user))


@never_cache
@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def let_in(request: SignedInRequest, username: str) -> HttpResponse:
    account = _account(username)
    context = {"account": account, "code": accounts.let_in(user=account, by=request.user)}
    return render(request, "agencies/user_code.html", context)


def _account(username: str) -> User:
    return get_object_or_404(User.objects.select_related("agency"), username=username)


def _once(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """The answer to the POST itself: the password is stored nowhere to be shown again."""
    context = {"account": account, "password": password}
    return render(request, "agencies/user_password.html", context)
