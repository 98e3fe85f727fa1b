"""The diagram in the documents is the table of the workflow."""

from io import StringIO

from django.core.management import call_command

from reporting import choices
from reporting.choices import ObligationState
from reporting.management.commands import write_diagram
from reporting.workflow import TRANSITIONS, Step, diagram, sources


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


class TestGroups:
    """The named groups of states say what the table says."""

    def test_the_reporter_writes_in_what_is_with_them_and_no_further(self):
        assert set(choices.WITH_REPORTER) == set(sources(Step.EDIT))
        assert set(choices.OFF_REPORTER) == set(ObligationState) - set(choices.WITH_REPORTER)

    def test_what_has_begun_can_be_handed_in(self):
        assert set(choices.BEGUN) == set(sources(Step.SUBMIT)) == set(sources(Step.HAND_OVER))

    def test_what_waits_can_be_approved(self):
        assert set(choices.WAITING) == set(sources(Step.APPROVE))

    def test_an_item_is_at_the_agency_or_handed_in(self):
        assert set(choices.AT_AGENCY) == set(ObligationState) - set(choices.HANDED_IN)
        assert set(choices.UNSENT) == set(choices.AT_AGENCY) - {ObligationState.RETURNED}
