from django.db import migrations

_TEXT = "2026年之前50%以上社区成功创建绿色完整社区"
_BEFORE = (
    "“2026年之前”从严理解是2025年12月31日以前；项目期限为2023—2026年，市正式文本为2022—2026年，"
    "可能指2026年底。确认之前两种期限都显示"
)
_NOTES = {
    2025: (_BEFORE, "“2026年之前”从严理解是2025年12月31日以前，待区发改局答复"),
    2026: ("", "项目期限为2023—2026年，市正式文本为2022—2026年，“2026年之前”可能指2026年底"),
}


def say_each_reading_at_its_own(apps, _schema_editor):
    """Since each deadline has a row of its own, so has its note; what was rewritten stays."""
    goals = apps.get_model("targets", "Milestone").objects.filter(target__code="T26", text=_TEXT)
    for year, (before, after) in _NOTES.items():
        goals.filter(year=year, is_alternative=year == 2026, note=before).update(note=after)


class Migration(migrations.Migration):
    dependencies = [("targets", "0021_first_said")]

    operations = [migrations.RunPython(say_each_reading_at_its_own, migrations.RunPython.noop)]
