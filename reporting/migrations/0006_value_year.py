"""A target's obligation is for a year: the one that its form named, else the year before."""

import re
from typing import Any

from django.db import migrations, models

_YEAR = re.compile(r"(2[01]\d\d)年?")


def give_years(apps: Any, schema_editor: Any) -> None:
    obligations = apps.get_model("reporting", "Obligation").objects.using(
        schema_editor.connection.alias
    )
    annual = obligations.filter(target__frequency="annual").select_related("period")
    rows = list(annual.only("content", "period__year"))
    for row in rows:
        row.value_year = _typed(row.content) or row.period.year - 1
    obligations.bulk_update(rows, ["value_year"], batch_size=1000)


def _typed(content: dict[str, Any]) -> int | None:
    """The year in 数据属于; None where it names a quarter or says nothing that can be read."""
    match = _YEAR.fullmatch(str(content.get("value_period", {}).get("text", "")).strip())
    return int(match[1]) if match else None


class Migration(migrations.Migration):
    """Taking it back fails where a period holds two years of one target: both cannot be kept."""

    dependencies = [("reporting", "0005_period_is_automatic"), ("targets", "0002_recorded")]

    operations = [
        migrations.AddField(
            model_name="obligation",
            name="value_year",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="年度指标的数值属于哪一年；其他事项没有",
                null=True,
                verbose_name="数据年度",
            ),
        ),
        migrations.RunPython(give_years, migrations.RunPython.noop, elidable=False),
        migrations.RemoveConstraint(model_name="obligation", name="obligation_once"),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(
                fields=("period", "agency", "kind", "target", "task", "project", "value_year"),
                name="obligation_once",
                nulls_distinct=False,
                violation_error_message="这个单位这一期的这一项已经登记",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value_year", None),
                    models.Q(
                        ("kind", "target"), ("value_year__gte", 2000), ("value_year__lte", 2199)
                    ),
                    _connector="OR",
                ),
                name="obligation_value_year",
                violation_error_message="只有指标按年度填报，数据年度应当是2000至2199",
            ),
        ),
    ]
