from django.contrib import admin

from agencies.register_admin import RegisterAdmin, figure
from projects.models import Project
from projects.resources import ProjectRegister


@admin.register(Project)
class ProjectAdmin(RegisterAdmin):
    register = ProjectRegister
    list_display = (
        "code", "name", "category", "owner_text", "reporting_agency", "start_year", "end_year",
        "investment",
    )  # fmt: skip
    investment = figure("total_investment_wan", "总投资（万元）")
    list_filter = ("category", "origin")
    list_select_related = ("category", "reporting_agency")
    search_fields = ("code", "name", "owner_text")
    exclude = ("import_notes",)
