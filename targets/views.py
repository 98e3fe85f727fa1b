from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def target_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def target_detail(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "base.html")
