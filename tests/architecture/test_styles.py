"""The look has one source of colour, and pages carry no style or script of their own."""

import re

import pytest

from common.web.templates import shown
from tests.architecture.source import ROOT, name_of

STYLES = sorted((ROOT / "static/css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
COLOUR_SOURCES = {"tokens.css", "print.css"}
HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b(?![\w-])", re.IGNORECASE)
FUNCTION = re.compile(r"\b(?:rgba?|hsla?|oklch|color)\(", re.IGNORECASE)
BLOCK = re.compile(
    r"<(?:article|aside|blockquote|caption|d[ltd]|details|div|fieldset|figure|footer|form|h[1-6]|header"
    r"|legend|li|main|nav|ol|option|p|section|select|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b"
)
_HAN = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”…]"
BROKEN = re.compile(rf"{_HAN}[ \t]*\n\s*{_HAN}")
USED = re.compile(r"var\(--([\w-]+)")
DEFINED = re.compile(r"--([\w-]+)\s*:")


def without_comments(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", [*STYLES, *SCRIPTS, *TEMPLATES], ids=name_of)
def test_lines_are_short(path):
    longest = max(path.read_text(encoding="utf-8").splitlines(), key=len)
    assert len(longest) <= 120, longest


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_line_of_a_template_begins_one_block(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if len(BLOCK.findall(line)) > 1]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_line_breaks_inside_chinese(path):
    text = shown(path.read_text(encoding="utf-8"))
    assert not BROKEN.findall(text), "a browser shows a blank there: {% inline %}"


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_come_from_the_tokens(path):
    if path.name in COLOUR_SOURCES:
        return
    # an id selector may look like a hex colour only where it opens a rule
    values = re.findall(r":([^;{}]*)[;}]", without_comments(path))
    strangers = [value for value in values if HEX.search(value) or FUNCTION.search(value)]
    assert not strangers


def test_every_token_that_is_used_is_defined():
    defined: set[str] = set()
    used: dict[str, str] = {}
    for path in STYLES:
        text = without_comments(path)
        defined |= set(DEFINED.findall(text))
        used |= dict.fromkeys(USED.findall(text), path.name)
    assert not {name: where for name, where in used.items() if name not in defined}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_have_no_style_no_script_and_no_colour(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"<style\b|\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text), "an event handler in the page"
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "a script in the page"
    assert not re.search(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", text)
    assert not [colour for colour in HEX.findall(text) if not is_anchor(text, colour)]


def is_anchor(text, colour):
    return f'"{colour}' in text and f'href="{colour}' in text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_reach_no_other_host_and_write_no_markup(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://", text)
    assert not re.search(
        r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b", text
    )
    named_by_page = r"import\(document\.body\.dataset\.\w+\)"
    rest = re.sub(named_by_page, "", text)
    assert not re.search(r"^\s*import\b|\bimport\(", rest, flags=re.MULTILINE), (
        "hashed names are not known inside a module, unless the page hands them over"
    )


def test_icons_that_templates_use_are_in_the_sprite():
    sprite = (ROOT / "templates/components/icons.html").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = {
        (name_of(path), icon)
        for path in TEMPLATES
        for icon in re.findall(r'\{% icon "([\w-]+)" %\}', path.read_text(encoding="utf-8"))
    }
    assert used
    assert {icon for _, icon in used} <= known


def test_classes_that_templates_use_are_in_a_stylesheet():
    known = {
        name
        for path in STYLES
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", without_comments(path))
    }
    unknown = {
        (name_of(path), name)
        for path in TEMPLATES
        if "admin" not in path.parts  # those classes are of Django's own stylesheets
        for value in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.sub(r"\S*\{\{.*?\}\}\S*", " ", re.sub(r"\{%.*?%\}", " ", value)).split()
        if name not in known
    }
    assert not unknown
