from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = "指标"
    default_auto_field = "django.db.models.BigAutoField"
