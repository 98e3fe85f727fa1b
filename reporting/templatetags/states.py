"""The state of an obligation as a tag, and the day that binds it."""

import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.templatetags.ui import icon
from reporting.models import Obligation
from reporting.policies import due_day

register = template.Library()

# State → icon, tone, word. Tones: moving = blue tint, back = purple tint, idle = pale.
WORKFLOW = {
    "empty": ("w-empty", "", "未开始"),
    "draft": ("w-pen", "moving", "草稿"),
    "signing": ("w-sent", "moving", "待单位审核"),
    "submitted": ("w-sent", "idle", "已提交"),
    "to_review": ("w-sent", "moving", "已提交"),
    "returned": ("w-back", "back", "已退回"),
    "approved": ("w-done", "", "已通过"),
    "locked": ("w-locked", "idle", "已锁定"),
}


@register.simple_tag
def tag(state: str, word: str = "") -> SafeString:
    """A workflow state as text with a line icon, never in the colour of a light."""
    symbol, tone, default = WORKFLOW[state]
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(symbol), word or default)


@register.filter
def binding_day(obligation: Obligation) -> datetime.date | None:
    """The one day by which its agency has to act; None for a correction."""
    return due_day(obligation=obligation)
