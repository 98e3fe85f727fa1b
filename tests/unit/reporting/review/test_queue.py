"""The bureau's queue: counts, filters, order, what may be ticked; few statements at any size."""

import datetime
import re

import pytest
from django.utils import timezone

from agencies.choices import Role
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.models import Obligation, ReportingPeriod, TimeRequest
from reporting.review.services import reviews
from targets.choices import ProposalKind
from targets.models import Proposal
from tests.documents import document, parsed
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import MatterFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import hand_in, handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db
QUEUE = "/review/"


@pytest.fixture
def bureau():
    return make_bureau()


@pytest.fixture
def zhao(client, bureau):
    client.force_login(bureau["赵六"])
    return client


@pytest.fixture
def zhang():
    return make_agency()


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page):
    """Codes in the order of the list."""
    return [line.one("span.code").text for line in lines(page)]


def lines(page):
    return [line for line in parsed(page).every("li") if line.every("a.q")]


def line(page, code):
    """The line of one item."""
    return next(line for line in lines(page) if line.one("span.code").text == code)


def target(by, code, last="77.9", **fields):
    found = TargetFactory(code=code, lead=by.agency, frequency="quarterly", **fields)
    ObservationFactory(target=found, year=2026, quarter=2, value=last)
    MilestoneFactory(target=found)
    return found


def test_counts_are_links_to_their_lists(zhao, bureau, zhang):
    waiting = handed_in(zhang, ObligationKind.TARGET, target=target(zhang, "T18"))
    handed_in(zhang)
    back, done = handed_in(zhang), handed_in(zhang)
    reviews.give_back(pk=back.pk, round=1, comment="核实", by=bureau["赵六"])
    reviews.approve(rounds={done.pk: 1}, by=bureau["赵六"])
    ObligationFactory(agency=zhang.agency)
    ObligationFactory(agency=zhang.agency, dropped_on=timezone.localdate())
    page = text_of(zhao.get(QUEUE))
    for words in ("待审2", "有疑点1", "已退回1", "已通过1", "待报1"):
        link = parsed(page).one("nav.counts").one("a", holding=words)
        assert (link.text, link["href"].split("&")[0]) == (words, "/review/?period=2026Q3")
    assert len(rows(page)) == 2
    assert rows(text_of(zhao.get(f"{QUEUE}?state=returned"))) == [back.subject_code]
    assert rows(text_of(zhao.get(f"{QUEUE}?state=approved"))) == [done.subject_code]
    assert len(rows(text_of(zhao.get(f"{QUEUE}?state=missing")))) == 1
    assert rows(text_of(zhao.get(f"{QUEUE}?doubts=1"))) == [waiting.subject_code]


def test_the_riskiest_comes_first(zhao, bureau, zhang):
    clean = handed_in(zhang)
    overdue = handed_in(
        zhang, ObligationKind.PROJECT, invested_wan="12000", works_percent="40",
        project=ProjectFactory(code="P16", end_year=2024, reporting_agency=zhang.agency),
    )  # fmt: skip
    jump = handed_in(zhang, "target", target=target(zhang, "T18"), value="84.2")
    below = handed_in(zhang, "target", target=target(zhang, "T19", "60"), value="60.4")
    small = handed_in(zhang, "target", target=target(zhang, "T20"), value="78.0")
    again = handed_in(zhang, "target", target=target(zhang, "T21"), value="78.0")
    reviews.give_back(pk=again.pk, round=1, comment="核实", by=bureau["赵六"])
    again.refresh_from_db()
    hand_in(again, zhang)
    assert overdue.doubts == 0
    assert rows(text_of(zhao.get(QUEUE))) == [
        row.subject_code for row in (again, jump, below, small, overdue, clean)
    ]


def test_a_line_says_value_doubt_and_what_else_to_know(zhao, zhang):
    handed_in(zhang, "target", target=target(zhang, "T18", decimals=2), value="84.2")
    project = ProjectFactory(code="P16", end_year=2024, reporting_agency=zhang.agency)
    ProjectProgressFactory(project=project, quarter=2, invested_wan=29650)
    handed_in(zhang, "project", project=project, invested_wan="30850", works_percent="96")
    page = text_of(zhao.get(QUEUE))
    bus = line(page, "T18")
    assert bus.one("span.was").text == "77.90→"
    assert bus.one("span.d").text == "77.90→84.20"
    assert "较上期+6.30等2处" in bus.text
    assert bus.one("input[name=pick]").has("disabled")
    works = line(page, "P16").text
    assert "累计30,850" in works
    assert re.search(r"超期\d+个月", works)


