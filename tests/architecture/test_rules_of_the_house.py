"""Invariants of the house that no linter knows."""

import ast
import re
import tomllib
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models.enums import ChoicesType

from tests.architecture.source import APPS, ROOT, functions, modules, name_of, python_files, tree

PLAN_TEXT = re.sub(r"\s", "", (ROOT / "fixtures" / "plan.txt").read_text(encoding="utf-8"))
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_package_has_its_layer():
    """A module without one is a breach too: the contracts inside the packages are exhaustive."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    apart = {"embedded"}  # before there is a Django; a contract of its own says so
    assert packages == set(linter["root_packages"]) == {*linter["contracts"][0]["layers"], *apart}
    inside = [contract for contract in linter["contracts"] if "containers" in contract]
    held = {name.split(".")[0] for contract in inside for name in contract["containers"]}
    assert packages == held
    assert all(contract["exhaustive"] for contract in inside)


def test_services_take_keywords_only_and_are_documented():
    for path in modules("services"):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            where = f"{name_of(path)}:{node.name}"
            assert ast.get_docstring(node), where
            if name_of(path) != "audit/services.py":
                assert not node.args.args, f"{where}: arguments are keyword-only"


def test_public_functions_of_rules_and_charts_are_documented_and_typed():
    for path in modules("rules", "charts", "selectors", "policies"):
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                where = f"{name_of(path)}:{node.name}"
                assert ast.get_docstring(node), where
                assert node.returns is not None, where


def test_no_float_in_the_plan_numbers():
    for path in modules("rules", "models", "services"):
        if path.parent.name == "common":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
                pytest.fail(f"{name_of(path)}:{node.lineno} makes a float")
            assert not (isinstance(node, ast.Attribute) and node.attr == "FloatField"), path


def test_no_signals_and_no_todo():
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        assert "django.db.models.signals" not in text, name_of(path)
        assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", text), name_of(path)


def test_views_are_short():
    for path in modules("views"):
        for node in functions(path):
            first = min(part.lineno for part in (node, *node.decorator_list))
            size = (node.end_lineno or 0) - first + 1
            assert size <= 30, f"{name_of(path)}:{node.name} has {size} lines"


def test_cited_clauses_stand_in_the_plan():
    """`Source: 方案 三（二）3` has to name headings that the text has."""
    cited = {
        match
        for path in python_files()
        for match in re.findall(
            r"Source: 方案 ([一-五](?:（[一-十]+）)?\d*)", path.read_text("utf-8")
        )
    }
    assert cited, "no rule names its source"
    for clause in cited:
        chapter, section, item = re.fullmatch(r"(.)(（.+?）)?(\d*)", clause).groups()  # type: ignore[union-attr]
        assert f"{chapter}、" in PLAN_TEXT, clause
        assert not section or section in PLAN_TEXT, clause
        assert not item or f"{item}." in PLAN_TEXT, clause


def test_every_model_and_every_state_is_in_the_glossary():
    missing = [
        f"{model.__name__} {model._meta.verbose_name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if f"`{model.__name__}`" not in GLOSSARY
    ]
    missing += [
        f"{kind.__name__}.{name} {member.label}"
        for kind in choices_of_the_house()
        for name, member in kind.__members__.items()
        if str(member.label) not in GLOSSARY
    ]
    assert not missing, missing


def choices_of_the_house():
    for path in modules("choices", "models"):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for value in vars(module).values():
            if isinstance(value, ChoicesType) and value.__module__ == module.__name__:
                yield value


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_form_in_a_part_of_a_page_is_given_its_token():
    """An include with `only` hands on nothing else, and without the token every submission fails;
    the test client does not ask for it."""
    pages = {
        path.relative_to(ROOT / "templates").as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "templates").rglob("*.html")
    }
    bare = [
        f"{page}: {part}"
        for page, text in pages.items()
        for part, given in re.findall(r'{% include "([^"]+)"([^%]*)%}', text)
        if "{% csrf_token %}" in pages.get(part, "")
        if "only" in given.split() and "csrf_token=csrf_token" not in given
    ]
    assert bare == []
