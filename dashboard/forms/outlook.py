from django import forms

from common.fields import Bound, typed_field
from dashboard.rules.overview.score import AheadGroup
from dashboard.selectors.years.outlook import OutlookGroup, Outlooks
from targets.rules import Prospect

_ALL = ("", "全部")


class OutlookFilter(forms.Form):
    """The filters of the outlook, kept in the address; unknown values are ignored."""

    group = forms.ChoiceField(
        label="类别",
        required=False,
    )
    prospect = forms.ChoiceField(
        label="展望",
        required=False,
        choices=[_ALL, *((found.value, found.label) for found in Prospect)],
    )

    def __init__(self, data: Bound, page: Outlooks) -> None:
        super().__init__(data)
        self.page = page
        typed_field(self, "group", forms.ChoiceField).choices = [
            _ALL,
            ("看板分组", [(score.value, score.label) for score in AheadGroup]),
            ("类别", [(group.value, group.label(page.years)) for group in OutlookGroup]),
        ]

    def chosen(self) -> Outlooks:
        """The rows that match all filters."""
        self.is_valid()
        group, prospect = (self.cleaned_data.get(name, "") for name in ("group", "prospect"))
        scores = self.page.scores
        return Outlooks(
            tuple(
                row
                for row in self.page.rows
                if group in {"", row.group, scores[row.code]}
                and prospect in {"", row.outlook.prospect}
            ),
            self.page.years,
        )
