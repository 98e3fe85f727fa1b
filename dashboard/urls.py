from django.urls import path

from dashboard.views import completeness, outlook, overview, printing, wall

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("reporting/", completeness.agency_reports, name="completeness"),
    path("milestones.json", overview.milestones, name="milestones"),
    path("2030/", outlook.outlook, name="outlook"),
    path("2030/outlook.json", outlook.figure, name="outlook_figure"),
    path("2030/export.xlsx", outlook.export, name="outlook_export"),
    path("print/", printing.one_sheet, name="print"),
    path("wall/", wall.wall, name="wall"),
]
