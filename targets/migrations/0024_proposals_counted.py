from django.db import migrations


def count_what_waits(apps, _schema_editor):
    """As `targets.services.waiting` counts it from now on."""
    proposals = apps.get_model("targets", "Proposal").objects.filter(state="open").count()
    rules = apps.get_model("targets", "RuleProposal").objects.filter(decided_at=None).count()
    states = apps.get_model("plan", "DataState").objects
    states.update(proposals_waiting=proposals + rules)


class Migration(migrations.Migration):
    dependencies = [("plan", "0005_proposals_waiting"), ("targets", "0023_rules_by_two")]

    operations = [migrations.RunPython(count_what_waits, migrations.RunPython.noop)]
