"""A page as a tree, for tests that follow its links as a reader does."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SELECTOR = re.compile(r"([\w-]*)(?:#([\w-]+))?(?:\.([\w-]+))?(?:\[([\w-]+)(?:=([^\]]*))?\])?")
_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    """An element with its attributes and children, text among them."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, attribute):
        return self.attributes[attribute]

    def has(self, attribute):
        return attribute in self.attributes

    @property
    def text(self):
        """What a reader sees, without spaces."""
        parts = (c if isinstance(c, str) else c.text for c in self.children)
        return re.sub(r"\s+", "", "".join(parts))

    @property
    def line(self):
        """What a reader sees, with a blank between the elements."""
        parts = (c if isinstance(c, str) else c.line for c in self.children)
        return " ".join(" ".join(parts).split())

    @property
    def classes(self):
        return self.attributes.get("class", "").split()

    def every(self, selector):
        """All descendants that fit, in order: `name#id.class[attribute=value]`, or a part of it."""
        return [found for found in self._descendants() if found.fits(selector)]

    def one(self, selector, holding=""):
        """The one descendant that fits and holds the words."""
        found = [element for element in self.every(selector) if holding in element.text]
        assert len(found) == 1, f"{len(found)} × {selector} holding {holding!r}"
        return found[0]

    def fits(self, selector):
        wanted = _SELECTOR.fullmatch(selector)
        name, identity, css, attribute, value = wanted.group(1, 2, 3, 4, 5)
        return (
            (not name or self.name == name)
            and (not identity or self.attributes.get("id") == identity)
            and (not css or css in self.classes)
            and (not attribute or self.has(attribute))
            and (value is None or self.attributes[attribute] == value)
        )

    def rows(self, part="tbody"):
        """The cells of the rows below `tbody`, `thead` or `tfoot`, as elements."""
        return [line.cells for body in self.every(part) for line in body.every("tr")]

    def table_rows(self):
        """What stands in the cells of all rows, heads and feet among them."""
        return [[cell.text for cell in line.cells] for line in self.every("tr")]

    @property
    def cells(self):
        """The cells of a row."""
        found = (c for c in self.children if isinstance(c, Element))
        return [cell for cell in found if cell.name in {"td", "th"}]

    def _descendants(self):
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._descendants()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Element("document")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data):
        if self.open[-1].name not in {"script", "style"}:
            self.open[-1].children.append(data)


def parsed(html):
    """The tree of a page or a piece of one; an element that is not closed fails."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


def document(answer, status=200):
    """The tree of a page that answers so."""
    assert answer.status_code == status, answer.request["PATH_INFO"]
    return parsed(answer.content.decode())
