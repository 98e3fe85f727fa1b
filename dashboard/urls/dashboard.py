from django.urls import path

from dashboard.views import completeness, overview, paths, wall
from dashboard.views.paper import printing
from dashboard.views.years import milestone_year, outlook, progress, settled

app_name = "dashboard"
urlpatterns = [
    path("", overview.page, name="overview"),
    path("reporting/", completeness.agency_reports, name="completeness"),
    path("paths.json", paths.figure, name="paths"),
    path("paths.svg", paths.cards, name="paths_cards"),
    path("paths.xlsx", paths.workbook, name="paths_data"),
    path("<int:year>/", milestone_year.page, name="year"),
    path("<int:year>/export.xlsx", milestone_year.export, name="year_export"),
    path("<int:year>/milestones.json", settled.figure, name="year_milestones"),
    path("<int:year>/milestones.xlsx", settled.figure_data, name="year_milestones_data"),
    path("<int:year>/settle/", settled.settle, name="settle"),
    path("<int:year>/<int:number>/recognise/", settled.recognise, name="recognise"),
    path("<int:year>/<int:number>/retract/", settled.retract, name="settled_retract"),
    path("<int:year>/outlook.json", outlook.figure, name="outlook_figure"),
    path("<int:year>/outlook.xlsx", outlook.figure_data, name="outlook_figure_data"),
    path("<int:year>/progress/", progress.page, name="progress"),
    path("<int:year>/progress/export.xlsx", progress.export, name="progress_export"),
    path("progress/", progress.newest, name="progress_newest"),
    path("print/", printing.one_sheet, name="print"),
    path("wall/", wall.wall, name="wall"),
]
