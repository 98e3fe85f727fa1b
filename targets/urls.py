from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("manage/rules/lights/", views.rules, name="rules"),
    path("manage/rules/lights/change/", views.change_rules, name="change_rules"),
    path("manage/rules/lights/decide/", views.decide_rules, name="decide_rules"),
    path("manage/proposals/", views.proposals, name="proposals"),
    path("manage/proposals/decide/", views.decide, name="decide"),
    path("targets/", views.target_list, name="list"),
    path("targets/export.xlsx", views.export, name="export"),
    path("targets/<str:code>/", views.target_detail, name="detail"),
    path("targets/<str:code>/help/", views.target_help, name="help"),
    path("targets/<str:code>/convenor/", views.convenor, name="convenor"),
    path("targets/<str:code>/base/", views.base, name="base"),
    path("targets/<str:code>/base/take-back/", views.base_gone, name="base_gone"),
    path("targets/<str:code>/year-end/", views.year_end, name="year_end"),
    path("targets/<str:code>/tolerance/", views.tolerance, name="tolerance"),
    path("targets/<str:code>/light/", views.override, name="override"),
    path("targets/<str:code>/figure.json", views.figure, name="figure"),
    path("targets/<str:code>/figure.xlsx", views.figure_data, name="figure_data"),
    path("targets/<str:code>/vintages.json", views.figure, {"name": "vintages"}, name="vintages"),
    path(
        "targets/<str:code>/vintages.xlsx",
        views.figure_data,
        {"name": "vintages"},
        name="vintages_data",
    ),
    path("targets/<str:code>/data.xlsx", views.data, name="data"),
]
