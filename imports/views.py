from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def run_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def run(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "base.html")
