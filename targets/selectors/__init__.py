"""Targets as pages and charts read them."""

from targets.selectors.bases import base_years, doubt_of_goal, reduction_reached
from targets.selectors.detail import TargetDetail, target_detail
from targets.selectors.facts import AHEAD_YEAR, SETTLED_YEAR
from targets.selectors.judged import Judged, judged_targets
from targets.selectors.proposals import waiting_proposals
from targets.selectors.reading import terms_of
from targets.selectors.rule_change import LightChange, RuleBook, lights_changed, rule_book
from targets.selectors.rules_in_force import rule_on, rules_on
from targets.selectors.settling import (
    CarriedOver,
    OutlookRow,
    SettledYear,
    SettlingRow,
    missed_of,
    outlooks,
    settled_year,
    settling_rows,
)
from targets.selectors.unreviewed import NOTHING, Unreviewed

__all__ = [
    "AHEAD_YEAR",
    "NOTHING",
    "SETTLED_YEAR",
    "CarriedOver",
    "Judged",
    "LightChange",
    "OutlookRow",
    "RuleBook",
    "SettledYear",
    "SettlingRow",
    "TargetDetail",
    "Unreviewed",
    "base_years",
    "doubt_of_goal",
    "judged_targets",
    "lights_changed",
    "missed_of",
    "outlooks",
    "reduction_reached",
    "rule_book",
    "rule_on",
    "rules_on",
    "settled_year",
    "settling_rows",
    "target_detail",
    "terms_of",
    "waiting_proposals",
]
