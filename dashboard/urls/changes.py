from django.urls import path

from dashboard.views import changes

app_name = "changes"
urlpatterns = [
    path("", changes.changes_page, name="page"),
    path("export.xlsx", changes.export, name="export"),
]
