"""Requests as nobody sends them on purpose: real addresses and forms, values that do not fit."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote

from hypothesis import strategies as st

NASTY = (
    "", " ", "\0", "a\0b", "\x0b", "\x1b[0m", "￾", "<b>%", "</b><script>", "%s %(x)s {0} {{ }}",
    "%", "%00", "%25", "'\"\\;--", "abc", "//evil.example", "https://evil.example/",
    "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", "?", "#", "/", "..", "../../etc/passwd",
    "-1", "0", "1", "²", "٣", "１２", "9" * 30, "9" * 4400, "1e999999", "-1e-999999", "NaN",
    "Infinity", "1,2,3", "0.1", "true", "null", "[]", "1:2", "1-2", "9" * 18 + "-" + "9" * 18,
    "2026", "0000", "9999", "2026Q5", "2026Q3", "0000Q1", "9999Q4", "2026Q0", "２０２６Q3",
    "2026-02-30", "0001-01-01", "9999-12-31", "2026-12-31", "2026年12月31日", "0000-05",
    "T01", "T99", "5-1", "P1", "jtj", "长" * 300, "长" * 30_000, "\U0001f600", "‮a", "\r\n", "\t",
)  # fmt: skip
NAMES = (
    "page", "period", "asof", "basis", "next", "back", "q", "from", "to", "step", "tab", "year",
    "quarter", "item", "matter", "code", "clause", "quote", "kind", "state", "agency", "user",
    "object", "seen", "version", "about", "check", "doubts", "share", "sort", "category",
)  # fmt: skip
CONTENT_TYPES = (
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=gbk",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json",
    "nonsense",
)
_FORM = re.compile(r"<form(?P<head>[^>]*)>(?P<body>.*?)</form>", re.DOTALL)
_CONTROL = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_LINK = re.compile(r'href="(/[^"#]*)"')

nasty = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@dataclass(frozen=True)
class Target:
    """Where a request may go: an address with the values that its page gave to its controls."""

    path: str
    method: str = "get"
    fields: tuple[tuple[str, str], ...] = ()


@dataclass
class Request:
    """One request as it is sent, and as a failure names it."""

    role: str
    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = ""

    def sent(self, client):
        send = getattr(client, self.method)
        if self.content_type:
            return client.generic("POST", self.path, b"a=+AAA-&b=%00", self.content_type)
        return send(self.path, self.fields, headers=self.headers)

    def __str__(self):
        shown = {name: text[:60] for name, text in self.fields.items()}
        return f"{self.role}: {self.method} {self.path[:300]} {shown} {self.content_type}"


def targets_of(page, path):
    """What a page leads to: its forms, and its links."""
    found = [Target(unescape(link)) for link in _LINK.findall(page)]
    for form in _FORM.finditer(page):
        head = dict(_ATTRIBUTE.findall(form["head"]))
        action = unescape(head.get("action", "")) or path
        if action.startswith("/"):
            fields = tuple(_fields(form["body"]))
            found.append(Target(action, head.get("method", "get").lower(), fields))
    return found


def _fields(body):
    for control in _CONTROL.findall(body):
        known = dict(_ATTRIBUTE.findall(control))
        if known.get("name") and known.get("type") != "file":
            yield unescape(known["name"]), unescape(known.get("value", ""))


@st.composite
def requests(draw, role, targets, routes):
    """A request of a role: to what its pages lead to, or to any route with values of its own."""
    if draw(st.booleans()):
        target = draw(st.sampled_from(targets))
    else:
        route = draw(st.sampled_from(routes))
        path = re.sub(r"<[^>]*>", lambda _: _in_path(draw(nasty)), route)
        target = Target(path, draw(st.sampled_from(("get", "post"))))
    fields = dict(target.fields)
    names = st.sampled_from([*NAMES, *fields, *fields, *fields])
    fields |= draw(st.dictionaries(names, nasty, max_size=3))
    headers = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "Accept": st.just("application/json"),
                "If-None-Match": st.sampled_from(('"x"', "W/", "*", "“”")),
                "If-Modified-Since": st.sampled_from(("x", "Thu, 01 Jan 0000 00:00:00 GMT")),
                "X-Forwarded-For": st.sampled_from(("x", "1.2.3.4, 5", "::", "9" * 400)),
                "Referer": st.sampled_from(("x", "http://[", "//")),
            },
        )
    )
    content_type = draw(st.sampled_from(("",) * 12 + CONTENT_TYPES))
    method = "post" if content_type else target.method
    return Request(role, method, target.path, fields, headers, content_type)


def _in_path(text):
    return quote(text[:5000], safe="")
