"""Sheets for the stamp: what they show, when a new version is issued, for whom."""

import datetime
import re

import pytest
from django.test import override_settings
from django.utils import timezone

from audit.models import AuditEvent
from records.choices import CodeState
from records.models import IssuedCode
from reporting.choices import ObligationKind
from reporting.filling.services import corrections
from reporting.models import Obligation, Paper, ReportingPeriod, Submission
from reporting.papers import services as papers
from reporting.papers.selectors.hand_ins import contents_of
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from tests.documents import parsed
from tests.factories.cast import make_cast
from tests.factories.evidence import attach
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory
from tests.unit.reporting.checked import CONTRIBUTION, PROJECT, TARGET, TASK

pytestmark = pytest.mark.django_db
NUMBER, WHOLE = "2026Q3-JTJ-01", "2026Q3-JTJ-00"
KINDS = {
    ObligationKind.TARGET: {"availability": "annual", "note": "年度统计，次年3月公布"},
    ObligationKind.TASK: TASK,
    ObligationKind.CONTRIBUTION: CONTRIBUTION,
    ObligationKind.PROJECT: PROJECT | {"invested_wan": "20850"},
}


@pytest.fixture
def cast():
    people = make_cast()
    agency = people["张三"].agency
    agency.full_name = "长沙市开福区交通运输局"
    agency.save()
    bureau = people["赵六"].agency
    bureau.full_name, bureau.is_coordinator = "长沙市开福区发展和改革局", True
    bureau.save()
    return people


@pytest.fixture
def eight(cast):
    """Eight items of the agency, with whatever the check asks."""
    return [ready(cast) for _ in range(8)]


def ready(cast, kind=ObligationKind.CONTRIBUTION, texts=None, **fields):
    row = ObligationFactory(agency=cast["张三"].agency, kind=kind, **fields)
    return filled(row, texts or KINDS[kind], by=cast["张三"])


def hand_in(cast, *rows):
    keys = [row.pk for row in rows]
    submissions.hand_over(pks=keys, by=cast["张三"], phone="0731-84550001")
    return submissions.sign(pks=keys, by=cast["钱审核"])


def shown(client, number, period="2026Q3"):
    answer = client.get(f"/fill/{period}/receipt/{number}/sheet/")
    assert answer.status_code == 200
    return parsed(answer.content.decode()).one("main")


def state(number):
    return IssuedCode.objects.get(number=number).state


def codes(number):
    return [row.code for row in contents_of(Paper.objects.get(issued__number=number)).rows]


def texts_of(number):
    return contents_of(Paper.objects.get(issued__number=number)).summary


def test_a_sheet_shows_all_that_the_unit_answers_for(client, cast):
    agency = cast["张三"].agency
    target = TargetFactory(code="T18", name="纯电动公交车比例", lead=agency, frequency="quarterly",
                           unit="%", decimals=1)  # fmt: skip
    MilestoneFactory(target=target, year=2025, value="80")
    ObservationFactory(target=target, year=2026, quarter=2, value="77.9")
    told = "淘汰国三柴油货车38辆，低于季度计划；限值检查覆盖14家企业。" * 6
    bus = ready(cast, ObligationKind.TARGET, TARGET | {"why_W4": "报废较多，年底前补足"},
                target=target)  # fmt: skip
    attach(bus, name="公交台账2026Q3.pdf")
    work = TASK | {
        "narrative": told, "problems": "部分车主等待补贴。", "coordination": "区财政局",
        "next_steps": "完成年度淘汰", "next_due": "2026-12",
        "quantity_name": "淘汰柴油货车", "quantity_value": "38", "quantity_unit": "辆",
    }  # fmt: skip
    task = ready(cast, ObligationKind.TASK, work)
    lead = TaskFactory(lead=cast["赵六"].agency)
    share = ready(cast, ObligationKind.CONTRIBUTION, {"text": "车厢投放公益广告120辆"}, task=lead)
    hand_in(cast, bus, task, share)
    client.force_login(cast["张三"])
    page = shown(client, NUMBER)
    for words in (
        "长沙市开福区交通运输局", "长沙市开福区发展和改革局", "2026年第三季度", "2026Q3-JTJ-01-1",
        "本件报送3项：指标1项、牵头任务1项、配合事项1项；没有项目。",
        "一、指标（1项）", "二、牵头任务（1项）", "三、配合事项（1项）",
        "2025年≥80%", "77.9%", "78.6%", "部门统计", "公交台账2026Q3.pdf",
        "单位说明：报废较多，年底前补足",
        told, "部分车主等待补贴。", "需要协调区财政局", "完成年度淘汰（2026年12月前）",
        "淘汰柴油货车38辆", "佐证：无", "车厢投放公益广告120辆", "单位负责人（签字）",
    ):  # fmt: skip
        assert words in page.text, words
    signatures = page.one("section.signing").line
    assert re.search(r"填报人 张三 \d+年\d+月\d+日 \d\d:\d\d 报送，0731-84550001", signatures)
    assert re.search(r"单位审核人 钱审核 \d+年\d+月\d+日 \d\d:\d\d 审核", signatures)
    assert "style=" not in client.get(f"/fill/2026Q3/receipt/{NUMBER}/sheet/").content.decode()


