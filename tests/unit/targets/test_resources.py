"""Registers of targets, milestones and actual values."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from audit.models import AuditEvent, Way
from plan.models import DataState
from targets.models import AccountingBasis, Milestone, Observation, Target
from targets.resources import MilestoneRegister, ObservationRegister, TargetRegister
from tests.factories.agencies import AdministratorFactory, AgencyFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)
from tests.registers import bring_in, refused, table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory(username="admin")


@pytest.fixture
def target():
    agency = AgencyFactory(name="区交通运输局")
    return TargetFactory(code="T18", name="纯电动公交车比例", lead=agency)


def value_row(**more):
    row = {"指标编号": "T18", "年份": 2025, "季度": "", "数值": 78.6, "数据状态": "部门统计"}
    return row | {"口径": "", "数据来源": "公交台账"} | more


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_comes_back_without_a_change(admin, target, kind):
    MilestoneFactory(target=target, value=Decimal("75.0000"))
    ObservationFactory(target=target, value=Decimal("78.6000"), year=2025, is_demo=True)
    for register in (TargetRegister, MilestoneRegister, ObservationRegister):
        _, rows = table_of(register, kind)
        assert bring_in(register, rows, by=admin).counts["same"] == len(rows) == 1
    assert not AuditEvent.objects.exists()


def test_numbers_are_numbers_without_needless_zeros(target):
    ObservationFactory(target=target, value=Decimal("78.6000"))
    _, [row] = table_of(ObservationRegister)
    assert row["数值"] == 78.6
    assert row["指标名称"] == "纯电动公交车比例"


def test_demonstration_rows_mark_the_export(target):
    assert ObservationRegister().export().notice == ""
    ObservationFactory(target=target, is_demo=True)
    dataset = ObservationRegister().export()
    assert dataset.notice.startswith("演示数据")
    assert table_of(ObservationRegister)[1][0]["演示数据"] == "是"


def test_a_new_value_is_version_one(admin, target):
    before = DataState.current().version
    result = bring_in(ObservationRegister, [value_row()], by=admin)
    assert result.counts == {"new": 1, "changed": 0, "same": 0, "wrong": 0}
    value = Observation.objects.get()
    assert (value.value, value.version, value.reason) == (Decimal("78.6000"), 1, "")
    assert (value.recorded_by, value.is_demo) == ("管理员", False)
    event = AuditEvent.objects.get()
    assert (event.object_code, event.way, event.action) == ("T18 2025", Way.EXCEL, "录入")
    assert DataState.current().version == before + 1


def test_a_changed_value_is_a_new_version_with_a_reason(admin, target):
    bring_in(ObservationRegister, [value_row()], by=admin)
    bring_in(ObservationRegister, [value_row(数值="79.1")], by=admin)
    bring_in(ObservationRegister, [value_row(数值="79.2", 更正原因="按台账核对")], by=admin)
    versions = Observation.objects.order_by("version")
    assert [(v.value, v.reason, v.is_current) for v in versions] == [
        (Decimal("78.6000"), "", False),
        (Decimal("79.1000"), "Excel导入更正", False),
        (Decimal("79.2000"), "按台账核对", True),
    ]
    assert AuditEvent.objects.filter(action="更正").latest("pk").reason == "按台账核对"


def test_columns_that_are_left_out_keep_their_values(admin, target):
    bring_in(ObservationRegister, [value_row(分子=786, 分母=1000)], by=admin)
    row = {name: value_row()[name] for name in ("指标编号", "年份", "季度", "口径")}
    bring_in(ObservationRegister, [row | {"数据来源": "统计年报"}], by=admin)
    current = Observation.objects.get(is_current=True)
    assert (current.value, current.source) == (Decimal("78.6000"), "统计年报")
    assert (current.numerator, current.denominator) == (Decimal(786), Decimal(1000))


def test_a_fraction_does_not_stay_beside_another_value(admin, target):
    bring_in(ObservationRegister, [value_row(分子=786, 分母=1000)], by=admin)
    row = {name: value_row()[name] for name in ("指标编号", "年份", "季度", "口径")}
    bring_in(ObservationRegister, [row | {"数值": 80}], by=admin)
    current = Observation.objects.get(is_current=True)
    assert (current.value, current.source) == (Decimal("80.0000"), "公交台账")
    assert (current.numerator, current.denominator) == (None, None)


def test_a_reason_alone_is_no_change(admin, target):
    bring_in(ObservationRegister, [value_row()], by=admin)
    result = bring_in(ObservationRegister, [value_row(更正原因="随手写的")], by=admin)
    assert result.counts["same"] == 1
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"指标编号": "T99"}, "第2行 指标编号：没有“T99”这个指标"),
        ({"数值": "约78"}, "第2行 数值：“约78”不是数字"),
        ({"数值": ""}, "第2行 数值：要么填写数值，要么注明不适用"),
        ({"数值": 101}, "第2行 数值：纯电动公交车比例是百分比，须在0至100之间"),
        ({"季度": 5}, "第2行 季度：季度只能是1至4"),
        ({"年份": 2098}, "第2行 年份：2098年还没有开始"),
        ({"数据状态": "估计"}, "第2行 数据状态：“估计”不在可选范围内"),
        ({"数据来源": ""}, "第2行 数据来源：不能空着"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_values_that_cannot_be(admin, target, more, sentence, dry_run):
    result = bring_in(ObservationRegister, [value_row(**more)], by=admin, dry_run=dry_run)
    assert result.problems[0].startswith(sentence)
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("kind", "more", "sentence"),
    [
        ("reduction", {"当年降低率": "3.2"}, ""),
        ("reduction", {"当年降低率": "-0.5"}, ""),
        ("reduction", {"当年降低率": "100"}, "须小于100%"),
        ("reduction", {"当年降低率": "3.2", "季度": 1}, "只用于累计降低率的年度值，这一行留空"),
        ("ratio", {"当年降低率": "3.2"}, "只用于累计降低率的年度值，这一行留空"),
    ],
)
def test_a_yearly_rate_belongs_to_a_year_of_a_reduction(admin, target, kind, more, sentence):
    Target.objects.update(kind=kind)
    result = bring_in(ObservationRegister, [value_row(**more)], by=admin, dry_run=True)
    assert [problem.endswith(sentence) for problem in result.problems] == [True] * bool(sentence)


@pytest.mark.parametrize("more", [{"annual_rate": 100}, {"annual_rate": 3, "quarter": 1}])
def test_the_database_holds_a_yearly_rate_to_it(target, more):
    with pytest.raises(IntegrityError, match="observation_annual_rate_of_a_year"):
        ObservationFactory(target=target, year=2025, **more)


def test_two_bases_of_one_year_are_two_values(admin, target):
    AccountingBasisFactory(name="含新能源（市级）")
    rows = [value_row(), value_row(口径="含新能源 (市级)", 数值=80)]
    assert bring_in(ObservationRegister, rows, by=admin).counts["new"] == 2
    assert Observation.objects.get(value=80).basis_id == "含新能源（市级）"


def test_a_basis_that_the_register_does_not_know_is_asked_about(admin, target):
    AccountingBasisFactory(name="含新能源（市级）")
    result = bring_in(ObservationRegister, [value_row(口径="新能源")], by=admin, dry_run=True)
    assert result.problems == ["第2行 口径：没有“新能源”这个口径，相近的有：含新能源（市级）"]
    assert not AccountingBasis.objects.filter(name="新能源").exists()


def test_an_empty_basis_is_the_targets_own(admin, target):
    Target.objects.update(accounting_basis=AccountingBasisFactory(name="在营公交车"))
    assert bring_in(ObservationRegister, [value_row()], by=admin).counts["new"] == 1
    same = [value_row(), value_row(口径="在营公交车", 年份=2024)]
    assert bring_in(ObservationRegister, same, by=admin).counts["same"] == 1
    assert {row.basis_id for row in Observation.objects.all()} == {"在营公交车"}


def test_statements_of_an_import_hardly_grow(admin, target, django_assert_max_num_queries):
    rows = [value_row(年份=year, 季度=q) for year in range(2001, 2026) for q in (1, 2, 3, 4)]
    for part in (rows[:2], rows):
        with django_assert_max_num_queries(22):
            bring_in(ObservationRegister, part, by=admin)


def test_a_milestone_changes_by_document_as_a_new_version(admin, target):
    MilestoneFactory(target=target, value=Decimal(75))
    DocumentFactory(title="关于下达目标的通知", number="长发改〔2026〕8号")
    row = {"指标编号": "T18", "目标年": 2025, "目标值": 80}
    assert "依据文件" in refused(MilestoneRegister, [row], by=admin)[0]
    with_document = row | {"依据文件": "长发改〔2026〕8号", "生效日期": "2026-11-01"}
    assert bring_in(MilestoneRegister, [with_document], by=admin).counts["changed"] == 1
    assert [(m.version, m.value, m.is_current) for m in Milestone.objects.order_by("version")] == [
        (1, Decimal("75.0000"), False),
        (2, Decimal("80.0000"), True),
    ]
    assert bring_in(MilestoneRegister, [with_document], by=admin).counts["same"] == 1


def test_the_basis_of_a_milestone_is_one_of_the_register(admin, target):
    MilestoneFactory(target=target, value=Decimal(75))
    AccountingBasisFactory(name="含出租车（市级）")
    DocumentFactory(title="关于下达目标的通知", number="长发改〔2026〕8号")
    row = {
        "指标编号": "T18",
        "目标年": 2025,
        "依据文件": "长发改〔2026〕8号",
        "生效日期": "2026-11-01",
    }
    [problem] = bring_in(
        MilestoneRegister, [row | {"口径": "含出租"}], by=admin, dry_run=True
    ).problems
    assert problem == "第2行 口径：没有“含出租”这个口径，相近的有：含出租车（市级）"
    bring_in(MilestoneRegister, [row | {"口径": "含出租车 (市级)"}], by=admin)
    before, now = Milestone.objects.order_by("version")
    assert (before.basis_id, now.basis_id) == (None, "含出租车（市级）")
    [shown] = table_of(MilestoneRegister)[1]
    assert shown["口径"] == "含出租车（市级）"
    bring_in(MilestoneRegister, [row | {"目标值": 80}], by=admin)
    assert Milestone.objects.get(is_current=True).basis_id == "含出租车（市级）", "it is kept"


def test_a_target_with_its_agencies_in_order(admin, target):
    AgencyFactory(name="区发展和改革局", short_name="区发改局")
    AgencyFactory(name="区商务局")
    row = {"编号": "T18", "责任单位": "区商务局、区发改局", "看板首排": "是"}
    assert bring_in(TargetRegister, [row], by=admin).counts["changed"] == 1
    target.refresh_from_db()
    assert [share.agency.name for share in target.shares.all()] == ["区商务局", "区发展和改革局"]
    assert target.is_headline
    swapped = row | {"责任单位": "区发改局、区商务局"}
    assert bring_in(TargetRegister, [swapped], by=admin).counts["changed"] == 1, "order counts"
    bring_in(TargetRegister, [{"编号": "T18", "停用日期": "2026-11-01"}], by=admin)
    target.refresh_from_db()
    assert target.retired_on == datetime.date(2026, 11, 1)
    assert Target.objects.count() == 1


def test_a_base_value_is_no_matter_of_one_person(admin, target):
    """The plan's own comes with a new target; afterwards two persons enter it."""
    (said,) = refused(TargetRegister, [{"编号": "T18", "基期值": "60.5"}], by=admin)
    assert "基期值由两人办理" in said
    row = {"指标编号": "T18", "年份": 2020, "季度": "", "数值": 60.5, "数据状态": "最终核实"}
    row |= {"口径": "", "数据来源": "公报"}
    (said,) = refused(ObservationRegister, [row], by=admin)
    assert "基期值由两人办理" in said
    assert bring_in(ObservationRegister, [row | {"年份": 2021}], by=admin).counts["new"] == 1
    new = {"编号": "T88", "名称": "新的比例", "简称": "新比例", "目标类型": "不低于"}
    bring_in(TargetRegister, [new | {"基期": 2020, "基期值": "60.5"}], by=admin)
    assert Target.objects.get(code="T88").baseline_value == Decimal("60.5")


def test_nor_is_the_tolerance_of_about(admin, target):
    Target.objects.update(kind="about", tolerance_percent=2)
    (said,) = refused(TargetRegister, [{"编号": "T18", "左右容差（%）": "5"}], by=admin)
    assert "左右容差由两人办理" in said
    same = {"编号": "T18", "左右容差（%）": "2"}
    assert bring_in(TargetRegister, [same], by=admin).counts["same"] == 1
