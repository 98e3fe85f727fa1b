"""Requests of our own scripts: answered with JSON, also when they are refused."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, JsonResponse

V = TypeVar("V", bound=Callable[..., object])


def wants_json(request: HttpRequest) -> bool:
    """Whether the request comes from a script, which needs JSON instead of a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal(code: str, message: str, status: int) -> JsonResponse:
    """The JSON answer to a refused request: a code for the script, a sentence for the reader."""
    return JsonResponse({"code": code, "message": message}, status=status)


def passive(view: V) -> V:
    """Mark a view that a page's script calls by itself: it does not extend the session."""
    view.is_passive = True  # type: ignore[attr-defined]
    return view
