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

    def __init__(self, obligation: Obligation) -> None:
        super().__init__(obligation.subject_name)
        self.obligation = obligation


def check_is_one(obligation: Obligation, code: str) -> None:
    """Raise SeveralYearsError where the code of an address fits several obligations."""
    if ObligationDetails(obligation).years(code):
        raise SeveralYearsError(obligation)


def offers_years(page: str) -> Callable[[View], View]:
    """Decorate a view to offer the years to choose from, each as `page` with its own address."""

    def wrapped(view: View) -> View:
        @wraps(view)
        def offering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except SeveralYearsError as found:
                return _offered(request, found.obligation, page)

        return offering

    return wrapped


def _offered(request: HttpRequest, obligation: Obligation, page: str) -> HttpResponse:
    """The choice of years. Nothing of a POST is written: it does not name its year."""
    years = ObligationDetails(obligation).years(obligation.subject.code)
    is_lost = request.method == "POST"
    context = {"obligation": obligation, "years": years, "page": page, "is_lost": is_lost}
    status = 409 if is_lost else 200
    return render(request, "reporting/filling/choose_year.html", context, status=status)
