"""The rules in force below every list of lights, and the grade of a value."""

from django import template
from django.template import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.templatetags.ui import icon
from pages.asof import asof_of
from pages.caching import made_once
from records.asof import day_of
from targets.rules import Grade, JudgingRules, plain
from targets.selectors import rules_on

register = template.Library()
register.filter("plain", plain)


@register.simple_tag
def grade(value: str) -> SafeString:
    """Marker and word of a data grade: shape = whose number, fill = settled or not."""
    mark = icon(f"grade-{value}")
    return format_html('<span class="grade">{}{}</span>', mark, Grade(value).label)


@register.simple_tag(takes_context=True)
def judging_rules(context: template.Context) -> JudgingRules:
    """The rules that a page has read as `rules`, else those of its day, once a data version."""
    known = context.get("rules")
    if isinstance(known, JudgingRules):
        return known
    if not isinstance(context, RequestContext):
        return rules_on(day_of(None))
    asof = asof_of(context.request)
    return made_once(context.request, "judging rules", lambda: rules_on(day_of(asof)))
