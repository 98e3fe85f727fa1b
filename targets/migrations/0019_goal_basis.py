import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("targets", "0018_basis_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="milestone",
            name="basis",
            field=models.ForeignKey(
                blank=True,
                help_text="与指标本身的口径相同时留空",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="milestones",
                to="targets.accountingbasis",
                to_field="name",
                verbose_name="口径",
            ),
        ),
    ]
