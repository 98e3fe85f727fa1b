from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "签发编号"
    default_auto_field = "django.db.models.BigAutoField"
