"""Applies the table of rules: errors and doubts of one obligation. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from reporting.answers.rules import doubts, errors
from reporting.answers.rules.answers import Answers
from reporting.answers.rules.facts import DOUBT, ERROR, Finding, ObligationFacts, Rule
from reporting.answers.rules.wording import characters
from reporting.periods.rules.thresholds import Thresholds
from reporting.rules.fields import FORMS

__all__ = ["DOUBT", "ERROR", "RULES", "Finding", "ObligationFacts", "Rule", "check", "open_doubts"]

RULES: tuple[Rule, ...] = (*errors.RULES, *doubts.RULES)
"""Every rule in the order in which doubts are shown; doubts can be switched off."""


def check(
    kind: str, answers: Answers, facts: ObligationFacts, thresholds: Thresholds
) -> tuple[Finding, ...]:
    """All findings: errors in the order of the form, then doubts in the order of the table.

    A doubt that is switched off is not raised. Errors cannot be switched off, because the records
    could not store the values. What is refused anyway is not
    doubted: no reason is asked for it; nor is what cannot be read (E1) judged.
    """
    places = {item.name: place for place, item in enumerate(FORMS[kind])}
    wrong = list(_found(ERROR, kind, answers, facts, thresholds))
    unclear = {item.field for item in wrong if item.code == "E1"}
    blocking = sorted(
        (item for item in wrong if item.code == "E1" or item.field not in unclear),
        key=lambda item: places.get(item.field, len(places)),
    )
    refused = {item.field for item in blocking}
    accepted = answers.without(refused)
    doubted = (
        item
        for item in _found(DOUBT, kind, accepted, facts, thresholds)
        if item.field not in refused
    )
    return (*blocking, *_once(doubted))


def _found(
    level: str, kind: str, answers: Answers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[Finding]:
    for rule in RULES:
        if rule.level != level or kind not in rule.kinds:
            continue
        if level == DOUBT and thresholds.is_off(rule.code):
            continue
        for finding in rule.test(answers, facts, thresholds):
            yield Finding(rule.code, level, *finding)


def open_doubts(
    findings: Iterable[Finding], texts: Mapping[str, str], thresholds: Thresholds | None = None
) -> tuple[Finding, ...]:
    """The doubts whose reason in why_<code> is still missing or too short."""
    least = (thresholds or Thresholds()).whole("REASON_LENGTH")
    return tuple(
        item
        for item in findings
        if not item.is_error and characters(texts.get(item.reason_field, "")) < least
    )


def _once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first doubt of each code."""
    first: dict[str, Finding] = {}
    for item in found:
        first.setdefault(item.code, item)
    return tuple(first.values())
