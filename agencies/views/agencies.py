from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.policies import Action, requires


@requires(Action.READ)
def agency_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@requires(Action.READ)
def agency_detail(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "base.html")


@requires(Action.READ_OWN)
def own(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
