from django.urls import path

from tasks import views

# The page of one task is dashboard.subject_views.
app_name = "tasks"
urlpatterns = [
    path("", views.task_list, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("<str:code>/export.xlsx", views.data, name="data"),
    path("<str:code>/convenor/", views.convenor, name="convenor"),
]
