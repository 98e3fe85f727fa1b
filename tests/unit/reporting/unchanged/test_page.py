"""与上季度相比: what its page shows, stores and hands in."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Role
from reporting.choices import ObligationKind, ObligationState
from reporting.models import CommonReason, Obligation, UnchangedTick
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory
from tests.factories.tasks import TaskContributionFactory, TaskProgressFactory
from tests.unit.reporting.checked import NARRATIVE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

ADDRESS = "/fill/2026Q3/unchanged/"
REASON = "三季度以设施运维为主，四季度集中建设。"


@pytest.fixture
def agency():
    return AgencyFactory(name="区交通运输局", code="jtj")


@pytest.fixture
def zhang(agency, client):
    user = UserFactory(name="张三", agency=agency, phone="0731-84550001")
    client.force_login(user)
    return user


def stock(agency, value="77.9", **more):
    row = ObligationFactory(agency=agency, target__frequency="quarterly", **more)
    if value:
        ObservationFactory(target=row.target, year=2026, quarter=2, value=Decimal(value))
    return row


def flow(agency):
    row = stock(agency, "100")
    row.target.is_flow = True
    row.target.save()
    return row


def task(agency, **last):
    row = ObligationFactory(agency=agency, kind=ObligationKind.TASK)
    TaskProgressFactory(task=row.task, quarter=2, **last)
    return row


def contribution(agency, **last):
    row = ObligationFactory(agency=agency, kind=ObligationKind.CONTRIBUTION)
    if last:
        TaskContributionFactory(task=row.task, agency=agency, quarter=2, **last)
    return row


def project(agency, **last):
    row = ObligationFactory(agency=agency, kind=ObligationKind.PROJECT)
    ProjectProgressFactory(project=row.project, quarter=2, **last)
    return row


def of_each(agency):
    return {
        "stock": stock(agency),
        "flow": flow(agency),
        "task": task(agency),
        "nothing": contribution(agency, text="", nothing=True),
        "text": contribution(agency, text="督促2家企业按月报送。"),
        "project": project(agency, status="completed", completed_on="2024-12"),
    }


def page_of(client, query=""):
    return client.get(f"{ADDRESS}{query}").context["page"]


def boxes(page, **changed):
    """What the page's form sends, as a browser would, with what is changed."""
    pks = [row.obligation.pk for row in page.rows]
    sent = {f"version_{row.obligation.pk}": str(row.obligation.version) for row in page.rows}
    ticked = [row.obligation.pk for row in page.rows if row.is_ticked]
    awaited = [row.obligation.pk for row in page.rows if row.is_awaited]
    shared = [row.obligation.pk for row in page.reasoned if row.shares_reason]
    sent |= {"was": ticked, "was_awaited": awaited, "was_share": shared}
    sent |= {"tick": ticked, "share": shared}
    sent |= {f"have_{pk}": "awaited" for pk in awaited}
    if page.is_all:
        sent |= {"all": "1", "was_all": "1"}
    assert set(pks) >= set(ticked)
    return {name: value for name, value in (sent | changed).items() if value is not None}


def set_boxes(client, **changed):
    answer = client.post(ADDRESS, boxes(page_of(client), **changed), follow=True)
    return answer.context["page"]


def texts(row):
    found = Obligation.objects.get(pk=row.pk).texts
    return {name: text for name, text in found.items() if text}


def test_all_at_once_each_kind_records_its_own_words(client, agency, zhang):
    rows = of_each(agency)
    stopped = stock(agency, value=None)
    page = page_of(client)
    assert [row.tick_label for row in page.rows] == [
        "与上季度相同", "没有新增", "不能勾", "没有新进展", "仍无事项", "没有新情况", "没有变化",
    ]  # fmt: skip
    assert (len(page.for_all), page.reason_count) == (6, 2)
    page = set_boxes(client, all="1")
    assert page.bar_words == "有1处要改，改好才能报送"  # the common reason is still missing
    client.post(f"{ADDRESS}reason/save/", {"reason": REASON, "v_reason": "0"})
    assert texts(rows["stock"]) == {
        "availability": "new", "value": "77.9", "value_period": "2026Q3", "grade": "department",
        "source": "区交通运输局公交台账", "why_W8": REASON,
    }  # fmt: skip
    assert texts(rows["flow"]) == {"availability": "not_applicable"}
    assert texts(rows["task"]) == {"status": "on_track", "narrative": f"没有新进展：{REASON}"}
    assert texts(rows["nothing"]) == {"nothing": "1"}
    assert texts(rows["text"]) == {"text": "没有新情况"}
    assert texts(rows["project"]) == {"no_change": "1"}
    assert texts(stopped) == {}
    page = page_of(client)
    assert (page.bar_words, page.button) == ("已定6项，还有1项", "先报送已定的6项")
    assert [row.now.value for row in page.ticked] == [
        "77.9%", "不适用", "正常推进", "无配合事项", "没有新情况", "已竣工",
    ]  # fmt: skip


