"""Important matters reach the bureau; the ledger of risks grows from them and from reports."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from reporting.choices import MatterState, ObligationState, RiskState
from reporting.models import Matter, Risk
from reporting.selectors import risks as selectors
from reporting.services import matters
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db

MATTER = {"title": "管线迁改停工", "text": "9月起停工，影响竣工", "wish": "请协调", "about": "X01"}
RISK = {
    "title": "管线迁改停工", "level": "high", "measures": "每周调度", "due_on": "2026-12-31",
    "state": "open", "closing_note": "", "text": "", "about": "",
}  # fmt: skip


@pytest.fixture
def cast():
    TargetFactory(code="X01")
    return make_cast()


@pytest.fixture
def matter(cast):
    made = Matter(title="管线迁改停工", text="9月起停工")
    return matters.report(matter=made, by=cast["张三"])


def post(client, user, name, data, *args, query=""):
    client.force_login(user)
    return client.post(reverse(f"reporting:{name}", args=args) + query, data)


def test_an_agency_reports_at_any_time(client, cast):
    answer = post(client, cast["张三"], "new_matter", MATTER)
    made = Matter.objects.get()
    assert answer.headers["Location"] == f"/matters/{made.pk}/"
    assert (made.agency, made.target.code, made.state) == (
        cast["张三"].agency, "X01", MatterState.REPORTED,
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="报告重大问题").exists()


def test_what_was_typed_stays_where_something_is_wrong(client, cast):
    answer = post(client, cast["张三"], "new_matter", MATTER | {"title": "", "about": "T99"})
    text = answer.content.decode()
    assert "错误：报告重大问题" in text
    assert "没有编号为T99的指标、任务或项目" in text
    assert "9月起停工，影响竣工" in text
    assert not Matter.objects.exists()


def test_only_the_own_agency_and_the_bureau_read_it(client, cast, matter):
    for name, status in {"李四": 200, "钱审核": 200, "赵六": 200, "王五": 403}.items():
        client.force_login(cast[name])
        assert client.get(f"/matters/{matter.pk}/").status_code == status, name
    client.force_login(cast["王五"])
    assert matter.title not in client.get("/matters/").content.decode()


def test_the_bureau_answers_once(client, cast, matter):
    post(client, cast["赵六"], "matter", {"answer": "已协调"}, matter.pk)
    matter.refresh_from_db()
    assert (matter.state, matter.answer) == (MatterState.ANSWERED, "已协调")
    again = post(client, cast["赵六"], "matter", {"answer": "再答"}, matter.pk)
    assert "已经处理" in again.content.decode()
    assert post(client, cast["张三"], "matter", {"answer": "自答"}, matter.pk).status_code in (
        200,
        403,
    )
    matter.refresh_from_db()
    assert matter.answer == "已协调"


def test_a_matter_becomes_a_row_of_the_ledger(client, cast, matter):
    data = RISK | {"agency": cast["张三"].agency.pk}
    post(client, cast["赵六"], "new_risk", data, query=f"?matter={matter.pk}")
    matter.refresh_from_db()
    risk = Risk.objects.get()
    assert (risk.matter, risk.recorded_by) == (matter, "赵六")
    assert matter.state == MatterState.ACCEPTED
    assert selectors.waiting_matters() == 0


def test_a_problem_of_a_report_is_proposed_until_it_is_in_the_ledger(client, cast):
    row = ObligationFactory(agency=cast["张三"].agency, kind="task")
    filled(row, {"problems": "配电增容手续办理周期长"}, state=ObligationState.SUBMITTED)
    draft = ObligationFactory(agency=cast["张三"].agency, kind="task")
    filled(draft, {"problems": "还没有报送的问题"})
    assert [problem.obligation.pk for problem in selectors.open_problems()] == [row.pk]
    data = RISK | {"agency": row.agency.pk}
    post(client, cast["赵六"], "new_risk", data, query=f"?item={row.pk}")
    assert Risk.objects.get().obligation == row
    assert not selectors.open_problems()


def test_closing_asks_how_it_was_resolved(client, cast):
    risk = Risk.objects.create(
        title="风险", level="low", agency=cast["张三"].agency, measures="措施", recorded_by="赵六"
    )
    data = RISK | {"agency": risk.agency.pk, "state": "closed"}
    answer = post(client, cast["赵六"], "change_risk", data, risk.pk)
    assert "销号要写明化解情况" in answer.content.decode()
    post(client, cast["赵六"], "change_risk", data | {"closing_note": "已复工"}, risk.pk)
    risk.refresh_from_db()
    assert risk.state == RiskState.CLOSED


def test_the_ledger_is_sorted_counted_and_exported(client, cast):
    agency = cast["张三"].agency
    past = timezone.localdate() - datetime.timedelta(days=3)
    for title, level, state in (
        ("丙", "low", "open"),
        ("甲", "high", "open"),
        ("丁", "high", "closed"),
    ):
        Risk.objects.create(
            title=title, level=level, state=state, agency=agency, measures="措施", due_on=past,
            closing_note="好" if state == "closed" else "",
        )  # fmt: skip
    assert [risk.title for risk in selectors.risks()] == ["甲", "丙", "丁"]
    counts = selectors.risk_counts(today=timezone.localdate())
    assert counts.sentence == "台账共3项：未化解2、已销号1，其中逾期2。"
    client.force_login(cast["孙领导"])
    assert client.get("/risks/export/?state=open").status_code == 200
    assert "登记风险" not in client.get("/risks/").content.decode()


def test_lists_take_few_statements_whatever_their_length(
    client, cast, django_assert_max_num_queries
):
    agency = cast["张三"].agency
    for number in range(30):
        made = Matter(title=f"问题{number}", text="情况")
        matters.report(matter=made, by=cast["张三"])
        Risk.objects.create(
            title=f"风险{number}", level="low", agency=agency, measures="措施", recorded_by="赵六"
        )
    client.force_login(cast["赵六"])
    for address in ("/matters/", "/risks/"):
        client.get(address)
        with django_assert_max_num_queries(8):
            client.get(address)
