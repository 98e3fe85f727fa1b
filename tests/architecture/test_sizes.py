"""What separates a model codebase from an ordinary one is the tail: long functions, long files."""

import ast
import statistics
from collections import Counter

from tests.architecture.source import ROOT, functions, name_of, python_files

# Exceptions are named one by one, so that the list is seen and shrinks.
LONG_FILES: frozenset[str] = frozenset()
LONG_FUNCTIONS: frozenset[str] = frozenset()
LONG_TEMPLATES: frozenset[str] = frozenset()
# The layers of one app, of which sessions name the module of their backend; the starters.
LARGE_FOLDERS = frozenset({"agencies", "embedded"})


def percentile(values: list[int], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_short():
    sizes = {
        f"{name_of(path)}:{node.name}": length(node)
        for path in python_files()
        for node in functions(path)
    }
    too_long = {name: size for name, size in sizes.items() if size > 50}
    assert not set(too_long) - LONG_FUNCTIONS, too_long
    assert set(too_long) >= LONG_FUNCTIONS, "an exception is no longer needed"
    assert statistics.median(sizes.values()) <= 8
    assert percentile(list(sizes.values()), 90) <= 25


def test_files_are_short():
    sizes = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()
    }
    too_long = {name: size for name, size in sizes.items() if size > 400}
    assert not set(too_long) - LONG_FILES, too_long
    assert set(too_long) >= LONG_FILES, "an exception is no longer needed"
    assert percentile(list(sizes.values()), 90) <= 250


def test_folders_are_small():
    modules = [path for path in python_files() if path.name != "__init__.py"]
    sizes = Counter(path.parent.relative_to(ROOT).as_posix() for path in modules)
    too_large = {name: size for name, size in sizes.items() if size > 15}
    assert too_large.keys() == LARGE_FOLDERS, too_large


def test_templates_are_short():
    sizes = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "templates").rglob("*.html")
    }
    too_long = {name: size for name, size in sizes.items() if size > 200}
    assert not set(too_long) - LONG_TEMPLATES, too_long
    assert percentile(list(sizes.values()), 90) <= 120
