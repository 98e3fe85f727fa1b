"""Requests of our own scripts: answered with JSON, also when they are refused."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, JsonResponse

V = TypeVar("V", bound=Callable[..., object])


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which cannot do anything with a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal(code: str, message: str, status: int) -> JsonResponse:
    """What a script is told; the code is for it, the sentence for the reader."""
    return JsonResponse({"code": code, "message": message}, status=status)


def passive(view: V) -> V:
    """Mark a view that a page asks by itself: it does not keep the session awake."""
    view.is_passive = True  # type: ignore[attr-defined]
    return view
