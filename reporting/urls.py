"""Addresses of the reporting room; the parts of an item's address are period, kind and code."""

from django.urls import URLPattern, path

from reporting.views import (
    evidence,
    fill,
    grid,
    home,
    parked,
    periods,
    risks,
    rules,
    saving,
    signing,
    submit,
)

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    path("my/", home.home, name="home"),
    path("my/history/", home.past, name="past"),
    path("my/nothing/", home.nothing, name="nothing"),
    path("my/no-change/", home.no_change, name="no_change"),
    path("my/signing/", signing.signing, name="signing"),
    path("manage/periods/", periods.period_list, name="periods"),
    path("manage/periods/new/", periods.period_new, name="period_new"),
    path("manage/periods/calendar/", periods.calendar, name="calendar"),
    path("manage/periods/<str:code>/", periods.period_detail, name="period"),
    path("manage/periods/<str:code>/edit/", periods.period_edit, name="period_edit"),
    path("manage/periods/<str:code>/close/", periods.period_close, name="period_close"),
    path("manage/periods/<str:code>/<str:step>/", periods.period_step, name="period_step"),
    path("manage/rules/", rules.rules, name="rules"),
    path("manage/rules/<str:code>/", rules.threshold, name="threshold"),
    path("manage/rules/<str:code>/switch/", rules.switch, name="switch"),
    path("fill/<str:period>/check/", submit.check, name="check"),
    path("fill/<str:period>/grid/", grid.grid, name="grid"),
    path("fill/<str:period>/grid/read/", grid.read_cells, name="grid_read"),
    path("fill/<str:period>/withdraw/", submit.withdraw, name="withdraw"),
    path("fill/<str:period>/receipt/<str:number>/", submit.receipt_page, name="receipt"),
    path("fill/<str:period>/receipt/<str:number>/sheet/", submit.sheet, name="sheet"),
    path("fill/parked/<str:key>/", parked.parked, name="parked"),
    path("fill/<str:period>/<slug:kind>/<str:code>/save/", saving.save, name="save"),
    path("fill/<str:period>/<slug:kind>/<str:code>/presence/", saving.here, name="presence"),
    path("fill/<str:period>/<slug:kind>/<str:code>/give-up/", saving.give_up, name="give_up"),
    path("files/<int:number>/", evidence.download, name="file"),
    path("files/<int:number>/remove/", evidence.remove, name="file_remove"),
    path("files/of/<int:number>/upload/", evidence.upload, name="file_upload"),
    path("files/of/<int:number>/reuse/", evidence.reuse, name="file_reuse"),
    path("matters/", risks.matter_list, name="matters"),
    path("matters/new/", risks.new_matter, name="new_matter"),
    path("matters/<int:number>/", risks.matter, name="matter"),
    path("risks/", risks.risk_list, name="risks"),
    path("risks/export/", risks.risks_export, name="risks_export"),
    path("risks/new/", risks.new_risk, name="new_risk"),
    path("risks/<int:number>/", risks.risk, name="risk"),
    path("risks/<int:number>/change/", risks.change_risk, name="change_risk"),
    path("fill/<str:period>/<slug:kind>/<str:code>/correct/", fill.correct, name="correct"),
    path("fill/<str:period>/<slug:kind>/<str:code>/drop/", fill.drop, name="drop"),
    # the last of those below fill/: any other word in the place of a kind is a page of its own
    path("fill/<str:period>/<slug:kind>/<str:code>/", fill.fill, name="fill"),
]
