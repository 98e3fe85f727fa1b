from collections.abc import Iterable, Sequence
from typing import cast

from django import forms

from agencies.models import Agency
from targets import rules
from targets.choices import Commitment, TargetKind
from targets.selectors import Judged

WORST_FIRST = "worst"
Choices = list[tuple[str, str]]


class TargetFilter(forms.Form):
    """The filters of the list, kept in the address; choices come from the rows themselves."""

    category = forms.ChoiceField(label="领域", required=False)
    lead = forms.ChoiceField(label="牵头单位", required=False)
    kind = forms.ChoiceField(label="类型", required=False)
    commitment = forms.ChoiceField(label="约束性", required=False)
    verdict = forms.ChoiceField(label="2025年判定", required=False)
    level = forms.ChoiceField(label="预警", required=False)
    sort = forms.ChoiceField(
        label="排序", required=False, choices=[("", "按编号"), (WORST_FIRST, "最差在前")]
    )

    def __init__(self, data: object, rows: Sequence[Judged]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.rows = rows
        self._offer("category", sorted({row.field for row in rows}))
        self._offer("lead", sorted({lead for row in rows if (lead := _lead(row))}))
        self._offer("kind", TargetKind.choices)
        self._offer("commitment", Commitment.choices)
        self._offer("verdict", [(verdict.value, verdict.label) for verdict in rules.Verdict])
        self._offer("level", [(level.value, level.label) for level in rules.Level])

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "全部"), *choices]

    def chosen(self) -> list[Judged]:
        """The rows that all filters let pass; an unknown value of a filter lets all pass."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        rows = [row for row in self.rows if _passes(row, wanted)]
        if wanted.get("sort") == WORST_FIRST:
            rows.sort(key=lambda row: row.sort_key)
        return rows


def _passes(row: Judged, wanted: dict[str, str]) -> bool:
    facts = {
        "category": row.field[0],
        "lead": (_lead(row) or ("",))[0],
        "kind": row.target.kind,
        "commitment": row.target.commitment,
        "verdict": row.settled.verdict.value,
        "level": row.light.level.value,
    }
    return all(facts[name] == value for name, value in wanted.items() if name in facts)


def _lead(row: Judged) -> tuple[str, str] | None:
    lead = row.target.lead
    return (lead.code, lead.short_name or lead.name) if lead else None


class ConvenorForm(forms.Form):
    """Who reports a target that has no lead."""

    convenor = forms.ModelChoiceField(
        Agency.objects.none(), label="汇总单位", required=False, empty_label="不指定"
    )
    reason = forms.CharField(label="说明", required=False, max_length=200)

    def __init__(self, data: object, *, agencies: Iterable[Agency], chosen: Agency | None) -> None:
        super().__init__(data, initial={"convenor": chosen})  # type: ignore[arg-type]
        cast("forms.ModelChoiceField[Agency]", self.fields["convenor"]).queryset = agencies  # type: ignore[assignment]
