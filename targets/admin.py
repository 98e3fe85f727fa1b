from django.contrib import admin

from agencies.register_admin import RegisterAdmin, figure, yes_no
from targets.models import Milestone, Observation, Target
from targets.resources import MilestoneRegister, ObservationRegister, TargetRegister


@admin.register(Target)
class TargetAdmin(RegisterAdmin):
    register = TargetRegister
    list_display = ("code", "name", "kind", "commitment", "unit", "baseline", "lead")
    baseline = figure("baseline_value", "基期值")
    list_filter = ("kind", "commitment", "frequency")
    list_select_related = ("lead",)
    search_fields = ("code", "name", "short_name")
    exclude = ("traps", "certainty")


@admin.register(Milestone)
class MilestoneAdmin(RegisterAdmin):
    register = MilestoneRegister
    list_display = (
        "target", "year", "other", "comparison", "amount", "state", "version", "current",
    )  # fmt: skip
    amount = figure("value", "目标值")
    current = yes_no("is_current", "现行")
    other = yes_no("is_alternative", "另一种期限")
    list_filter = ("is_current", "state", "year")
    list_select_related = ("target",)
    search_fields = ("target__code", "target__name")


@admin.register(Observation)
class ObservationAdmin(RegisterAdmin):
    register = ObservationRegister
    list_display = (
        "target", "year", "quarter", "amount", "grade", "basis", "version", "current", "demo",
    )  # fmt: skip
    amount = figure("value", "数值")
    current = yes_no("is_current", "现行")
    demo = yes_no("is_demo", "演示数据")
    list_filter = ("is_current", "is_demo", "grade", "year")
    list_select_related = ("target", "basis")
    search_fields = ("target__code", "target__name")
