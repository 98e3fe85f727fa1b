from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from agencies.models import Agency, AgencyAlias, User
from agencies.register_admin import RegisterAdmin, yes_no
from agencies.resources import AccountRegister, AgencyRegister, AliasRegister
from agencies.services import agencies

admin.site.unregister(Group)  # rights follow from the roles


@admin.register(Agency)
class AgencyAdmin(RegisterAdmin):
    register = AgencyRegister
    list_display = ("name", "short_name", "code", "kind", "confirmed", "valid_to", "position")
    confirmed = yes_no("kind_confirmed", "类别已核实")
    list_filter = ("kind", "kind_confirmed", "is_coordinator")
    search_fields = ("name", "short_name", "code", "aliases__text")
    exclude = ("members",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return True

    def save_model(
        self, request: HttpRequest, obj: Agency, form: ModelForm, change: bool  # type: ignore[type-arg] # noqa: ARG002
    ) -> None:  # fmt: skip
        by = request.user
        if change:
            agencies.update_agency(agency=obj, by=by)  # type: ignore[arg-type]
        else:
            agencies.create_agency(agency=obj, by=by)  # type: ignore[arg-type]


@admin.register(AgencyAlias)
class AliasAdmin(RegisterAdmin):
    register = AliasRegister
    list_display = ("text", "agency", "source")
    list_filter = ("source",)
    list_select_related = ("agency",)
    search_fields = ("text", "agency__name")
    fields = ("text", "agency")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return True

    def save_model(
        self, request: HttpRequest, obj: AgencyAlias, form: ModelForm, change: bool  # type: ignore[type-arg] # noqa: ARG002
    ) -> None:  # fmt: skip
        alias = agencies.add_alias(agency=obj.agency, text=obj.text, by=request.user)  # type: ignore[arg-type]
        if alias is None:
            raise ValidationError(f"“{obj.text}”本来就指{obj.agency}，不用再登记")
        obj.pk = alias.pk

    def delete_model(self, request: HttpRequest, obj: AgencyAlias) -> None:
        agencies.remove_alias(alias=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AgencyAlias]) -> None:
        for alias in queryset:
            self.delete_model(request, alias)


@admin.register(User)
class AccountAdmin(RegisterAdmin):
    register = AccountRegister
    list_display = ("username", "name", "agency", "role_labels", "active", "last_login")
    active = yes_no("is_active", "启用")
    list_filter = ("is_active",)
    list_select_related = ("agency",)
    search_fields = ("username", "name", "agency__name")
    fields = ("username", "name", "agency", "role_labels", "is_active", "last_login", "created_at")
