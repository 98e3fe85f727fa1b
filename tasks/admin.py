from django.contrib import admin

from agencies.register_admin import RegisterAdmin
from tasks.models import Task
from tasks.resources import TaskRegister


@admin.register(Task)
class TaskAdmin(RegisterAdmin):
    register = TaskRegister
    list_display = ("code", "title", "category", "lead", "convenor", "retired_on")
    list_filter = ("category",)
    list_select_related = ("category", "lead", "convenor")
    search_fields = ("code", "title")
