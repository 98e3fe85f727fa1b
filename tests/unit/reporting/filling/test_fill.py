"""The form of an item and its buttons, as they work without a script."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import ObligationState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from targets.models import AccountingBasis
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.factories.targets import AccountingBasisFactory
from tests.factories.tasks import TaskProgressFactory
from tests.unit.reporting.filling.form import entered, post, text_of

pytestmark = pytest.mark.django_db

KINDS = ("target", "task", "contribution", "project")
LONG = "公共充电桩累计建成3,412个，本季度新增126个；停车场充电站设备安装完成，等待送电后投入使用。"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_form(client, kind):
    obligation = ObligationFactory(kind=kind)
    entered(client, obligation)
    page = client.get(obligation.get_absolute_url())
    assert page.status_code == 200
    assert 'id="fill"' in text_of(page)


def test_the_form_says_the_one_day_that_binds(client, target, zhang):
    target.period.due_on = datetime.date(2026, 12, 7)
    target.period.save()
    assert "12月7日前报送" in text_of(client.get(target.get_absolute_url()))
    target.due_on = datetime.date(2026, 12, 15)
    target.save()
    assert "12月15日前报送" in text_of(client.get(target.get_absolute_url()))
    target.correction_reason = "数值有误"
    target.save()
    assert "前报送" not in text_of(client.get(target.get_absolute_url()))


def test_what_is_typed_is_saved_also_where_it_cannot_be_read(client, target, zhang):
    page = post(client, target, availability="new", value="abc", go="stay")
    target.refresh_from_db()
    assert target.state == ObligationState.DRAFT
    assert target.texts == {"availability": "new", "value": "abc"}
    assert 'value="abc"' in text_of(page)
    assert "不是数字" in text_of(page)
    assert not page.context["page"].problems  # errors as such come with the check


def test_a_box_that_is_no_longer_ticked_is_emptied(client):
    obligation = ObligationFactory(kind="contribution")
    user = entered(client, obligation)
    filled(obligation, {"nothing": "1"}, by=user)
    client.post(obligation.get_absolute_url(), {"v_nothing": "1"})
    obligation.refresh_from_db()
    assert obligation.texts["nothing"] == ""


def test_the_reference_tells_last_change_required_and_light(client, target, zhang):
    filled(target, {"availability": "new", "value": "78.6", "grade": "department"}, by=zhang)
    page = client.get(target.get_absolute_url())
    lines = {line.live or line.label: line.value for line in page.context["reference"].lines}
    assert lines["上季度 2026Q2"] == "77.9"
    assert (lines["value"], lines["change"], lines["distance"]) == ("78.6", "+0.7", "+3.6")
    assert lines["要求值（2025年起）"] == "75.0"
    light = page.context["reference"].light
    assert (light.level, light.reason) == ("green", "达到进度要求")
    assert "<svg" in page.context["trend"]
    assert "由2026Q1的77.4%到2026Q3的78.6%（未审核）" in page.context["trend"]


@pytest.mark.parametrize(
    ("value", "light"),
    [("70", "orange"), ("60", "red"), ("75", "green"), ("abc", None)],
)
def test_lights_of_the_typed_value(client, target, zhang, value, light):
    filled(target, {"availability": "new", "value": value}, by=zhang)
    found = client.get(target.get_absolute_url()).context["reference"].light
    assert (found and found.level) == light


def test_the_basis_is_chosen_from_the_register_the_targets_own_first(client, target, zhang):
    AccountingBasisFactory(name="含出租车")
    type(target.target).objects.update(accounting_basis=AccountingBasisFactory(name="在营公交车"))
    field = client.get(target.get_absolute_url()).context["page"].fields["basis"]
    assert [(one.value, one.label, one.is_chosen) for one in field.options] == [
        ("", "在营公交车（本指标的口径）", True),
        ("含出租车", "含出租车", False),
    ]
    filled(target, {"basis": "含 出租车"}, by=zhang)
    field = client.get(target.get_absolute_url()).context["page"].fields["basis"]
    assert [one.value for one in field.options if one.is_chosen] == ["含出租车"]


def test_a_basis_of_an_older_draft_that_is_not_in_the_register_is_asked_about(
    client, target, zhang
):
    filled(target, {"availability": "new", "value": "78", "basis": "全社会"}, by=zhang)
    page = client.get(target.get_absolute_url())
    assert "“全社会”（原填写）" in text_of(page)
    errors = page.context["page"].checked.errors
    assert any("口径登记册里没有“全社会”" in one.message for one in errors)
    assert not AccountingBasis.objects.exists()


def test_nothing_is_asked_twice(client, target, zhang):
    fields = client.get(target.get_absolute_url()).context["page"].fields
    given = {name: one.text for name, one in fields.items() if one.is_given}
    assert given == {
        "availability": "new",
        "value_period": "2026Q3",
        "grade": "department",
        "source": "区交通运输局公交台账",
    }
    filled(target, {"source": ""}, by=zhang)
    assert client.get(target.get_absolute_url()).context["page"].fields["source"].text == ""


def test_a_choice_that_is_none_stays_chosen_as_it_was_typed(client, target, zhang):
    typed = {"grade": "大概是统计", "value_period": "去年底", "availability": "有新数据"}
    filled(target, typed, by=zhang)
    fields = client.get(target.get_absolute_url()).context["page"].fields
    chosen = {
        name: [(one.value, one.label) for one in fields[name].options if one.is_chosen]
        for name in typed
    }
    assert chosen == {
        "grade": [("大概是统计", "“大概是统计”（原填写）")],
        "value_period": [("去年底", "“去年底”（原填写）")],
        "availability": [("new", "有新数据")],
    }


def test_a_doubt_is_converted(client, target, zhang):
    page = post(client, target, availability="new", value="0.786", value_period="2026Q3")
    assert 'name="convert" value="W3"' in text_of(page)
    post(client, target, value="0.786", v_value="1", convert="W3")
    target.refresh_from_db()
    assert target.texts["value"] == "78.6"


def test_a_reason_stands_at_its_doubt(client, target, zhang):
    filled(target, {"availability": "new", "value": "95", "value_period": "2026Q3"}, by=zhang)
    page = client.get(target.get_absolute_url())
    assert 'name="why_W1"' in text_of(page)
    post(client, target, why_W1="三季度新购纯电动公交一百二十辆")
    target.refresh_from_db()
    assert target.texts["why_W1"] == "三季度新购纯电动公交一百二十辆"


def test_errors_come_with_the_check_and_lead_to_their_fields(client, target, zhang):
    filled(target, {"availability": "new", "value": "abc"}, by=zhang)
    page = client.get(f"{target.get_absolute_url()}?check=1")
    text = text_of(page)
    assert "<title>错误：" in text
    assert 'href="#id_value"' in text
    assert 'id="id_value"' in text
    assert 'href="#id_grade_0"' in text
    assert 'id="id_grade_0"' in text
    assert "<title>T18" in text_of(client.get(target.get_absolute_url()))


def test_buttons_lead_back_and_on(client, target, zhang):
    other = ObligationFactory(agency=target.agency, kind="project")
    answer = post(client, target, follow=False, note="", go="next")
    assert answer.headers["Location"] == other.get_absolute_url()
    answer = post(client, target, follow=False, note="", go="back")
    assert answer.headers["Location"] == "/my/?period=2026Q3"
    query = "?check=1&next=/fill/2026Q3/check/"
    answer = post(client, target, follow=False, query=query, note="", go="back")
    assert answer.headers["Location"] == "/fill/2026Q3/check/"
    answer = post(client, target, follow=False, query="?next=//x.cn/", note="", go="back")
    assert answer.headers["Location"] == "/my/?period=2026Q3"


def test_two_editors_of_a_field_choose(client, target, zhang):
    li = UserFactory(name="李四", agency=target.agency)
    entries.save(pk=target.pk, edits={"value": FieldEdit("79.1")}, by=li)
    page = post(client, target, value="78.6", note="我的备注")
    assert page.status_code == 409
    text = text_of(page)
    assert "同时由李四改过" in text
    assert 'value="78.6"' in text
    assert "79.1" in text
    target.refresh_from_db()
    assert (target.texts["value"], target.texts["note"]) == ("79.1", "我的备注")
    version = page.context["page"].fields["value"].version
    post(client, target, value="78.6", v_value=str(version), pick_value="mine")
    target.refresh_from_db()
    assert target.texts["value"] == "78.6"


def test_the_text_that_is_given_up_stays_in_the_ledger(client, target, zhang):
    li = UserFactory(name="李四", agency=target.agency)
    entries.save(pk=target.pk, edits={"note": FieldEdit("李四的备注")}, by=li)
    post(client, target, note="我的备注", v_note="1", pick_note="theirs")
    target.refresh_from_db()
    assert target.texts["note"] == "李四的备注"
    assert AuditEvent.objects.filter(action="放弃的文字").get().changes[0][1] == "我的备注"


def test_what_is_refused_is_shown_to_be_copied(client, target, zhang):
    filled(target, {"note": "已报送的备注"}, by=zhang, state=ObligationState.SUBMITTED)
    page = post(client, target, note="还要补一句")
    assert page.status_code == 409
    assert page.context["lost"] == [("备注", "还要补一句")]
    assert "要修改时先撤回" in text_of(page)
    target.refresh_from_db()
    assert target.texts == {"note": "已报送的备注"}


def test_a_closed_period_shows_the_form_with_the_reason(client):
    obligation = ObligationFactory(period=PeriodFactory(state="closed"))
    entered(client, obligation)
    text = text_of(client.get(obligation.get_absolute_url()))
    assert 'id="fill"' not in text
    assert "解锁申请" in text


def test_only_the_own_agency_and_reviewers_read_it(client, target):
    client.force_login(UserFactory(agency=AgencyFactory()))
    assert client.get(target.get_absolute_url()).status_code == 403
    assert post(client, target, note="别人的").status_code == 403
    client.force_login(UserFactory(agency=AgencyFactory(), roles=[Role.REVIEWER]))
    text = text_of(client.get(target.get_absolute_url()))
    assert 'id="fill"' not in text
    client.force_login(UserFactory(agency=target.agency, roles=[Role.SIGNER]))
    assert 'id="fill"' not in text_of(client.get(target.get_absolute_url()))
    assert client.get("/fill/2026Q3/targets/T99/").status_code == 404
    assert client.get("/fill/2026Q3/other/T18/").status_code == 404


def test_an_approved_item_is_corrected_with_a_reason(client, target, zhang):
    filled(target, {"value": "78.6"}, by=zhang, state=ObligationState.APPROVED)
    text = text_of(client.get(target.get_absolute_url()))
    assert "更正已通过的数据" in text
    address = reverse("reporting:correct", args=target.address)
    assert "至少5个字" in text_of(client.post(address, {"reason": "错"}, follow=True))
    client.post(address, {"reason": "台账漏登两条线路"})
    target.refresh_from_db()
    assert (target.state, target.is_correction) == (ObligationState.DRAFT, True)
    text = text_of(client.get(target.get_absolute_url()))
    assert "台账漏登两条线路" in text
    assert "放弃更正" in text
    client.post(reverse("reporting:drop", args=target.address))
    target.refresh_from_db()
    assert target.state == ObligationState.APPROVED


def test_contributions_are_quoted_and_last_quarter_is_a_draft(client):
    obligation = ObligationFactory(kind="task", task__code="5-1")
    entered(client, obligation)
    TaskProgressFactory(task=obligation.task, quarter=2, narrative=LONG, quantity_name="公共充电桩")
    other = AgencyFactory(name="区住房和城乡建设局", short_name="区住建局")
    box = ObligationFactory(kind="contribution", task=obligation.task, agency=other)
    filled(box, {"text": "新建小区配建充电设施验收7个。"})
    page = client.get(obligation.get_absolute_url())
    assert "正在填写" in text_of(page)
    assert "新建小区配建" not in text_of(page)
    filled(box, box.texts, state=ObligationState.SUBMITTED)
    post(client, obligation, narrative="本季度新增126个。", quote=str(box.pk))
    obligation.refresh_from_db()
    assert (
        obligation.texts["narrative"]
        == "本季度新增126个。\n区住建局：新建小区配建充电设施验收7个。"
    )
    empty = ObligationFactory(kind="task", task=obligation.task, agency=obligation.agency,
                              period=PeriodFactory(year=2026, quarter=4))  # fmt: skip
    TaskProgressFactory(task=obligation.task, quarter=3, narrative="三季度的进展。")
    page = post(client, empty, narrative="", draft="1")
    empty.refresh_from_db()
    assert empty.texts["narrative"] == "三季度的进展。"
    assert page.context["reference"].pieces


@pytest.mark.usefixtures("of_2026q3")
def test_a_project_whose_expected_completion_has_passed_is_asked_for_another(client, clock):
    obligation = ObligationFactory(kind="project", project__code="P16", project__end_year=2028)
    entered(client, obligation)
    ProjectProgressFactory(project=obligation.project, quarter=2, expected_on="2026-08")
    assert "预计2026年8月竣工已过3个月，填写新的预计时间" in text_of(
        client.get(obligation.get_absolute_url())
    )
    post(client, obligation, expected_on="2027-06")
    assert "竣工已过" not in text_of(client.get(obligation.get_absolute_url()))


def test_a_project_adds_up_and_says_how_late_it_is(client, settings):
    obligation = ObligationFactory(kind="project", project__code="P16")
    entered(client, obligation)
    ProjectProgressFactory(project=obligation.project, quarter=2, invested_wan=Decimal(29650))
    page = client.get(obligation.get_absolute_url())
    assert "已超过计划完成年" in text_of(page)
    assert page.context["page"].fields["status"].text == "under_way"
    post(client, obligation, invested_quarter_wan="1,200", invested_wan="", sum="1")
    obligation.refresh_from_db()
    assert obligation.texts["invested_wan"] == "30850"
    page = client.get(obligation.get_absolute_url())
    assert "≈3.09亿元" in text_of(page)
    assert "上季度累计 29,650＋本季度 1,200＝30,850" in text_of(page)
    assert page.context["reference"].share_words == "102.8%"


def test_saving_takes_few_statements(client, target, zhang):
    client.get(target.get_absolute_url())
    with CaptureQueriesContext(connection) as rows:
        post(client, target, follow=False, value="78.6", note="已核", convert="W3", go="next")
    assert len(rows) <= 12, [q["sql"][:90] for q in rows.captured_queries]
