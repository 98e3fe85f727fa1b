"""What workbooks of targets say in which column, and as what."""

import datetime
from decimal import Decimal

import pytest

from targets import sheets
from targets.models import Target
from targets.selectors import judged_targets, target_detail
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.judged import judged

D = Decimal


def line(sheet, place=0):
    return dict(zip(sheet.head, sheet.rows[place], strict=True))


class TestList:
    def test_a_row_of_judged_numbers(self):
        found = line(sheets.list_sheet([judged("T03", values=[(2024, "18.8"), (2025, "19.2")])]))
        assert found["编号"] == "T03"
        assert found["领域"] == "总体目标"
        assert found["2025年目标"] == "≥20%"
        assert found["2025年实际"] == D("19.2")
        assert found["数据状态"] == "最终核实"
        assert found["2025年判定"] == "未达标"
        assert found["差距"] == "差0.8个百分点"
        assert (found["最新时期"], found["最新值"]) == ("2025年", D("19.2"))
        assert found["最新值数据状态"] == "最终核实"
        assert found["2030年目标"] == "≥22%"

    def test_without_values_cells_are_empty_and_say_why(self):
        found = line(sheets.list_sheet([judged("T03")]))
        assert found["2025年实际"] is None
        assert found["最新值"] is None
        assert found["基期值"] is None
        assert (found["2025年判定"], found["原因"]) == ("数据缺失", "缺数据")


@pytest.mark.django_db
class TestValues:
    def sheet(self, **more):
        target = TargetFactory(code="T77", baseline_value=D(60), decimals=1)
        MilestoneFactory(target=target, value=D(75))
        old = {"year": 2023, "value": D("68"), "is_current": False}
        ObservationFactory(target=target, **old)
        ObservationFactory(
            target=target, year=2023, value=D("70"), version=2, reason="漏报", **more
        )
        ObservationFactory(target=target, year=2023, quarter=2, value=D("66"))
        return sheets.value_sheet(target_detail(code="T77"))

    def test_every_version_with_what_its_year_required(self):
        sheet = self.sheet()
        found = [line(sheet, place) for place in range(3)]
        assert [row["实际值"] for row in found] == [D(70), D(68), D(66)]
        assert [row["版本"] for row in found] == [2, 1, 1]
        assert [row["现行"] for row in found] == ["是", "已被取代", "是"]
        assert found[0]["更正原因"] == "漏报"
        assert found[0]["进度要求"] == D("69.0")
        assert (found[2]["进度要求"], found[2]["差距"]) == (D("67.5"), "差1.5个百分点")
        assert (found[0]["时期"], found[2]["时期"]) == ("2023年", "2023年第二季度")
        assert sheet.is_demo is False

    def test_one_row_of_demonstration_data_marks_the_file(self):
        assert self.sheet(is_demo=True).is_demo
        assert sheets.list_sheet(judged_targets()).is_demo

    def test_the_day_of_entry_is_the_local_one(self):
        self.sheet()
        late = datetime.datetime(2026, 11, 21, 17, 30, tzinfo=datetime.UTC)
        Target.objects.get(code="T77").observations.update(recorded_at=late)
        found = line(sheets.value_sheet(target_detail(code="T77")))
        assert found["入库日期"] == datetime.date(2026, 11, 22)
