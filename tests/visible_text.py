"""What a browser shows of all pages, with every blank: python -m tests.visible_text FOLDER.

White space between blocks is never seen; inside a line a run of it is one blank, and between two
Chinese characters that blank is a fault that only readers notice. A formatter of templates moves
line breaks about: what it may not do is to make or to lose such a blank. Write a folder at each of
two commits and compare them (`diff -r`); what differs from run to run is left out.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.test import Client

from tests.benchmarks.system import running
from tests.fuzz.fuzzing import targets_of

BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """html head body title meta link script style header footer main nav section article aside
        div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th
        td form fieldset legend details summary figure figcaption blockquote pre hr option optgroup
        datalist template noscript symbol br""",
    )
)
BOXES = frozenset({"button", "select", "textarea"})
"""They stand in a line and have lines of their own."""
ATOMS = frozenset({"img", "input", "svg"})
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
# What the stylesheets show with its white space: elements of these classes, paragraphs in those.
AS_WRITTEN = frozenset({"typed", "pre", "full"})
PARAGRAPHS_AS_WRITTEN = frozenset({"hist", "closing", "diff"})
_SPACE = re.compile(r"([ \t\n\r\f]+)")
_TAG = re.compile(r"<[^<>]*>")
STARTS = ("/", "/my/", "/review/", "/manage/periods/", "/manage/users/", "/history/", "/matters/",
          "/plan/manage/", "/dashboard/", "/dashboard/2025/", "/manage/rules/", "/manage/import/",
          "/admin/")  # fmt: skip
OF_A_KIND = 3
"""Pages that differ only in codes and names, or in the values of their query."""
_CODE = re.compile(r"(?<=/)(?:[A-Z]?\d+(?:-\d+)?|[A-Z][A-Z0-9_]+|\w+@\d+)(?=/)")
_NAME = re.compile(r"(?<=^/agencies/)[^/]+|(?<=^/manage/users/)(?!new/)[^/]+")
_OF_THE_RUN = re.compile(
    r"\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.+]+|(?<=\.)[0-9a-f]{12}(?=\.)"
    r'|(?<=name="csrfmiddlewaretoken" type="hidden" value=")\w+|\w+:\w{6}:[\w-]{43}'
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.line: list[str] = []
        self.shows_blank = False  # none at the start of a line or after another
        self.open: list[tuple[str, set[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = set(values.get("class", "").split())
        self._stand(tag, _written(tag, values))
        if tag in ATOMS and values.get("type") != "hidden":
            self.shows_blank = True
        if tag in BOXES:
            self.shows_blank = False
        if tag not in VOID:
            self.open.append((tag, classes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in BOXES:
            self._drop_last_blank()
        self._stand(tag, f"</{tag}>")
        if tag in BOXES or tag == "svg":
            self.shows_blank = True

    def handle_data(self, data: str) -> None:
        if any(tag in {"script", "style", "svg"} for tag, _ in self.open):
            return
        if self._is_as_written():
            self.line.append(data.replace("\n", "⏎"))
            self.shows_blank = True
            return
        for piece in _SPACE.split(data):
            if not piece:
                continue
            is_blank = bool(_SPACE.fullmatch(piece))
            if not is_blank or self.shows_blank:
                self.line.append(" " if is_blank else piece)
            self.shows_blank = not is_blank

    def _is_as_written(self) -> bool:
        kept = False
        for tag, classes in self.open:
            if classes & AS_WRITTEN or tag in {"pre", "textarea"}:
                return True
            kept |= bool(classes & PARAGRAPHS_AS_WRITTEN)
        return kept and any(tag == "p" for tag, _ in self.open)

    def _stand(self, tag: str, written: str) -> None:
        if tag not in BLOCKS:
            self.line.append(written)
            return
        self.end_line()
        self.lines.append(written)

    def end_line(self) -> None:
        self._drop_last_blank()
        if self.line:
            self.lines.append("".join(self.line))
        self.line = []
        self.shows_blank = False

    def _drop_last_blank(self) -> None:
        for place in range(len(self.line) - 1, -1, -1):
            if self.line[place] == " ":
                del self.line[place]
                return
            if not _TAG.fullmatch(self.line[place]):
                return


def _written(tag: str, values: dict[str, str]) -> str:
    if "class" in values:
        values["class"] = " ".join(values["class"].split())
    named = "".join(f' {name}="{value}"' for name, value in sorted(values.items()))
    return f"<{tag}{named}>"


def lines(html: str) -> list[str]:
    """What a browser shows of a page, a line each, tags among it; blocks stand by themselves."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return reader.lines


def kind_of(path: str) -> str:
    place, _, query = path.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return " ".join([_CODE.sub("*", _NAME.sub("*", place)), *names])


def pages_of(client: Client) -> Iterator[tuple[str, str]]:
    """Path and HTML of what the pages lead to, a few of each kind."""
    waiting, met, kinds = list(STARTS), set[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in met or kinds.get(kind, 0) >= OF_A_KIND or path.startswith(("/static/", "/log")):
            continue
        met.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            html = answer.content.decode()
            yield path, html
            waiting += [found.path for found in targets_of(html, path) if found.method == "get"]


def main(folder: Path) -> None:
    with running():
        from tests.benchmarks.pages import visitors  # models need the settings of the system

        for visitor in visitors():
            own = folder / visitor.role
            own.mkdir(parents=True)
            for path, html in pages_of(visitor.client()):
                text = _OF_THE_RUN.sub("…", "\n".join(lines(html)))
                name = re.sub(r"[^\w@?=&.-]+", "_", path)[:150]
                (own / f"{name}.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
