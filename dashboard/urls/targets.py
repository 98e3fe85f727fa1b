from django.urls import path

from dashboard.views.targets import pages, proposals, provenance, rules

app_name = "targets"
urlpatterns = [
    path("manage/rules/lights/", rules.rules, name="rules"),
    path("manage/rules/lights/change/", rules.change_rules, name="change_rules"),
    path("manage/rules/lights/decide/", rules.decide_rules, name="decide_rules"),
    path("manage/proposals/", proposals.proposals, name="proposals"),
    path("manage/proposals/decide/", proposals.decide, name="decide"),
    path("targets/", pages.target_list, name="list"),
    path("targets/export.xlsx", pages.export, name="export"),
    path("targets/<str:code>/", pages.target_detail, name="detail"),
    path("targets/<str:code>/help/", pages.target_help, name="help"),
    path("targets/<str:code>/convenor/", pages.convenor, name="convenor"),
    path("targets/<str:code>/base/", proposals.base, name="base"),
    path("targets/<str:code>/base/take-back/", proposals.base_gone, name="base_gone"),
    path("targets/<str:code>/year-end/", proposals.year_end, name="year_end"),
    path("targets/<str:code>/tolerance/", proposals.tolerance, name="tolerance"),
    path("targets/<str:code>/light/", pages.override, name="override"),
    path("targets/<str:code>/figure.json", pages.figure, name="figure"),
    path("targets/<str:code>/figure.xlsx", pages.figure_data, name="figure_data"),
    path("targets/<str:code>/vintages.json", pages.figure, {"name": "vintages"}, name="vintages"),
    path(
        "targets/<str:code>/vintages.xlsx",
        pages.figure_data,
        {"name": "vintages"},
        name="vintages_data",
    ),
    path("targets/<str:code>/data.xlsx", pages.data, name="data"),
    path("values/<str:code>/<str:period>/", provenance.value, name="value"),
]
