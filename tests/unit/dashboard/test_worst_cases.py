"""The worst three: one of each kind, since gaps, months and quarters do not convert."""

from decimal import Decimal

from dashboard.rules.overview.phrases import Phrase
from dashboard.rules.overview.worst_cases import (
    ProjectCase,
    TargetCase,
    TaskCase,
    WorstCase,
    more_words,
    worst_three,
)
from targets.rules.levels import Level
from tests.unit.dashboard.sentences import plain_text


def shown(code):
    return WorstCase(Level.RED, code, code, f"/{code}/", "")


def target(code, gap, **facts):
    return TargetCase(shown(code), Decimal(gap), **facts)


def project(code, overdue, completion=None):
    return ProjectCase(shown(code), overdue, completion and Decimal(completion))


def task(code, quarters, *, stalled=False):
    return TaskCase(shown(code), stalled, quarters)


def codes(*cases):
    return [one.code for one in worst_three(*cases)]


def test_the_worst_of_each_kind():
    targets = [target("T03", "0.04"), target("T21", "0.149"), target("T20", "0.9", is_striven=True)]
    projects = [project("P9", 23, 71), project("P2", 23, "62.5"), project("P13", 11, 5)]
    tasks = [task("4-3", 4), task("7-2", 3, stalled=True), task("7-1", 1, stalled=True)]
    assert codes(targets, projects, tasks) == ["T21", "P2", "7-2"]


def test_a_kind_without_any_leaves_its_place_to_another():
    projects = [project("P2", 23), project("P9", 12)]
    assert codes([], projects, [task("4-3", 4)]) == ["P2", "P9", "4-3"]
    assert codes([target("T1", 1)], [], []) == ["T1"]
    assert codes([], [], []) == []


def test_what_was_not_reported_comes_after_what_was():
    assert codes([], [project("P1", 5), project("P2", 5, 90)], [])[0] == "P2"


def test_how_many_there_are_in_all():
    said = more_words(Phrase("未达标指标3项", "/a"), Phrase(""), Phrase("滞后或停滞任务4项", "/b"))
    assert plain_text(said) == "共有未达标指标3项、滞后或停滞任务4项"
    assert more_words(Phrase(""), Phrase(""), Phrase("")) == ()
