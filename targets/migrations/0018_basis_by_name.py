"""Targets and values refer to the register by name; the database resolves what has no name."""

import django.db.models.deletion
from django.db import migrations, models

# A value without a basis is of its target's own, also where that is named later: otherwise a
# period could have two values in force, one under no name and one under the target's. A target
# that reads the values of another is of its basis.
RESOLVE = """
CREATE FUNCTION observation_own_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.basis IS NULL THEN
        NEW.basis := (SELECT accounting_basis FROM targets_target WHERE id = NEW.target_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER observation_own_basis BEFORE INSERT OR UPDATE ON targets_observation
    FOR EACH ROW EXECUTE FUNCTION observation_own_basis();
CREATE FUNCTION target_names_basis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE targets_observation SET basis = NEW.accounting_basis
        WHERE target_id = NEW.id AND basis IS NULL;
    UPDATE targets_target SET accounting_basis = NEW.accounting_basis
        WHERE values_of_id = NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER target_names_basis AFTER UPDATE OF accounting_basis ON targets_target
    FOR EACH ROW WHEN (NEW.accounting_basis IS NOT NULL)
    EXECUTE FUNCTION target_names_basis();
"""
LEAVE = """
DROP TRIGGER target_names_basis ON targets_target;
DROP FUNCTION target_names_basis();
DROP TRIGGER observation_own_basis ON targets_observation;
DROP FUNCTION observation_own_basis();
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0017_accounting_basis")]

    operations = [
        migrations.AlterField(
            model_name="observation",
            name="basis",
            field=models.ForeignKey(
                blank=True,
                db_column="basis",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="observations",
                to="targets.accountingbasis",
                to_field="name",
                verbose_name="口径",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="accounting_basis",
            field=models.ForeignKey(
                blank=True,
                db_column="accounting_basis",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="targets.accountingbasis",
                to_field="name",
                verbose_name="口径",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                fields=("target", "year", "quarter", "basis", "version"),
                name="observation_version_once",
                nulls_distinct=False,
                violation_error_message="这一期的这个版本已经存在",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("target", "year", "quarter", "basis"),
                name="observation_one_current",
                nulls_distinct=False,
                violation_error_message="同一指标同一期同一口径只能有一个现行值",
            ),
        ),
        migrations.RunSQL(RESOLVE, LEAVE),
    ]
