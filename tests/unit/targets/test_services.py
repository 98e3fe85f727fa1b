import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.choices import Role
from audit.models import AuditEvent
from plan.models import DataState
from targets import services
from targets.choices import DataGrade, MilestoneState, TargetKind
from targets.models import Milestone, Observation
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.plan import ClauseFactory, DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 1)


@pytest.fixture
def admin():
    return AdministratorFactory()


@pytest.fixture
def target():
    return TargetFactory(code="T18", name="纯电动公交车比例")


def facts():
    return DataState.current().version, AuditEvent.objects.count()


def test_a_target_is_saved_with_its_agencies(admin):
    one, two = AgencyFactory.create_batch(2)
    target = TargetFactory.build(code="T18", lead=one)
    event = services.save_target(target=target, responsible=[two, one], by=admin)
    assert (event.action, event.object_code) == ("新增", "T18")
    assert [share.agency for share in target.shares.all()] == [two, one]
    before = facts()
    assert services.save_target(target=target, responsible=[two, one], by=admin) is None
    assert facts() == before


def test_sources_are_the_words_of_the_clause(admin, target):
    clause = ClauseFactory(address="三（五）3", text="到2025年，\n比例达到75%以上。")
    event = services.set_sources(target=target, sources=[(clause, "比例达到 75%以上")], by=admin)
    assert event.changes == [["原文出处", "", "三（五）3“比例达到 75%以上”"]]
    before = facts()
    same = [(clause, "比例达到 75%以上")]
    assert services.set_sources(target=target, sources=same, by=admin) is None
    assert facts() == before


def test_words_that_the_clause_has_not_are_refused(admin, target):
    clause = ClauseFactory(address="三（五）3")
    with pytest.raises(ValidationError, match="“三（五）3”里没有“达到80%”这句话，请照原文摘录"):
        services.set_sources(target=target, sources=[(clause, "达到80%")], by=admin)
    with pytest.raises(ValidationError, match="登记了不止一次"):
        services.set_sources(target=target, sources=[(clause, "75%"), (clause, "75%")], by=admin)
    assert not target.sources.exists()


def milestone(target, **fields):
    return MilestoneFactory.build(target=target, **fields)


def test_a_milestone_is_set_once(admin, target):
    first = services.set_milestone(milestone=milestone(target), by=admin)
    assert (first.version, first.is_current) == (1, True)
    before = facts()
    assert services.set_milestone(milestone=milestone(target), by=admin) is None
    assert facts() == before