def test_only_clean_items_of_others_can_be_ticked(zhao, client, bureau, zhang):
    doubtful = handed_in(zhang, "target", target=target(zhang, "T18"))
    clean = handed_in(zhang)
    mine = handed_in(bureau["吴八"])
    page = text_of(zhao.get(QUEUE))
    assert "全选无疑点（2）" in page
    assert line(page, doubtful.subject_code).one("input").has("disabled")
    assert not line(page, clean.subject_code).one("input").has("disabled")
    assert "本局事项" in line(page, mine.subject_code).text
    client.force_login(bureau["吴八"])
    page = text_of(client.get(QUEUE))
    assert "全选无疑点（1）" in page
    assert line(page, mine.subject_code).one("input").has("disabled")
    assert "您填报" in line(page, mine.subject_code).text


def test_filters_are_in_the_address_and_stay_in_every_link(zhao, zhang):
    other = UserFactory(agency=AgencyFactory(code="nyj", name="区农业农村局"))
    theirs = handed_in(other)
    handed_in(zhang)
    handed_in(other, "target", target=target(other, "T09"))
    page = text_of(zhao.get(f"{QUEUE}?period=2026Q3&agency=nyj&kind=contribution"))
    assert rows(page) == [theirs.subject_code]
    chosen = parsed(page).one("option[value=nyj]")
    assert (chosen.text, chosen.has("selected")) == ("区农业农村局", True)
    link = line(page, theirs.subject_code).one("a.q")["href"]
    assert link.startswith("/review/2026Q3/contributions/")
    assert link.endswith("/nyj/?agency=nyj&kind=contribution")
    assert rows(text_of(zhao.get(link))) == [theirs.subject_code]


def test_pages_of_a_long_list(zhao, zhang):
    for _ in range(23):
        handed_in(zhang)
    first, second = text_of(zhao.get(QUEUE)), text_of(zhao.get(f"{QUEUE}?page=2"))
    assert "第1—20项，共23项" in first
    assert len(rows(first)) == 20
    assert len(rows(second)) == 3
    assert "全选无疑点（23）" in second
    last = lines(second)[0].one("a.q")["href"]
    assert rows(text_of(zhao.get(last))) == rows(second)


def test_what_else_waits_stands_on_top(zhao, bureau, zhang):
    obligation = handed_in(zhang)
    MatterFactory(agency=zhang.agency, title="断电")
    TimeRequest.objects.create(
        kind="extension", period=obligation.period, agency=zhang.agency, until="2026-12-04",
        reason="数据晚出", asked_by="张三",
    )  # fmt: skip
    earlier = PeriodFactory(year=2026, quarter=2, state=PeriodState.CLOSED)
    late = handed_in(zhang)
    Obligation.objects.filter(pk=late.pk).update(period=earlier)
    for reviewer in (bureau["赵六"], UserFactory(roles=[Role.REVIEWER])):
        Proposal.objects.create(
            kind=ProposalKind.SETTLEMENT, target=TargetFactory(), year=2025, words="已达标",
            proposed_by=reviewer,
        )  # fmt: skip
    page = text_of(zhao.get(QUEUE))
    assert "提请事项等您确认1项" in page
    assert "事项等您处理1件" in page
    assert "延期和解锁申请待决定1件" in page
    assert "2026年第二季度另有待审1项" in page
    assert rows(text_of(zhao.get(f"{QUEUE}?period=2026Q2"))) == [late.subject_code]


def test_the_same_item_of_two_agencies_has_two_addresses(zhao, zhang):
    other = UserFactory(agency=AgencyFactory(code="nyj"))
    bus = target(zhang, "T18")
    handed_in(zhang, "target", target=bus)
    handed_in(other, "target", target=bus)
    links = {line.one("a.q")["href"].split("?")[0] for line in lines(text_of(zhao.get(QUEUE)))}
    assert sorted(links) == [
        "/review/2026Q3/targets/T18/jtj/", "/review/2026Q3/targets/T18/nyj/",
    ]  # fmt: skip
    page = text_of(zhao.get("/review/2026Q3/targets/T18/nyj/"))
    assert f"{other.agency} · 指标" in page


