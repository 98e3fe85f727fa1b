"""The version of the judging rules that holds on a day."""

import datetime

from targets import rules
from targets.models import JudgingRule


def rules_on(day: datetime.date) -> rules.JudgingRules:
    """The rules of a day, in one statement; those of the past are what they were.

    The last version decided of those that hold from that day or earlier.
    """
    row = rule_on(day)
    return row.values if row else rules.JudgingRules()


def rule_on(day: datetime.date) -> JudgingRule | None:
    """The version itself; None where the defaults hold."""
    return JudgingRule.objects.filter(valid_from__lte=day).order_by("-version").first()
