from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def agency_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def agency_detail(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "base.html")


def own(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def user_list(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def sign_out(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def change_password(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


class SignIn(LoginView):
    template_name = "agencies/login.html"
