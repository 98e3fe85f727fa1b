"""Checking, handing in, signing, receipt, sheet and withdrawal, through the pages."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from reporting import policies
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation, Presence, Submission, SubmittedItem
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from reporting.submitting.selectors.receipt import submissions_of
from reporting.workflow import Step
from tests.documents import parsed
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory

pytestmark = pytest.mark.django_db
VALUE = {
    "availability": "new",
    "value": "78.6",
    "value_period": "2026Q3",
    "grade": "department",
    "source": "公交台账",
}
NOTHING = {"nothing": "1"}
CHECK = "/fill/2026Q3/check/"
SIGNING = "/my/signing/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def unsigned(cast):
    """The same agency without a signer of its own."""
    cast["钱审核"].is_active = False
    cast["钱审核"].save()
    return cast


@pytest.fixture
def zhang(client, cast):
    client.force_login(cast["张三"])
    return client


@pytest.fixture
def qian(client, cast):
    client.force_login(cast["钱审核"])
    return client


def owed(cast, texts=NOTHING, *, kind=ObligationKind.CONTRIBUTION, who="张三", **fields):
    row = ObligationFactory(agency=cast["张三"].agency, kind=kind)
    filled(row, texts, by=cast[who], **fields)
    row.last_editor = who
    row.save()
    return row


def text_of(answer):
    return answer.content.decode()


def box(page, row):
    """The box with which an item is chosen."""
    return parsed(page).one(f"input#item_{row.pk}")


def send(client, *rows, **fields):
    form = {"items": [row.pk for row in rows], "phone": "0731-1", "confirmed": "1", **fields}
    return client.post(CHECK, {name: value for name, value in form.items() if value is not None})


def states(*rows):
    return [Obligation.objects.get(pk=row.pk).state for row in rows]


def test_the_page_shows_every_answer_with_doubt_reason_and_a_way_back(zhang, cast):
    row = owed(
        cast, VALUE | {"value": "40", "why_W1": "七月起报废燃气车，统计范围不变"},
        kind=ObligationKind.TARGET,
    )  # fmt: skip
    ObservationFactory(target=row.target, year=2026, quarter=2, value="77.9")
    page = text_of(zhang.get(CHECK))
    assert "40.0%" in page
    assert "七月起报废燃气车，统计范围不变" in page
    way = f"{row.get_absolute_url()}?check=1&amp;next=%2Ffill%2F2026Q3%2Fcheck%2F#id_why_W1"
    assert way in page


def test_what_is_not_ready_is_named_with_a_link_and_cannot_be_ticked(zhang, cast):
    bad = owed(cast, VALUE | {"value": "abc"}, kind=ObligationKind.TARGET)
    good = owed(cast)
    page = text_of(zhang.get(CHECK))
    assert "<title>错误：检查并报送" in page
    assert f"{bad.get_absolute_url()}?check=1" in page
    assert "#id_value" in page
    assert box(page, good).has("checked")
    assert box(page, bad).has("disabled")
    assert "可以先报送已完成的1项，其余1项以后再报" in page


def test_what_nobody_has_begun_is_no_error(zhang, cast):
    ObligationFactory(agency=cast["张三"].agency)
    page = text_of(zhang.get(CHECK))
    assert "错误：" not in page
    assert "去填写" in page


def test_drafts_of_others_are_shown_with_who(zhang, cast):
    row = owed(cast, who="李四")
    Presence.objects.create(obligation=row, user=cast["李四"], seen_at=timezone.now())
    page = text_of(zhang.get(CHECK))
    assert "李四填写" in page
    assert "李四正在填写本项" in page


def test_a_failed_post_keeps_ticks_phone_and_says_what_to_do(zhang, cast):
    one, two = owed(cast), owed(cast)
    page = text_of(send(zhang, one, phone="8455", confirmed=None))
    assert "<title>错误：检查并报送" in page
    assert 'href="#id_confirmed"' in page
    assert 'value="8455"' in page
    assert box(page, one).has("checked")
    assert not box(page, two).has("checked")
    assert "填写联系电话" in text_of(send(zhang, one, phone=" "))
    assert "勾选要报送的事项" in text_of(send(zhang))
    assert states(one, two) == ["draft", "draft"]


def test_a_part_is_handed_over_and_the_signer_signs_it(zhang, cast, client):
    one, two, left = owed(cast), owed(cast), owed(cast)
    answer = send(zhang, one, two)
    assert answer.headers["Location"] == "/my/?period=2026Q3"
    assert states(one, two, left) == ["signing", "signing", "draft"]
    client.force_login(cast["钱审核"])
    page = text_of(client.get(SIGNING))
    assert page.count("本季度无配合事项") == 2
    assert "填报人 张三" in page
    answer = client.post(SIGNING, {"items": [one.pk, two.pk]})
    number = Submission.objects.get().full_number
    assert answer.headers["Location"] == f"/fill/2026Q3/receipt/{number}/"
    assert states(one, two) == ["submitted", "submitted"]
    assert AuditEvent.objects.filter(action="审核并报送").count() == 2


def test_the_moment_of_handing_over_is_kept(cast, clock):
    row = owed(cast)
    clock.move_to(datetime.date(2026, 11, 27))
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    row.refresh_from_db()
    assert timezone.localdate(row.handed_over_at) == datetime.date(2026, 11, 27)


def test_a_signer_sends_one_back_with_a_comment(qian, cast):
    one, two = owed(cast), owed(cast)
    submissions.hand_over(pks=[one.pk, two.pk], by=cast["张三"])
    page = text_of(qian.post(SIGNING, {"back": one.pk, f"comment_{two.pk}": "核对"}))
    assert "退回要写明意见" in page
    assert ">核对</textarea>" in page
    qian.post(SIGNING, {"back": one.pk, f"comment_{one.pk}": "核对分母"})
    assert states(one, two) == ["returned", "signing"]


def test_a_preparer_sees_what_waits_and_takes_it_back(zhang, cast):
    row = owed(cast)
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    page = text_of(zhang.get(SIGNING))
    assert "待本单位审核人审核" in page
    assert "退回填报员" not in page
    zhang.post("/fill/2026Q3/withdraw/", {"items": row.pk})
    assert states(row) == ["draft"]
    assert zhang.post(SIGNING, {"items": row.pk}).status_code == 403


def test_without_a_signer_it_goes_to_the_bureau_with_a_receipt(zhang, unsigned):
    row = owed(unsigned, VALUE, kind=ObligationKind.TARGET)
    filled(row, {"availability": "annual"}, by=unsigned["张三"])
    page = text_of(zhang.get(CHECK))
    assert "报送区发改局</button>" in page
    answer = send(zhang, row)
    address = answer.headers["Location"]
    page = text_of(zhang.get(address))
    assert "2026Q3-JTJ-01-1" in page
    assert "一般3个工作日内审核" in page
    assert "打印报送件" in page
    sheet = text_of(zhang.get(f"{address}sheet/"))
    assert "单位负责人（签字）" in sheet
    assert "年度指标，本季度没有" in sheet


def test_withdrawal_until_the_review_begins_then_the_reason(zhang, unsigned):
    one, two = owed(unsigned), owed(unsigned)
    submission = submissions.submit(pks=[one.pk, two.pk], by=unsigned["张三"], phone="1")
    address = f"/fill/2026Q3/receipt/{submission.full_number}/"
    answer = zhang.post("/fill/2026Q3/withdraw/", {"items": one.pk, "back": address}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "已撤回" in text_of(answer)
    assert states(one, two) == ["draft", "submitted"]
    reviews.begin(pk=two.pk, by=unsigned["赵六"])
    page = text_of(zhang.get(address))
    assert "不能撤回：区发改局已经开始审核" in page
    assert "撤回勾选的事项" not in page
    zhang.post("/fill/2026Q3/withdraw/", {"items": two.pk, "back": "//example.org/"})
    assert states(two) == ["reviewing"]


def test_a_receipt_shows_what_was_sent_then(zhang, unsigned):
    row = owed(unsigned)
    first = submissions.submit(pks=[row.pk], by=unsigned["张三"], phone="1")
    submissions.withdraw(pks=[row.pk], by=unsigned["张三"])
    filled(row, {"text": "完成充电桩选址"}, by=unsigned["张三"])
    second = submissions.submit(pks=[row.pk], by=unsigned["张三"], phone="1")
    old = text_of(zhang.get(f"/fill/2026Q3/receipt/{first.full_number}/"))
    assert "全部撤回" in old
    assert "撤回勾选的事项" not in old
    assert "撤回勾选的事项" in text_of(zhang.get(f"/fill/2026Q3/receipt/{second.full_number}/"))
    listed = list(submissions_of(agency=unsigned["张三"].agency))
    assert [(one.full_number, one.count, one.withdrawn_count) for one in listed] == [
        (second.full_number, 1, 0), (first.full_number, 1, 1),
    ]  # fmt: skip


def test_others_do_not_read_a_receipt(client, unsigned):
    row = owed(unsigned)
    number = submissions.submit(pks=[row.pk], by=unsigned["张三"], phone="1").full_number
    address = f"/fill/2026Q3/receipt/{number}/"
    for name, status in (("王五", 403), ("赵六", 200), ("管理员", 403)):
        client.force_login(unsigned[name])
        for path in (address, f"{address}sheet/"):
            assert client.get(path).status_code == status, (name, path)
    client.force_login(unsigned["孙领导"])
    waiting = text_of(client.get(address))
    assert "审核通过0项" in waiting
    assert row.subject_code not in waiting
    assert client.get(f"{address}sheet/").status_code == 403
    client.force_login(unsigned["张三"])
    assert client.get(f"/fill/2026Q2/receipt/{number}/").status_code == 404
    assert client.get("/fill/2026Q3/receipt/2026Q3-NYJ-01/").status_code == 404


@pytest.mark.parametrize("path", ["/fill/2026/check/", "/fill/x/check/", "/fill/2031Q1/check/"])
def test_a_period_that_does_not_exist_is_not_found(zhang, path):
    assert zhang.get(path).status_code == 404


def test_a_closed_period_takes_nothing_in_and_gives_nothing_back(zhang, unsigned):
    row, sent = owed(unsigned), owed(unsigned)
    submissions.submit(pks=[sent.pk], by=unsigned["张三"], phone="1")
    row.period.state = PeriodState.CLOSED
    row.period.save()
    assert "已经关闭" in text_of(zhang.get(CHECK))
    assert "已经关闭" in text_of(send(zhang, row))
    zhang.post("/fill/2026Q3/withdraw/", {"items": sent.pk})
    assert states(row, sent) == ["draft", "submitted"]


def test_what_the_bureau_returned_passes_the_signer_after_the_end(cast):
    row = owed(cast)
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    submissions.sign(pks=[row.pk], by=cast["钱审核"])
    reviews.give_back(pk=row.pk, round=1, comment="核实", by=cast["赵六"])
    row.period.state = PeriodState.CLOSED
    row.period.save()
    with pytest.raises(ValidationError, match="退回以后内容没有改动"):
        submissions.hand_over(pks=[row.pk], by=cast["张三"])
    edit = {"why_W14": FieldEdit("已与科室核实，确无配合事项", 0)}
    entries.save(pk=row.pk, edits=edit, by=cast["张三"])
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    submissions.withdraw(pks=[row.pk], by=cast["张三"])
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    submissions.sign(pks=[row.pk], by=cast["钱审核"])
    assert SubmittedItem.objects.filter(obligation=row).count() == 2


@pytest.mark.parametrize("size", [1, 10])
def test_pages_take_a_constant_number_of_statements(
    client, cast, size, django_assert_max_num_queries
):
    rows = [owed(cast) for _ in range(size)]
    rows += [owed(cast, VALUE, kind=ObligationKind.TARGET) for _ in range(size)]
    client.force_login(cast["张三"])
    with django_assert_max_num_queries(8):
        client.get(CHECK)
    with django_assert_max_num_queries(12):
        assert send(client, *rows[:size]).status_code == 302
    client.force_login(cast["钱审核"])
    with django_assert_max_num_queries(8):
        client.get(SIGNING)
    with django_assert_max_num_queries(30):  # two sheets for the stamp are issued
        answer = client.post(SIGNING, {"items": [row.pk for row in rows[:size]]})
    for path in ("", "sheet/"):
        with django_assert_max_num_queries(8):
            assert client.get(answer.headers["Location"] + path).status_code == 200
    form = {"items": [row.pk for row in rows[:size]]}
    with django_assert_max_num_queries(18):
        client.post("/fill/2026Q3/withdraw/", form)
    assert states(*rows[:size]) == ["draft"] * size


def test_nobody_is_told_to_withdraw_what_is_under_review(cast):
    row = owed(cast)
    row.state = ObligationState.REVIEWING
    told = {step: policies.why_not(step=step, obligation=row, by=cast["张三"]) for step in Step}
    begun = [step for step, sentence in told.items() if "已经开始审核" in sentence]
    assert set(begun) == {Step.EDIT, Step.WITHDRAW}
    assert not [sentence for sentence in told.values() if "先撤回" in sentence]
    row.state = ObligationState.SUBMITTED
    found = policies.why_not(step=Step.EDIT, obligation=row, by=cast["张三"])
    assert found == "本项已报送区发改局，要修改时先撤回"


@pytest.mark.parametrize("address", [CHECK, SIGNING])
def test_checking_and_signing_show_the_last_value(client, cast, address):
    row = owed(
        cast,
        VALUE,
        kind=ObligationKind.TARGET,
        state=(ObligationState.SIGNING if address == SIGNING else ObligationState.DRAFT),
    )
    ObservationFactory(target=row.target, year=2026, quarter=2, value=Decimal("77.9"))
    client.force_login(cast["钱审核" if address == SIGNING else "张三"])
    assert "上季度77.9%" in parsed(text_of(client.get(address))).one("main").text
