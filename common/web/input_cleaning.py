"""Request data is cleaned before any view sees it, or refused in words."""

from collections.abc import Callable, Iterable, Mapping
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters

# What no keyboard types and neither the database (NUL) nor a workbook takes; lines and tabs stay.
_UNSTORABLE = dict.fromkeys(
    [*(code for code in range(32) if chr(code) not in "\t\n\r"), 0xFFFE, 0xFFFF]
)
_MOST_DIGITS = 18


class InputCleaningMiddleware:
    """Texts without control characters, in UTF-8; an address that holds such has no page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_utf8(request.content_params or {}):
            raise BadRequest("提交的内容应使用UTF-8编码")
        if storable(request.path_info) != request.path_info:
            raise Http404
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        try:
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]
        except UnreadablePostError as error:
            raise BadRequest("提交的内容没有传完，请再提交一次") from error
        return self.get_response(request)


def in_known_charset(application: WSGIApplication) -> WSGIApplication:
    """The application, which need not make a request of what names another charset.

    Django decodes the address by it before any middleware, and fails where Python knows a codec of
    that name that makes no text (rot13). The middleware refuses the request in words.
    """

    def run(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind, named = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if not _is_utf8(named):
            environ["CONTENT_TYPE"] = f"{kind}; charset=unknown"
        return application(environ, start_response)

    return run


def _is_utf8(named: Mapping[str, str]) -> bool:
    return named.get("charset", "utf-8").lower().replace("-", "") == "utf8"


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
    """The keys of ticked boxes; values that cannot be a key are dropped."""
    return [key for text in texts if (key := key_of(text)) is not None]


def _cleaned(data: QueryDict) -> QueryDict:
    if all(storable(text) == text for key, texts in data.lists() for text in (key, *texts)):
        return data
    clean = QueryDict(mutable=True, encoding=data.encoding)
    for key, texts in data.lists():
        clean.setlist(storable(key), [storable(text) for text in texts])
    return clean