def test_taken_back_it_is_as_it_was(client, agency, zhang):
    row, other = task(agency), contribution(agency, text="督促2家企业按月报送。")
    typed = {"status": "lagging", "narrative": NARRATIVE, "problems": "资金没有落实"}
    filled(row, typed, by=zhang)
    page = page_of(client)
    assert [one.may_be_all for one in page.rows] == [False, True]
    assert [one.is_filled for one in page.rows] == [True, False]
    set_boxes(client, all="1")
    assert texts(row) == typed, "全部 never overwrites what is filled in"
    set_boxes(client, tick=[row.pk, other.pk])
    assert texts(row) == {"status": "on_track", "narrative": "没有新进展"}
    page = page_of(client)
    assert page.is_all
    set_boxes(client, all=None, tick=[row.pk, other.pk])
    assert (texts(row), texts(other)) == (typed, {})
    assert not UnchangedTick.objects.exists()


def test_a_value_that_is_not_there_yet(client, agency, zhang):
    row = stock(agency, value=None)
    ObservationFactory(target=row.target, year=2025, value=Decimal("93.5"))
    shown = page_of(client).rows[0]
    assert (shown.last.value, shown.last.more) == ("没有数值", "最近是2025年 93.5%")
    assert shown.is_stopped
    assert shown.asks_availability
    page = set_boxes(client, **{f"have_{row.pk}": "awaited"})
    client.post(f"{ADDRESS}reason/save/", {"reason": REASON, "v_reason": "0"})
    assert texts(row) == {"availability": "awaited", "note": REASON}
    assert page.rows[0].shares_reason
    set_boxes(client, **{f"have_{row.pk}": "value"})
    assert texts(row) == {}


def test_a_reason_of_ones_own_is_left_alone(client, agency, zhang):
    rows = [task(agency), task(agency)]
    set_boxes(client, all="1")
    client.post(f"{ADDRESS}reason/save/", {"reason": REASON, "v_reason": "0"})
    set_boxes(client, share=[rows[0].pk])
    client.post(f"{ADDRESS}reason/save/", {"reason": REASON * 2, "v_reason": "1"})
    assert texts(rows[0])["narrative"] == f"没有新进展：{REASON * 2}"
    assert texts(rows[1])["narrative"] == f"没有新进展：{REASON}"
    set_boxes(client, share=[row.pk for row in rows])
    assert texts(rows[1])["narrative"] == f"没有新进展：{REASON * 2}"


def test_two_who_write_the_reason_are_asked(client, agency, zhang):
    task(agency)
    set_boxes(client, all="1")
    address = f"{ADDRESS}reason/save/"
    client.post(address, {"reason": REASON, "v_reason": "0"})
    client.force_login(UserFactory(name="李四", agency=agency))
    said = client.post(address, {"reason": "车辆更新推迟到四季度进行", "v_reason": "0"}).json()
    assert [(one["field"], one["theirs"], one["by"], one["v"]) for one in said["conflicts"]] == [
        ("reason", REASON, "张三", 1)
    ]
    assert CommonReason.objects.get().text == REASON
    said = client.post(address, {"reason": "车辆更新推迟到四季度进行", "v_reason": "1"}).json()
    assert said["fields"] == {"reason": {"v": 2}}


def test_a_row_that_another_person_changed_is_looked_at_first(client, agency, zhang):
    row = task(agency)
    page = page_of(client)
    filled(row, {"narrative": NARRATIVE}, by=UserFactory(name="李四", agency=agency))
    Obligation.objects.update(last_editor="李四")
    answer = client.post(ADDRESS, boxes(page, tick=[row.pk]), follow=True)
    assert f"{row.subject_code}刚由另一个人改过" in answer.content.decode()
    assert texts(row) == {"narrative": NARRATIVE}


def test_handed_in_to_the_signer_from_here(client, agency, zhang):
    UserFactory(name="陈磊", agency=agency, roles=[Role.SIGNER])
    of_each(agency)
    set_boxes(client, all="1")
    client.post(f"{ADDRESS}reason/save/", {"reason": REASON, "v_reason": "0"})
    page = page_of(client)
    assert page.button == "报送给本单位审核人（6项）"
    sent = {"items": [row.obligation.pk for row in page.ready], "phone": "0731-84550001"}
    refused = client.post(f"{ADDRESS}send/", sent)
    assert "核对后勾选“我已核对以上内容”" in refused.content.decode()
    client.post(f"{ADDRESS}send/", sent | {"confirmed": "1"})
    assert set(Obligation.objects.values_list("state", flat=True)) == {ObligationState.SIGNING}
    assert "6项都已经交出" in client.get(ADDRESS).content.decode()


def test_a_pane_holds_the_form_of_its_row(client, agency, zhang):
    row = task(agency)
    text = client.get(f"{ADDRESS}?open=task-{row.subject_code}").content.decode()
    assert f'data-save="{reverse("reporting:save", args=row.address)}"' in text
    assert f'id="p{row.pk}_narrative"' in text
    assert f'id="p{row.pk}_narrative"' not in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("query", ["", "?open=task-1-1"])
def test_the_page_takes_a_constant_number_of_statements(client, agency, zhang, query):
    counts = []
    for size in (1, 4):
        for _ in range(size):
            of_each(agency)
        with CaptureQueriesContext(connection) as made:
            assert client.get(f"{ADDRESS}{query}").status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1] <= 9


def test_ticking_all_takes_a_constant_number_of_statements(client, agency, zhang):
    counts = []
    for size in (1, 4):
        for _ in range(size):
            of_each(agency)
        sent = boxes(page_of(client), all="1")
        with CaptureQueriesContext(connection) as made:
            client.post(ADDRESS, sent)
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_without_a_period_there_is_no_page(client, zhang):
    assert client.get("/fill/2030Q1/unchanged/").status_code == 404
