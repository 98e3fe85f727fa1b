"""What needs a reason that travels to the reviewer and into the ledger. Pure."""

from reporting.rules.facts import Rule

RULES: tuple[Rule, ...] = ()
