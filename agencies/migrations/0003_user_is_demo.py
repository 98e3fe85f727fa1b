from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MADE_FOR_SHOW = {"object_type": "账号", "action": "新增", "reason": "演示账号"}


def mark_existing(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Demonstration accounts by what the ledger says of their making.

    The administrator is one only with the printed password.
    """
    events = apps.get_model("audit", "AuditEvent").objects.filter(**MADE_FOR_SHOW)
    users = apps.get_model("agencies", "User").objects.filter(
        username__in=list(events.values_list("object_code", flat=True))
    )
    own = users.filter(username="admin", former_passwords__isnull=False)
    users.exclude(pk__in=list(own.values_list("pk", flat=True))).update(is_demo=True)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_user_email"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_demo",
            field=models.BooleanField(default=False, editable=False, verbose_name="演示账号"),
        ),
        migrations.RunPython(mark_existing, migrations.RunPython.noop),
    ]
