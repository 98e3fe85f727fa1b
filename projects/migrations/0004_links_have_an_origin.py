import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def tell_origin(apps, _schema_editor):
    """What the loading of the plan linked was taken from the same clause; the rest is by hand."""
    links = apps.get_model("projects", "ProjectTarget").objects
    same = links.filter(target__sources__clause=F("project__clause"))
    links.filter(pk__in=same.values("pk")).update(origin="clause")


class Migration(migrations.Migration):
    dependencies = [
        ("targets", "0010_gap_method"),
        ("projects", "0003_name_of_one_current"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ProjectTarget",
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
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="projects.project",
                                verbose_name="项目",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "项目相关指标",
                        "verbose_name_plural": "项目相关指标",
                        "db_table": "projects_project_targets",
                        "ordering": ["target__position"],
                        "unique_together": {("project", "target")},
                    },
                ),
                migrations.AlterField(
                    model_name="project",
                    name="targets",
                    field=models.ManyToManyField(
                        blank=True,
                        related_name="projects",
                        through="projects.ProjectTarget",
                        to="targets.target",
                        verbose_name="相关指标",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="projecttarget",
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
            model_name="projecttarget",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="依据"),
        ),
        migrations.RunPython(tell_origin, migrations.RunPython.noop),
    ]
