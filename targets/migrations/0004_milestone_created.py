from django.db import migrations, models


class Migration(migrations.Migration):
    """Versions from before stay without a time: the day from which they hold stands for it."""

    dependencies = [
        ("targets", "0003_settlement"),
    ]

    operations = [
        migrations.AddField(
            model_name="milestone",
            name="created_at",
            field=models.DateTimeField(null=True, verbose_name="入库时间"),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="created_at",
            field=models.DateTimeField(auto_now_add=True, null=True, verbose_name="入库时间"),
        ),
    ]
