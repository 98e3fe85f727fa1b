import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("targets", "0014_other_reading")]

    operations = [
        migrations.AddField(
            model_name="target",
            name="values_of",
            field=models.ForeignKey(
                blank=True,
                help_text="达峰指标与另一项指标是同一个量时填那项指标，只填报一次",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="readers",
                to="targets.target",
                verbose_name="数值取自",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("values_of", None),
                    models.Q(
                        ("kind", "peak_by"),
                        models.Q(("values_of", models.F("pk")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="target_values_of_peak",
                violation_error_message="只有达峰指标的数值可以取自另一项指标",
            ),
        ),
    ]
