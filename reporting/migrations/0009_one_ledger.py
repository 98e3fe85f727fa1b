"""The two ledgers that became one are taken out."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0008_risks_become_matters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="matter",
            name="code",
            field=models.CharField(
                max_length=10,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^\\d{4}-\\d{2,4}$", "编号是年份和顺序号，如 2026-07"
                    )
                ],
                verbose_name="编号",
            ),
        ),
        migrations.RemoveField(
            model_name="matter",
            name="answer",
        ),
        migrations.RemoveField(
            model_name="matter",
            name="answered_at",
        ),
        migrations.RemoveField(
            model_name="matter",
            name="answered_by",
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_ledger", False), models.Q(("level", ""), _negated=True), _connector="OR"
                ),
                name="matter_in_ledger_has_level",
                violation_error_message="列入风险台账的要评等级",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(
                        models.Q(("closing_note", ""), _negated=True), ("closed_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="matter_closed_has_note",
                violation_error_message="销号要写明办结情况",
            ),
        ),
        migrations.DeleteModel(
            name="Risk",
        ),
    ]
