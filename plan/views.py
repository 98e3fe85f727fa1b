from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def text(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def manage(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
