from django.urls import path

from dashboard.views import history

app_name = "audit"
urlpatterns = [
    path("", history.history, name="history"),
    path("export/", history.export, name="export"),
]
