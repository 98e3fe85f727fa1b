"""What comes in is made storable before anything looks at it, or refused in words."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError

# What no keyboard types and neither the database (NUL) nor a workbook takes; lines and tabs stay.
_UNSTORABLE = dict.fromkeys(
    [*(code for code in range(32) if chr(code) not in "\t\n\r"), 0xFFFE, 0xFFFF]
)
_MOST_DIGITS = 18


class IncomingMiddleware:
    """Texts without control characters, in UTF-8; an address that holds such has no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower().replace("-", "") != "utf8":
            raise BadRequest("提交的内容应使用UTF-8编码")
        if storable(request.path_info) != request.path_info:
            raise Http404
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        try:
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]
        except UnreadablePostError as error:
            raise BadRequest("提交的内容没有传完，请再提交一次") from error
        return self.get_response(request)


def storable(text: str) -> str:
    """The text without characters that cannot be stored."""
    return text.translate(_UNSTORABLE)


def fitting(text: str, *, label: str, most: int) -> str:
    """The text without blanks around it. Raise ValidationError for what would be cut."""
    plain = text.strip()
    if len(plain) > most:
        raise ValidationError(f"{label}最多{most}字，现有{len(plain)}字，没有保存")
    return plain


def key_of(text: object) -> int | None:
    """The key of a row, or a version, as a form sends it; None for what cannot be one."""
    digits = str(text)
    fits = len(digits) <= _MOST_DIGITS and digits.isascii() and digits.isdecimal()
    return int(digits) if fits else None


def keys_of(texts: list[str]) -> list[int]:
    """The same of what is ticked, without what cannot be a key."""
    return [key for text in texts if (key := key_of(text)) is not None]


def _cleaned(data: QueryDict) -> QueryDict:
    if all(storable(text) == text for key, texts in data.lists() for text in (key, *texts)):
        return data
    clean = QueryDict(mutable=True, encoding=data.encoding)
    for key, texts in data.lists():
        clean.setlist(storable(key), [storable(text) for text in texts])
    return clean
