"""Templates are written for readers: indented, and a line of text over several lines.

A browser shows a line break between two Chinese characters as a blank. Therefore, in a template

- what stands between {% inline %} and {% endinline %} is one line: its line breaks are nothing,
  and a blank that is to be seen stands before a tag or between words, never at the end of a line;
- a template tag and a comment may run over several lines, which Django does not know;
- attributes on lines of their own stand in one;
- comments and {% load %} before the first thing that is shown leave no line break;
- indentation is not sent.

This is done once, when a template is read.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ELEMENT = re.compile(r"<[a-zA-Z](?:\{%.*?%\}|\{\{.*?\}\}|\{(?![%{])|[^<>{])*+>", re.DOTALL)
_INLINE = re.compile(r"\{% inline %\}(.*?)\{% endinline %\}", re.DOTALL)
_BEFORE_ALL = re.compile(r"\A((?:\s*(?:\{#.*?#\}|\{% load [^%]*%\}))+)\s*")
_BREAK = re.compile(r"[ \t]*\n\s*", re.ASCII)


class Loader(filesystem.Loader):
    """Reads templates from DIRS."""

    def get_contents(self, origin: Origin) -> str:
        return shown(super().get_contents(origin))


def shown(source: str) -> str:
    """A template without the white space that only its writers see."""
    for parted in (_TAG, _ELEMENT):
        source = parted.sub(lambda found: _BREAK.sub(" ", found[0]), source)
    source = _BEFORE_ALL.sub(lambda found: _BREAK.sub("", found[1]), source)
    source = _INLINE.sub(lambda found: _BREAK.sub("", found[1]), source)
    return _BREAK.sub("\n", source)
