from django.urls import path

from dashboard.views import completeness, outlook, overview, printing, progress, settled, wall

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("reporting/", completeness.agency_reports, name="completeness"),
    path("milestones.json", overview.milestones, name="milestones"),
    path("milestones.xlsx", overview.milestones_data, name="milestones_data"),
    path("2025/", settled.settled, {"year": 2025}, name="settled"),
    path("2025/export.xlsx", settled.export, {"year": 2025}, name="settled_export"),
    path("2025/settle/", settled.settle, {"year": 2025}, name="settle"),
    path("2025/<int:number>/recognise/", settled.recognise, {"year": 2025}, name="recognise"),
    path("2025/<int:number>/retract/", settled.retract, {"year": 2025}, name="settled_retract"),
    path("2030/", outlook.outlook, {"year": 2030}, name="outlook"),
    path("2030/outlook.json", outlook.figure, {"year": 2030}, name="outlook_figure"),
    path("2030/outlook.xlsx", outlook.figure_data, {"year": 2030}, name="outlook_figure_data"),
    path("2030/export.xlsx", outlook.export, {"year": 2030}, name="outlook_export"),
    path("<int:year>/", progress.page, name="progress"),
    path("<int:year>/export.xlsx", progress.export, name="progress_export"),
    path("print/", printing.one_sheet, name="print"),
    path("wall/", wall.wall, name="wall"),
]
