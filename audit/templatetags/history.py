"""From an event of the ledger to the page of its object."""

from django import template
from django.urls import reverse

from audit.models import AuditEvent
from common.formats import in_words

register = template.Library()

# Kind of object → page that every reader of the ledger may open; of what stands below a record
# (T18 2026Q3) the first word counts.
_PAGES = {
    "指标": "targets:detail",
    "阶段目标": "targets:detail",
    "实际值": "targets:detail",
    "任务": "tasks:detail",
    "任务进展": "tasks:detail",
    "项目": "projects:detail",
    "项目进展": "projects:detail",
    "单位": "agencies:detail",
    "单位别名": "agencies:detail",
}


register.filter("in_words", in_words)


@register.simple_tag
def object_page(event: AuditEvent) -> str:
    """The address of the page, or nothing where the kind has none."""
    page = _PAGES.get(event.object_type)
    code = event.object_code.partition(" ")[0]
    return reverse(page, args=[code]) if page and code else ""
