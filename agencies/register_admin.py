"""The admin site's page of a register: list, export, import with preview."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from import_export.admin import ImportExportModelAdmin

from agencies.policies import Action, check
from audit import origin
from audit import services as audit
from audit.models import Way
from audit.notes import mark_noted
from common.formats import number
from common.registers import uploads
from common.registers.cells import normalised
from common.registers.resource import Register, RegisterResult
from common.registers.tables import CsvFormat, ExcelFormat, Table, read_table
from common.workbooks.reading import WorkbookError

_FORMATS: dict[str, type[ExcelFormat | CsvFormat]] = {"xlsx": ExcelFormat, "csv": CsvFormat}
SHOWN_PROBLEMS = 100


def figure(name: str, label: str) -> Callable[[Any, models.Model], str]:
    """A column of a list that shows a Decimal without needless zeros."""

    @admin.display(description=label, ordering=name)
    def shown(model_admin: Any, record: models.Model) -> str:  # noqa: ARG001
        value = getattr(record, name)
        return number(value if value is None else normalised(value))

    return shown


def yes_no(name: str, label: str) -> Callable[[Any, models.Model], str]:
    """A column of a list that says 是 or 否: signs in green and red are for the plan alone."""

    @admin.display(description=label, ordering=name)
    def shown(model_admin: Any, record: models.Model) -> str:  # noqa: ARG001
        return "是" if getattr(record, name) else "否"

    return shown


class UploadForm(forms.Form):
    file = forms.FileField(
        label="工作簿",
        help_text="在导出的表格里修改后上传，.xlsx或.csv；表头不要改，可以删去不需要的列",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )


class RegisterAdmin(ImportExportModelAdmin):  # type: ignore[misc]
    """Read-only pages; changes go through Excel and the services behind the register."""

    register: ClassVar[type[Register]]
    import_export_change_list_template = "admin/registers/change_list.html"
    list_per_page = 100
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None  # noqa: ARG002
    ) -> bool:  # fmt: skip
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None  # noqa: ARG002
    ) -> bool:  # fmt: skip
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = f"{self.model._meta.verbose_name}登记册"
        response: HttpResponse = super().changelist_view(
            request, {"title": title, **(extra_context or {})}
        )
        return response

    def export_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """A download of the list as it is filtered; a POST, because the ledger notes it."""
        check(request.user, Action.USE_REGISTERS)
        format_class = _FORMATS.get(request.POST.get("format", ""))
        if format_class is None:
            return redirect(self._url("changelist"))
        register = self.register()
        shown = self.get_export_queryset(request)
        kept = register.queryset().filter(pk__in=shown.order_by().values("pk"))
        dataset = register.export(kept.order_by(*self.model._meta.ordering))
        with origin.acting(way=Way.EXCEL):
            self._note(request, "导出", f"{len(dataset)}行")
        file = format_class()
        response = HttpResponse(file.export_data(dataset), content_type=file.get_content_type())
        name = quote(self._file_name(dataset.notice, file.get_extension()))
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return mark_noted(response)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """Upload a workbook and see what it would change; nothing is written."""
        check(request.user, Action.USE_REGISTERS)
        register = self.register()
        form = UploadForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"form": form}
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            data = file.read()
            try:
                table = read_table(data, file.name, register.labels)
            except WorkbookError as error:
                form.add_error("file", error.message)
            else:
                result = self._import(request, register, table, dry_run=True)
                context |= {"result": result, "file_name": file.name}
                if result.can_confirm:
                    context["token"] = uploads.keep(data, owner=_owner(request))
        return self._page(request, register, context)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """Write what the preview showed, all of it or nothing."""
        check(request.user, Action.USE_REGISTERS)
        token = request.POST.get("token", "")
        name = request.POST.get("file_name", "")[:100]
        data = uploads.fetch(token, owner=_owner(request))
        if request.method != "POST" or data is None:
            messages.error(request, "上传的文件已过期或已导入，请重新上传")
            return redirect(self._url("import"))
        register = self.register()
        table = read_table(data, "", register.labels)
        result = self._import(request, register, table, dry_run=False, name=name)
        uploads.forget(token)
        if not result.can_confirm:
            context = {"form": UploadForm(), "result": result, "file_name": name}
            return self._page(request, register, context)
        counts = result.counts
        messages.success(
            request, f"已导入：新增{counts['new']}，修改{counts['changed']}，不变{counts['same']}"
        )
        if register.secrets:
            context = {"secrets": register.secrets, "title": "新账号的初始密码"}
            return self._render(request, "admin/registers/secrets.html", context)
        return redirect(self._url("changelist"))

    def changeform_view(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse | HttpResponseRedirect:
        """A service's refusal is a message, not an error page."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
            return redirect(request.get_full_path())
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None  # noqa: ARG002
    ) -> HttpResponseRedirect:  # fmt: skip
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404("这条记录已经不在")
        code = getattr(record, "code", "") or record.pk
        return HttpResponseRedirect(f"{reverse('audit:history')}?object={quote(str(code))}")

    def log_addition(self, *args: Any) -> None:
        """The ledger has it; the admin site's own log stays empty."""

    log_change = log_deletions = log_addition

    def _import(
        self,
        request: HttpRequest,
        register: Register,
        table: Table,
        *,
        dry_run: bool,
        name: str = "",
    ) -> RegisterResult:
        sure = "sure" in request.POST
        result = register.import_data(
            table.dataset(), dry_run=dry_run, user=request.user, sure=sure
        )
        if not dry_run and result.can_confirm:
            counts = result.counts
            with origin.acting(way=Way.EXCEL):
                self._note(
                    request, "导入", f"新增{counts['new']}行，修改{counts['changed']}行", name
                )
        return result

    def _note(self, request: HttpRequest, action: str, extent: str, file_name: str = "") -> None:
        kind = str(self.model._meta.verbose_name)
        changes = (("行数", "", extent), *((("文件", "", file_name),) if file_name else ()))
        audit.record(
            audit.Entry(action, "登记册", kind, f"{kind}登记册", changes),
            by=request.user,  # type: ignore[arg-type] # behind the check of the role
        )

    def _page(
        self, request: HttpRequest, register: Register, context: dict[str, Any]
    ) -> HttpResponse:
        noun = self.model._meta.verbose_name
        result = context.get("result")
        more = {
            "title": f"从Excel导入{noun}",
            "columns": register.fields.values(),
            "key_labels": [register.fields[path].label for path in register.key],
            "problems": result.problems[:SHOWN_PROBLEMS] if result else (),
            "more_problems": max(0, len(result.problems) - SHOWN_PROBLEMS) if result else 0,
            "questions": result.questions[:SHOWN_PROBLEMS] if result else (),
            "more_questions": max(0, len(result.questions) - SHOWN_PROBLEMS) if result else 0,
        }
        return self._render(request, "admin/registers/import.html", context | more)

    def _render(
        self, request: HttpRequest, template: str, context: dict[str, Any]
    ) -> TemplateResponse:
        frame = self.admin_site.each_context(request)
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, template, frame | {"opts": self.model._meta} | context)

    def _url(self, page: str) -> str:
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}")

    def _file_name(self, notice: str, extension: str) -> str:
        mark = "（含演示数据）" if notice else ""
        kind = self.model._meta.verbose_name
        return f"{kind}登记册{mark}{timezone.localdate():%Y%m%d}.{extension}"


def _owner(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
