from django.db import migrations, models


class Migration(migrations.Migration):
    """Values from before have none: it is what the publisher printed, never derived."""

    dependencies = [
        ("targets", "0004_milestone_created"),
    ]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="annual_rate",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="公布的当年比上年降低的百分数，只用于累计降低率；没有公布时留空",
                max_digits=7,
                null=True,
                verbose_name="当年降低率",
            ),
        ),
    ]
