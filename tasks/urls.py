from django.urls import path

from tasks import views

# The list is dashboard.views.tasks, the page of one task dashboard.views.subjects.
app_name = "tasks"
urlpatterns = [
    path("<str:code>/export.xlsx", views.data, name="data"),
    path("<str:code>/convenor/", views.convenor, name="convenor"),
]
