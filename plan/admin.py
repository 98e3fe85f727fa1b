from django.contrib import admin

from agencies.register_admin import RegisterAdmin
from plan.models import Document
from plan.resources import DocumentRegister


@admin.register(Document)
class DocumentAdmin(RegisterAdmin):
    register = DocumentRegister
    list_display = ("title", "number", "issuer", "issued_on", "is_plan")
    search_fields = ("title", "number")
