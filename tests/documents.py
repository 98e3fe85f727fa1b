"""A page as a tree, for tests that follow its links as a reader does."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    """An element with its attributes and children, text among them."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, attribute):
        return self.attributes[attribute]

    @property
    def text(self):
        """What a reader sees, without spaces."""
        parts = (c if isinstance(c, str) else c.text for c in self.children)
        return re.sub(r"\s+", "", "".join(parts))

    @property
    def classes(self):
        return self.attributes.get("class", "").split()

    def every(self, selector):
        """All descendants that fit `name`, `name.class`, `.class` or `#id`, in order."""
        return [found for found in self._descendants() if found.fits(selector)]

    def one(self, selector, holding=""):
        """The one descendant that fits and holds the words."""
        found = [element for element in self.every(selector) if holding in element.text]
        assert len(found) == 1, f"{len(found)} × {selector} holding {holding!r}"
        return found[0]

    def fits(self, selector):
        if selector.startswith("#"):
            return self.attributes.get("id") == selector[1:]
        name, _, css = selector.partition(".")
        return (not name or self.name == name) and (not css or css in self.classes)

    def rows(self, part="tbody"):
        """The cells of the rows below `tbody`, `thead` or `tfoot`, as elements."""
        lines = [line for body in self.every(part) for line in body.every("tr")]
        cells = ([c for c in line.children if isinstance(c, Element)] for line in lines)
        return [[cell for cell in line if cell.name in {"td", "th"}] for line in cells]

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


def document(answer):
    """The tree of a page; an element that is not closed fails."""
    assert answer.status_code == 200, answer.request["PATH_INFO"]
    reader = _Reader()
    reader.feed(answer.content.decode())
    reader.close()
    assert reader.open == [reader.root]
    return reader.root
