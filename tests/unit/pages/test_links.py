"""Links that are written for a page keep its day or its basis."""

import pytest
from django.template import Template
from django.template.context import Context

from pages.links import keeping, kept


def rendered(text, **facts):
    return Template(text).render(Context(facts))


@pytest.mark.parametrize(
    ("address", "with_day"),
    [
        ("/targets/", "/targets/?asof=2026-06-30"),
        ("/targets/?level=red", "/targets/?level=red&asof=2026-06-30"),
        ("/targets/?", "/targets/?asof=2026-06-30"),
        ("?period=2026Q2", "?period=2026Q2&asof=2026-06-30"),
        ("/tasks/5-1/#top", "/tasks/5-1/?asof=2026-06-30#top"),
        ("/dashboard/paths.json", "/dashboard/paths.json?asof=2026-06-30"),
        ("/agencies/jtj/", "/agencies/jtj/?asof=2026-06-30"),
        ("/dashboard/wall/", "/dashboard/wall/"),
        ("/dashboard/?asof=2026-01-01", "/dashboard/?asof=2026-01-01"),
        ("/nowhere/", "/nowhere/"),
        ("#main", "#main"),
        ("", ""),
    ],
)
def test_links_keep_the_day_where_the_page_behind_them_can_show_it(address, with_day):
    assert kept(address) == address
    with keeping("asof", "2026-06-30"):
        assert kept(address) == with_day
    assert kept(address) == address


def test_what_one_page_keeps_ends_with_it_also_when_it_fails():
    with pytest.raises(ValueError, match="the page"), keeping("asof", "2026-06-30"):
        raise ValueError("the page")
    assert kept("/targets/") == "/targets/"


class TestTags:
    def test_an_address_by_name_with_a_query(self):
        text = '{% page_url "tasks:list" category=3 period="2026Q2" %}'
        assert rendered(text) == "/tasks/?category=3&amp;period=2026Q2"
        with keeping("asof", "2026-06-30"):
            assert rendered(text) == "/tasks/?category=3&amp;period=2026Q2&amp;asof=2026-06-30"

    def test_an_address_for_another_tag(self):
        with keeping("asof", "2026-06-30"):
            found = rendered('{% page_url "targets:detail" "T03" as at %}<a href="{{ at }}"></a>')
        assert found == '<a href="/targets/T03/?asof=2026-06-30"></a>'

    def test_an_address_that_is_known(self):
        with keeping("basis", "submitted"):
            found = rendered("{{ url|kept }}", url="/targets/?level=red")
        assert found == "/targets/?level=red&amp;basis=submitted"

    def test_a_filter_asks_for_the_same_day(self):
        assert rendered("{% kept_fields %}") == ""
        with keeping("asof", "2026-06-30"):
            found = rendered("{% kept_fields %}")
        assert found == '<input type="hidden" name="asof" value="2026-06-30">'
