from django.urls import path

from dashboard.views import completeness, overview, printing, wall

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("reporting/", completeness.agency_reports, name="completeness"),
    path("milestones.json", overview.milestones, name="milestones"),
    path("ahead.json", overview.ahead, name="ahead"),
    path("print/", printing.one_sheet, name="print"),
    path("wall/", wall.wall, name="wall"),
]
