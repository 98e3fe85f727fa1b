"""Matters on pages of rooms below, which know none: the page names its subject."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.models import User
from agencies.policies import Action, can
from pages.asof import asof_of
from records.asof import day_of
from reporting.matters.selectors.matter_lines import MatterLine
from reporting.matters.selectors.matters_page import rows_of

register = template.Library()


@register.inclusion_tag("reporting/matters/_matters_about.html", takes_context=True)
def matter_table(context: dict[str, Any], lines: Sequence[MatterLine]) -> dict[str, Any]:
    """The matters that touch what a page is about; nothing where there are none."""
    is_open = sum(line.is_open for line in lines)
    title = f"涉及的事项：没有办结的{is_open}件" if is_open else "涉及的事项：都已办结"
    return {"rows": rows_of(lines, day_of(asof_of(context["request"]))), "title": title}


@register.simple_tag(takes_context=True)
def raise_matter(context: dict[str, Any], code: str) -> SafeString:
    """A button to raise a matter about a subject, for who may."""
    user: User = context["request"].user
    if not can(user, Action.RAISE_MATTERS):
        return SafeString("")
    words = "登记事项" if can(user, Action.KEEP_MATTERS) else "报告问题"
    address = f"{reverse('reporting:new_matter')}?about={code}"
    return format_html('<a class="btn" href="{}">{}</a>', address, words)
