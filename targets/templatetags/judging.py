"""A light, a value that leads to its source, its grade, and the rules in force below a list."""

from functools import cache

from django import template
from django.template import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.quarters import Period
from common.templatetags.ui import icon
from pages.caching import cached_by_version
from pages.frame import frame_of
from pages.links import kept
from records.asof import day_of
from targets.models.targets import value_address
from targets.rules import Grade, JudgingRules, plain
from targets.rules.levels import Level
from targets.selectors import rules_on

register = template.Library()
register.filter("plain", plain)


@register.simple_tag
def light(level: str, word: str = "", *, hollow: bool = False, why: str = "") -> SafeString:
    """Shape, mark and word of a light; hollow = preliminary, why = the reason of a grey one."""
    shown = Level(level)
    return format_html(
        '<span class="light {}">{}{}{}</span>',
        shown,
        mark(shown, hollow=hollow),
        word or shown.label,
        format_html('<span class="why">{}</span>', why) if why else "",
    )


@register.simple_tag
@cache
def mark(level: str, *, hollow: bool = False) -> SafeString:
    """The shape of a light alone: only in a cell whose words stand beside it or in its title."""
    return icon(f"{level}-hollow" if hollow and level != Level.GREY else level)


@register.simple_tag
def sourced(text: str, code: str, period: Period | str | int) -> SafeString:
    """A number of a target and a period that leads to where it comes from; js/provenance.js shows
    that beside the page."""
    code_of = period.code if isinstance(period, Period) else str(period)
    link = '<a class="num" data-value href="{}">{}</a>'
    return format_html(link, kept(value_address(code, code_of)), text)


@register.simple_tag
def grade(value: str) -> SafeString:
    """Marker and word of a data grade: shape = whose number, fill = settled or not."""
    symbol = icon(f"grade-{value}")
    return format_html('<span class="grade">{}{}</span>', symbol, Grade(value).label)


@register.simple_tag(takes_context=True)
def judging_rules(context: template.Context) -> JudgingRules:
    """The rules that a page has read as `rules`, else those of its day, once a data version."""
    known = context.get("rules")
    if isinstance(known, JudgingRules):
        return known
    if not isinstance(context, RequestContext):
        return rules_on(day_of(None))
    frame = frame_of(context.request)
    return cached_by_version(frame, "judging rules", lambda: rules_on(frame.day))
