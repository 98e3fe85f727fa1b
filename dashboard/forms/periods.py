import datetime
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.fields import Bound
from common.quarters import Period
from pages.asof import EARLIEST
from pages.basis import SUBMITTED
from records.asof import AsOf, day_of
from reporting.periods.selectors.opened_periods import OpenedPeriods

QUARTERS_OFFERED = 12


class PeriodForm(forms.Form):
    """The quarter that the overview shows: the newest ones are offered, an older one that the
    address names is shown too; anything else falls back to the newest."""

    period = forms.ChoiceField(label="时期", required=False)

    def __init__(self, data: Bound, today: datetime.date) -> None:
        super().__init__(data)
        running = Period.quarter_of(today)
        newest = running.back(QUARTERS_OFFERED + 1)[::-1]
        self.offered = (*newest, *_older(data or {}, than=newest[-1]))
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(period.code, period.label) for period in self.offered]

    def asked(self) -> Period | None:
        """The quarter that the address names."""
        code = self.cleaned_data["period"] if self.is_valid() else ""
        return Period.parse(code) if code else None

    def show(self, opened: OpenedPeriods) -> Period:
        """The quarter that is shown; the running one is offered once it was opened early."""
        self.shown = opened.shown
        early = {self.shown, *(one.period for one in opened.running if one.is_open)}
        self.offered = tuple(one for one in self.offered if one != self.offered[0] or one in early)
        self.initial["period"] = self.shown.code
        return self.shown

    @property
    def options(self) -> SafeString:
        """The quarters to choose from; the widget's templates take a fifth of a page's time."""
        rows = (
            (period.code, mark_safe(" selected") if period == self.shown else "", period.label)
            for period in self.offered
        )
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def _older(data: Mapping[str, object], *, than: Period) -> tuple[Period, ...]:
    """The quarter that an address names, where it lies before those that are offered anyway."""
    try:
        named = Period.parse(str(data.get("period", "")))
    except ValueError:
        return ()
    is_older = named.quarter and EARLIEST.year <= named.year and named.number < than.number
    return (named,) if is_older else ()


class OverviewForm(PeriodForm):
    """Quarter, day and basis of the overview; day and basis are read with the address."""

    asof = forms.CharField(label="数据截至", required=False)
    basis = forms.CharField(
        label="口径",
        required=False,
        widget=forms.Select(choices=[("", "仅已审核"), (SUBMITTED, "含待审核")]),
    )

    def __init__(self, data: QueryDict, asof: AsOf | None) -> None:
        shown = {"asof": day_of(asof).isoformat()}
        super().__init__({**data.dict(), **shown} if data else None, day_of(asof))
        today = day_of(None)
        days = {"type": "date", "min": EARLIEST.isoformat(), "max": today.isoformat()}
        self.fields["asof"].widget = forms.TextInput(days)
        self.initial["asof"] = today.isoformat()
