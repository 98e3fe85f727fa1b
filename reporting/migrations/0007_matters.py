"""One ledger of matters: its columns, beside the two that it replaces."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_sign_in_limits"),
        ("projects", "0004_links_have_an_origin"),
        ("reporting", "0006_value_year"),
        ("targets", "0024_proposals_counted"),
        ("tasks", "0003_links_have_an_origin"),
    ]

    operations = [
        migrations.CreateModel(
            name="Instruction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="第几次批示")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("leader", models.CharField(max_length=60, verbose_name="批示领导")),
                ("day", models.DateField(verbose_name="批示日期")),
                ("text", models.TextField(verbose_name="批示原文")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更正原因")),
            ],
            options={
                "verbose_name": "批示",
                "verbose_name_plural": "批示",
                "ordering": ["-number", "-version"],
            },
        ),
        migrations.CreateModel(
            name="MatterFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
            ],
            options={
                "verbose_name": "事项附件",
                "verbose_name_plural": "事项附件",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MatterNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("raise", "提出"),
                            ("assess", "研判"),
                            ("decline", "退回研判"),
                            ("instruct", "登记批示"),
                            ("correct", "更正批示"),
                            ("take_up", "交办"),
                            ("answer", "答复"),
                            ("report_back", "反馈"),
                            ("extend", "延期"),
                            ("propose_closing", "提出销号"),
                            ("withdraw_closing", "撤回销号"),
                            ("refuse_closing", "不同意销号"),
                            ("close", "确认销号"),
                            ("reopen", "重新办理"),
                        ],
                        max_length=20,
                        verbose_name="办理",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                ("by_name", models.CharField(max_length=60, verbose_name="经办人")),
                ("by_id", models.BigIntegerField(blank=True, null=True, verbose_name="经办账号")),
                ("by_agency", models.CharField(blank=True, max_length=80, verbose_name="经办单位")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
            ],
            options={
                "verbose_name": "办理记录",
                "verbose_name_plural": "办理记录",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="matter",
            options={
                "ordering": ["-reported_at", "-pk"],
                "verbose_name": "事项",
                "verbose_name_plural": "事项",
            },
        ),
        migrations.RemoveConstraint(
            model_name="matter",
            name="matter_handled_has_answer",
        ),
        migrations.AddField(
            model_name="matter",
            name="before",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="合并前的记录"
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="changed_at",
            field=models.DateTimeField(auto_now=True, verbose_name="更新时间"),
        ),
        migrations.AddField(
            model_name="matter",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="销号时间"),
        ),
        migrations.AddField(
            model_name="matter",
            name="closed_by",
            field=models.CharField(blank=True, max_length=60, verbose_name="销号确认人"),
        ),
        migrations.AddField(
            model_name="matter",
            name="closing_by",
            field=models.CharField(blank=True, max_length=60, verbose_name="销号提出人"),
        ),
        migrations.AddField(
            model_name="matter",
            name="closing_by_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="销号提出账号"),
        ),
        migrations.AddField(
            model_name="matter",
            name="closing_note",
            field=models.TextField(blank=True, verbose_name="办结情况"),
        ),
        migrations.AddField(
            model_name="matter",
            name="code",
            field=models.CharField(max_length=10, null=True, verbose_name="编号"),
        ),
        migrations.AddField(
            model_name="matter",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="期限"),
        ),
        migrations.AddField(
            model_name="matter",
            name="efforts",
            field=models.TextField(blank=True, verbose_name="已做的工作"),
        ),
        migrations.AddField(
            model_name="matter",
            name="handler",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handled_matters",
                to="agencies.agency",
                verbose_name="承办单位",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="in_ledger",
            field=models.BooleanField(default=False, verbose_name="列入风险台账"),
        ),
        migrations.AddField(
            model_name="matter",
            name="is_demo",
            field=models.BooleanField(default=False, verbose_name="演示数据"),
        ),
        migrations.AddField(
            model_name="matter",
            name="joined_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="合并时间"
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="keeper",
            field=models.CharField(blank=True, max_length=60, verbose_name="跟踪人"),
        ),
        migrations.AddField(
            model_name="matter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("coordinate", "协调"),
                    ("appoint", "指定"),
                    ("adjust", "调整"),
                    ("urge", "督促"),
                ],
                default="coordinate",
                max_length=12,
                verbose_name="类别",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[("high", "高"), ("middle", "中"), ("low", "低")],
                max_length=8,
                verbose_name="等级",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="measures",
            field=models.TextField(blank=True, verbose_name="防范化解措施"),
        ),
        migrations.AddField(
            model_name="matter",
            name="obligation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters",
                to="reporting.obligation",
                verbose_name="填报事项",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="partners",
            field=models.CharField(blank=True, max_length=200, verbose_name="协办单位"),
        ),
        migrations.AddField(
            model_name="matter",
            name="report_number",
            field=models.PositiveIntegerField(
                blank=True, null=True, unique=True, verbose_name="原重大问题编号"
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="risk_number",
            field=models.PositiveIntegerField(
                blank=True, null=True, unique=True, verbose_name="原风险编号"
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="agency",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matters",
                to="agencies.agency",
                verbose_name="提出单位",
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="agency_name",
            field=models.CharField(max_length=80, verbose_name="提出时的单位名称"),
        ),
        migrations.AlterField(
            model_name="matter",
            name="reported_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出时间"),
        ),
        migrations.AlterField(
            model_name="matter",
            name="reported_by",
            field=models.CharField(max_length=60, verbose_name="提出人"),
        ),
        migrations.AlterField(
            model_name="matter",
            name="state",
            field=models.CharField(
                choices=[
                    ("raised", "已提出"),
                    ("assessed", "已研判"),
                    ("instructed", "已批示"),
                    ("in_hand", "办理中"),
                    ("closed", "已销号"),
                ],
                default="raised",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="text",
            field=models.TextField(blank=True, verbose_name="情况"),
        ),
        migrations.AlterField(
            model_name="matter",
            name="title",
            field=models.CharField(max_length=120, verbose_name="事项"),
        ),
        migrations.AlterConstraint(
            model_name="matter",
            name="matter_names_agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("agency_name", ""), _negated=True),
                name="matter_names_agency",
                violation_error_message="事项要记下当时的单位名称",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instructions",
                to="reporting.matter",
                verbose_name="事项",
            ),
        ),
        migrations.AddField(
            model_name="matterfile",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matter_files",
                to="reporting.storedfile",
                verbose_name="存档文件",
            ),
        ),
        migrations.AddField(
            model_name="matternote",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notes",
                to="reporting.matter",
                verbose_name="事项",
            ),
        ),
        migrations.AddField(
            model_name="matterfile",
            name="note",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="reporting.matternote",
                verbose_name="办理记录",
            ),
        ),
        migrations.AddField(
            model_name="instruction",
            name="note",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instruction",
                to="reporting.matternote",
                verbose_name="办理记录",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.UniqueConstraint(
                fields=("matter", "number", "version"),
                name="instruction_version_once",
                violation_error_message="这一版批示已经登记",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), models.Q(("leader", ""), _negated=True)
                ),
                name="instruction_has_words",
                violation_error_message="批示要有领导姓名和原文",
            ),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("version", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="instruction_correction_has_reason",
                violation_error_message="更正批示要写明原因",
            ),
        ),
    ]
