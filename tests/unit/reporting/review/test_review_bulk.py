"""Many clean items at once: the page that lists them, one deed, ten minutes to take it back."""

import datetime
import re

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from reporting.choices import ObligationKind, ObligationState
from reporting.filling.services import corrections
from reporting.models import Obligation
from reporting.review.services import reviews
from tests.documents import document, parsed
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import fresh, handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db
QUEUE, BULK, APPROVE, UNDO = "/review/", "/review/bulk/", "/review/bulk/approve/", "/review/undo/"


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


def key(obligation, number=1):
    return f"{obligation.pk}:{number}"


def picks(answer):
    return [box["value"] for box in document(answer).every("input[name=pick]")]


def text_of(answer):
    return answer.content.decode()


def undo_form(page):
    return [field["value"] for field in parsed(page).every("input[name=decision]")]


def test_the_page_before_lists_every_value_and_writes_nothing(zhao, zhang):
    obligations = [handed_in(zhang) for _ in range(27)]
    events = AuditEvent.objects.count()
    answer = zhao.post(f"{BULK}?period=2026Q3", {"all": "1"})
    assert sorted(picks(answer)) == sorted(key(obligation) for obligation in obligations)
    page = text_of(answer)
    assert "批量通过27项" in page
    assert page.count("按分工完成本单位公务用车更新。") == 27
    assert AuditEvent.objects.count() == events


def test_only_ticked_ones_and_only_clean_ones_go_on(zhao, zhang, bureau):
    one, two, gone = handed_in(zhang), handed_in(zhang), handed_in(zhang)
    target = TargetFactory(code="T18", lead=zhang.agency, frequency="quarterly")
    MilestoneFactory(target=target)
    ObservationFactory(target=target, year=2026, quarter=2, value="77.9")
    doubtful = handed_in(zhang, ObligationKind.TARGET, target=target)
    reviews.approve(rounds={gone.pk: 1}, by=bureau["周七"])
    answer = zhao.post(BULK, {"pick": [key(one), key(doubtful), key(gone), key(two, 7), "x", "1:"]})
    assert picks(answer) == [key(one)]
    page = text_of(answer)
    assert "T18有疑点" in page
    assert "4项已由其他审核员处理或重新报送" in page
    nothing = zhao.post(BULK, {"pick": [key(doubtful)]}, follow=True)
    assert "须逐项打开审核" in text_of(nothing)
    assert "先勾选要批量通过的事项" in text_of(zhao.post(BULK, follow=True))


def test_filters_narrow_what_all_means(zhao, zhang, bureau):
    handed_in(bureau["吴八"])
    mine = handed_in(zhang)
    assert picks(zhao.post(f"{BULK}?period=2026Q3&agency=jtj", {"all": "1"})) == [key(mine)]


def test_approved_in_one_deed_and_taken_back_from_the_queue(zhao, zhang):
    obligations = [handed_in(zhang) for _ in range(3)]
    answer = zhao.post(
        f"{APPROVE}?period=2026Q3", {"pick": [key(obligation) for obligation in obligations]}
    )
    assert answer.headers["Location"] == "/review/?period=2026Q3"
    page = text_of(zhao.get(QUEUE))
    assert "已通过3项，数据已进入看板。" in page
    button = parsed(page).one("button[data-until]")
    assert re.fullmatch(r"撤销（\d\d:\d\d前可以）", button.text)
    decisions = undo_form(page)
    assert len(decisions) == 3
    page = text_of(zhao.post(UNDO, {"decision": decisions}, follow=True))
    assert "重新待审" in page
    assert "待审3" in page
    assert not undo_form(page)
    again = text_of(zhao.post(UNDO, {"decision": decisions}, follow=True))
    assert "这次通过已经撤销" in again


def test_one_that_was_decided_meanwhile_stops_all_and_says_so(zhao, zhang, bureau):
    obligations = [handed_in(zhang) for _ in range(3)]
    reviews.give_back(pk=obligations[1].pk, round=1, comment="核实", by=bureau["周七"])
    page = text_of(
        zhao.post(APPROVE, {"pick": [key(obligation) for obligation in obligations]}, follow=True)
    )
    assert "没有通过任何一项" in page
    assert [fresh(obligation).state for obligation in obligations] == [
        "submitted",
        "returned",
        "submitted",
    ]


def test_a_tampered_page_does_not_approve_a_doubt_or_an_own_item(client, zhao, zhang, bureau):
    doubtful = handed_in(zhang, ObligationKind.TARGET)
    assert doubtful.doubts
    zhao.post(APPROVE, {"pick": [key(doubtful)]})
    assert fresh(doubtful).state == ObligationState.SUBMITTED
    mine = handed_in(bureau["吴八"])
    client.force_login(bureau["吴八"])
    assert client.post(APPROVE, {"pick": [key(mine)]}).status_code == 403
    assert fresh(mine).state == ObligationState.SUBMITTED
    for nonsense in ([], ["x"], ["999999:1"]):
        assert client.post(APPROVE, {"pick": nonsense}).status_code == 302


def test_after_ten_minutes_there_is_nothing_to_take_back(zhao, zhang, bureau):
    obligation = handed_in(zhang)
    (decision,) = reviews.approve(rounds={obligation.pk: 1}, by=bureau["赵六"])
    assert undo_form(text_of(zhao.get(QUEUE))) == [str(decision.pk)]
    past = timezone.now() - datetime.timedelta(minutes=10, seconds=1)
    decision.decided_at = past
    decision.save()
    Obligation.objects.filter(pk=obligation.pk).update(decided_at=past)
    assert undo_form(text_of(zhao.get(QUEUE))) == []
    page = text_of(zhao.post(UNDO, {"decision": decision.pk}, follow=True))
    assert "通过已超过10分钟" in page
    assert fresh(obligation).state == ObligationState.APPROVED


def test_others_approvals_and_corrected_ones_are_not_offered(zhao, client, zhang, bureau):
    one, two = handed_in(zhang), handed_in(zhang)
    reviews.approve(rounds={one.pk: 1}, by=bureau["周七"])
    reviews.approve(rounds={two.pk: 1}, by=bureau["赵六"])
    corrections.correct(pk=two.pk, reason="漏报两条线路", by=zhang)
    assert undo_form(text_of(zhao.get(QUEUE))) == []


def test_the_page_before_takes_seven_statements_at_any_size(
    zhao, zhang, django_assert_max_num_queries
):
    counts = []
    for size in (1, 20):
        for _ in range(size):
            handed_in(zhang)
        with django_assert_max_num_queries(8) as seen:
            picks(zhao.post(BULK, {"all": "1"}))
        counts.append(len(seen))
    assert counts[0] == counts[1]
