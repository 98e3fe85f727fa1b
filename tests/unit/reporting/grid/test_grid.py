"""表格模式: what it shows, what a pasted block would write, what applying it writes."""

import pytest

from audit.models import AuditEvent
from reporting.choices import ObligationState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation
from tests.documents import document
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory

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


def owed(cast, kind="target", **fields):
    return ObligationFactory(agency=cast["张三"].agency, kind=kind, **fields)


def target_owed(cast, code, **fields):
    target = TargetFactory(code=code, frequency="quarterly", lead=cast["张三"].agency, **fields)
    return owed(cast, target=target)


def again(row):
    return Obligation.objects.get(pk=row.pk)


def shown(page, row):
    """The texts of a row by the names of their controls."""
    line = page.one(f"[data-row={row.pk}]")
    inputs = {one["name"]: one.attributes.get("value", "") for one in line.every("input")}
    return inputs | {one["name"]: "".join(one.children) for one in line.every("textarea")}


def preview(client, row, block, field="value", **sent):
    body = {"block": block, "start": f"{row.pk} {field}"} | sent
    return client.post(f"{GRID}read/", body, headers=SCRIPT)


def cells(answer):
    """(item, column) → effect and texts, old and new."""
    return {
        (one["row"], one["column"]): (one["effect"], *one["whole"])
        for one in answer.json()["cells"]
    }


def use(client, answer, **sent):
    """Apply a preview as the page does."""
    body = dict(sent)
    for cell in answer.json()["cells"]:
        for one in cell["edits"]:
            body[f"{one['name']}-{cell['row']}"] = one["text"]
            body[f"v_{one['name']}-{cell['row']}"] = one["v"]
    return client.post(f"{GRID}apply/", body, headers=SCRIPT)


def test_each_kind_has_the_columns_of_its_form(zhang, cast):
    rows = {kind: owed(cast, kind) for kind in ("target", "task", "contribution", "project")}
    ObservationFactory(target=rows["target"].target, year=2026, quarter=2, value="77.9")
    filled(rows["task"], {"narrative": "第一行\n第二行", "next_due": "2026-12"})
    page = document(zhang.get(GRID))
    assert [int(one["data-row"]) for one in page.every("[data-row]")] == [
        one.pk for one in rows.values()]  # fmt: skip
    columns = {
        kind: [
            one["data-column"] for one in page.one(f"[data-row={row.pk}]").every("[data-column]")
        ]
        for kind, row in rows.items()
    }
    assert columns["target"] == ["value", "grade", "source", "note"]
    assert columns["task"] == ["status", "next_due", "next_steps", "problems", "narrative"]
    assert columns["contribution"] == ["text"]
    assert {"invested_quarter_wan", "works_percent", "expected_on"} < set(columns["project"])
    assert "77.9" in page.text
    task = shown(page, rows["task"])
    assert task["next_due"] == "2026-12"
    assert "第一行\n第二行" in task["narrative"]
    assert (task["v_narrative"], task["v_problems"]) == ("1", "0")


def test_each_row_saves_itself_as_its_form_does(zhang, cast):
    row = owed(cast)
    page = document(zhang.get(GRID))
    form = page.one(f"form#row-{row.pk}")
    assert form.has("data-fill")
    assert form["data-save"] == f"{row.get_absolute_url()}save/"
    sent = {"value": "78.6", "v_value": "0", "user": cast["张三"].pk}
    assert zhang.post(form["data-save"], sent, headers=SCRIPT).status_code == 200
    assert again(row).texts["value"] == "78.6"


def test_what_the_form_proposes_stands_in_the_cells_until_it_is_stored(zhang, cast):
    row = target_owed(cast, "T18", data_source="公交台账")
    page = document(zhang.get(GRID))
    assert shown(page, row)["source"] == "公交台账"
    given = {one["data-field"] for one in page.every("[data-given]")}
    assert {"source", "availability", "value_period"} <= given
    filled(row, {"value": "1", "source": "另一个", "availability": "new", "value_period": "2026Q3"})
    page = document(zhang.get(GRID))
    assert shown(page, row)["source"] == "另一个"
    assert not page.every("[data-given]")


def test_a_target_without_a_number_asks_how_far_it_has_come(zhang, cast):
    row = target_owed(cast, "T20", kind="qualitative", unit="")
    page = document(zhang.get(GRID))
    page.one("select[name=attainment]")
    assert not page.every("select[name=grade]")
    answer = preview(zhang, row, "T20\t基本实现")
    assert cells(answer) == {(row.pk, "attainment"): ("new", "", "基本实现")}


