"""Which function of the application reaches which, as far as names tell."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.source import name_of, python_files, tree

Function = tuple[str, str]
"""Module and name."""


@cache
def module_files() -> dict[str, ast.Module]:
    """Dotted name of each module → its source."""
    return {
        name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree(path)
        for path in python_files()
    }


@cache
def imports(module: str) -> dict[str, Function]:
    """Name in a module → what it was imported from: (module, name), or (module, "")."""
    found = {}
    for node in ast.walk(module_files()[module]):
        if isinstance(node, ast.ImportFrom) and node.module in module_files():
            for one in node.names:
                submodule = f"{node.module}.{one.name}"
                known = submodule in module_files()
                found[one.asname or one.name] = (
                    (submodule, "") if known else (node.module, one.name)
                )
    return found


@cache
def definitions(module: str) -> dict[str, ast.AST]:
    """Functions, classes and constants at the top of a module."""
    found: dict[str, ast.AST] = {}
    for node in module_files()[module].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {name.id: node for name in node.targets if isinstance(name, ast.Name)}
    return found


def is_service(module: str) -> bool:
    return "services" in module.split(".")


def reached(start: Function) -> Iterator[tuple[Function, ast.AST]]:
    """What a function names, what that names in turn, and itself."""
    seen, waiting = set(), [start]
    while waiting:
        module, name = waiting.pop()
        node = definitions(module).get(name)
        if node is None:
            if name in imports(module):
                waiting.append(imports(module)[name])
            continue
        if (module, name) in seen or (isinstance(node, ast.ClassDef) and not is_service(module)):
            continue
        seen.add((module, name))
        yield (module, name), node
        waiting += _named(module, node)


def _named(module: str, node: ast.AST) -> Iterator[Function]:
    known, own = imports(module), definitions(module)
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in own:
            yield module, part.id
        elif isinstance(part, ast.Name) and known.get(part.id, ("", ""))[1]:
            yield known[part.id]
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            of, name = known.get(part.value.id, ("", "x"))
            if not name:
                yield of, part.attr
