"""Every kind, state and history: what may be ticked, the check accepts, by page and by bulk."""

import pytest
from django.core.exceptions import ValidationError

from reporting.answers.selectors.checking import checked_by_key
from reporting.choices import ObligationState
from reporting.models import Obligation
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import ConflictError
from reporting.unchanged.rules import Tick
from reporting.unchanged.selectors.offers import offers_by_key
from reporting.unchanged.services import shortcuts, ticks
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory
from tests.factories.tasks import TaskContributionFactory, TaskProgressFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

REASON = "三季度以设施运维为主，四季度集中建设。"
S = ObligationState


def target(agency, *values, **fields):
    row = ObligationFactory(
        agency=agency, **{f"target__{name}": value for name, value in fields.items()}
    )
    for quarter, value in zip((2, 1), values, strict=False):
        ObservationFactory(target=row.target, year=2026, quarter=quarter, value=value)
    return row


def task(agency, **last):
    row = ObligationFactory(agency=agency, kind="task")
    if last:
        TaskProgressFactory(task=row.task, quarter=2, **last)
    return row


def contribution(agency, **last):
    row = ObligationFactory(agency=agency, kind="contribution")
    if last:
        TaskContributionFactory(task=row.task, agency=agency, quarter=2, **last)
    return row


def project(agency, status=""):
    row = ObligationFactory(agency=agency, kind="project")
    if status:
        ProjectProgressFactory(project=row.project, quarter=2, status=status)
    return row


QUARTERLY = {"frequency": "quarterly"}
CASES = {
    "stock": (lambda a: target(a, "77.9", **QUARTERLY), "与上季度相同"),
    "third time": (lambda a: target(a, "77.9", "77.9", **QUARTERLY), "第三个季度都是77.9%"),
    "no value": (lambda a: target(a, **QUARTERLY), "上季度没有数值"),
    "flow": (lambda a: target(a, is_flow=True, **QUARTERLY), "没有新增"),
    "annual": (lambda a: target(a, frequency="annual"), "没有新数据"),
    "T20": (lambda a: target(a, frequency="annual", kind="qualitative"), "实现程度"),
    "on track": (lambda a: task(a, status="on_track"), "没有新进展"),
    "lagging": (lambda a: task(a, status="lagging"), "填写存在问题"),
    "done": (lambda a: task(a, status="done"), "没有新进展"),
    "promised": (lambda a: task(a, next_due="2026-09"), "上季度定在9月完成"),
    "promised later": (lambda a: task(a, next_due="2026-12"), "没有新进展"),
    "new task": (task, "上季度没有填报"),
    "nothing": (lambda a: contribution(a, text="", nothing=True), "仍无事项"),
    "text": (lambda a: contribution(a, text="督促2家企业。"), "没有新情况"),
    "new contribution": (contribution, "无配合事项"),
    "completed": (lambda a: project(a, "completed"), "没有变化"),
    "cancelled": (lambda a: project(a, "cancelled"), "没有变化"),
    "under way": (lambda a: project(a, "under_way"), "在建并已超过计划完成年（2024年）"),
    "suspended": (lambda a: project(a, "suspended"), "要填本季度投资和进度"),
    "new project": (project, "上季度没有填报"),
}
TICKABLE = {
    "stock", "flow", "annual", "on track", "done", "promised later", "nothing", "text",
    "new contribution", "completed", "cancelled",
}  # fmt: skip


@pytest.fixture
def zhang():
    return UserFactory(name="张三", agency=AgencyFactory(name="区交通运输局", code="jtj"))


def offer_of(row):
    found = offers_by_key(obligations=Obligation.objects.filter(pk=row.pk), limits=thresholds())
    return found[row.pk].offer


def refusal_of(row):
    return checked_by_key(obligations=Obligation.objects.filter(pk=row.pk))[row.pk].refusal


@pytest.mark.parametrize("case", CASES)
def test_what_may_be_ticked_is_accepted_by_page_and_by_bulk(zhang, case):
    make, words = CASES[case]
    row = make(zhang.agency)
    offer = offer_of(row)
    assert isinstance(offer, Tick) is (case in TICKABLE)
    assert words in (offer.label if isinstance(offer, Tick) else offer.why)
    if case not in TICKABLE:
        for act in (ticks.tick, lambda **of: shortcuts.no_change(reason=REASON, **of)):
            with pytest.raises(ValidationError):
                act(pks=[row.pk], by=zhang)
        assert Obligation.objects.get(pk=row.pk).content == {}
        return
    shortcuts.no_change(pks=[row.pk], reason=REASON, by=zhang)
    assert refusal_of(row) == ""
    by_bulk = Obligation.objects.get(pk=row.pk).texts
    ticks.untick(pks=[row.pk], by=zhang)
    assert not any(Obligation.objects.get(pk=row.pk).texts.values())
    ticks.tick(pks=[row.pk], by=zhang, reason=REASON)
    assert Obligation.objects.get(pk=row.pk).texts == by_bulk
    assert refusal_of(row) == ""


@pytest.mark.parametrize("state", S)
def test_only_what_is_with_the_reporter_is_settled(zhang, state):
    row = task(zhang.agency, status="on_track")
    typed = {"status": "on_track", "narrative": "已经写了的进展"}
    if state != S.EMPTY:
        filled(row, typed, by=zhang, state=state)
    if state in {S.EMPTY, S.DRAFT}:
        assert ticks.tick(pks=[row.pk], by=zhang, reason=REASON) == 1
        assert refusal_of(row) == ""
        return
    with pytest.raises((ValidationError, ConflictError)):
        ticks.tick(pks=[row.pk], by=zhang, reason=REASON)
    assert Obligation.objects.get(pk=row.pk).texts == typed


def test_a_contribution_with_a_text_is_no_nothing(zhang):
    rows = {case: CASES[case][0](zhang.agency) for case in ("nothing", "text", "new contribution")}
    period = rows["text"].period
    assert shortcuts.nothing_to_contribute(agency=zhang.agency, period=period, by=zhang) == 2
    assert Obligation.objects.get(pk=rows["text"].pk).texts == {}
