from django.contrib.admin.apps import AdminConfig


class RegistersConfig(AdminConfig):
    default_site = "kaifu_carbon.admin.RegisterSite"
