"""表格模式: what it shows, what it saves and what it refuses."""

import pytest

from audit.models import AuditEvent
from reporting.choices import ObligationKind, ObligationState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation
from tests.documents import document
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory, TargetFactory

pytestmark = pytest.mark.django_db
GRID = "/fill/2026Q3/grid/"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def zhang(client, cast):
    client.force_login(cast["张三"])
    return client


def owed(cast, kind=ObligationKind.TARGET, **fields):
    return ObligationFactory(agency=cast["张三"].agency, kind=kind, **fields)


def again(row):
    return Obligation.objects.get(pk=row.pk)


def body(row, base=0, **texts):
    """Cells as the page sends them."""
    return {f"{name}-{row.pk}": text for name, text in texts.items()} | {
        f"v_{name}-{row.pk}": base for name in texts
    }


def save(client, *bodies):
    sent = {name: value for one in bodies for name, value in one.items()}
    return client.post(GRID, sent, headers=SCRIPT)


def test_rows_of_targets_tasks_and_projects_with_last_quarter(zhang, cast):
    target, task, project = (owed(cast, kind) for kind in ("target", "task", "project"))
    owed(cast, "contribution")
    ObservationFactory(target=target.target, year=2026, quarter=2, value="77.9")
    page = document(zhang.get(GRID))
    shown = [int(row["data-row"]) for row in page.every("[data-row]")]
    assert shown == [target.pk, task.pk, project.pk]
    assert "77.9" in page.text
    page.one(f"input[name=value-{target.pk}]")
    page.one(f"select[name=status-{task.pk}]")
    page.one(f"input[name=invested_wan-{project.pk}]")


def test_a_target_without_a_number_asks_how_far_it_has_come(zhang, cast):
    target = TargetFactory(kind="qualitative", unit="", lead=cast["张三"].agency)
    row = owed(cast, target=target)
    page = zhang.get(GRID).content.decode()
    assert f'<select name="attainment-{row.pk}"' in page
    assert f"grade-{row.pk}" not in page


def test_only_what_takes_entries_has_controls(zhang, cast):
    row = owed(cast)
    filled(row, {"value": "78.6"}, state=ObligationState.SUBMITTED)
    page = zhang.get(GRID).content.decode()
    assert f'name="value-{row.pk}"' not in page
    assert "78.6" in page
    assert "已提交" in page


def test_a_script_saves_cells_and_hears_versions_and_doubts(zhang, cast):
    row, task = owed(cast), owed(cast, "task")
    ObservationFactory(target=row.target, year=2026, quarter=2, value="77.9")
    answer = save(zhang, body(row, value="40", grade=""), body(task, status="on_track"))
    assert answer.status_code == 200
    found = answer.json()["rows"]
    assert set(found) == {str(row.pk), str(task.pk)}
    assert found[str(row.pk)]["fields"]["value"] == {"text": "40", "v": 1}
    assert any(note["doubt"] for note in found[str(row.pk)]["notes"])
    assert again(task).texts == {"status": "on_track"}


def test_a_figure_brings_what_its_form_proposes(zhang, cast):
    target = TargetFactory(frequency="quarterly", lead=cast["张三"].agency)
    row = owed(cast, target=target)
    save(zhang, body(row, value="78.6"))
    texts = again(row).texts
    assert (texts["availability"], texts["value_period"]) == ("new", "2026Q3")


def test_a_text_that_is_no_number_is_kept_and_told(zhang, cast):
    row = owed(cast)
    notes = save(zhang, body(row, value="abc")).json()["rows"][str(row.pk)]["notes"]
    assert again(row).texts["value"] == "abc"
    assert "不是数字" in notes[0]["text"]


def test_a_cell_that_somebody_else_changed_is_told_and_not_written(zhang, cast):
    row = owed(cast)
    entries.save(pk=row.pk, edits={"value": FieldEdit("77")}, by=cast["李四"])
    (told,) = save(zhang, body(row, value="78")).json()["rows"][str(row.pk)]["conflicts"]
    assert (told["theirs"], told["by"], told["v"]) == ("77", "李四", 1)
    assert again(row).texts["value"] == "77"
    save(zhang, body(row, told["v"], value="78"))
    assert again(row).texts["value"] == "78"


def test_without_a_script_the_form_saves_and_keeps_what_is_refused(zhang, cast):
    row, other = owed(cast), owed(cast)
    answer = zhang.post(GRID, body(row, value="78.6") | body(other, value=""), follow=True)
    assert "已保存1项" in answer.content.decode()
    assert AuditEvent.objects.filter(action="表格填报").count() == 1
    Obligation.objects.filter(pk=other.pk).update(state=ObligationState.SUBMITTED)
    page = zhang.post(GRID, body(row, 1, value="79") | body(other, value="5")).content.decode()
    assert "一项也没有保存" in page
    assert 'value="79"' in page
    assert again(row).texts["value"] == "78.6"


def test_without_a_script_a_conflict_is_told_with_both_texts(zhang, cast):
    row = owed(cast)
    entries.save(pk=row.pk, edits={"value": FieldEdit("77")}, by=cast["李四"])
    page = zhang.post(GRID, body(row, value="78")).content.decode()
    assert "刚由李四改为“77”，您填的“78”没有保存" in page
    assert 'value="78"' in page


def test_a_pasted_block_is_read_and_nothing_written(zhang, cast):
    row, task = owed(cast), owed(cast, "task")
    sent = {f"value-{row.pk}": "１,234.5", f"status-{task.pk}": "正常推进"}
    cells = zhang.post(f"{GRID}read/", sent).json()["cells"]
    assert cells[f"status-{task.pk}"] == {"text": "on_track", "problem": ""}
    assert cells[f"value-{row.pk}"]["problem"] == ""
    told = zhang.post(f"{GRID}read/", {f"value-{row.pk}": "很多", f"status-{task.pk}": "还行"})
    assert all(cell["problem"] for cell in told.json()["cells"].values())
    assert again(row).content == {}


@pytest.mark.parametrize("name", ["王五", "钱审核"])
def test_others_neither_save_nor_read(client, cast, name):
    row = owed(cast)
    client.force_login(cast[name])
    assert save(client, body(row, value="1")).status_code == 403
    assert client.post(GRID, body(row, value="1")).status_code == 403
    reads = client.post(f"{GRID}read/", {f"value-{row.pk}": "1"}).status_code
    assert reads == (403 if name == "王五" else 200)
    assert f"value-{row.pk}" not in client.get(GRID).content.decode()
    assert again(row).content == {}


def test_a_field_that_the_form_does_not_have_is_refused(zhang, cast):
    row = owed(cast)
    answer = save(zhang, body(row, content="x", value="5")).json()["rows"][str(row.pk)]
    assert answer["unsaved"] == ["content"]
    assert again(row).texts["value"] == "5"
    assert "content" not in again(row).texts
    assert save(zhang, {"value-999999": "1", "v_value-999999": "0"}).status_code == 422


@pytest.mark.parametrize("size", [1, 10])
def test_statements_do_not_grow_with_rows(zhang, cast, size, django_assert_max_num_queries):
    rows = [owed(cast) for _ in range(size)]
    with django_assert_max_num_queries(8):
        zhang.get(GRID)
    with django_assert_max_num_queries(12):
        assert save(zhang, *(body(row, value="5") for row in rows)).status_code == 200
    assert Obligation.objects.filter(state=ObligationState.DRAFT).count() == size
