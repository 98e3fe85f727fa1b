"""Filters and tags of the look; docs/components.md shows each of them."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common import bars, formats
from common.quarters import Period

register = template.Library()

PLOTLY_FOLDER = "vendor/plotly-4.1.1"

register.filter("number", formats.number)
register.filter("signed", formats.signed)
register.filter("wan", formats.wan)
register.filter("zh_date", formats.zh_date)
register.filter("zh_day", formats.zh_day)
register.filter("zh_month", formats.zh_month)
register.filter("zh_date_weekday", formats.zh_date_weekday)
register.filter("zh_datetime", formats.zh_datetime)


@register.filter
def period(value: Period | str | None) -> str:
    """2026年第三季度 or 2025年, from a Period or its code."""
    if not value:
        return formats.DASH
    return (Period.parse(value) if isinstance(value, str) else value).label


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A symbol of components/icons.html, without a word: only beside its word."""
    return format_html('<svg class="i" aria-hidden="true"><use href="#{}"/></svg>', name)


@register.simple_tag
def missing(why: str) -> SafeString:
    """A dash whose reason shows on hover and focus and is read out."""
    return format_html(
        '<span class="none" tabindex="0" data-why="{0}">—<span class="vh">（{0}）</span></span>',
        why,
    )


@register.simple_tag
def num(
    value: Decimal | int | None, decimals: int | None = None, unit: str = "", *, why: str = ""
) -> str:
    """A number with its unit, or the dash with the reason why there is none."""
    if value is None:
        return missing(why) if why else formats.DASH
    return formats.number(value, decimals) + unit


@register.simple_tag
def breadcrumb(*steps: object) -> SafeString:
    """Label and address in turn, the last label alone: {% breadcrumb "看板" url "T03" %}."""
    links = zip(steps[:-1:2], steps[1::2], strict=True)
    return format_html(
        '<nav class="crumb" aria-label="所在位置"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        format_html_join("", '<li><a href="{1}">{0}</a></li>', links),
        steps[-1],
    )


@register.simple_block_tag
def section(
    content: SafeString, title: str, *, note: str = "", more: str = "", url: str = "",
    css: str = "", id: str = "",
) -> SafeString:  # fmt: skip
    """A section: ink rule, the finding as title, what is measured in small grey, a link to all."""
    return format_html(
        '<section class="sec{}"{}><header><h2>{}</h2>{}{}</header>{}</section>',
        f" {css}" if css else "",
        format_html(' id="{}"', id) if id else "",
        title,
        format_html("<p>{}</p>", note) if note else "",
        format_html('<a class="all" href="{}">{}</a>', url, more) if url else "",
        content,
    )


@register.simple_block_tag
def scroll(content: SafeString, label: str) -> SafeString:
    """Room for a wide table: it scrolls inside itself, by keyboard too."""
    return format_html(
        '<div class="scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, content
    )


@register.inclusion_tag("components/form.html")
def form_page(
    form: BaseForm, submit: str = "保存", *, url: str = "", cancel: str = "返回"
) -> dict[str, object]:
    """A whole form with its error summary, fields and buttons; url is the way back."""
    return {"form": form, "submit": submit, "url": url, "cancel": cancel}


@register.simple_tag
def bar(parts: Sequence[bars.BarPart], total: Decimal | int, label: str) -> SafeString:
    """A stacked bar of common.bars.BarPart pieces."""
    return bars.bar(parts, total, label)


@register.simple_tag
def progress(done: Decimal | int | None, total: Decimal | int | None, label: str) -> SafeString:
    """A bar from 0 to 100 %; empty if nothing is known."""
    if done is None or not total:
        return bars.bar((), 0, label)
    return bars.bar((bars.BarPart(done),), total, label)


@register.simple_tag
def plotly(name: str) -> str:
    """Address of a vendored plotly.js file."""
    return static(f"{PLOTLY_FOLDER}/{name}")


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is one box to tick, which stands before its label."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def described(field: BoundField) -> str:
    """The control of a field that is read out with its hint and error (a group of choices too)."""
    if not field.use_fieldset:
        return str(field)
    ids = " ".join(
        f"{field.auto_id}_{part}"
        for part, present in (("helptext", field.help_text), ("error", field.errors))
        if present
    )
    return format_html(
        '<div role="group" aria-labelledby="{}_label" aria-describedby="{}">{}</div>',
        field.auto_id, ids, field,
    )  # fmt: skip
