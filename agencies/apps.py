from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "单位与账号"
    default_auto_field = "django.db.models.BigAutoField"
