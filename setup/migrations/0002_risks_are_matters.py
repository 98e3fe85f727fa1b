"""A merger that is taken back finds the risks that it moved among the matters."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_RISKS, _MATTERS = "reporting.risk.agency", "reporting.matter.handler"


def to_matters(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Number of a risk → key of the matter that it became."""
    rows = apps.get_model("reporting", "Matter").objects.exclude(risk_number=None)
    _rename(apps, _RISKS, _MATTERS, dict(rows.values_list("risk_number", "pk")))


def to_risks(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    rows = apps.get_model("reporting", "Matter").objects.exclude(risk_number=None)
    _rename(apps, _MATTERS, _RISKS, dict(rows.values_list("pk", "risk_number")))


def _rename(apps: StateApps, old: str, new: str, keys: dict[int, Any]) -> None:
    for change in apps.get_model("setup", "AgencyChange").objects.all():
        links = change.before.get("links", {})
        if old in links:
            links[new] = [keys[key] for key in links.pop(old) if key in keys]
            change.save(update_fields=["before"])


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_risks_become_matters"), ("setup", "0001_initial")]

    operations = [migrations.RunPython(to_matters, to_risks)]
