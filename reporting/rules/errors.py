"""What blocks a submission. Pure."""

from reporting.rules.facts import Rule

RULES: tuple[Rule, ...] = ()
