"""A workbook comes back: compared, chosen about, written as drafts, undone."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import ObligationState, UploadState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.workbooks.selectors.preview import preview_page, upload_of
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.factories.targets import MilestoneFactory, ObservationFactory
from tests.unit.reporting.workbooks.uploaded import downloaded, edited, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

STORY = "公共充电桩累计建成3,412个，本季度新增126个；停车场充电站设备安装完成，等待送电后投入使用。"


@pytest.fixture
def period():
    return PeriodFactory()


@pytest.fixture
def target(period):
    row = ObligationFactory(
        period=period,
        target__frequency="quarterly",
        target__code="T18",
        target__name="纯电动公交车比例",
        target__unit="%",
    )
    MilestoneFactory(target=row.target, value=Decimal(75))
    ObservationFactory(target=row.target, year=2026, quarter=2, value=Decimal("77.9"))
    return row


@pytest.fixture
def task(target):
    return ObligationFactory(
        period=target.period, agency=target.agency, kind="task", task__lead=target.agency
    )


@pytest.fixture
def zhang(target, client):
    user = UserFactory(name="张三", agency=target.agency)
    client.force_login(user)
    return user


@pytest.fixture
def li(target):
    return UserFactory(name="李四", agency=target.agency)


def page_of(upload, user):
    found = upload_of(reader=user, code=upload.period.code, number=upload.pk)
    return preview_page(upload=found)


def typed(obligation, user, **texts):
    """The texts as if the user had typed them on the page."""
    obligation.refresh_from_db()
    edits = {
        name: FieldEdit(text, obligation.content.get(name, {}).get("v", 0))
        for name, text in texts.items()
    }
    entries.save(pk=obligation.pk, edits=edits, by=user)


def texts_of(obligation):
    obligation.refresh_from_db()
    return {name: text for name, text in obligation.texts.items() if text}


def write(client, upload, **controls):
    data = {}
    for name, text in controls.items():
        data |= {name: text, f"v_{name}": "0"}
    return client.post(upload.get_absolute_url(), data, follow=True)


def code(task):
    return task.subject_code


def test_an_unedited_file_changes_nothing_however_often(client, zhang, task, target):
    filled(task, {"status": "on_track", "narrative": "第一行\n第二行  "}, by=zhang)
    data = downloaded(zhang, target.period)
    before = AuditEvent.objects.count()
    for _ in range(2):
        upload = sent(client, target.period, data)
        answer = client.get(upload.get_absolute_url())
        assert "内容都没有变化，什么也没有写" in answer.content.decode()
        assert page_of(upload, zhang).is_unedited
    task.refresh_from_db()
    assert task.version == 1
    assert AuditEvent.objects.count() == before + 2


def test_new_and_changed_cells_are_written_as_drafts(client, zhang, task, target):
    filled(task, {"status": "on_track"}, by=zhang)
    data = edited(
        downloaded(zhang, target.period),
        {
            ("T18", "value"): 78.6,
            (code(task), "status"): "进展滞后",
            (code(task), "narrative"): STORY,
        },
    )
    upload = sent(client, target.period, data)
    page = page_of(upload, zhang)
    assert (page.counts["new"], page.counts["changed"], page.writable) == (2, 1, 3)
    answer = client.get(f"{upload.get_absolute_url()}?show=new").content.decode()
    assert "写入3格草稿" in answer
    assert "“指标”表" in answer
    assert texts_of(target) == {}
    answer = write(client, upload)
    assert "已写入<b>3格</b>草稿，涉及<b>2项</b>" in answer.content.decode()
    assert texts_of(task) == {"status": "lagging", "narrative": STORY}
    stored = texts_of(target)
    assert stored["value"] == "78.6"
    assert stored["availability"] == "new"
    assert target.state == ObligationState.DRAFT
    assert page_of(upload, zhang).is_unedited


def test_what_both_changed_is_a_conflict_and_stays_unless_chosen(client, zhang, li, task, target):
    data = edited(
        downloaded(zhang, target.period),
        {(code(task), "narrative"): STORY, (code(task), "next_steps"): "送电"},
    )
    typed(task, li, narrative="李四在网页上写的进展")
    upload = sent(client, target.period, data)
    page = page_of(upload, zhang)
    assert page.counts["conflict"] == 1
    assert page.writable == 1
    write(client, upload)
    assert texts_of(task)["narrative"] == "李四在网页上写的进展"
    assert texts_of(task)["next_steps"] == "送电"
    (left,) = page_of(upload, zhang).plan.left
    assert left.column.name == "narrative"
    write(client, upload, **{f"take-{left.key}": f"file:{left.version}"})
    assert texts_of(task)["narrative"] == STORY


def test_a_choice_holds_only_for_what_was_seen(client, zhang, li, task, target):
    data = edited(downloaded(zhang, target.period), {(code(task), "narrative"): STORY})
    typed(task, li, narrative="李四的第一稿")
    upload = sent(client, target.period, data)
    (left,) = page_of(upload, zhang).plan.left
    typed(task, li, narrative="李四的第二稿")
    answer = write(client, upload, **{f"take-{left.key}": f"file:{left.version}"})
    assert "没有写入" in answer.content.decode()
    assert texts_of(task)["narrative"] == "李四的第二稿"


def test_what_changed_after_the_preview_is_not_overwritten(client, zhang, li, task, target):
    data = edited(
        downloaded(zhang, target.period),
        {(code(task), "narrative"): STORY, (code(task), "problems"): "等待送电"},
    )
    upload = sent(client, target.period, data)
    assert page_of(upload, zhang).writable == 2
    typed(task, li, narrative="李四刚刚写的")
    write(client, upload)
    assert texts_of(task) == {"narrative": "李四刚刚写的", "problems": "等待送电"}


def test_merged_text_is_written_in_place_of_both(client, zhang, li, task, target):
    data = edited(downloaded(zhang, target.period), {(code(task), "narrative"): STORY})
    typed(task, li, narrative="李四的进展")
    upload = sent(client, target.period, data)
    (left,) = page_of(upload, zhang).plan.left
    controls = {f"take-{left.key}": f"merged:{left.version}", f"text-{left.key}": "合起来"}
    write(client, upload, **controls)
    assert texts_of(task)["narrative"] == "合起来"


def test_unreadable_cells_stay_out_until_they_are_mended(client, zhang, task, target):
    data = edited(
        downloaded(zhang, target.period),
        {
            (code(task), "status"): "基本正常",
            (code(task), "next_due"): "尽快",
            ("T18", "value"): 80,
        },
    )
    upload = sent(client, target.period, data)
    page = page_of(upload, zhang)
    assert page.counts["unreadable"] == 2
    answer = client.get(upload.get_absolute_url()).content.decode()
    assert "不是可选项" in answer
    status = next(one for one in page.plan.left if one.column.name == "status")
    due = next(one for one in page.plan.left if one.column.name == "next_due")
    write(client, upload, **{f"text-{status.key}": "on_track", f"text-{due.key}": "明年"})
    assert texts_of(task) == {"status": "on_track"}
    assert [one.column.name for one in page_of(upload, zhang).plan.left] == ["next_due"]


def test_a_doubt_asks_its_reason_here(client, zhang, target):
    data = edited(downloaded(zhang, target.period), {("T18", "value"): 60})
    upload = sent(client, target.period, data)
    (asked,) = [row for row in page_of(upload, zhang).doubts if row.doubt.code == "W4"]
    assert "低于" in client.get(upload.get_absolute_url()).content.decode()
    write(client, upload, **{asked.why_name: "两条线路停运检修，四季度恢复，12月底前补足"})
    assert texts_of(target)["why_W4"] == "两条线路停运检修，四季度恢复，12月底前补足"


def test_the_note_of_the_file_answers_the_doubts_of_its_row(client, zhang, target):
    note = "两条线路停运检修，四季度恢复，12月底前补足"
    data = edited(downloaded(zhang, target.period), {("T18", "value"): 60, ("T18", "note"): note})
    upload = sent(client, target.period, data)
    write(client, upload)
    assert texts_of(target)["why_W4"] == note


def test_locked_cells_are_listed_and_ignored(client, zhang, task, target):
    filled(task, {"narrative": STORY}, by=zhang, state=ObligationState.SUBMITTED)
    data = edited(
        downloaded(zhang, target.period),
        {(code(task), "narrative"): "改了", ("T18", "last"): 78, ("T18", "value"): 79},
    )
    upload = sent(client, target.period, data)
    page = page_of(upload, zhang)
    assert page.counts["locked"] == 2
    answer = client.get(f"{upload.get_absolute_url()}?show=locked").content.decode()
    assert "已报送，不写入" in answer
    write(client, upload)
    assert texts_of(task)["narrative"] == STORY


@pytest.mark.parametrize(
    ("word", "availability"), [("尚未取得", "awaited"), ("不适用", "not_applicable")]
)
def test_words_in_the_cell_of_a_value_answer_for_it(client, zhang, target, word, availability):
    data = edited(downloaded(zhang, target.period), {("T18", "value"): word})
    write(client, sent(client, target.period, data))
    assert texts_of(target)["availability"] == availability


def test_the_same_as_last_quarter_is_a_new_observation(client, zhang, target):
    data = edited(downloaded(zhang, target.period), {("T18", "value"): "与上季度相同"})
    write(client, sent(client, target.period, data))
    assert texts_of(target)["value"] == "77.9"
    assert texts_of(target)["availability"] == "new"


def test_a_writing_can_be_undone_until_a_cell_is_changed(client, zhang, li, task, target):
    filled(task, {"narrative": "原来的"}, by=zhang)
    data = edited(
        downloaded(zhang, target.period), {(code(task), "narrative"): STORY, ("T18", "value"): 80}
    )
    upload = sent(client, target.period, data)
    write(client, upload)
    undo = reverse("reporting:excel_undo", args=[target.period.code, upload.pk])
    client.post(undo)
    assert texts_of(task) == {"narrative": "原来的"}
    assert texts_of(target) == {}
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKING
    write(client, upload)
    typed(task, li, narrative="李四后来改的")
    answer = client.post(undo, follow=True).content.decode()
    assert "不能整个撤销" in answer
    assert "撤销这次写入" not in answer
    assert texts_of(task) == {"narrative": "李四后来改的"}


def test_choices_survive_a_reload(client, zhang, task, target):
    data = edited(downloaded(zhang, target.period), {(code(task), "next_due"): "尽快"})
    upload = sent(client, target.period, data)
    (left,) = page_of(upload, zhang).plan.left
    name = f"text-{left.key}"
    address = reverse("reporting:excel_choose", args=[target.period.code, upload.pk])
    answer = client.post(address, {name: "2026年12月", f"v_{name}": "0"})
    assert answer.json()["fields"][name]["v"] == 1
    assert "可写入1格：改好1" in client.get(address).json()["live"]["summary"]
    assert 'value="2026年12月"' in client.get(upload.get_absolute_url()).content.decode()
    stale = client.post(address, {name: "2027-01", f"v_{name}": "0"}).json()
    assert stale["conflicts"][0]["theirs"] == "2026年12月"


def test_another_agency_does_not_find_the_upload(client, zhang, target):
    upload = sent(client, target.period, downloaded(zhang, target.period))
    client.force_login(UserFactory(name="王五"))
    assert client.get(upload.get_absolute_url()).status_code == 404


def test_a_signer_looks_and_a_reporter_writes(client, zhang, task, target):
    data = edited(downloaded(zhang, target.period), {(code(task), "narrative"): STORY})
    client.force_login(UserFactory(agency=target.agency, roles=[Role.SIGNER]))
    upload = sent(client, target.period, data)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "由填报员写入" in page
    assert "写入1格草稿" not in page
    assert write(client, upload).status_code == 403
    assert texts_of(task) == {}


def test_rows_that_are_nobodys_are_named_and_ignored(client, zhang, task, target):
    def add(book):
        sheet = book["任务"]
        for number in range(80):
            sheet.cell(sheet.max_row + 1, 1).value = f"9-{number}"
            sheet.cell(sheet.max_row, 6).value = "多出来的一行"

    upload = sent(client, target.period, edited(downloaded(zhang, target.period), {}, also=add))
    assert len(upload.strays) == 51
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "（9-0）：认不出是哪一项，没有用" in page
    assert "另有30处" in page


def test_the_marked_copy_carries_what_was_filled_in(client, zhang, task, target):
    data = edited(
        downloaded(zhang, target.period),
        {(code(task), "next_due"): "尽快", (code(task), "narrative"): STORY},
    )
    upload = sent(client, target.period, data)
    address = reverse("reporting:excel_marked", args=[target.period.code, upload.pk])
    copy = sent(client, target.period, client.get(address).content)
    page = page_of(copy, zhang)
    assert (page.counts["new"], page.counts["unreadable"]) == (1, 1)
