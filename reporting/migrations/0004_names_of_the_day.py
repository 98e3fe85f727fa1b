"""What was handed in and reported keeps the name that the agency had then."""

import datetime
from collections import defaultdict
from collections.abc import Mapping

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Q, Subquery

_LABELS = {"名称": "agency_name", "简称": "agency_short_name"}


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Today's names, and before each renaming that the ledger knows the one it replaced."""
    agencies = apps.get_model("agencies", "Agency").objects.filter(pk=OuterRef("agency"))
    submissions = apps.get_model("reporting", "Submission").objects
    matters = apps.get_model("reporting", "Matter").objects
    name = Subquery(agencies.values("name")[:1])
    submissions.update(
        agency_name=name, agency_short_name=Subquery(agencies.values("short_name")[:1])
    )
    matters.update(agency_name=name)
    for code, renamings in _renamings(apps).items():
        for at, old in renamings:
            submissions.filter(agency__code=code, submitted_at__lt=at).update(**old)
            if "agency_name" in old:
                known = {"agency_name": old["agency_name"]}
                matters.filter(agency__code=code, reported_at__lt=at).update(**known)


def _renamings(apps: StateApps) -> Mapping[str, list[tuple[datetime.datetime, dict[str, str]]]]:
    """Code of an agency → its renamings, the newest first: the earliest has the last word."""
    events = apps.get_model("audit", "AuditEvent").objects
    found = defaultdict(list)
    for event in events.filter(object_type="单位", action="修改").order_by("-at", "-pk"):
        old = {_LABELS[label]: was for label, was, _ in event.changes if was and label in _LABELS}
        if old:
            found[event.object_code].append((event.at, old))
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_sign_in_limits"),
        ("audit", "0002_append_only"),
        ("reporting", "0003_period_holes"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="agency_name",
            field=models.CharField(default="", max_length=80, verbose_name="报送时的单位名称"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="submission",
            name="agency_short_name",
            field=models.CharField(
                blank=True, default="", max_length=30, verbose_name="报送时的单位简称"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="matter",
            name="agency_name",
            field=models.CharField(default="", max_length=80, verbose_name="报告时的单位名称"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=~Q(agency_name=""),
                name="submission_names_agency",
                violation_error_message="报送要记下当时的单位名称",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=~Q(agency_name=""),
                name="matter_names_agency",
                violation_error_message="重大问题要记下当时的单位名称",
            ),
        ),
    ]
