"""The project's own source files, as the architecture tests see them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "agencies",
    "audit",
    "common",
    "dashboard",
    "demo",
    "deploy",
    "imports",
    "plan",
    "projects",
    "reporting",
    "setup",
    "targets",
    "tasks",
)
PACKAGES = (*APPS, "embedded", "kaifu_carbon", "pages", "plotly_svg", "records")


@cache
def python_files() -> tuple[Path, ...]:
    """Every module of the application, without migrations."""
    return tuple(
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    )


def modules(*stems: str) -> Iterator[Path]:
    """Modules of that name, and those of packages of that name, however deep."""
    for path in python_files():
        if path.stem in stems or set(path.relative_to(ROOT).parts[1:-1]) & set(stems):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
