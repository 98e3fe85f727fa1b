"""The pages of matters: the list, one of them, the forms, what each role sees and may do."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from plan.models import DataState
from reporting.choices import MatterKind, MatterState, PeriodState
from reporting.matters.services import matters
from reporting.models import Instruction, Matter, Reminder
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.matters import MatterFactory, RiskFactory
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db
LIST = "/matters/"
TODAY = timezone.localdate()


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def second():
    return UserFactory(name="周七", roles=[Role.REVIEWER])


def reading(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, address=LIST):
    answer = reading(user).get(address)
    assert answer.status_code == 200
    return document(answer)


def chips(found):
    return {chip.text: chip["href"] for chip in found.one("div.chips").every("a")}


def titles(found):
    return [row.text for row in found.every("a.t")]


def scan(name="批示件.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")


class TestList:
    @pytest.fixture(autouse=True)
    def _matters(self, cast):
        own, other = cast["张三"].agency, cast["王五"].agency
        late = TODAY - datetime.timedelta(30)
        MatterFactory(title="试点选址", agency=other, handler=other, due_on=late)
        MatterFactory(title="土地指标", agency=own, project=ProjectFactory(code="P9"))
        done = MatterFactory(title="设备到货", agency=own, handler=own, kind=MatterKind.URGE)
        Matter.objects.filter(pk=done.pk).update(state=MatterState.IN_HAND)
        TargetFactory(code="T21", short_name="垃圾回收利用率", lead=None)

    def test_waiting_ones_come_first_the_late_and_ownerless_above(self, cast):
        found = page(cast["赵六"])
        assert [group.text for group in found.every("tr.group")] == [
            "等领导决定4件，过期的和没有承办单位的在前",
            "区发改局办理1件",
        ]
        assert titles(found)[:2] == ["试点选址", "土地指标"]
        assert "已过30天" in found.one("td.late").text

    def test_computed_ones_are_told_apart(self, cast):
        found = page(cast["赵六"])
        assert "垃圾回收利用率（T21）的牵头单位" in titles(found)
        assert {tag.text for tag in found.every(".listed")} == {"系统列出"}

    def test_the_sentence_counts_what_the_chips_count(self, cast):
        found = page(cast["赵六"])
        assert found.one(".say").text == (
            "还有5件没有办结，4件等领导决定；试点选址已过期限30天，3件没有承办单位。"
        )
        assert [*chips(found)] == [
            "全部5", "待领导决定4", "已批示0", "区发改局办理1",
            "已过期限1", "没有承办单位3", "系统列出2", "已销号0",
        ]  # fmt: skip

    def test_each_chip_shows_as_many_as_it_says(self, cast):
        for label, address in chips(page(cast["赵六"])).items():
            shown = len(titles(page(cast["赵六"], address)))
            assert label.endswith(str(shown)), label

    def test_by_subject_and_by_agency(self, cast):
        assert titles(page(cast["赵六"], f"{LIST}?about=P9")) == ["土地指标", "P9的填报责任单位"]
        own = cast["张三"].agency
        offered = {one["value"]: one.text for one in page(cast["赵六"]).every("option")}
        assert offered[str(own.pk)] == (own.short_name or own.name)
        found = page(cast["赵六"], f"{LIST}?about={own.pk}")
        assert titles(found) == ["土地指标", "设备到货"]

    def test_an_agency_sees_its_own_and_nothing_computed(self, cast):
        assert titles(page(cast["张三"])) == ["土地指标", "设备到货"]
        assert titles(page(cast["王五"])) == ["试点选址"]

    def test_a_leader_reads_all_and_raises_nothing(self, cast):
        found = page(cast["孙领导"])
        assert "等您决定" in found.one(".say").text
        assert not found.every("a.main")

    def test_where_nothing_waits_the_last_decision_is_shown(self, cast):
        row = MatterFactory(
            title="资金平衡方案", agency=cast["张三"].agency, handler=cast["张三"].agency
        )
        matters.assess(matter=row, text="属实", by=cast["赵六"])
        instructed(Matter.objects.get(pk=row.pk), cast["赵六"])
        found = page(cast["孙领导"], f"{LIST}?show=leader&about=T00")
        assert "批示“资金平衡方案”" in found.one(".empty").text
        found = page(cast["孙领导"], f"{LIST}?show=closed")
        assert "没有符合条件的事项" in found.one(".empty").text

    def test_few_statements_at_any_size(self, cast, django_assert_max_num_queries):
        MatterFactory.create_batch(20, agency=cast["张三"].agency)
        client = reading(cast["赵六"])
        with django_assert_max_num_queries(8):
            client.get(LIST)

    def test_the_export_has_the_rows_of_the_page(self, cast):
        answer = reading(cast["赵六"]).get(reverse("reporting:matters_export"), {"show": "late"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].endswith("sheet")


class TestRaising:
    def test_an_agency_reports_and_follows_it(self, cast):
        client = reading(cast["张三"])
        typed = {
            "title": "管线迁改停工",
            "text": "七月起停工",
            "wish": "请区住建局协调",
            "about": "",
        }
        answer = client.post("/matters/new/", typed, follow=True)
        made = Matter.objects.get()
        assert answer.redirect_chain[-1][0] == made.get_absolute_url()
        assert (made.agency, made.state) == (cast["张三"].agency, MatterState.RAISED)
        assert titles(page(cast["李四"])) == ["管线迁改停工"]
        assert DataState.current().matters_waiting == 1

    @pytest.mark.parametrize(
        ("about", "told"),
        [
            ("T99", "没有编号为T99的指标、任务或项目"),
            ("5-1、T15", "一件事只登记涉及的一项：5-1和T15中留下一个，其余写在“情况”里"),
        ],
    )
    def test_what_is_refused_stays_typed(self, cast, about, told):
        client = reading(cast["张三"])
        typed = {"title": "停工", "text": "七月", "about": about, "v_title": "0", "v_text": "0"}
        found = document(client.post("/matters/new/", typed))
        assert told in found.one("#id_about_error").text
        assert document(client.get("/matters/new/")).one("#id_title")["value"] == "停工"

    def test_a_reports_problem_becomes_a_matter(self, cast):
        obligation = ObligationFactory(
            target__code="T18", content={"problems": {"text": "充电桩不足", "v": 1}}
        )
        address = f"/matters/new/?item={obligation.pk}"
        found = page(cast["赵六"], address)
        assert found.one("#id_title")["value"] == "充电桩不足"
        data = {"title": "充电桩不足", "kind": "coordinate", "about": "T18"}
        reading(cast["赵六"]).post(address, data)
        made = Matter.objects.get()
        assert (made.obligation, made.agency) == (obligation, obligation.agency)

    def test_the_ledger_needs_a_level(self, cast):
        data = {"title": "资金缺口", "kind": "urge", "in_ledger": "on"}
        found = document(reading(cast["赵六"]).post("/matters/new/", data))
        assert "列入风险台账的要评等级" in found.one(".errors").text


@pytest.fixture
def assessed(cast):
    row = MatterFactory(title="补偿标准", agency=cast["张三"].agency, handler=cast["张三"].agency)
    matters.assess(matter=row, text="属实", by=cast["赵六"])
    return Matter.objects.get(pk=row.pk)


def instructed(matter, by):
    word = Instruction(leader="孙领导", day=TODAY, text="请抓紧商定。")
    matters.instruct(matter=matter, instruction=word, by=by)
    return Matter.objects.get(pk=matter.pk)


def typed_word(matter, **more):
    day = timezone.localdate().isoformat()
    return {
        "leader": "孙领导", "day": day, "words": "请抓紧商定。", "handler": matter.handler_id,
        "seen": matter.mark, **more,
    }  # fmt: skip


class TestInstruction:
    def test_registering_it_moves_the_matter_on(self, cast, assessed):
        address = f"{assessed.get_absolute_url()}instruct/"
        data = typed_word(assessed, attached=[scan()], due_on="2099-12-31")
        answer = reading(cast["赵六"]).post(address, data, follow=True)
        found = document(answer)
        assert "请抓紧商定。" in found.one(".word").text
        assert found.one("li[aria-current=step]").text.startswith("已批示")
        assert Matter.objects.get().due_on == datetime.date(2099, 12, 31)

    def test_a_day_to_come_is_refused_at_the_field_and_nothing_is_lost(self, cast, assessed):
        tomorrow = (timezone.localdate() + datetime.timedelta(1)).isoformat()
        address = f"{assessed.get_absolute_url()}instruct/"
        client = reading(cast["赵六"])
        data = typed_word(assessed, day=tomorrow, v_words="0", v_leader="0")
        found = document(client.post(address, data))
        assert "批示日期不能晚于今天" in found.one("#id_day_error").text
        assert found.one("#id_words").text.strip() == "请抓紧商定。"
        again = document(client.get(address))
        assert again.one("#id_words").text.strip() == "请抓紧商定。"
        assert not Instruction.objects.exists()

    def test_somebody_has_acted_meanwhile(self, cast, assessed):
        seen = assessed.mark
        matters.answer(matter=assessed, text="正在协调", by=cast["赵六"])
        data = typed_word(assessed, seen=seen)
        answer = reading(cast["赵六"]).post(f"{assessed.get_absolute_url()}instruct/", data)
        assert "刷新页面看最新情况" in document(answer).one(".errors").text
        assert not Instruction.objects.exists()

    def test_a_correction_is_a_new_version_and_the_old_one_stays(self, cast, assessed):
        row = instructed(assessed, cast["赵六"])
        address = f"{row.get_absolute_url()}instruct/1/"
        data = typed_word(row, words="请年底前商定。", reason="录入有误")
        found = document(reading(cast["赵六"]).post(address, data, follow=True))
        assert "请年底前商定。" in found.one(".word").text
        assert "请抓紧商定。（后来更正）" in found.one("small.was").text

    def test_the_reporter_reads_it_and_another_agency_does_not(self, cast, assessed):
        row = instructed(assessed, cast["赵六"])
        assert "请抓紧商定。" in page(cast["李四"], row.get_absolute_url()).one(".word").text
        assert reading(cast["王五"]).get(row.get_absolute_url()).status_code == 403

    def test_of_the_ledger_others_read_the_row_alone(self, cast, assessed):
        row = instructed(assessed, cast["赵六"])
        Matter.objects.filter(pk=row.pk).update(in_ledger=True, level="high")
        found = page(cast["王五"], row.get_absolute_url())
        assert not found.every(".word")
        assert not found.every(".hist")


class TestSteps:
    def test_the_body_tells_what_it_has_done(self, cast, assessed):
        row = instructed(assessed, cast["赵六"])
        data = {"do": "report_back", "note": "已会商两次", "seen": row.mark}
        found = document(reading(cast["张三"]).post(row.get_absolute_url(), data, follow=True))
        assert (
            found.one("ol.hist")
            .every("li")[0]
            .text.startswith(f"{TODAY.month}月{TODAY.day}日区交通运输局反馈已会商两次")
        )
        assert Matter.objects.get().state == MatterState.IN_HAND

    def test_a_body_has_that_step_alone_and_a_leader_none(self, cast, assessed):
        row = instructed(assessed, cast["赵六"])
        steps = page(cast["张三"], row.get_absolute_url()).every("input[name=do]")
        assert [step["value"] for step in steps] == ["report_back"]
        assert not page(cast["孙领导"], row.get_absolute_url()).every("form#fill")

    def test_another_term_needs_a_day(self, cast, assessed):
        data = {"do": "extend", "note": "等评估", "seen": assessed.mark}
        client = reading(cast["赵六"])
        found = document(client.post(assessed.get_absolute_url(), data))
        assert "写明延到哪一天" in found.one(".errors").text
        client.post(assessed.get_absolute_url(), {**data, "due_on": "2099-06-30"})
        assert Matter.objects.get().due_on == datetime.date(2099, 6, 30)

    def test_closing_needs_proof_and_another_reviewer(self, cast, second, assessed):
        address = assessed.get_absolute_url()
        client = reading(cast["赵六"])
        data = {"do": "propose_closing", "note": "已签协议", "seen": assessed.mark}
        assert "销号要有佐证" in document(client.post(address, data)).one(".errors").text
        client.post(address, {**data, "attached": [scan("协议.pdf")]})
        row = Matter.objects.get()
        assert row.is_closing
        own = client.post(f"{address}closing/", {"take": "close", "seen": row.mark}, follow=True)
        assert "请由另一名审核员确认" in own.content.decode()
        other = reading(second)
        assert "确认销号" in page(second, address).one(".closing").text
        other.post(f"{address}closing/", {"take": "close", "seen": row.mark})
        assert Matter.objects.get().state == MatterState.CLOSED

    def test_the_one_who_proposed_takes_it_back_the_other_refuses(self, cast, second, assessed):
        address = assessed.get_absolute_url()
        for client, take in ((reading(cast["赵六"]), "withdraw"), (reading(second), "refuse")):
            row = Matter.objects.get()
            data = {"do": "propose_closing", "note": "办结", "seen": row.mark}
            reading(cast["赵六"]).post(address, {**data, "attached": [scan(f"{take}.pdf")]})
            row = Matter.objects.get()
            said = {"take": take, "seen": row.mark, "text": "材料不全"}
            client.post(f"{address}closing/", said)
            assert not Matter.objects.get().is_closing

    def test_a_file_is_for_who_reads_the_steps(self, cast, assessed):
        matters.answer(matter=assessed, text="见附件", by=cast["赵六"], files=[scan("答复.pdf")])
        address = page(cast["张三"], assessed.get_absolute_url()).one("ol.hist").one("a")["href"]
        answer = reading(cast["张三"]).get(address)
        assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")
        assert reading(cast["王五"]).get(address).status_code == 403

    def test_few_statements(self, cast, assessed, django_assert_max_num_queries):
        instructed(assessed, cast["赵六"])
        client = reading(cast["赵六"])
        with django_assert_max_num_queries(8):
            client.get(assessed.get_absolute_url())


class TestAssessing:
    def test_what_the_bureau_makes_of_it(self, cast):
        row = MatterFactory(agency=cast["张三"].agency)
        data = {
            "opinion": "属实", "title": row.title, "kind": "coordinate", "about": "",
            "in_ledger": "on", "level": "high", "measures": "协调资金", "seen": row.mark,
            "handler": cast["张三"].agency_id, "due_on": "2099-12-31",
        }  # fmt: skip
        reading(cast["赵六"]).post(f"{row.get_absolute_url()}assess/", data)
        row.refresh_from_db()
        assert (row.state, row.level, row.in_ledger) == (MatterState.ASSESSED, "high", True)
        assert DataState.current().matters_waiting == 0


def test_the_ledger_of_risks(cast):
    RiskFactory(title="资金缺口", level="high", handler=None)
    RiskFactory(title="设备延期", level="low")
    found = page(cast["管理员"], "/risks/")
    assert titles(found) == ["资金缺口", "设备延期"]
    assert found.one(".say").text == "在册风险2项，其中高风险1项；本季度新增2项，没有销号。"
    assert found.one("table.ledger").every("b")[1].text == "待指定"


class TestSubjects:
    @pytest.fixture
    def row(self, cast):
        target = TargetFactory(code="T18", lead=cast["张三"].agency)
        DataState.touch()
        return MatterFactory(title="充电桩不足", agency=cast["张三"].agency, target=target)

    def test_the_page_of_the_target_lists_it_for_who_may_read_it(self, cast, row):
        for name, sees in {"赵六": True, "李四": True, "孙领导": True, "王五": False}.items():
            found = page(cast[name], "/targets/T18/")
            assert bool(found.every("section#matters")) is sees, name

    def test_the_page_of_the_agency_too(self, cast, row):
        found = page(cast["赵六"], "/agencies/jtj/").one("section#matters")
        assert "充电桩不足" in found.text
        assert not page(cast["王五"], "/agencies/jtj/").every("section#matters")
        assert not page(cast["赵六"], "/agencies/nyj/").every("section#matters")

    def test_a_step_changes_the_page_that_is_kept(self, cast, row):
        client = reading(cast["赵六"])
        client.get("/targets/T18/")  # the cookie of the forms comes with it
        mark = client.get("/targets/T18/").headers["ETag"]
        again = client.get("/targets/T18/", headers={"If-None-Match": mark})
        matters.assess(matter=Matter.objects.get(), text="属实", by=cast["赵六"])
        changed = client.get("/targets/T18/", headers={"If-None-Match": mark})
        assert (again.status_code, changed.status_code) == (304, 200)

    def test_a_matter_is_raised_from_there(self, cast, row):
        link = page(cast["张三"], "/targets/T18/").one("a", holding="报告问题")["href"]
        assert page(cast["张三"], link).one("#id_about")["value"] == "T18"
        assert "登记事项" in page(cast["赵六"], "/targets/T18/").text
        assert "报告问题" not in page(cast["孙领导"], "/targets/T18/").text


def test_the_body_is_reminded_of_a_decision(cast, assessed):
    PeriodFactory(state=PeriodState.OPEN)
    instructed(assessed, cast["赵六"])
    text = Reminder.objects.get(agency=assessed.handler).text
    assert text.startswith(f"孙领导批示：事项{assessed.code}“补偿标准”由你单位承办")
