from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string

from common.bars import BarPart, bar
from reporting.templatetags import states
from targets.choices import DataGrade
from targets.rules.levels import Level
from targets.templatetags import judging
from targets.templatetags.judging import grade

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


def render(text, request=None, **context):
    template = Template("{% load ui %}" + text)
    scope = RequestContext(request, context) if request else Context(context)
    return template.render(scope)


class Texts(HTMLParser):
    """What a reader sees: the text without tags."""

    def __init__(self, html):
        super().__init__()
        self.parts = []
        self.feed(html)

    def handle_data(self, data):
        self.parts.append(data)


def seen(html):
    return "".join(Texts(html).parts)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("hollow", [False, True])
def test_a_light_is_a_shape_of_the_sprite_and_a_word(level, hollow):
    html = judging.light(level, hollow=hollow)
    assert seen(html) == level.label
    assert symbol_of(html) in sprite()


def test_a_light_keeps_its_reason_and_escapes_it():
    html = judging.light("grey", why="<缺数据>")
    assert seen(html) == "未判定<缺数据>"
    assert "<缺" not in html


def test_an_unknown_light_is_refused():
    with pytest.raises(ValueError, match="yellow"):
        judging.light("yellow", "黄")


@pytest.mark.parametrize("state", states.WORKFLOW)
def test_workflow_tags_have_symbols_and_no_colour_of_a_light(state):
    html = states.tag(state)
    assert symbol_of(html) in sprite()
    assert not set(Level) & set(html.split('"')[1].split())


@pytest.mark.parametrize("known", DataGrade)
def test_every_data_grade_has_its_marker_and_word(known):
    html = grade(known.value)
    assert seen(html) == known.label
    assert symbol_of(html) in sprite()


def symbol_of(html):
    return html.split('href="#')[1].split('"')[0]


def sprite():
    text = (TEMPLATES / "components/icons.html").read_text(encoding="utf-8")
    return {part.split('"')[0] for part in text.split('<symbol id="')[1:]}


def test_numbers_and_what_is_missing():
    assert render("{% num value 2 '%' %}", value=Decimal("19.2")) == "19.20%"
    assert render("{% num value 2 %}", value=None) == "—"
    html = render("{% num value 2 why='尚未核算' %}", value=None)
    assert seen(html) == "—（尚未核算）"
    assert 'tabindex="0"' in html


def test_period_filter():
    assert render("{{ '2026Q3'|period }} {{ '2025'|period }}") == "2026年第三季度 2025年"


def test_breadcrumb_links_all_but_the_last():
    html = render("{% breadcrumb '看板' '/d/' '指标' '/t/' 'T03' %}")
    assert html.count("<a ") == 2
    assert '<li aria-current="page">T03</li>' in html


def test_section_and_scroll_escape_their_words():
    html = render(
        "{% section title note='口径' url='/all/' more='全部' %}内容{% endsection %}", title="a<b"
    )
    assert "a&lt;b" in html
    assert seen(html) == "a<b口径全部内容"
    assert 'tabindex="0"' in render("{% scroll '数值' %}<table></table>{% endscroll %}")


def test_bars_are_shares_of_the_total():
    html = bar((BarPart(86), BarPart(23, "wait")), 200, "通过86")
    assert 'class="p-actual" x="0" width="43"' in html
    assert 'class="p-wait" x="43" width="11.5"' in html
    assert "p-" not in bar((BarPart(5),), 0, "尚无")
    assert 'width="100"' in bar((BarPart(300),), 200, "超出")
    with pytest.raises(ValueError, match="unknown kind"):
        BarPart(1, "pink")


class Reading(forms.Form):
    value = forms.CharField(label="数值", help_text="期末数")
    grade = forms.ChoiceField(label="状态", choices=[("a", "甲")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)


def test_a_form_names_its_errors_twice_and_links_them(rf):
    form = Reading({"value": "", "note": "x"})
    html = render("{% form_page form '保存' %}", rf.post("/"), form=form, csrf_token="t")
    assert "有2个问题需要修改" in html
    assert 'href="#id_value"' in html
    assert 'aria-describedby="id_value_helptext id_value_error"' in html
    assert 'id="id_value_helptext"' in html
    assert 'id="id_value_error"' in html
    assert 'aria-labelledby="id_grade_label"' in html
    assert html.count("（选填）") == 1
    assert "csrfmiddlewaretoken" in html


def test_pagination_keeps_the_filters(rf):
    page = Paginator(range(60), 25).page(2)
    html = render(
        "{% include 'components/pagination.html' with page=page only %}",
        rf.get("/targets/?kind=b&page=2"), page=page,
    )  # fmt: skip
    assert "kind=b&amp;page=3" in html
    assert "第26—50项，共60项" in html


def test_one_page_needs_no_pagination():
    page = Paginator(range(5), 25).page(1)
    assert render_to_string("components/pagination.html", {"page": page}).strip() == ""
