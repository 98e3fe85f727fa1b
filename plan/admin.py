from django.contrib import admin

from agencies.register_admin import RegisterAdmin, yes_no
from plan.models import Document
from plan.resources import DocumentRegister


@admin.register(Document)
class DocumentAdmin(RegisterAdmin):
    register = DocumentRegister
    list_display = ("title", "number", "issuer", "issued_on", "own")
    own = yes_no("is_plan", "本区实施方案")
    search_fields = ("title", "number")
