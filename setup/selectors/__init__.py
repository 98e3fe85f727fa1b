from setup.selectors.agency_changes import change_rows, preview
from setup.selectors.checklist import (
    assigned_milestones,
    baseline_rows,
    checklist,
    pending_milestones,
)
from setup.selectors.links import LinkRow, LinksPage, link_rows, links_page, served_record

__all__ = [
    "LinkRow",
    "LinksPage",
    "assigned_milestones",
    "baseline_rows",
    "change_rows",
    "checklist",
    "link_rows",
    "links_page",
    "pending_milestones",
    "preview",
    "served_record",
]
