import datetime

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.test.html import Element, parse_html

from common.fields import DayField, LongSelect

CHOICES = [("", "全部"), ("jtj", "区<交>通局"), ('a"b', "引号"), ("0", "零")]


class _Form(forms.Form):
    """The same field with the widget of Django and with ours."""

    theirs = forms.ChoiceField(choices=CHOICES, required=False, help_text="说明")
    ours = forms.ChoiceField(
        choices=CHOICES, required=False, widget=LongSelect({"class": "w8"}), help_text="说明"
    )


def _select(form: forms.Form, name: str) -> Element:
    return parse_html(str(form[name]).replace(name, "field").replace(' class="w8"', ""))


class TestLongSelect:
    def test_it_is_written_as_django_writes_it(self) -> None:
        for value in ("", "jtj", 'a"b', "0", "unknown"):
            form = _Form({"theirs": value, "ours": value})
            assert _select(form, "ours") == _select(form, "theirs")
            assert str(form["ours"]).count(" selected") == (value != "unknown")

    def test_its_own_attributes_are_kept(self) -> None:
        assert 'class="w8"' in str(_Form()["ours"])

    def test_labels_are_escaped(self) -> None:
        assert "区&lt;交&gt;通局" in str(_Form()["ours"])


@pytest.mark.parametrize(
    ("today", "typed", "day"),
    [
        ("2026-11-30", "12月15日", "2026-12-15"),
        ("2026-11-30", "12-15", "2026-12-15"),
        ("2026-11-30", "12．15", "2026-12-15"),
        ("2026-11-30", "1月8日", "2027-01-08"),
        ("2027-01-05", "12月31日", "2026-12-31"),
        ("2027-11-30", "2月29", "2028-02-29"),
        ("2026-11-30", " 2026年 12月15日", "2026-12-15"),
    ],
)
def test_a_day_without_its_year_is_the_nearest(today, typed, day):
    with time_machine.travel(f"{today}T04:00:00+00:00", tick=False):
        assert DayField().clean(typed) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("typed", ["13-15", "2月30日", "月底"])
def test_what_is_no_day_is_told(typed):
    with pytest.raises(ValidationError, match="日期写成 2024-03-15"):
        DayField().clean(typed)