def test_after_a_withdrawal_seven_items_have_another_number(client, cast, eight):
    """Case 5: the same number was printed with seven items instead of eight."""
    submission = hand_in(cast, *eight)
    client.force_login(cast["张三"])
    before = shown(client, f"{NUMBER}-1").text
    assert "本件报送8项" in before
    submissions.withdraw(pks=[eight[2].pk], by=cast["张三"])
    submission.refresh_from_db()
    assert submission.full_number == f"{NUMBER}-2"
    page = shown(client, NUMBER)
    assert "本件报送7项" in page.text
    assert f"（8项）作废：{eight[2].subject.code}已撤回" in page.text
    assert len(page.every("tbody")[0].every("tr")) == 7
    old = shown(client, f"{NUMBER}-1")
    assert f"已被{NUMBER}-2代替，不得盖章" in old.text
    assert "单位负责人（签字）" not in old.text
    assert "本件报送8项" in old.text
    assert (state(f"{NUMBER}-1"), state(f"{NUMBER}-2")) == (CodeState.REPLACED, CodeState.VALID)
    receipt = client.get(f"/fill/2026Q3/receipt/{NUMBER}-2/").content.decode()
    history = client.get("/my/history/?period=2026Q3").content.decode()
    for words in (receipt, history):
        assert f"{NUMBER}-2" in words
        assert f"{NUMBER}-1" not in words


def test_the_same_contents_are_the_same_print(client, cast, eight):
    hand_in(cast, *eight)
    client.force_login(cast["张三"])
    first = shown(client, NUMBER).text
    target = TargetFactory(name="别的指标")
    ObservationFactory(target=target, year=2026, quarter=2, value="1")
    cast["张三"].name = "张三丰"
    cast["张三"].save()
    papers.renew(obligations=[row.pk for row in eight], by=cast["张三"])
    assert Paper.objects.filter(number=NUMBER).count() == 1
    assert shown(client, NUMBER).text.replace("打印：张三丰", "打印：张三") == first


def test_all_withdrawn_must_not_be_stamped_and_the_next_one_goes_on_with_the_number(
    client, cast, eight
):
    hand_in(cast, *eight)
    submissions.withdraw(pks=[row.pk for row in eight], by=cast["钱审核"])
    client.force_login(cast["张三"])
    page = shown(client, NUMBER)
    assert "已撤回，不得盖章" in page.one("section.signing").text
    assert "单位盖章" not in page.text
    assert (state(f"{NUMBER}-1"), state(f"{WHOLE}-1")) == (CodeState.WITHDRAWN,) * 2
    hand_in(cast, *eight, ready(cast))
    assert Submission.objects.latest("pk").full_number == f"{NUMBER}-2"
    assert "（8项）已撤回作废" in shown(client, NUMBER).text
    assert state(f"{NUMBER}-1") == CodeState.REPLACED
    assert client.get(f"/fill/2026Q3/receipt/{NUMBER}-1/").status_code == 200
    old = client.get(f"/fill/2026Q3/receipt/{NUMBER}-1/").content.decode()
    assert "全部撤回" in old
    assert "全部撤回，修改" not in client.get(f"/fill/2026Q3/receipt/{NUMBER}/").content.decode()


def test_what_was_returned_stands_on_the_sheet_of_its_new_hand_in(client, cast, eight):
    hand_in(cast, *eight)
    back = eight[0]
    reviews.give_back(pk=back.pk, round=1, comment="核实", by=cast["赵六"])
    back.refresh_from_db()
    assert Paper.objects.filter(number=NUMBER).count() == 1
    filled(back, {"text": "完成充电桩选址24处"}, by=cast["张三"], state=back.state)
    hand_in(cast, back)
    code = back.subject.code
    assert codes("2026Q3-JTJ-02-1") == [code]
    assert f"其中{code}是重新报送，代替{NUMBER}-1中的同一项" in texts_of("2026Q3-JTJ-02-1")
    assert f"作废：{code}已重新报送" in texts_of(f"{NUMBER}-2")
    assert len(codes(f"{NUMBER}-2")) == 7
    whole = contents_of(Paper.objects.get(issued__number=f"{WHOLE}-2"))
    assert len(whole.rows) == 8
    assert "完成充电桩选址24处" in {row.value for row in whole.rows}
    assert f"本件汇总本季度2次报送的最新内容：{NUMBER}-2（" in whole.summary
    assert "2026Q3-JTJ-02-1（" in whole.summary


