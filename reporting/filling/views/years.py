"""An address that fits the values of several years offers the choice among them."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reporting.filling.selectors.obligation_details import ObligationDetails
from reporting.models import Obligation

View = Callable[..., HttpResponse]


class SeveralYearsError(Exception):
    """The address names a target of which the period asks for several years."""

    def __init__(self, item: Obligation) -> None:
        super().__init__(item.subject_name)
        self.item = item


def check_is_one(item: Obligation, code: str) -> None:
    """Raise SeveralYearsError where the code of an address fits several obligations."""
    if ObligationDetails(item).years(code):
        raise SeveralYearsError(item)


def offers_years(page: str) -> Callable[[View], View]:
    """Decorate a view to offer the years to choose from, each as `page` with its own address."""

    def wrapped(view: View) -> View:
        @wraps(view)
        def offering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except SeveralYearsError as found:
                return _offered(request, found.item, page)

        return offering

    return wrapped


def _offered(request: HttpRequest, item: Obligation, page: str) -> HttpResponse:
    """The choice of years. Nothing of a POST is written: it does not name its year."""
    years = ObligationDetails(item).years(item.subject.code)
    context = {"item": item, "years": years, "page": page, "is_lost": request.method == "POST"}
    status = 409 if request.method == "POST" else 200
    return render(request, "reporting/filling/choose_year.html", context, status=status)
