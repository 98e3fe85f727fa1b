from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest


def keep_the_days(apps, schema_editor):  # noqa: ARG001
    """What was handed in is judged by the day that holds today, whatever is moved later."""
    known = apps.get_model("reporting", "ReportingPeriod").objects.filter(pk=OuterRef("period"))
    apps.get_model("reporting", "Obligation").objects.exclude(first_submitted_at=None).update(
        was_due_on=Greatest("due_on", Subquery(known.values("due_on")))
    )


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.AddField(
            "obligation",
            "was_due_on",
            models.DateField(blank=True, null=True, verbose_name="首次报送时的截止日期"),
        ),
        migrations.RunPython(keep_the_days, migrations.RunPython.noop),
    ]
