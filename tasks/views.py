from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def task_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def task_detail(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "base.html")
