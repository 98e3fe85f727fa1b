from django.urls import path

from projects import views

# The page of one project is dashboard.views.subjects.
app_name = "projects"
urlpatterns = [
    path("", views.project_list, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("new/", views.add, name="add"),
    path("figures/<str:name>.json", views.figure, name="figure"),
    path("<str:code>/figure.json", views.detail_figure, name="detail_figure"),
    path("figures/<str:name>.xlsx", views.figure_data, name="figure_data"),
    path("<str:code>/figure.xlsx", views.detail_figure_data, name="detail_figure_data"),
    path("<str:code>/export.xlsx", views.data, name="data"),
    path("<str:code>/reporter/", views.reporter, name="reporter"),
]
