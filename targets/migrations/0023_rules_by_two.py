import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def know_who_decided(apps, schema_editor):
    """The account behind the name, from the ledger."""
    events = apps.get_model("audit", "AuditEvent").objects.order_by("-pk")
    for row in apps.get_model("targets", "RuleProposal").objects.exclude(decided_at=None):
        about = Q(action="不采用规则", object_code=str(row.pk))
        if row.rule is not None:
            about = Q(action="确认规则", object_code=f"第{row.rule.version}版")
        row.decided_by_id = events.filter(about).values_list("actor_id", flat=True).first()
        row.save(update_fields=["decided_by"])
    # The new references are checked now: with checks pending no table can be altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("targets", "0022_note_of_t26"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(model_name="ruleproposal", name="decided_by"),
        migrations.AddField(
            model_name="ruleproposal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="处理人",
            ),
        ),
        migrations.RunPython(know_who_decided, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="ruleproposal",
            constraint=models.CheckConstraint(
                condition=Q(rule=None) | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposer")),
                name="rule_proposal_two_persons",
                violation_error_message="提出的人不能自己确认",
            ),
        ),
    ]
