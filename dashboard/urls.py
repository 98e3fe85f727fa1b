from django.urls import path

from dashboard.views import completeness, outlook, overview, printing, settled, wall

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("reporting/", completeness.agency_reports, name="completeness"),
    path("milestones.json", overview.milestones, name="milestones"),
    path("milestones.xlsx", overview.milestones_data, name="milestones_data"),
    path("2025/", settled.settled, name="settled"),
    path("2025/export.xlsx", settled.export, name="settled_export"),
    path("2025/settle/", settled.settle, name="settle"),
    path("2025/<int:number>/recognise/", settled.recognise, name="recognise"),
    path("2025/<int:number>/retract/", settled.retract, name="settled_retract"),
    path("2030/", outlook.outlook, name="outlook"),
    path("2030/outlook.json", outlook.figure, name="outlook_figure"),
    path("2030/outlook.xlsx", outlook.figure_data, name="outlook_figure_data"),
    path("2030/export.xlsx", outlook.export, name="outlook_export"),
    path("print/", printing.one_sheet, name="print"),
    path("wall/", wall.wall, name="wall"),
]