def test_a_single_item_returned_keeps_its_number(cast):
    row = ready(cast)
    hand_in(cast, row)
    reviews.give_back(pk=row.pk, round=1, comment="核实", by=cast["赵六"])
    row.refresh_from_db()
    filled(row, {"text": "完成充电桩选址24处"}, by=cast["张三"], state=row.state)
    hand_in(cast, row)
    assert Submission.objects.latest("pk").full_number == f"{NUMBER}-2"
    assert "已重新报送" in texts_of(f"{NUMBER}-2")


def test_a_correction_moves_the_item_and_dropping_it_moves_it_back(cast, eight):
    hand_in(cast, *eight)
    row = eight[0]
    reviews.approve(rounds={one.pk: 1 for one in eight}, by=cast["赵六"])
    corrections.correct(pk=row.pk, reason="分母漏计旅游公交", by=cast["张三"])
    assert Paper.objects.filter(number=NUMBER).count() == 1
    hand_in(cast, row)
    assert len(codes(f"{NUMBER}-2")) == 7
    reviews.give_back(pk=row.pk, round=2, comment="核实", by=cast["赵六"])
    corrections.drop_correction(pk=row.pk, by=cast["张三"])
    assert row.subject.code in codes(f"{NUMBER}-3")
    assert len(codes(f"{NUMBER}-3")) == 8
    gone = IssuedCode.objects.get(number="2026Q3-JTJ-02-1")
    assert (gone.state, gone.replaced_by.number) == (CodeState.REPLACED, f"{NUMBER}-3")


def test_what_stands_again_is_issued_again(cast):
    row, other = ready(cast), ready(cast)
    hand_in(cast, row)
    hand_in(cast, other)
    reviews.approve(rounds={row.pk: 1}, by=cast["赵六"])
    corrections.correct(pk=row.pk, reason="分母漏计旅游公交", by=cast["张三"])
    hand_in(cast, row)
    first = IssuedCode.objects.get(number=f"{NUMBER}-1")
    assert (first.state, first.replaced_by.number) == (CodeState.REPLACED, "2026Q3-JTJ-03-1")
    reviews.give_back(pk=row.pk, round=2, comment="核实", by=cast["赵六"])
    corrections.drop_correction(pk=row.pk, by=cast["张三"])
    valid = IssuedCode.objects.filter(state=CodeState.VALID).order_by("number")
    assert [one.number for one in valid] == [f"{WHOLE}-4", f"{NUMBER}-2", "2026Q3-JTJ-02-1"]
    assert IssuedCode.objects.get(number="2026Q3-JTJ-03-1").replaced_by.number == f"{NUMBER}-2"


def test_no_number_is_issued_for_two_contents(cast, eight):
    """Whatever happens: each number has one checksum, each checksum one number."""
    hand_in(cast, *eight[:4])
    submissions.withdraw(pks=[eight[0].pk], by=cast["张三"])
    hand_in(cast, *eight[4:], eight[0])
    submissions.withdraw(pks=[row.pk for row in eight[4:]], by=cast["张三"])
    hand_in(cast, *eight[4:])
    found = IssuedCode.objects.values_list("number", "sha256", "code")
    for column in zip(*found, strict=True):
        assert len(set(column)) == len(found) == Paper.objects.count()
    for one in Paper.objects.select_related("issued"):
        assert contents_of(one).number == one.issued.number == str(one)
    issued = AuditEvent.objects.filter(object_type="签发编号", action="签发编号")
    assert issued.count() == len(found)


def test_the_name_is_that_of_the_day(client, cast, eight):
    hand_in(cast, *eight[:2])
    agency = cast["张三"].agency
    agency.name, agency.full_name = "区交通运输和物流局", "长沙市开福区交通运输和物流局"
    agency.save()
    submissions.withdraw(pks=[eight[0].pk], by=cast["张三"])
    client.force_login(cast["赵六"])
    assert "报送单位长沙市开福区交通运输局" in shown(client, NUMBER).text
    assert "物流" not in shown(client, NUMBER).text
    assert "报送单位长沙市开福区交通运输和物流局" in shown(client, WHOLE).text


def test_without_a_signer_the_line_is_left_out(client, cast):
    cast["钱审核"].is_active = False
    cast["钱审核"].save()
    row = ready(cast)
    submissions.submit(pks=[row.pk], by=cast["张三"], phone="1")
    client.force_login(cast["张三"])
    signatures = shown(client, NUMBER).one("section.signing").text
    assert "填报人张三" in signatures
    assert "单位审核人" not in signatures


