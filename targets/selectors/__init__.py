"""Reads of targets for pages and charts."""

from targets.selectors.base_values import (
    BASED,
    UNBASED,
    BaseEntry,
    base_entry,
    base_years,
    doubt_of_goal,
    reduction_reached,
)
from targets.selectors.judging.both_days import judged_on_both
from targets.selectors.judging.judged import Judged, judged_targets, years_among
from targets.selectors.judging.judged_cache import judged_now, judged_now_and_then
from targets.selectors.judging.rules_in_force import rule_on, rules_on
from targets.selectors.judging.terms import terms_of
from targets.selectors.judging.unreviewed import NOTHING, Unreviewed
from targets.selectors.judging.years import milestone_years
from targets.selectors.page.detail import TargetDetail, target_detail
from targets.selectors.settling import (
    CarriedOver,
    OutlookRow,
    SettledYear,
    SettlingRow,
    missed_of,
    outlooks,
    settled_year,
)
from targets.selectors.waiting.rule_change import (
    LightChange,
    RuleBook,
    lights_changed,
    pending_rules,
    rule_book,
)
from targets.selectors.waiting.waiting_proposals import WaitingGroup, waiting_groups

__all__ = [
    "BASED",
    "NOTHING",
    "UNBASED",
    "BaseEntry",
    "CarriedOver",
    "Judged",
    "LightChange",
    "OutlookRow",
    "RuleBook",
    "SettledYear",
    "SettlingRow",
    "TargetDetail",
    "Unreviewed",
    "WaitingGroup",
    "base_entry",
    "base_years",
    "doubt_of_goal",
    "judged_now",
    "judged_now_and_then",
    "judged_on_both",
    "judged_targets",
    "lights_changed",
    "milestone_years",
    "missed_of",
    "outlooks",
    "pending_rules",
    "reduction_reached",
    "rule_book",
    "rule_on",
    "rules_on",
    "settled_year",
    "target_detail",
    "terms_of",
    "waiting_groups",
    "years_among",
]
