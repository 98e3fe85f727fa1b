"""The register of accounting bases, from the texts that targets and values carry.

Names merge unasked only where they are equal without blanks and with narrow brackets. Values under
no name and under the target's own name become one series: where two of a period are in force, the
newest stays and the others are taken back from now on; what past days show stays as it was.
"""

import uuid
from collections import defaultdict
from itertools import chain

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from targets.rules.enumerations import SETTLED_GRADES
from targets.rules.series.accounting import Version, one_name_each, one_series, spelling

REASON = "口径合并"


def map_texts(apps, _schema_editor):
    observations = apps.get_model("targets", "Observation").objects
    targets = apps.get_model("targets", "Target").objects
    bases = apps.get_model("targets", "AccountingBasis").objects
    own = dict(targets.values_list("pk", "accounting_basis"))
    written = set(observations.order_by().values_list("basis", flat=True))
    names = one_name_each(chain(sorted(own.values()), sorted(written)))
    bases.bulk_create(bases.model(name=name) for name in names.values())
    unite(apps, own)
    for text in written:
        observations.filter(basis=text).update(basis=names.get(spelling(text)))
    for pk, text in own.items():
        name = names.get(spelling(text))
        targets.filter(pk=pk).update(accounting_basis=name)
        observations.filter(target=pk, basis=None).update(basis=name)


def unite(apps, own):
    """Of each period one series of versions for each basis, by whatever names."""
    observations = apps.get_model("targets", "Observation").objects
    rows = {row.pk: row for row in observations.select_related("target").order_by("pk")}
    periods = defaultdict(list)
    for row in rows.values():
        basis = spelling(row.basis) or spelling(own[row.target_id])
        periods[row.target_id, row.year, row.quarter, basis].append(row)
    now, events = timezone.now(), []
    for (target, *_), found in periods.items():
        if len({row.basis for row in found}) == 1:
            continue
        for place in one_series(
            [version_of(row) for row in found], own=frozenset({"", own[target]})
        ):
            row = rows[place.pk]
            if place.is_taken_back:
                events += [event(apps, row)] if row.is_current else []
                row.is_current, row.retracted_at = False, now
            row.version = place.version
            row.reason = row.reason or (REASON if row.version > 1 else "")
            row.save()
    if events:
        apps.get_model("audit", "AuditEvent").objects.bulk_create(events)
        marks = {f"{area}_mark": uuid.uuid4() for area in ("plan", "targets", "tasks", "projects")}
        states = apps.get_model("plan", "DataState").objects
        states.update(version=models.F("version") + 1, changed_at=now, **marks)


def version_of(row):
    return Version(
        pk=row.pk,
        name=row.basis,
        version=row.version,
        recorded_at=row.recorded_at,
        is_current=row.is_current,
        is_retracted=row.retracted_at is not None,
        is_settled=row.grade in SETTLED_GRADES,
    )


def event(apps, row):
    period = f"{row.year}Q{row.quarter}" if row.quarter else f"{row.year}"
    return apps.get_model("audit", "AuditEvent")(
        way="command",
        action="撤销",
        object_type="实际值",
        object_code=f"{row.target.code} {period}",
        object_name=f"{row.target.code} {period}",
        changes=[["现行", "是", "否"]],
        reason=REASON,
    )


def name_texts(apps, _schema_editor):
    """Back to texts: the names stay, no name is the empty text."""
    for model, field in (("Observation", "basis"), ("Target", "accounting_basis")):
        rows = apps.get_model("targets", model).objects
        rows.filter(**{field: None}).update(**{field: ""})


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("plan", "0002_data_areas"),
        ("targets", "0016_values_read_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="BasisChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("merge", "合并"), ("split", "拆分"), ("rename", "更名")],
                        max_length=6,
                        verbose_name="操作",
                    ),
                ),
                ("from_name", models.CharField(max_length=120, verbose_name="原口径")),
                ("to_name", models.CharField(max_length=120, verbose_name="改为口径")),
                ("before", models.JSONField(default=dict, verbose_name="变动前")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("changed_by", models.CharField(blank=True, max_length=60, verbose_name="操作人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "口径变动",
                "verbose_name_plural": "口径变动",
                "ordering": ["-changed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AccountingBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="名称")),
                (
                    "measures",
                    models.TextField(
                        blank=True, help_text="计入和不计入的内容、方法", verbose_name="计量什么"
                    ),
                ),
                (
                    "valid_from",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="不限时留空",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1900, "年份写四位数")],
                        verbose_name="适用起始年",
                    ),
                ),
                (
                    "valid_to",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="仍在使用时留空",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1900, "年份写四位数")],
                        verbose_name="适用终止年",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounting_bases",
                        to="plan.document",
                        verbose_name="依据文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "口径",
                "verbose_name_plural": "口径",
                "ordering": ["name"],
            },
        ),
        migrations.AddConstraint(
            model_name="accountingbasis",
            constraint=models.UniqueConstraint(
                models.Func(
                    models.Func(
                        models.F("name"),
                        models.Value("（）［］｛｝"),
                        models.Value("()[]{}"),
                        function="translate",
                    ),
                    models.Value("[\\s\\u00a0\\u3000]+"),
                    models.Value(""),
                    models.Value("g"),
                    function="regexp_replace",
                ),
                name="accounting_basis_one_spelling",
                violation_error_message="已有只差空格或括号的同名口径",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingbasis",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="accounting_basis_named",
                violation_error_message="口径要有名称",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingbasis",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="accounting_basis_years_in_order",
                violation_error_message="适用终止年不能早于起始年",
            ),
        ),
        migrations.RemoveConstraint("observation", "observation_version_once"),
        migrations.RemoveConstraint("observation", "observation_one_current"),
        migrations.AlterField(
            model_name="observation",
            name="basis",
            field=models.CharField("口径", max_length=120, blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="target",
            name="accounting_basis",
            field=models.CharField("口径", max_length=120, blank=True, null=True),
        ),
        migrations.RunPython(map_texts, name_texts),
    ]