@pytest.mark.parametrize(
    ("state", "words"),
    [("submitted", "，改的话先撤回"), ("reviewing", "审核中"), ("approved", "已通过")],
)
def test_what_is_handed_in_is_grey_and_says_why(zhang, cast, state, words):
    row = owed(cast)
    filled(row, {"value": "78.6"}, state=state)
    page = document(zhang.get(GRID))
    assert not page.every(f"[form=row-{row.pk}]")
    assert "78.6" in page.text
    assert words in page.text


def test_a_doubt_stands_in_the_row_with_its_reason(zhang, cast):
    row = target_owed(cast, "T18", unit="%")
    ObservationFactory(target=row.target, year=2026, quarter=2, value="77.9")
    filled(row, {"availability": "new", "value": "7.79", "value_period": "2026Q3"})
    page = document(zhang.get(GRID))
    assert any(name.startswith("why_W") for name in shown(page, row))


def test_a_block_is_shown_and_nothing_written(zhang, cast):
    t15, t18 = target_owed(cast, "T15"), target_owed(cast, "T18")
    task = owed(cast, "task", task=TaskFactory(code="5-2", lead=cast["张三"].agency))
    filled(t15, {"value": "97.0"})
    block = (
        "编号\t本季度\t数据状态\t本季度进展\nT18\t78.60\t部门统计\t\n5-2\t正常推进\t2026年12月\t完成评审\n"
        "T15\t97.2\t\t\n合计\t1\t\t\nT21\t31.2\t\t\n"
    )
    answer = preview(zhang, t15, block)
    assert cells(answer) == {
        (t15.pk, "value"): ("changed", "97.0", "97.2"),
        (t18.pk, "value"): ("new", "", "78.60"),
        (t18.pk, "grade"): ("new", "", "部门统计"),
        (task.pk, "status"): ("new", "", "正常推进"),
        (task.pk, "next_due"): ("new", "", "2026年12月"),
        (task.pk, "narrative"): ("new", "", "完成评审"),
    }
    said = answer.json()
    assert "粘贴了6行×4列，按编号对上3行" in said["headline"]
    assert "认出表头“编号、本季度、数据状态……”" in said["details"]
    assert said["lost"] == 2
    assert "不是本单位本季度的事项" in said["strays"]
    assert again(t18).content == {}


def test_applying_writes_all_cells_at_once_and_can_be_taken_back(zhang, cast):
    t15, t18 = target_owed(cast, "T15"), target_owed(cast, "T18")
    filled(t15, {"value": "97.0"})
    answer = preview(zhang, t15, "97.2\n78.6\n")
    rows = use(zhang, answer, user=cast["张三"].pk).json()["rows"]
    assert (again(t15).texts["value"], again(t18).texts["value"]) == ("97.2", "78.6")
    assert again(t18).texts["value_period"] == "2026Q3"
    assert rows[str(t18.pk)]["fields"]["value"] == {"text": "78.6", "v": 1}
    assert "findings" in rows[str(t18.pk)]
    assert AuditEvent.objects.filter(action="表格粘贴").count() == 2
    back = {
        f"value-{t15.pk}": "97.0",
        f"v_value-{t15.pk}": rows[str(t15.pk)]["fields"]["value"]["v"],
    }
    zhang.post(f"{GRID}apply/", back | {"back": "1"}, headers=SCRIPT)
    assert again(t15).texts["value"] == "97.0"
    assert AuditEvent.objects.filter(action="撤回表格粘贴").count() == 1


def test_what_somebody_changed_meanwhile_is_told_cell_by_cell(zhang, cast):
    t15, t18 = target_owed(cast, "T15"), target_owed(cast, "T18")
    answer = preview(zhang, t15, "97.2\n78.6\n")
    entries.save(pk=t15.pk, edits={"value": FieldEdit("77")}, by=cast["李四"])
    rows = use(zhang, answer).json()["rows"]
    (told,) = rows[str(t15.pk)]["conflicts"]
    assert (told["field"], told["mine"], told["theirs"], told["by"]) == (
        "value", "97.2", "77", "李四")  # fmt: skip
    assert (again(t15).texts["value"], again(t18).texts["value"]) == ("77", "78.6")


