"""Form fields that take what people type."""

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.quantities import UnreadableError, parse_decimal, plain

LARGEST = Decimal(10) ** 14
F = TypeVar("F", bound=forms.Field)
Bound = Mapping[str, Any] | None
"""What a form is bound to: what an address or a POST says, or nothing."""


def typed_field(form: forms.BaseForm, name: str, kind: type[F]) -> F:
    """A field of a form as what it is, to set its choices, its label or its rows."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is no {kind.__name__}")
    return field


class NumberField(forms.CharField):
    """A number as people type it: 1,234.5, １２.５ or 78.6%."""

    def __init__(self, *, decimals: int = 4, **kwargs: Any) -> None:
        self.decimals = decimals
        widget = forms.TextInput({"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = str(super().clean(value) or "").strip().rstrip("%％").strip()
        try:
            number = parse_decimal(text) if text else None
        except UnreadableError as error:
            raise ValidationError(str(error)) from error
        if text and number is None:
            raise ValidationError(f"“{text}”不是数字，没有数值时留空")
        if number is not None and number != round(number, self.decimals):
            raise ValidationError(f"最多填{self.decimals}位小数")
        if number is not None and abs(number) >= LARGEST:
            raise ValidationError("数字太大，请核对单位")
        return number


_MONTH_AND_DAY = re.compile(r"(\d{1,2})(?:月(\d{1,2})日?|[-./](\d{1,2}))")


class DayField(forms.DateField):
    """A day as people type it: 2024-03-15, 2024.3.15, 2024/3/15 or 2024年3月15日.

    Without its year, 12月15日 or 12-15, it is the nearest such day. Of a plan's life: what is
    reckoned from a day at either end of the calendar has no day.
    """

    widget = forms.DateInput({"autocomplete": "off", "class": "day"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日")
    default_error_messages = {"invalid": "日期写成 2024-03-15"}
    default_validators = [
        MinValueValidator(datetime.date(2000, 1, 1), "日期应在2000年至2100年之间"),
        MaxValueValidator(datetime.date(2100, 12, 31), "日期应在2000年至2100年之间"),
    ]

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, str):
            shown = plain(value)
            found = _MONTH_AND_DAY.fullmatch(shown)
            value = _nearest_day(int(found[1]), int(found[2] or found[3])) if found else shown
        return super().to_python(value)


def _nearest_day(month: int, day: int) -> str:
    """The day of last, this or next year that is closest to today; as typed where there is none."""
    today, days = timezone.localdate(), []
    for year in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):
            days.append(datetime.date(year, month, day))
    return min(days, key=lambda one: abs(one - today)).isoformat() if days else f"{month}-{day}"


class LongSelect(forms.Select):
    """A select of up to some hundred options without groups, written in one go.

    Django renders a template of its own for each option: with four hundred agencies that took a
    third of a list page.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002
    ) -> SafeString:
        chosen = self.format_value(value)
        options = (
            (key, _SELECTED if str(key) in chosen else "", label) for key, label in self.choices
        )
        return format_html(
            "<select{}>\n{}</select>",
            flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}),
            format_html_join("", '<option value="{}"{}>{}</option>\n', options),
        )


_SELECTED = SafeString(" selected")
