"""White space of templates that only their writers see."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from common.web.templates import shown

FOLDER = Path(settings.BASE_DIR) / "templates"
OWN = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


def test_line_breaks_of_an_inline_run_are_nothing_and_blanks_stay():
    written = """<p>
  {% inline %}
    共{{ n }}项，
    {% if late %}
      其中<b>逾期</b> {{ late }}项
    {% endif %}
    。
  {% endinline %}
</p>
"""
    assert shown(written) == (
        "<p>\n共{{ n }}项，{% if late %}其中<b>逾期</b> {{ late }}项{% endif %}。\n</p>\n"
    )


def test_line_breaks_inside_an_element_part_its_attributes():
    written = '{% inline %}\n  <a href="/x"\n     class="q">看</a>\n  吧\n{% endinline %}\n'
    assert shown(written) == '<a href="/x" class="q">看</a>吧\n'


def test_a_tag_may_run_over_several_lines():
    written = '{% include "a.html"\n  with b=c\n  only %}\n{# one\n   two #}\n'
    assert shown(written) == '{% include "a.html" with b=c only %}\n{# one two #}\n'


def test_what_stands_before_the_first_thing_shown_leaves_no_line_break():
    written = "{# row: a Row #}\n{% load ui %}\n<b>{{ row }}</b>\n<i></i>\n"
    assert shown(written) == "{# row: a Row #}{% load ui %}<b>{{ row }}</b>\n<i></i>\n"


def test_the_ideographic_space_is_no_indentation():
    assert shown("<p>\n  　一\n</p>\n") == "<p>\n　一\n</p>\n"


def test_templates_are_read_so():
    assert "\n " not in get_template("base.html").template.source


@pytest.mark.parametrize("path", OWN, ids=str)
def test_every_template_has_the_tags_that_it_uses(path):
    assert get_template(path)
