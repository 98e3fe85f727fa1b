"""Filters of the list of tasks, and naming a convenor."""

from collections.abc import Iterable, Mapping

from django import forms
from django.db.models import QuerySet

from agencies.models import Agency
from common.fields import Bound, LongSelect, typed_field
from common.quarters import Period
from plan.choices import Share
from plan.models import Category
from tasks.choices import TaskStatus
from tasks.rules import progress as rules
from tasks.rules.awaited import AWAITED_WORD, MISSING_WORD
from tasks.selectors import NO_LEAD, QUARTERS_SHOWN, TaskFilters

SHARES = [
    (Share.LEAD.value, "牵头"),
    (Share.CONVENOR.value, "汇总"),
    (Share.RESPONSIBLE.value, "责任单位"),
    (NO_LEAD, "待指定汇总单位"),
]
STATUSES = [
    *TaskStatus.choices,
    (rules.WAITING, rules.WAITING_WORD),
    (rules.AWAITED, AWAITED_WORD),
    (rules.MISSING, MISSING_WORD),
    (rules.BEHIND, "最近一次填报为滞后或停滞"),
]
FIRST_YEAR = 2000


class TaskFilterForm(forms.Form):
    """The filters, kept in the address."""

    q = forms.CharField(label="查找", required=False)
    period = forms.ChoiceField(label="季度", required=False)
    category = forms.ChoiceField(label="领域", required=False)
    agency = forms.ChoiceField(label="单位", required=False, widget=LongSelect)
    share = forms.ChoiceField(label="职责", required=False, choices=[("", "全部"), *SHARES])
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATUSES])

    def __init__(
        self, data: Bound, *, newest: Period, running: Period, categories: Iterable[Category],
        agencies: Iterable[tuple[str, str]],
    ) -> None:  # fmt: skip
        super().__init__(_without_newest(data, newest))
        self.newest = newest
        offered = {*running.previous.back(QUARTERS_SHOWN), quarter_asked(self.data, running)}
        others = (one for one in offered if one and one != newest)
        quarters = sorted(others, key=lambda one: one.number, reverse=True)
        self._offer("period", [("", newest.label), *((p.code, p.label) for p in quarters)])
        self._offer("category", [("", "全部"), *((str(c.number), c.label) for c in categories)])
        self._offer("agency", [("", "全部"), *agencies])
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        typed_field(self, name, forms.ChoiceField).choices = choices

    @property
    def period_chosen(self) -> Period:
        """The newest quarter where the address names none that is offered."""
        code = self.cleaned_data.get("period") or self.newest.code
        return Period.parse(code)

    @property
    def filters(self) -> TaskFilters:
        """Unknown values of a filter are ignored."""
        names = ("q", "category", "agency", "share", "status")
        return TaskFilters(**{name: self.cleaned_data.get(name, "") for name in names})


def _without_newest(data: Bound, newest: Period) -> Bound:
    """A cell of the heat map names the newest quarter, which the form offers without its code."""
    if data is None or data.get("period") != newest.code:
        return data
    return {name: value for name, value in data.items() if name != "period"}


def quarter_asked(data: Mapping[str, str], running: Period) -> Period | None:
    """The quarter that an address names, also an older one: a heat map of the past leads to it."""
    try:
        asked = Period.parse(data.get("period", ""))
    except ValueError:
        return None
    is_known = asked.year >= FIRST_YEAR and asked.number <= running.number
    return asked if asked.quarter and is_known else None


class ConvenorForm(forms.Form):
    """Who gathers the reports of a task that has no lead."""

    convenor = forms.ModelChoiceField(
        Agency.objects.none(), label="汇总单位", required=False, empty_label="不指定"
    )
    reason = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, data: Bound, *, agencies: QuerySet[Agency], chosen: Agency | None) -> None:
        super().__init__(data, initial={"convenor": chosen})
        typed_field(self, "convenor", forms.ModelChoiceField).queryset = agencies
