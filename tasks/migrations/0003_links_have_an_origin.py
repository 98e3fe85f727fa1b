import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def tell_origin(apps, _schema_editor):
    """What the loading of the plan linked was taken from the same clause; the rest is by hand."""
    links = apps.get_model("tasks", "TaskTarget").objects
    same = links.filter(target__sources__clause=F("task__clause"))
    links.filter(pk__in=same.values("pk")).update(origin="clause")


class Migration(migrations.Migration):
    dependencies = [
        ("targets", "0010_gap_method"),
        ("tasks", "0002_recorded"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="TaskTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="targets.target",
                                verbose_name="指标",
                            ),
                        ),
                        (
                            "task",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="tasks.task",
                                verbose_name="任务",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "任务相关指标",
                        "verbose_name_plural": "任务相关指标",
                        "db_table": "tasks_task_targets",
                        "ordering": ["target__position"],
                        "unique_together": {("task", "target")},
                    },
                ),
                migrations.AlterField(
                    model_name="task",
                    name="targets",
                    field=models.ManyToManyField(
                        blank=True,
                        related_name="tasks",
                        through="tasks.TaskTarget",
                        to="targets.target",
                        verbose_name="相关指标",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="tasktarget",
            name="origin",
            field=models.CharField(
                choices=[
                    ("clause", "同一条款"),
                    ("words", "方案文字"),
                    ("hand", "手工关联"),
                ],
                default="hand",
                max_length=10,
                verbose_name="由来",
            ),
        ),
        migrations.AddField(
            model_name="tasktarget",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="依据"),
        ),
        migrations.RunPython(tell_origin, migrations.RunPython.noop),
    ]
