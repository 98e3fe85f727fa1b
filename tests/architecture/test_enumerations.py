"""A word of an enumeration is compared by its name: a slip in a bare word is a silent False."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from enum import Enum, StrEnum
from importlib import import_module
from pathlib import Path

import pytest

import projects.choices
import projects.rules
import reporting.choices
import targets.choices
import targets.rules
import tasks.choices
import tasks.rules.progress
from reporting.rules import enumerations
from tests.architecture.source import APPS, ROOT, name_of, python_files, tree

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
UPWARDS = CONTRACTS["contracts"][0]["layers"][::-1]
HOLDERS = ("choices", "rules", "workflow", "lights")
# The reader of annexes is a package of its own, whose few words mypy checks as Literals.
OWN_WORDS = ROOT / "imports" / "annex"


def enumerations_of(app: str) -> Iterator[type[Enum]]:
    """The enumerations of words that an app has in its rules and choices."""
    for path in python_files():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] != app or len(parts) < 2 or parts[1] not in HOLDERS:
            continue
        module = import_module(".".join(parts).removesuffix(".__init__"))
        for value in vars(module).values():
            is_own = inspect.isclass(value) and value.__module__ == module.__name__
            if is_own and issubclass(value, StrEnum):
                yield value


def words_for(app: str) -> dict[str, str]:
    """Word → where it is named, of all enumerations that an app may import."""
    below = UPWARDS[: UPWARDS.index(app) + 1]
    return {
        str(member.value): f"{kind.__name__}.{member.name}"
        for known in below
        for kind in enumerations_of(known)
        for member in kind
    }


def bare_words(node: ast.Compare) -> Iterator[str]:
    """The literals that a name, an attribute or an item is compared with or looked up in."""
    sides = (node.left, *node.comparators)
    if not any(isinstance(side, ast.Name | ast.Attribute | ast.Subscript) for side in sides):
        return
    is_lookup = isinstance(node.ops[0], ast.In | ast.NotIn)
    for side in node.comparators if is_lookup else sides:
        inner = side.elts if isinstance(side, ast.Set | ast.Tuple | ast.List) else [side]
        yield from (
            one.value
            for one in inner
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


def slips(source: ast.AST, words: dict[str, str]) -> list[str]:
    return [
        f"{node.lineno}: {ast.unparse(node)}, use {words[word]}"
        for node in ast.walk(source)
        if isinstance(node, ast.Compare)
        for word in bare_words(node)
        if word in words
    ]


def checked(app: str) -> Iterator[Path]:
    for path in python_files():
        if path.relative_to(ROOT).parts[0] == app and OWN_WORDS not in path.parents:
            yield path


@pytest.mark.parametrize("app", UPWARDS)
def test_no_comparison_with_a_bare_word(app):
    words = words_for(app)
    found = [
        f"{name_of(path)}:{slip}" for path in checked(app) for slip in slips(tree(path), words)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (targets.choices.TargetKind, targets.rules.Kind),
        (targets.choices.Pace, targets.rules.Course),
        (targets.choices.MilestoneState, targets.rules.GoalState),
        (targets.choices.Nature, targets.rules.Nature),
        (targets.choices.Comparison, targets.rules.Comparison),
        (targets.choices.DataGrade, targets.rules.Grade),
        (tasks.choices.TaskStatus, tasks.rules.progress.Status),
        (projects.choices.ProjectStatus, projects.rules.Status),
        (reporting.choices.ObligationKind, enumerations.Kind),
        (reporting.choices.Availability, enumerations.Availability),
        (reporting.choices.Attainment, enumerations.Attainment),
    ],
)
def test_models_offer_all_words_of_the_rules(choices, words):
    assert choices.values == [word.value for word in words]
    assert all(type(value) is str for value in choices.values), "migrations hold plain texts"


BARE = re.compile(r"""{%\s*(?:el)?if\b[^%]*?(?:==|!=|\bin)\s*["'](?!—)[^"']+["'][^%]*%}""")
"""The dash stands for nothing and may be asked for."""


def test_no_template_compares_with_a_bare_word():
    """Python hands over the answer: a template's slip would be a silent False, too."""
    found = [
        f"{name_of(path)}: {bare}"
        for path in (ROOT / "templates").rglob("*.html")
        for bare in BARE.findall(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        '{% if kind == "extension" %}',
        "{% if a %}{% elif field.type != 'tick' and b %}",
        '{% if not name|slice:":7" == "column_" %}',
        '{% if state in "draft signing" %}',
    ],
)
def test_a_bare_word_of_a_template_is_found(line):
    assert BARE.search(line)


@pytest.mark.parametrize(
    "line",
    ['{% if row.count|default:"" %}', "{% if a == b %}", "{% if n > 1 %}", '{% if a == "—" %}'],
)
def test_what_a_template_may_ask_is_left_alone(line):
    assert not BARE.search(line)


def test_every_app_is_looked_at():
    assert set(APPS) <= set(UPWARDS)
    words = words_for("dashboard")
    assert {"at_least", "geometric", "red", "on_track", "completed", "returned"} <= set(words)


@pytest.mark.parametrize(
    "line",
    [
        "goal.comparison == 'at_most'",
        "kind != 'at_most'",
        "'at_most' == row['comparison']",
        "goal.comparison in {'at_most', 'other'}",
        "state not in ('', 'at_most')",
    ],
)
def test_a_bare_word_is_found(line):
    assert slips(ast.parse(line), {"at_most": "Comparison.AT_MOST"})


@pytest.mark.parametrize(
    "line", ["goal.comparison == Comparison.AT_MOST", "'at_most' in request.POST", "unit == '%'"]
)
def test_names_and_keys_are_left_alone(line):
    assert not slips(ast.parse(line), {"at_most": "Comparison.AT_MOST"})
