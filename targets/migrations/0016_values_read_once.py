"""Consumption of oil products is held once: its peak reads the values of its control."""

from django.db import migrations
from django.utils import timezone

HOLDER = ("T08", "成品油消费量控制（“十四五”期间）")
READER = ("T09", "成品油消费基本达峰")


def _period(row):
    return row.year, row.quarter, row.basis


def read_once(apps, _schema_editor):
    """By code and unchanged name, where the two do not contradict each other.

    What the holder lacks becomes its own; what both have is taken back from the reader and stays
    readable.
    """
    targets = apps.get_model("targets", "Target").objects
    observations = apps.get_model("targets", "Observation").objects
    holder = targets.filter(code=HOLDER[0], name=HOLDER[1], retired_on=None).first()
    reader = targets.filter(code=READER[0], name=READER[1], retired_on=None).first()
    if holder is None or reader is None or holder.unit != reader.unit:
        return
    if reader.kind != "peak_by":
        return
    held = {_period(row): row for row in observations.filter(target=holder, is_current=True)}
    known = {_period(row) for row in observations.filter(target=holder)}
    own = list(observations.filter(target=reader))
    current = [row for row in own if row.is_current]
    if any(_period(row) in held and held[_period(row)].value != row.value for row in current):
        return
    moved = [row.pk for row in own if _period(row) not in known]
    observations.filter(pk__in=moved).update(target=holder)
    doubled = observations.filter(target=reader, is_current=True)
    doubled.update(is_current=False, retracted_at=timezone.now())
    targets.filter(pk=reader.pk).update(values_of=holder)


class Migration(migrations.Migration):
    dependencies = [("targets", "0015_values_of")]

    operations = [migrations.RunPython(read_once, migrations.RunPython.noop)]
