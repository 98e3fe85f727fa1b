from decimal import Decimal

import pytest

from imports.selectors.differences import compare
from imports.selectors.entries import PROJECTS, TASKS, PlanEntry
from imports.selectors.plan_registers import KnownCategory, PlanRegister, PlanRow

GREEN = KnownCategory(1, 1, "推动产业绿色低碳发展")
POWER = KnownCategory(2, 2, "构建低碳能源体系")


def task(row=12, number=1, category="推动产业绿色低碳发展", category_number=1, **values):
    usual = {"title": "培育绿色低碳新兴产业", "lead": None, "responsible": ("区商务局",)}
    return PlanEntry(TASKS, row, number, category, category_number, usual | values)


def there(pk=7, code="1-1", number=1, retired=False, **values):
    usual = {
        "category": "推动产业绿色低碳发展",
        "title": "培育绿色低碳新兴产业",
        "lead": None,
        "convenor": None,
        "responsible": ("区商务局",),
    }
    return PlanRow(pk, code, number, usual | values, retired)


def tasks(*rows, categories=(GREEN, POWER)):
    return {TASKS: PlanRegister(rows, categories)}


def project(row=3, number=1, **values):
    usual = {
        "name": "湿地修复", "owner_text": "区农业农村局", "owners": ("区农业农村局",),
        "content": "", "start_year": 2023, "end_year": 2024, "total_investment_wan": Decimal(7214),
    }  # fmt: skip
    return PlanEntry(PROJECTS, row, number, "环境保护工程", None, usual | values)


def only(difference):
    (row,) = difference.rows
    return row


def test_a_row_that_the_plan_has_as_it_is_stays():
    found = compare((task(),), tasks(there()))
    assert only(found).state == "same"
    assert found.is_empty


def test_each_changed_field_is_named_with_both_values():
    row = only(compare((task(lead="区商务局", responsible=("区科技局",)),), tasks(there())))
    assert row.state == "changed"
    assert [(c.label, c.old, c.new) for c in row.changes] == [
        ("牵头单位", None, "区商务局"),
        ("责任单位", ("区商务局",), ("区科技局",)),
    ]


def test_a_new_row_gets_its_code_from_category_and_number():
    row = only(compare((task(number=3),), tasks(there())))
    assert (row.state, row.code, row.pk) == ("new", "1-3", None)


def test_the_order_of_responsible_agencies_is_part_of_the_plan():
    before = there(responsible=("区商务局", "区科技局"))
    row = only(compare((task(responsible=("区科技局", "区商务局")),), tasks(before)))
    assert [c.field for c in row.changes] == ["responsible"]


def test_a_category_is_found_by_name_before_its_number():
    found = compare((task(category="构建低碳能源体系", category_number=1),), tasks())
    assert only(found).code == "2-1"
    assert found.categories == ()


def test_another_name_under_a_known_number_renames_the_category_once():
    entries = (task(category="推进产业绿色发展"), task(13, 2, category="推进产业绿色发展"))
    found = compare(entries, tasks(there()))
    (change,) = found.categories
    assert (change.pk, change.name) == (1, "推进产业绿色发展")
    assert [row.state for row in found.rows] == ["same", "new"]


def test_a_category_without_number_takes_the_next_one():
    found = compare((task(category="倡导低碳生活", category_number=None),), tasks())
    assert [(c.number, c.name, c.pk) for c in found.categories] == [(3, "倡导低碳生活", None)]
    assert only(found).code == "3-1"


def test_rows_without_number_are_known_by_name_and_new_ones_follow():
    entries = (
        task(12, None),
        task(13, None, title="改造传统产业"),
        task(14, None, title="建设园区"),
    )
    found = compare(entries, tasks(there(), there(8, "1-4", 4, title="原有任务")))
    assert [(row.code, row.state) for row in found.rows] == [
        ("1-1", "same"),
        ("1-5", "new"),
        ("1-6", "new"),
    ]


def test_two_rows_for_one_number_are_not_both_read():
    found = compare((task(12), task(15, title="另一项")), tasks())
    assert [row.state for row in found.rows] == ["new", "unreadable"]
    assert found.rows[1].reason == "编号1-1与第12行重复"


def test_what_the_table_no_longer_has_is_only_offered_for_retirement():
    gone = there(8, "1-2", 2, title="旧任务")
    found = compare((task(),), tasks(there(), gone, there(9, "1-3", 3, retired=True)))
    assert [(one.code, one.name) for one in found.retirements] == [("1-2", "旧任务")]
    assert found.is_empty


def test_a_retired_row_comes_back():
    row = only(compare((task(),), tasks(there(retired=True))))
    assert (row.state, row.restores, row.changes) == ("changed", True, ())


def test_a_convenor_that_the_bureau_named_stays():
    row = only(compare((task(convenor="区科技局"),), tasks(there(convenor="区工信局"))))
    assert row.state == "same"


def test_a_lead_leaves_no_room_for_a_convenor():
    row = only(compare((task(lead="区商务局"),), tasks(there(convenor="区工信局"))))
    assert [(c.field, c.new) for c in row.changes] == [("lead", "区商务局"), ("convenor", None)]


def test_a_number_that_now_means_something_else_is_pointed_out():
    rows = (there(), there(8, "1-2", 2, title="发展循环经济园区"))
    moved = only(compare((task(number=1, title="发展循环经济园区"),), tasks(*rows)))
    assert moved.warning == "“发展循环经济园区”原来的编号是1-2，请核对序号是否排错"
    other = only(compare((task(title="打造近零碳文化基地"),), tasks(there())))
    assert "请核对是不是同一项" in other.warning


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": "长" * 121}, "任务有121字，超过120字"),
        ({"title": ""}, "没有任务"),
    ],
)
def test_what_the_database_would_refuse_is_said_before(values, reason):
    row = only(compare((task(**values),), tasks()))
    assert row.state == "unreadable"
    assert row.reason.startswith(reason)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"start_year": 2025, "end_year": 2023}, "计划竣工年2023早于计划开工年2025"),
        ({"total_investment_wan": Decimal(0)}, "总投资是0，须大于0"),
        ({"name": ""}, "没有项目名称"),
        ({"total_investment_wan": Decimal("12345678901234")}, "总投资（万元）："),
    ],
)
def test_projects_that_contradict_themselves_are_not_read(values, reason):
    row = only(compare((project(**values),), {PROJECTS: PlanRegister()}))
    assert row.state == "unreadable"
    assert row.reason.startswith(reason)


def test_equal_amounts_in_another_form_are_no_change():
    before = PlanRow(
        1, "P1", 1,
        dict(project().values)
        | {"category": "环境保护工程", "total_investment_wan": Decimal("7214.00"),
           "reporting_agency": "区农业农村局", "origin": "annex"},
        retired=False,
    )  # fmt: skip
    register = PlanRegister((before,), (KnownCategory(1, 1, "环境保护工程"),))
    assert only(compare((project(),), {PROJECTS: register})).state == "same"


def test_projects_added_by_hand_are_not_offered_for_retirement():
    values = {"name": "增补项目", "category": "环境保护工程", "origin": "added"}
    register = PlanRegister((PlanRow(5, "P21", 21, values, retired=False),), ())
    assert compare((project(),), {PROJECTS: register}).retirements == ()
