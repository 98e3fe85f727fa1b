"""The version of the judging rules that applies on a day."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import CharField, QuerySet, Subquery
from django.db.models.functions import Cast

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from targets import rules
from targets.models import JudgingRule


def rules_on(day: datetime.date) -> rules.JudgingRules:
    """The rules of a day, in one statement; those of past days never change.

    Of the versions effective by that day, the one decided last.
    """
    row = rule_on(day)
    return row.values if row else rules.JudgingRules()


def rule_on(day: datetime.date) -> JudgingRule | None:
    """The version itself; None if the defaults apply."""
    return _holding(day).first()


def rules_subquery(day: datetime.date) -> Subquery:
    """The version as a column of another query, without a statement of its own."""
    exact = {name: Cast(name, CharField()) for name in ("near_percent", "tolerance_percent")}
    same = {name: name for name in ("version", "caps_striven", "method", "needs_second")}
    json = JSONRow(**same, **exact)
    return Subquery(_holding(day).values(json=json)[:1])


def read_rules(found: Mapping[str, Any] | None) -> rules.JudgingRules:
    """The result of `rules_subquery`; the defaults if there was none."""
    if found is None:
        return rules.JudgingRules()
    near, tolerance = Decimal(found["near_percent"]), Decimal(found["tolerance_percent"])
    method = rules.GapMethod(found["method"])
    return rules.JudgingRules(
        found["version"], near, tolerance, found["caps_striven"], method, found["needs_second"]
    )


JUDGING = Annotation("judging", rules_subquery, read_rules)


def _holding(day: datetime.date) -> QuerySet[JudgingRule]:
    return JudgingRule.objects.filter(valid_from__lte=day).order_by("-version")