def test_who_reads_a_sheet(client, cast, eight):
    hand_in(cast, *eight)
    allowed = {"张三": 200, "李四": 200, "钱审核": 200, "赵六": 200, "王五": 403, "孙领导": 403}
    for name, status in allowed.items():
        client.force_login(cast[name])
        for number in (NUMBER, f"{NUMBER}-1", WHOLE):
            for page in ("sheet/", "sheet.css"):
                address = f"/fill/2026Q3/receipt/{number}/{page}"
                assert client.get(address).status_code == status, (name, address)
    client.force_login(cast["张三"])
    for number in ("2026Q3-JTJ-02", f"{NUMBER}-2", f"{NUMBER}-99999", "x"):
        assert client.get(f"/fill/2026Q3/receipt/{number}/sheet/").status_code == 404
    assert client.get(f"/fill/2026Q2/receipt/{NUMBER}/sheet/").status_code == 404


def test_the_line_of_each_page_is_a_rule_that_no_name_can_leave(client, cast, eight):
    agency = cast["张三"].agency
    agency.full_name = '开福区"};@import\\交通局'
    agency.save()
    hand_in(cast, *eight)
    client.force_login(cast["张三"])
    rule = client.get(f"/fill/2026Q3/receipt/{NUMBER}/sheet.css").content.decode()
    line = re.fullmatch(r'@page \{ @bottom-left \{ content: "([^"]*)"; \} \}\n', rule)[1]
    assert "\\22 \\7d \\3b \\40 import\\5c 交通局" in line
    code = IssuedCode.objects.get(number=f"{NUMBER}-1").spelled
    assert line.endswith(f"　2026年第三季度　编号 {NUMBER}-1　校验码 {code}")


@pytest.mark.parametrize("size", [1, 10])
def test_pages_take_few_statements(client, cast, size, django_assert_max_num_queries):
    kinds = [kind for kind in KINDS if kind != ObligationKind.TASK] * size
    rows = [ready(cast, kind) for kind in [*kinds, ObligationKind.TASK]]
    hand_in(cast, *rows)
    client.force_login(cast["张三"])
    for path in ("sheet/", "sheet.css"):
        for number in (NUMBER, WHOLE):
            with django_assert_max_num_queries(6):
                client.get(f"/fill/2026Q3/receipt/{number}/{path}")


def test_statements_of_a_hand_in_do_not_grow_with_earlier_ones(cast, django_assert_max_num_queries):
    for _ in range(6):
        hand_in(cast, ready(cast))
    rows = [ready(cast) for _ in range(5)]
    submissions.hand_over(pks=[row.pk for row in rows], by=cast["张三"])
    with django_assert_max_num_queries(32):
        submissions.sign(pks=[row.pk for row in rows], by=cast["钱审核"])


def test_hand_ins_from_before_the_codes_get_their_sheets(client, cast, eight):
    submission = hand_in(cast, *eight[:5])
    submissions.withdraw(pks=[eight[0].pk], by=cast["张三"])
    Paper.objects.all().delete()
    IssuedCode.objects.update(replaced_by=None, state=CodeState.WITHDRAWN, ended_at=timezone.now())
    IssuedCode.objects.all().delete()
    Submission.objects.update(version=1)
    Obligation.objects.update(handed_over_at=None)
    client.force_login(cast["张三"])
    assert client.get(f"/fill/2026Q3/receipt/{NUMBER}/").status_code == 200
    assert client.get(f"/fill/2026Q3/receipt/{NUMBER}/sheet/").status_code == 404
    assert papers.issue_missing() == 1
    assert papers.issue_missing() == 0
    page = shown(client, submission.number)
    assert f"{NUMBER}-1" in page.text
    assert "本件报送4项" in page.text
    assert "填报人张三0731-84550001" in page.one("section.signing").text
    assert Paper.objects.count() == 2


def test_a_back_fill_says_so_and_a_quarter_of_the_demonstration_too(client, cast):
    period = ReportingPeriod.objects.create(
        year=2026, quarter=2, opens_on=datetime.date(2026, 7, 1), due_on=datetime.date(2026, 8, 1),
        closes_on=datetime.date(2099, 1, 1), state="open", is_backfill=True, is_demo=True,
    )  # fmt: skip
    hand_in(cast, ready(cast, period=period))
    client.force_login(cast["张三"])
    page = shown(client, "2026Q2-JTJ-01", "2026Q2").text
    assert "2026年第二季度（补录）" in page
    assert "演示数据" in page


@override_settings(CONTACT="双碳办", CONTACT_PHONE="0731-84550000")
def test_the_sheet_names_whom_to_call(client, cast, eight):
    hand_in(cast, *eight)
    client.force_login(cast["赵六"])
    page = shown(client, NUMBER).text
    assert "双碳办0731-84550000打印：赵六" in page.replace("　", "")
