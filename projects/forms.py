"""Filters of the list of projects, a project beyond the annex, and naming who reports."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from agencies.models import Agency
from common.fields import Bound, LongSelect, NumberField, typed_field
from common.name_matching import KnownNames
from plan.choices import CategoryScope
from plan.models import Category
from projects.choices import ProjectOrigin, ProjectStatus
from projects.models import Project
from projects.selectors import ProjectRow

BY_NUMBER, OVERDUE, UNASSIGNED, MISSING = "number", "yes", "none", "missing"
ALL = [("", "全部")]
_SEPARATORS = re.compile(r"[、，,；;\n]")


class ProjectFilterForm(forms.Form):
    """The filters, kept in the address; choices come from the rows themselves."""

    q = forms.CharField(label="查找", required=False)
    category = forms.ChoiceField(label="类别", required=False)
    agency = forms.ChoiceField(label="填报责任单位", required=False, widget=LongSelect)
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[*ALL, *ProjectStatus.choices, (MISSING, "未填报")],
    )
    overdue = forms.ChoiceField(
        label="超期", required=False, choices=[*ALL, (OVERDUE, "应竣工未竣工")]
    )
    sort = forms.ChoiceField(
        label="排序", required=False, choices=[("", "超期长的在前"), (BY_NUMBER, "按编号")]
    )

    def __init__(self, data: Bound, rows: Sequence[ProjectRow]) -> None:
        super().__init__(data)
        self.rows = rows
        categories = {(str(r.project.category.number), r.project.category.name) for r in rows}
        named = [r.project.reporting_agency for r in rows if r.project.reporting_agency]
        agencies = {(a.code, a.name) for a in sorted(named, key=lambda agency: agency.position)}
        self._offer("category", sorted(categories, key=lambda choice: int(choice[0])))
        self._offer("agency", [(UNASSIGNED, "待指定"), *sorted(agencies)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        typed_field(self, name, forms.ChoiceField).choices = [*ALL, *choices]

    def chosen(self) -> list[ProjectRow]:
        """The rows that match all filters; an unknown value of a filter is ignored."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        rows = [row for row in self.rows if _passes(row, wanted)]
        if wanted.get("sort") == BY_NUMBER:
            rows.sort(key=lambda row: row.project.number)
        return rows


def _passes(row: ProjectRow, wanted: dict[str, str]) -> bool:
    agency = row.project.reporting_agency
    facts = {
        "category": str(row.project.category.number),
        "agency": agency.code if agency else UNASSIGNED,
        "status": row.status,
        "overdue": OVERDUE if row.overdue else "",
    }
    text = wanted.get("q", "").strip().lower()
    words = f"{row.project.code} {row.project.name} {row.project.owner_text}".lower()
    if text and text not in words:
        return False
    return all(facts[name] == value for name, value in wanted.items() if name in facts)


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    """A project that the annex does not have: named in the plan's text, or added later."""

    total_investment_wan = NumberField(
        label="总投资（万元）", required=False, decimals=2, help_text="未列投资时留空"
    )
    reason = forms.CharField(
        label="依据", max_length=200, help_text="写明方案正文的条款，或增补的文件，记入留痕"
    )

    class Meta:
        model = Project
        fields = (
            "name", "category", "origin", "owner_text", "content", "start_year", "end_year",
            "total_investment_wan",
        )  # fmt: skip
        help_texts = {"owner_text": "多个单位用顿号分开；单位名录里有的自动对应"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category = typed_field(self, "category", forms.ModelChoiceField)
        category.queryset = Category.objects.filter(scope=CategoryScope.PROJECTS)
        category.empty_label = "请选择"
        typed_field(self, "origin", forms.ChoiceField).choices = [
            (kind.value, kind.label) for kind in (ProjectOrigin.BODY, ProjectOrigin.ADDED)
        ]
        self.initial.setdefault("origin", ProjectOrigin.BODY)
        for name in ("start_year", "end_year"):
            self.fields[name].widget = forms.TextInput({"inputmode": "numeric"})
        self.fields["content"].widget = forms.Textarea({"rows": 3})

    def owners_among(self, known: KnownNames) -> tuple[list[str], list[str]]:
        """Canonical names of the owners that are known, and the spellings that are not."""
        text = self.cleaned_data["owner_text"]
        whole = known.canonical(text)
        parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
        found = [whole] if whole else [known.canonical(part) for part in parts]
        unknown = [part for part, name in zip(parts, found, strict=False) if name is None]
        return list(dict.fromkeys(name for name in found if name)), unknown


class ReporterForm(forms.Form):
    """Who reports a project."""

    reporting_agency = forms.ModelChoiceField(
        Agency.objects.none(), label="填报责任单位", required=False, empty_label="不指定"
    )
    reason = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, data: Bound, *, agencies: QuerySet[Agency], chosen: Agency | None) -> None:
        super().__init__(data, initial={"reporting_agency": chosen})
        field = typed_field(self, "reporting_agency", forms.ModelChoiceField)
        field.queryset = agencies
