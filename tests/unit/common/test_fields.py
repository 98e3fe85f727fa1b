from django import forms
from django.test.html import Element, parse_html

from common.fields import LongSelect

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
