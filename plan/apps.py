from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "plan"
    verbose_name = "方案"
    default_auto_field = "django.db.models.BigAutoField"
