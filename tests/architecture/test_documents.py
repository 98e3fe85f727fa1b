"""What the documents of the house name is there: files, names in them, and links."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT, tree

DOCUMENTS = [
    *(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY")),
    *sorted((ROOT / "docs").glob("*.md")),
]
NAMING_CODE = [path for path in DOCUMENTS if path.name not in {"README.md", "performance.md"}]
QUESTIONS = re.findall(
    r"^\| (.+\?) \| `([\w/]+\.py)` `([\w.]+)`",
    (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
_LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")
_ROOMS = "|".join((*PACKAGES, "docs", "fixtures", "scripts", "static", "templates", "tests"))
_FILE = re.compile(rf"`((?:{_ROOMS})/[\w./-]*)`")
_NAME = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)(?:\(.*?\))?`")


def test_a_stranger_has_at_least_twelve_answers():
    assert len(QUESTIONS) >= 12


@pytest.mark.parametrize(("question", "path", "name"), QUESTIONS)
def test_an_answer_stands_where_the_architecture_says(question, path, name):
    assert (ROOT / path).is_file(), question
    body: list[ast.stmt] = tree(ROOT / path).body
    for part in name.split("."):
        found = [node for node in body if part in _names(node)]
        assert found, f"{question} {path} has no {name}"
        body = getattr(found[0], "body", [])


def _names(node: ast.stmt) -> set[str]:
    """What a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    places = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {place.id for place in places if isinstance(place, ast.Name)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path):
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    lost = [to for to in links if "://" not in to and not (document.parent / to).exists()]
    assert not lost


@pytest.mark.parametrize("document", NAMING_CODE, ids=lambda path: path.name)
def test_files_and_names_in_documents_exist(document: Path):
    text = document.read_text(encoding="utf-8")
    lost = [path for path in _FILE.findall(text) if not _is_there(path)]
    lost += [name for name in _NAME.findall(text) if not _resolves(name)]
    assert not lost


def _is_there(path: str) -> bool:
    """A file, a folder, or the start of the names of several."""
    return (ROOT / path).exists() or bool(list(ROOT.glob(f"{path.rstrip('.')}*")))


def _resolves(name: str) -> bool:
    """A module, or what one holds: plan.models.one_in_force."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        try:
            for part in parts[count:]:
                found = getattr(found, part)
        except AttributeError:
            return False
        return True
    return False