def test_a_new_value_is_a_new_version_and_the_old_one_stays(admin, target):
    services.set_milestone(milestone=milestone(target), by=admin)
    document = DocumentFactory()
    new = services.set_milestone(
        milestone=milestone(target, value=Decimal(80), document=document, effective_from=DAY),
        by=admin,
        reason="市里调整",
    )
    assert (new.version, new.document) == (2, document)
    rows = target.milestones.order_by("version").values_list("version", "value", "is_current")
    assert list(rows) == [(1, Decimal(75), False), (2, Decimal(80), True)]
    event = AuditEvent.objects.get(action="改变目标值")
    assert ["目标值", "75", "80"] in event.changes
    assert event.reason == "市里调整"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"effective_from": DAY}, "改变阶段目标要写明依据文件"),
        ({"with_document": True}, "改变阶段目标要写明生效日期"),
        (
            {"with_document": True, "effective_from": datetime.date(2126, 1, 1)},
            "生效日期不能晚于今天",
        ),
    ],
)
def test_a_change_names_document_and_day(admin, target, fields, sentence):
    MilestoneFactory(target=target)
    document = DocumentFactory() if fields.pop("with_document", False) else None
    changed = milestone(target, value=Decimal(80), document=document, **fields)
    with pytest.raises(ValidationError, match=sentence):
        services.set_milestone(milestone=changed, by=admin)
    assert target.milestones.get().value == Decimal(75)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": None}, "已明确的目标要有数值，待下达或不再下达的目标不能有数值"),
        ({"state": "pending"}, "已明确的目标要有数值，待下达或不再下达的目标不能有数值"),
        ({"comparison": ""}, "有数值的目标要说明比较方式"),
        ({"year": None}, "只有长期要求可以没有目标年"),
    ],
)
def test_impossible_milestones_get_a_sentence(admin, target, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        services.set_milestone(milestone=milestone(target, **fields), by=admin)


def test_a_standing_rule_has_no_year(admin, target):
    rule = milestone(target, year=None, due=None, nature="standing")
    assert services.set_milestone(milestone=rule, by=admin)
    again = milestone(target, year=None, due=None, nature="standing")
    assert services.set_milestone(milestone=again, by=admin) is None


def test_the_city_sends_down_a_value(admin, target):
    pending = MilestoneFactory(target=target, state=MilestoneState.PENDING, value=None)
    document = DocumentFactory(number="长发改〔2024〕9号")
    new = services.assign_milestone(
        milestone=pending, value=Decimal(18), document=document, effective_from=DAY, by=admin
    )
    assert (new.state, new.value, new.version) == (MilestoneState.SET, Decimal(18), 2)
    assert new.comparison == pending.comparison
    assert str(new.document) == f"{document.title}（长发改〔2024〕9号）"
    pending.refresh_from_db()
    assert (pending.is_current, pending.value) == (False, None)


def test_a_value_that_will_not_come_any_more(admin, target):
    pending = MilestoneFactory(target=target, state=MilestoneState.PENDING, value=None)
    document = DocumentFactory()
    with pytest.raises(ValidationError, match="写明不再下达的原因"):
        services.withdraw_milestone(
            milestone=pending, document=document, effective_from=DAY, by=admin, reason=""
        )
    new = services.withdraw_milestone(
        milestone=pending, document=document, effective_from=DAY, by=admin, reason="改为碳排放双控"
    )
    assert (new.state, new.value) == (MilestoneState.WITHDRAWN, None)


def test_a_milestone_says_afterwards_which_document_set_it(admin, target):
    known = MilestoneFactory(target=target)
    document = DocumentFactory()
    event = services.describe_milestone(
        milestone=known, document=document, note="见附件1", by=admin
    )
    assert ["说明", "", "见附件1"] in event.changes
    known.refresh_from_db()
    assert (known.version, known.document, known.value) == (1, document, Decimal(75))


def observation(target, **fields):
    return ObservationFactory.build(target=target, **fields)


def test_a_value_is_recorded_once(admin, target):
    (row,) = services.record_observations(observations=[observation(target)], by=admin)
    assert (row.version, row.recorded_by) == (1, "管理员")
    before = facts()
    assert services.record_observations(observations=[observation(target)], by=admin) == []
    assert facts() == before


def test_a_correction_is_a_new_version(admin, target):
    services.record_observations(observations=[observation(target)], by=admin)
    with pytest.raises(ValidationError, match="T18 2025年已有实际值，更正要写明原因"):
        services.record_observations(
            observations=[observation(target, value=Decimal("79.1"))], by=admin
        )
    for value, grade in (("79.1", DataGrade.PRELIMINARY), ("79.2", DataGrade.FINAL)):
        services.record_observations(
            observations=[observation(target, value=Decimal(value), grade=grade, reason="核定")],
            by=admin,
        )
    rows = target.observations.order_by("version").values_list("version", "value", "is_current")
    assert list(rows) == [
        (1, Decimal("78.6"), False),
        (2, Decimal("79.1"), False),
        (3, Decimal("79.2"), True),
    ]
    event = AuditEvent.objects.filter(action="更正").latest("pk")
    assert ["数值", "79.1", "79.2"] in event.changes
    assert ["数据状态", "初步核算", "最终核实"] in event.changes


def test_quarters_years_and_bases_stand_beside_each_other(admin, target):
    rows = [
        observation(target),
        observation(target, basis="扣除原料用能"),
        observation(target, year=2026, quarter=3),
        observation(target, year=2026, quarter=2),
    ]
    assert len(services.record_observations(observations=rows, by=admin)) == 4
    assert target.observations.filter(is_current=True).count() == 4


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": None}, "要么填写数值，要么注明不适用"),
        ({"not_applicable": True}, "要么填写数值，要么注明不适用"),
        ({"quarter": 5}, "季度只能是1至4"),
        ({"year": 2199}, "2199年还没有开始，不能登记实际值"),
        ({"value": Decimal("178.6")}, "纯电动公交车比例是百分比，须在0至100之间"),
        ({"value": Decimal("-1")}, "纯电动公交车比例不能为负数"),
        ({"source": ""}, "不能为空"),
        ({"grade": "guess"}, "guess"),
    ],
)
def test_impossible_values_get_a_sentence(admin, target, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        services.record_observations(observations=[observation(target, **fields)], by=admin)
    assert not Observation.objects.exists()


def test_a_reduction_may_be_negative_and_a_flow_not_applicable(admin):
    reduction = TargetFactory(kind=TargetKind.REDUCTION)
    row = observation(reduction, value=Decimal("-1.2"))
    assert services.record_observations(observations=[row], by=admin)
    flow = observation(TargetFactory(), value=None, not_applicable=True)
    assert services.record_observations(observations=[flow], by=admin)


def test_a_batch_is_all_or_nothing(admin, target):
    rows = [observation(target), observation(target, year=2024, value=None)]
    with pytest.raises(ValidationError):
        services.record_observations(observations=rows, by=admin)
    twins = [observation(target), observation(target)]
    with pytest.raises(ValidationError, match="T18 2025年在同一批里出现了不止一次"):
        services.record_observations(observations=twins, by=admin)
    assert not Observation.objects.exists()
    assert services.record_observations(observations=[], by=admin) == []


def test_a_retired_target_takes_no_values(admin, target):
    services.retire_target(target=target, on=DAY, by=admin, reason="修订")
    with pytest.raises(ValidationError, match="T18已停用，不再登记实际值"):
        services.record_observations(observations=[observation(target)], by=admin)
    services.restore_target(target=target, by=admin)
    assert services.record_observations(observations=[observation(target)], by=admin)


def test_statements_do_not_grow_with_the_values(admin, target, django_assert_max_num_queries):
    DataState.touch()
    services.record_observations(observations=[observation(target)], by=admin)
    rows = [observation(target, year=year, quarter=q) for year in (2023, 2024) for q in (1, 2, 3)]
    rows.append(observation(target, value=Decimal(80), reason="核定"))
    with django_assert_max_num_queries(12):
        services.record_observations(observations=rows, by=admin)
    change = milestone(target)
    with django_assert_max_num_queries(12):
        services.set_milestone(milestone=change, by=admin)


def test_reviewers_record_values_but_only_administrators_change_the_plan(target):
    reviewer = UserFactory(roles=[Role.REVIEWER])
    assert services.record_observations(observations=[observation(target)], by=reviewer)
    pending = MilestoneFactory(target=target, state=MilestoneState.PENDING, value=None)
    document = DocumentFactory()
    for write in (
        lambda: services.save_target(target=target, by=reviewer),
        lambda: services.set_sources(target=target, sources=[], by=reviewer),
        lambda: services.set_milestone(milestone=milestone(target, year=2030), by=reviewer),
        lambda: services.assign_milestone(
            milestone=pending, value=Decimal(1), document=document, effective_from=DAY, by=reviewer
        ),
        lambda: services.describe_milestone(
            milestone=pending, document=document, note="", by=reviewer
        ),
        lambda: services.retire_target(target=target, on=DAY, by=reviewer, reason="-"),
        lambda: services.restore_target(target=target, by=reviewer),
    ):
        with pytest.raises(PermissionDenied, match="只能由管理员进行"):
            write()
    assert Milestone.objects.count() == 1


def test_reporters_record_nothing(target):
    with pytest.raises(PermissionDenied, match="实际值由区发改局审核员或管理员录入"):
        services.record_observations(observations=[observation(target)], by=UserFactory())
