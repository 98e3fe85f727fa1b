"""The audit ledger as page and download. Roles are checked here: `audit` does not know them."""

from urllib.parse import quote

import tablib
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.policies import Action, SignedInRequest, can, requires
from audit import selectors, services
from audit.forms import HistoryFilterForm
from audit.notes import mark_noted
from common.registers.tables import ExcelFormat

PAGE_SIZE = 50
MOST_EXPORTED = 10_000
# Types of objects whose events contain texts that agencies typed.
TYPED = frozenset({"应报事项", "报送", "重大问题", "事项", "批示", "延期和解锁", "提醒"})


@requires(Action.READ_HISTORY)
def history(request: HttpRequest) -> HttpResponse:
    """The ledger; without texts of objects whose texts the reader may not see."""
    form = HistoryFilterForm(request.GET or None)
    pages = Paginator(selectors.history(filters=_filters(form)), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    selectors.seal(events=page.object_list, kinds=_sealed(request))
    context = {
        "form": form,
        "page": page,
        "found": f"共{pages.count}条",
        "kinds": selectors.KINDS,
        "actions": selectors.ACTIONS,
        "most": MOST_EXPORTED,
    }
    return render(request, "audit/history.html", context)


@requires(Action.READ_HISTORY)
@require_POST
def export(request: SignedInRequest) -> HttpResponse:
    """A workbook of the filtered events; a POST, because the download itself is audited."""
    events = selectors.history(filters=_filters(HistoryFilterForm(request.GET or None)))
    dataset = tablib.Dataset(title="留痕", headers=list(selectors.EXPORT_HEADERS))
    for row in selectors.export_rows(events, most=MOST_EXPORTED, sealed=_sealed(request)):
        dataset.append(row)
    extent = (("行数", "", str(len(dataset))), ("条件", "", request.GET.urlencode()))
    services.record(services.Entry("导出", "留痕", "history", "留痕", extent), by=request.user)
    file = ExcelFormat()
    response = HttpResponse(file.export_data(dataset), content_type=file.get_content_type())
    name = quote(f"留痕{timezone.localdate():%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return mark_noted(response)


def _sealed(request: HttpRequest) -> frozenset[str]:
    return frozenset() if can(request.user, Action.READ_OWN) else TYPED


def _filters(form: HistoryFilterForm) -> dict[str, object]:
    """The valid filters of the address; invalid ones are shown as errors."""
    form.is_valid()
    return getattr(form, "cleaned_data", {})