def test_empty_lists_say_why(zhao, zhang):
    assert "还没有填报期" in text_of(zhao.get(QUEUE))
    ObligationFactory(agency=zhang.agency)
    assert "没有待审事项" in text_of(zhao.get(QUEUE))
    assert "没有符合筛选条件的事项" in text_of(zhao.get(f"{QUEUE}?agency=nosuch"))
    assert "没有这种状态的事项" in text_of(zhao.get(f"{QUEUE}?state=returned"))


def test_a_reviewer_starts_at_the_queue_while_something_waits(zhao, zhang, clock):
    clock.move_to(datetime.date(2026, 11, 10))  # too early to ask for anything of 2027

    def landing():
        return zhao.get(zhao.get("/").headers["Location"]).headers["Location"]

    assert landing() == "/dashboard/"
    handed_in(zhang)
    assert landing() == QUEUE
    ReportingPeriod.objects.update(state=PeriodState.CLOSED)
    assert landing() == "/dashboard/"


def test_chasing_is_reached_without_naming_the_period(zhao, zhang):
    assert zhao.get("/review/remind/").headers["Location"] == QUEUE
    handed_in(zhang)
    assert zhao.get("/review/remind/").headers["Location"] == "/review/2026Q3/remind/"


def test_the_deadline_of_a_return_is_in_working_days(zhao, zhang):
    handed_in(zhang)
    field = document(zhao.get(QUEUE)).one("input[name=answer_due]")
    shown = datetime.date.fromisoformat(field["value"])
    today = timezone.localdate()
    days = [today + datetime.timedelta(n) for n in range(1, (shown - today).days + 1)]
    assert sum(day.weekday() < 5 for day in days) == 3


@pytest.mark.parametrize(
    "address", [QUEUE, f"{QUEUE}?state=missing", "/review/2026Q3/targets/T18/"]
)
def test_eight_statements_at_any_size(zhao, zhang, address, django_assert_max_num_queries):
    handed_in(zhang, "target", target=target(zhang, "T18"))
    handed_in(zhang, "task")
    ObligationFactory(agency=zhang.agency)
    with django_assert_max_num_queries(8) as few:
        text_of(zhao.get(address))
    for number in range(20, 40):
        found = target(zhang, f"T{number}")
        for quarter in range(1, 5):
            ObservationFactory(target=found, year=2024, quarter=quarter)
        handed_in(zhang, "target", target=found)
        handed_in(UserFactory())
        ObligationFactory(agency=zhang.agency)
    with django_assert_max_num_queries(8) as many:
        text_of(zhao.get(address))
    assert len(few) == len(many)


@pytest.mark.parametrize("roles", [[Role.REPORTER], [Role.SIGNER], [Role.LEADER]])
def test_the_queue_is_the_bureaus(client, roles):
    client.force_login(UserFactory(roles=roles))
    assert client.get(QUEUE).status_code == 403


def test_a_waiting_item_without_a_round_is_not_ticked(zhao, zhang):
    obligation = ObligationFactory(agency=zhang.agency, state=ObligationState.SUBMITTED)
    page = text_of(zhao.get(QUEUE))
    assert rows(page) == [obligation.subject_code]
    assert "全选无疑点" not in page


class TestWhomToRing:
    """What agencies have to hand in says whom to ring, as the chase page does."""

    def mentioned(self, zhao, state):
        return parsed(text_of(zhao.get(f"{QUEUE}?state={state}"))).one("section.queue").text

    def test_the_first_who_gave_a_phone_and_still_works_here(self, zhao, zhang):
        ObligationFactory(agency=zhang.agency)
        assert "区交通运输局·没有登记联系电话" in self.mentioned(zhao, "missing")
        facts = {"agency": zhang.agency, "phone": "0731-84550001"}
        UserFactory(name="吴四", username="a", is_active=False, **facts)
        UserFactory(name="郑五", username="b", roles=[Role.LEADER], **facts)
        UserFactory(name="冯六", username="z", roles=[Role.SIGNER], **facts)
        UserFactory(name="陈七", phone="0731-1")
        assert "区交通运输局·冯六0731-84550001" in self.mentioned(zhao, "missing")

    def test_what_was_returned_too_and_nothing_else(self, zhao, zhang, bureau):
        type(zhang).objects.filter(pk=zhang.pk).update(phone="0731-84550001")
        obligation = handed_in(zhang)
        assert "0731-84550001" not in self.mentioned(zhao, "waiting")
        Obligation.objects.filter(pk=obligation.pk).update(state=ObligationState.RETURNED)
        assert "张三0731-84550001" in self.mentioned(zhao, "returned")
