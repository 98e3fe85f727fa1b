from django.urls import path

from dashboard.views import projects

app_name = "projects"
urlpatterns = [
    path("", projects.project_list, name="list"),
    path("export.xlsx", projects.export, name="export"),
    path("new/", projects.add, name="add"),
    path("figures/<str:name>.json", projects.figure, name="figure"),
    path("<str:code>/figure.json", projects.detail_figure, name="detail_figure"),
    path("figures/<str:name>.xlsx", projects.figure_data, name="figure_data"),
    path("<str:code>/figure.xlsx", projects.detail_figure_data, name="detail_figure_data"),
    path("<str:code>/export.xlsx", projects.data, name="data"),
    path("<str:code>/reporter/", projects.reporter, name="reporter"),
    path("<str:code>/", projects.project_detail, name="detail"),
]
