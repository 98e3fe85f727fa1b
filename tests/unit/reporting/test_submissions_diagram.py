"""The diagram in the documents is the table of the workflow."""

from io import StringIO

from django.core.management import call_command

from reporting.choices import ObligationState
from reporting.management.commands import write_diagram
from reporting.workflow import TRANSITIONS, diagram


def test_the_document_holds_the_diagram_of_the_table():
    text = write_diagram.document().read_text(encoding="utf-8")
    assert write_diagram.drawn(text) == text, "run manage.py write_diagram"
    assert diagram() in text


def test_the_diagram_names_every_state_and_step():
    lines = diagram().splitlines()
    assert len(lines) == len(TRANSITIONS) + 2
    assert all(state.label in diagram() for state in ObligationState)


def test_the_command_writes_what_is_drawn(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    path = tmp_path / "docs" / "填报流程.md"
    marks = f"{write_diagram.BEGIN}\n旧图\n{write_diagram.END}"
    path.write_text(f"前\n{marks}\n后\n", encoding="utf-8")
    call_command("write_diagram", stdout=StringIO())
    text = path.read_text(encoding="utf-8")
    assert text.startswith("前\n")
    assert text.endswith("后\n")
    assert diagram() in text
    assert "旧图" not in text