def test_what_was_handed_in_meanwhile_stops_the_whole_paste(zhang, cast):
    t15, t18 = target_owed(cast, "T15"), target_owed(cast, "T18")
    answer = preview(zhang, t15, "97.2\n78.6\n")
    Obligation.objects.filter(pk=t15.pk).update(state=ObligationState.SUBMITTED)
    assert use(zhang, answer).status_code == 409
    assert again(t18).content == {}


def test_an_explanation_goes_to_the_doubt_that_asks_for_it(zhang, cast):
    row = target_owed(cast, "T18", unit="%")
    ObservationFactory(target=row.target, year=2026, quarter=2, value="77.9", grade="department")
    answer = preview(zhang, row, "编号\t本季度\t说明\nT18\t7.79\t换了统计口径，按新口径")
    (note,) = [one for one in answer.json()["cells"] if one["column"] == "note"]
    assert [edit["name"][:5] for edit in note["edits"]] == ["why_W"]
    use(zhang, answer)
    reasons = {name: text for name, text in again(row).texts.items() if name.startswith("why_")}
    assert list(reasons.values()) == ["换了统计口径，按新口径"]
    assert preview(zhang, row, "编号\t说明\nT18\t换了统计口径，按新口径").json()["count"] == 0


def test_an_explanation_without_a_doubt_is_a_remark(zhang, cast):
    row = target_owed(cast, "T18")
    answer = preview(zhang, row, "编号\t说明\nT18\t数据来自公交公司")
    assert [one["edits"][0]["name"] for one in answer.json()["cells"]] == ["note"]


def test_a_row_that_nothing_names_can_be_given_an_item(zhang, cast):
    target_owed(cast, "T15"), (row := target_owed(cast, "T18", name="纯电动公交车比例"))
    block = "T15\t97\n公交电动化\t78.6\n"
    page = preview(zhang, row, block).json()["strays"]
    assert 'name="row-2"' in page
    assert "T18 纯电动公交车比例" in page
    answer = preview(zhang, row, block, **{"row-2": row.pk})
    assert cells(answer)[row.pk, "value"] == ("new", "", "78.6")


@pytest.mark.parametrize("block", ["编号\tT15\tT18\n本季度\t1\t2", "1\n" * 500])
def test_a_block_that_cannot_be_used_is_refused_in_words(zhang, cast, block):
    row, _ = target_owed(cast, "T15"), target_owed(cast, "T18")
    answer = preview(zhang, row, block)
    assert answer.status_code == 422
    assert "转置" in answer.json()["message"] or "分几次粘贴" in answer.json()["message"]


@pytest.mark.parametrize("name", ["王五", "钱审核"])
def test_others_neither_write_nor_see(client, cast, name):
    row = target_owed(cast, "T18")
    client.force_login(cast[name])
    body = {f"value-{row.pk}": "1", f"v_value-{row.pk}": "0"}
    assert client.post(f"{GRID}apply/", body, headers=SCRIPT).status_code == 403
    assert preview(client, row, "T18\t1").json()["count"] == 0
    assert f'form="row-{row.pk}"' not in client.get(GRID).content.decode()
    assert again(row).content == {}


def test_a_page_of_another_account_is_refused(zhang, cast):
    row = target_owed(cast, "T18")
    sent = {"user": cast["李四"].pk, f"value-{row.pk}": "1", f"v_value-{row.pk}": "0"}
    assert zhang.post(f"{GRID}apply/", sent, headers=SCRIPT).status_code == 403
    assert zhang.post(f"{GRID}read/", sent, headers=SCRIPT).status_code == 403


def test_an_item_that_is_gone_is_told(zhang, cast):
    owed(cast)
    sent = {"value-999999": "1", "v_value-999999": "0"}
    assert zhang.post(f"{GRID}apply/", sent, headers=SCRIPT).status_code == 422


@pytest.mark.parametrize("size", [1, 10])
def test_statements_do_not_grow_with_rows(zhang, cast, size, django_assert_num_queries):
    rows = [target_owed(cast, f"T{number}") for number in range(10, 10 + size)]
    rows += [owed(cast, kind) for kind in ("task", "contribution", "project") for _ in range(size)]
    with django_assert_num_queries(7):
        zhang.get(GRID)
    block = "编号\t本季度\t说明\n" + "".join(f"T{n}\t5\t说明一下\n" for n in range(10, 10 + size))
    with django_assert_num_queries(6):
        answer = preview(zhang, rows[0], block)
    with django_assert_num_queries(12):
        assert use(zhang, answer).status_code == 200
    assert Obligation.objects.filter(state=ObligationState.DRAFT).count() == size
