"""Matters reach the bureau, are assessed, 批示, carried out and closed; who may do what."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import MatterKind, MatterState, MatterStep, ObligationState
from reporting.matters.selectors import matters as selectors
from reporting.matters.selectors.asof import matters_now
from reporting.matters.services import closing, matters
from reporting.models import Instruction, Matter
from reporting.policies import ConflictError, check_matter_step
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.matters import ClosedRiskFactory, MatterFactory, RiskFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 30)
MATTER = {"title": "管线迁改停工", "text": "9月起停工，影响竣工", "wish": "请协调", "about": "X01"}


@pytest.fixture
def cast():
    TargetFactory(code="X01")
    return make_cast()


@pytest.fixture
def other():
    """Another reviewer."""
    return UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory(), name="周审核")


@pytest.fixture
def matter(cast):
    return matters.report(matter=Matter(title="管线迁改停工", text="9月起停工"), by=cast["张三"])


def fresh(matter):
    return Matter.objects.select_related("handler", "agency").get(pk=matter.pk)


def words(**fields):
    usual = {"leader": "孙领导", "day": TODAY, "text": "请区财政局牵头"}
    return Instruction(**(usual | fields))


def paper(name="批示件.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def assessed(matter, by, **fields):
    for name, value in fields.items():
        setattr(matter, name, value)
    return matters.assess(matter=matter, text="属实", by=by)


def instructed(matter, by, handler):
    assessed(matter, by)
    matter.handler, matter.due_on = handler, datetime.date(2026, 12, 15)
    return matters.instruct(matter=matter, instruction=words(), by=by)


class TestRaising:
    def test_an_agency_reports_at_any_time(self, client, cast):
        client.force_login(cast["张三"])
        answer = client.post(reverse("reporting:new_matter"), MATTER)
        made = Matter.objects.get()
        assert answer.headers["Location"] == f"/matters/{made.code}/"
        assert (made.agency, made.target.code, made.state, made.code) == (
            cast["张三"].agency, "X01", MatterState.RAISED, "2026-01",
        )  # fmt: skip
        assert AuditEvent.objects.filter(action="提出", object_code="2026-01").exists()

    def test_numbers_go_on_within_the_year(self, cast, clock):
        codes = []
        for day in ("2026-12-30", "2026-12-31", "2027-01-01"):
            clock.move_to(datetime.date.fromisoformat(day))
            made = matters.report(matter=Matter(title=day, text="情况"), by=cast["张三"])
            codes.append(made.code)
        assert codes == ["2026-01", "2026-02", "2027-01"]

    def test_a_problem_of_a_report_is_proposed_until_there_is_a_matter(self, client, cast):
        row = ObligationFactory(agency=cast["张三"].agency, kind="task")
        filled(row, {"problems": "配电增容手续办理周期长"}, state=ObligationState.SUBMITTED)
        draft = ObligationFactory(agency=cast["张三"].agency, kind="task")
        filled(draft, {"problems": "还没有报送的问题"})
        assert [problem.obligation.pk for problem in selectors.open_problems()] == [row.pk]
        matters.register(
            matter=Matter(title="增容", obligation=row, agency=row.agency), by=cast["赵六"]
        )
        assert not selectors.open_problems()

    def test_only_agencies_report_and_only_reviewers_register(self, cast):
        for name in ("孙领导", "管理员", "赵六"):
            with pytest.raises(PermissionDenied):
                matters.report(matter=Matter(title="问题", text="情况"), by=cast[name])
        for name in ("孙领导", "管理员", "张三"):
            with pytest.raises(PermissionDenied):
                matters.register(matter=Matter(title="问题", text="情况"), by=cast[name])
        assert not Matter.objects.exists()


class TestWay:
    def test_from_raising_to_closing(self, cast, other, matter):
        zhao, zhang = cast["赵六"], cast["张三"]
        assessed(matter, zhao, kind=MatterKind.COORDINATE)
        matter.handler, matter.due_on = zhang.agency, datetime.date(2026, 12, 15)
        matters.instruct(matter=matter, instruction=words(), by=zhao, files=[paper()])
        assert fresh(matter).state == MatterState.INSTRUCTED
        matters.report_back(matter=fresh(matter), text="已送审", by=zhang, files=[paper("单.pdf")])
        assert fresh(matter).state == MatterState.IN_HAND
        closing.propose_closing(matter=fresh(matter), text="已审定", by=zhao)
        with pytest.raises(PermissionDenied, match="另一名审核员"):
            closing.close(matter=fresh(matter), by=zhao)
        closing.close(matter=fresh(matter), by=other)
        done = fresh(matter)
        assert (done.state, done.closing_note, done.closed_by) == (
            MatterState.CLOSED, "已审定", other.name,
        )  # fmt: skip
        steps = [note.step for note in selectors.notes_of(matter=done)]
        assert steps == ["close", "propose_closing", "report_back", "instruct", "assess", "raise"]
        actions = AuditEvent.objects.filter(object_type="事项").order_by("pk")
        assert [event.action for event in actions if event.action != "上传佐证"] == [
            "提出", "研判", "登记批示", "反馈", "提出销号", "确认销号",
        ]  # fmt: skip

    def test_closing_asks_for_text_and_proof(self, cast, matter):
        with pytest.raises(ValidationError, match="写明办结情况"):
            closing.propose_closing(matter=matter, text=" ", by=cast["赵六"])
        with pytest.raises(ValidationError, match="销号要有佐证"):
            closing.propose_closing(matter=fresh(matter), text="已办", by=cast["赵六"])
        assert not fresh(matter).is_closing

    def test_a_scan_of_the_instruction_is_no_proof(self, cast, matter):
        instructed(matter, cast["赵六"], cast["张三"].agency)
        matters.correct_instruction(
            matter=fresh(matter), number=1, instruction=words(reason="补扫描件"), by=cast["赵六"],
            files=[paper()],
        )  # fmt: skip
        with pytest.raises(ValidationError, match="销号要有佐证"):
            closing.propose_closing(matter=fresh(matter), text="已办", by=cast["赵六"])

    def test_a_closing_is_refused_withdrawn_and_opened_again(self, cast, other, matter):
        zhao = cast["赵六"]
        for end in ("refuse", "withdraw"):
            closing.propose_closing(matter=fresh(matter), text="已办", by=zhao, files=[paper()])
            with pytest.raises(ConflictError, match="已经提出销号"):
                closing.propose_closing(
                    matter=fresh(matter), text="已办", by=other, files=[paper()]
                )
            if end == "refuse":
                closing.refuse_closing(matter=fresh(matter), text="没有批复", by=other)
            else:
                closing.withdraw_closing(matter=fresh(matter), by=zhao)
            assert not fresh(matter).is_closing
        closing.propose_closing(matter=fresh(matter), text="已办", by=zhao)
        closing.close(matter=fresh(matter), by=other)
        closing.reopen(matter=fresh(matter), text="又停工", by=zhao)
        again = fresh(matter)
        assert (again.state, again.closing_note, again.closed_at) == (MatterState.IN_HAND, "", None)

    def test_no_instruction_sends_it_back_to_be_assessed(self, cast, matter):
        assessed(matter, cast["赵六"])
        matters.decline(matter=fresh(matter), text="由部门办理", by=cast["赵六"])
        assert fresh(matter).state == MatterState.RAISED

    def test_another_term_says_the_old_one(self, cast, matter):
        instructed(matter, cast["赵六"], cast["张三"].agency)
        day = datetime.date(2027, 1, 31)
        matters.extend(matter=fresh(matter), due_on=day, text="等评审", by=cast["赵六"])
        assert fresh(matter).due_on == day
        assert fresh(matter).notes.first().text == "延至1月31日，原定12月15日：等评审"

    def test_the_ledger_asks_for_level_and_measures(self, cast, matter):
        with pytest.raises(ValidationError, match="防范化解措施"):
            assessed(matter, cast["赵六"], in_ledger=True, level="high")
        with pytest.raises(ValidationError, match="要评等级"):
            assessed(fresh(matter), cast["赵六"], in_ledger=True, measures="调度")


class TestInstructions:
    def test_it_is_registered_with_leader_day_and_words(self, cast, matter):
        made = instructed(matter, cast["赵六"], cast["张三"].agency)
        assert (made.number, made.version, made.note.by_name) == (1, 1, "赵六")
        assert made.note.text == f"承办{cast['张三'].agency}，12月15日到期"

    def test_not_of_a_later_day_and_not_without_a_body(self, cast, matter):
        assessed(matter, cast["赵六"])
        with pytest.raises(ValidationError, match="写明承办单位"):
            matters.instruct(matter=fresh(matter), instruction=words(), by=cast["赵六"])
        late = fresh(matter)
        late.handler = cast["张三"].agency
        tomorrow = words(day=datetime.date(2026, 12, 1))
        with pytest.raises(ValidationError) as refusal:
            matters.instruct(matter=late, instruction=tomorrow, by=cast["赵六"])
        assert refusal.value.message_dict == {"day": ["批示日期不能晚于今天（11月30日）"]}
        assert fresh(matter).state == MatterState.ASSESSED

    def test_a_correction_is_a_new_version_and_the_old_one_stays(self, cast, matter):
        zhao = cast["赵六"]
        instructed(matter, zhao, cast["张三"].agency)
        with pytest.raises(ValidationError, match="写明更正原因"):
            matters.correct_instruction(
                matter=fresh(matter), number=1, instruction=words(text="新"), by=zhao
            )
        right = words(text="请财政局、审计局牵头", reason="漏了一个单位")
        matters.correct_instruction(matter=fresh(matter), number=1, instruction=right, by=zhao)
        matters.instruct(matter=fresh(matter), instruction=words(text="加快"), by=zhao)
        kept = matter.instructions.order_by("number", "version")
        assert [(one.number, one.version, one.text) for one in kept] == [
            (1, 1, "请区财政局牵头"), (1, 2, "请财政局、审计局牵头"), (2, 1, "加快"),
        ]  # fmt: skip
        shown = selectors.in_force(kept)
        assert [one.text for one in shown] == ["加快", "请财政局、审计局牵头"]


class TestTwoAtOnce:
    def test_the_second_is_told_who_was_first(self, cast, other, matter):
        mine, theirs = fresh(matter), fresh(matter)
        assessed(mine, cast["赵六"])
        with pytest.raises(ConflictError, match="赵六刚刚办理过"):
            assessed(theirs, other)

    def test_a_form_that_was_shown_before_is_refused(self, cast, other, matter):
        seen = fresh(matter).mark
        matters.answer(matter=fresh(matter), text="已收到", by=other)
        with pytest.raises(ConflictError, match="周审核刚刚办理过"):
            matters.assess(matter=fresh(matter), text="属实", by=cast["赵六"], seen=seen)

    def test_a_step_beside_the_table_is_refused(self, cast, matter):
        with pytest.raises(ConflictError, match="现在是“已提出”，不能登记批示"):
            matters.instruct(matter=matter, instruction=words(), by=cast["赵六"])


MAY = {
    "赵六": set(MatterStep) - {MatterStep.RAISE},
    "张三": {MatterStep.REPORT_BACK},
    "李四": {MatterStep.REPORT_BACK},
    "王五": set(),
    "孙领导": set(),
    "管理员": set(),
}


class TestWhoMayDoWhat:
    @pytest.mark.parametrize("name", MAY)
    def test_each_step_is_refused_to_everybody_else(self, cast, matter, name):
        """In whatever state: who may never take it is refused, others get through or are told
        that it does not go now."""
        matter.handler = cast["张三"].agency
        for state in MatterState:
            matter.state = state
            for step in set(MatterStep) - {MatterStep.RAISE}:
                try:
                    check_matter_step(step=step, matter=matter, by=cast[name])
                except PermissionDenied:
                    assert step not in MAY[name], (state, step)
                except ConflictError:
                    assert step in MAY[name], (state, step)
                else:
                    assert step in MAY[name], (state, step)

    def test_who_reads_what(self, client, cast, matter):
        handled = MatterFactory(title="由本单位承办", handler=cast["张三"].agency)
        risk = RiskFactory(title="别的单位的风险")
        own = {"管线迁改停工", "由本单位承办", "别的单位的风险"}
        sees = {
            "张三": own, "李四": own, "赵六": own, "孙领导": own,
            "王五": {"别的单位的风险"}, "管理员": {"别的单位的风险"},
        }  # fmt: skip
        for name, titles in sees.items():
            client.force_login(cast[name])
            for one in (matter, handled, risk):
                status = client.get(f"/matters/{one.code}/").status_code
                assert status == (200 if one.title in titles else 403), (name, one.title)
            seen = {line.title for line in matters_now() if line.is_seen_by(cast[name])}
            assert seen == titles, name

    def test_of_the_ledger_others_read_no_steps(self, client, cast):
        risk = RiskFactory()
        risk.notes.create(step=MatterStep.ANSWER, text="内部意见", by_name="赵六")
        for name, reads in {"王五": False, "孙领导": True, "赵六": True}.items():
            client.force_login(cast[name])
            page = client.get(f"/matters/{risk.code}/").content.decode()
            assert ("内部意见" in page) is reads, name

    def test_the_reporter_sees_the_answer(self, client, cast, matter):
        matters.answer(matter=matter, text="已协调电力公司", by=cast["赵六"])
        client.force_login(cast["张三"])
        assert "已协调电力公司" in client.get(f"/matters/{matter.code}/").content.decode()


class TestLists:
    def test_old_addresses_lead_on(self, client, cast):
        found = RiskFactory(risk_number=7, report_number=3)
        client.force_login(cast["孙领导"])
        for address in ("/risks/7/", "/matters/3/"):
            assert client.get(address).headers["Location"] == f"/matters/{found.code}/"
        assert client.get("/risks/3/").status_code == 404
        assert selectors.by_old_code(letter="R", number=7) == found

    def test_what_waits_for_whom(self, cast):
        body = cast["张三"].agency
        past, later = datetime.date(2026, 10, 31), datetime.date(2026, 12, 31)
        MatterFactory(title="后提出", handler=body)
        MatterFactory(title="已过", handler=body, due_on=past)
        MatterFactory(title="待指定", state=MatterState.ASSESSED)
        MatterFactory(title="督促", kind=MatterKind.URGE, handler=body, due_on=later)
        decided = MatterFactory(title="已批示的", handler=body)
        instructed(decided, cast["赵六"], body)
        ClosedRiskFactory(title="销了")
        found = selectors.open_among(matters_now(), today=TODAY)
        assert [line.title for line in found.waiting] == ["已过", "待指定", "后提出"]
        assert [line.title for line in found.overdue] == ["已过"]
        assert (found.last.title, found.last.word.leader) == ("已批示的", "孙领导")

    def test_the_ledger_is_sorted_counted_and_exported(self, client, cast):
        past = timezone.localdate() - datetime.timedelta(days=3)
        RiskFactory(title="丙", level="low", due_on=past)
        RiskFactory(title="甲", level="high", due_on=past)
        ClosedRiskFactory(title="丁", level="high", due_on=past)
        MatterFactory(title="不在台账")
        assert [row.title for row in selectors.ledger()] == ["甲", "丙", "丁"]
        counts = selectors.ledger_counts(today=timezone.localdate())
        said = "".join(text for text, _, _ in counts.sentence)
        assert said == "在册风险2项，其中高风险1项，过期2项；本季度新增3项，销号1项。"
        client.force_login(cast["孙领导"])
        assert client.get("/risks/export/?state=assessed").status_code == 200
        assert "登记事项" not in client.get("/risks/").content.decode()

    def test_lists_take_few_statements_whatever_their_length(
        self, client, cast, django_assert_max_num_queries, django_assert_num_queries
    ):
        for number in range(30):
            matters.report(matter=Matter(title=f"问题{number}", text="情况"), by=cast["张三"])
            RiskFactory(title=f"风险{number}")
        client.force_login(cast["赵六"])
        for address in ("/matters/", "/risks/"):
            client.get(address)
            with django_assert_max_num_queries(8):
                client.get(address)
        with django_assert_num_queries(1):
            matters_now()
