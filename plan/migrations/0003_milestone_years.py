import django.contrib.postgres.fields
from django.db import migrations, models


def name_years(apps, _):
    """What the published plan says; a plan of later years is entered by its administrator."""
    plan = apps.get_model("plan", "Document").objects.filter(is_plan=True)
    plan.update(base_year=2020, milestone_years=[2025, 2030])


class Migration(migrations.Migration):
    dependencies = [("plan", "0002_data_areas")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="base_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="基期"),
        ),
        migrations.AddField(
            model_name="document",
            name="milestone_years",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=list,
                help_text="方案分阶段提出目标的年份，从早到晚；最后一年是方案的期限",
                size=None,
                verbose_name="目标年",
            ),
        ),
        migrations.RunPython(name_years, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_plan", True))
                | models.Q(("base_year", None), ("milestone_years", [])),
                name="document_years_of_plan",
                violation_error_message="只有实施方案有基期和目标年",
            ),
        ),
    ]
