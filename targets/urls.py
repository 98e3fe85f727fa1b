from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("", views.target_list, name="list"),
    path("export.xlsx", views.export, name="export"),
    path("<str:code>/", views.target_detail, name="detail"),
    path("<str:code>/help/", views.target_help, name="help"),
    path("<str:code>/convenor/", views.convenor, name="convenor"),
    path("<str:code>/figure.json", views.figure, name="figure"),
    path("<str:code>/data.xlsx", views.data, name="data"),
]
