"""Addresses of reporting; an obligation's address consists of period, kind and code."""

from django.urls import URLPattern, path

from reporting.answers import views as rules
from reporting.chasing.views import chase, requests
from reporting.filling.views import evidence, fill, saving
from reporting.grid import views as grid
from reporting.handover import views as handover
from reporting.home import views as home
from reporting.matters.views import detail, forms, list_pages
from reporting.papers import views as papers
from reporting.periods import views as periods
from reporting.review.views import bulk, review
from reporting.submitting.views import signing, submit
from reporting.typed.views import drafts, parked
from reporting.unchanged import views as unchanged
from reporting.workbooks.views import start, uploads

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    path("my/", home.home, name="home"),
    path("my/history/", home.past, name="past"),
    path("my/nothing/", home.nothing, name="nothing"),
    path("my/no-change/", home.no_change, name="no_change"),
    path("my/signing/", signing.signing, name="signing"),
    path("my/<str:period>/remind/", home.remind, name="remind_signers"),
    path("my/<str:period>/time/", requests.ask_time, name="ask_time"),
    path("notices/<int:number>/read/", chase.mark_reminder_read, name="notice_read"),
    path("handover/", handover.handover_list, name="handovers"),
    path("handover/<int:number>/", handover.handover, name="handover"),
    path("handover/<int:number>/sheet/", handover.sheet, name="handover_sheet"),
    path("handover/<slug:agency>/", handover.holder_list, name="holders"),
    path("handover/<slug:agency>/<slug:username>/", handover.hand_over, name="hand_over"),
    path("review/requests/", requests.request_list, name="requests"),
    path("review/requests/<int:number>/", requests.decide, name="decide_request"),
    path("review/<str:period>/remind/", chase.chase, name="chase"),
    path("review/<str:period>/remind/send/", chase.send, name="chase_send"),
    path("review/<str:period>/remind/orders/", chase.supervision_sheets, name="chase_orders"),
    path("review/<str:period>/remind/extend/", chase.extend, name="chase_extend"),
    path("manage/periods/", periods.period_list, name="periods"),
    path("manage/periods/new/", periods.period_new, name="period_new"),
    path("manage/periods/calendar/", periods.calendar, name="calendar"),
    path("manage/periods/<str:code>/", periods.period_detail, name="period"),
    path("manage/periods/<str:code>/edit/", periods.period_edit, name="period_edit"),
    path("manage/periods/<str:code>/close/", periods.period_close, name="period_close"),
    path("manage/periods/<str:code>/open/", periods.period_open, name="period_open"),
    path("manage/periods/<str:code>/take-back/", periods.period_take_back, name="period_take_back"),
    path("manage/periods/<str:code>/refresh/", periods.period_refresh, name="period_refresh"),
    path("manage/rules/", rules.rules, name="rules"),
    path("manage/rules/<str:code>/", rules.threshold, name="threshold"),
    path("manage/rules/<str:code>/switch/", rules.switch, name="switch"),
    path("fill/<str:period>/check/", submit.check, name="check"),
    path("fill/<str:period>/unchanged/", unchanged.unchanged, name="unchanged"),
    path("fill/<str:period>/unchanged/send/", unchanged.send, name="unchanged_send"),
    path("fill/<str:period>/unchanged/reason/save/", unchanged.reason, name="unchanged_reason"),
    path("fill/<str:period>/unchanged/reason/give-up/", unchanged.give_up, name="reason_give_up"),
    path("fill/<str:period>/grid/", grid.grid, name="grid"),
    path("fill/<str:period>/grid/read/", grid.read_block, name="grid_read"),
    path("fill/<str:period>/grid/apply/", grid.apply_block, name="grid_apply"),
    path("fill/<str:period>/excel/", start.start, name="excel"),
    path("fill/<str:period>/excel/download/", start.download, name="excel_download"),
    path("fill/<str:period>/excel/upload/", uploads.upload, name="excel_upload"),
    path("fill/<str:period>/excel/<int:number>/", uploads.preview, name="excel_preview"),
    path("fill/<str:period>/excel/<int:number>/save/", uploads.choose, name="excel_choose"),
    path("fill/<str:period>/excel/<int:number>/give-up/", uploads.forgo, name="excel_forgo"),
    path("fill/<str:period>/excel/<int:number>/cancel/", uploads.give_up, name="excel_give_up"),
    path("fill/<str:period>/excel/<int:number>/undo/", uploads.undo, name="excel_undo"),
    path("fill/<str:period>/excel/<int:number>/marked/", uploads.marked, name="excel_marked"),
    path("fill/<str:period>/withdraw/", submit.withdraw, name="withdraw"),
    path("fill/<str:period>/receipt/<str:number>/", submit.receipt_page, name="receipt"),
    path("fill/<str:period>/receipt/<str:number>/sheet/", papers.sheet, name="sheet"),
    path(
        "fill/<str:period>/receipt/<str:number>/sheet.css", papers.running_line, name="sheet_line"
    ),
    path("parked/", parked.park, name="park"),
    path("parked/<str:key>/", parked.parked, name="parked"),
    path("fill/<str:period>/<slug:kind>/<str:code>/save/", saving.save, name="save"),
    path("fill/<str:period>/<slug:kind>/<str:code>/presence/", saving.here, name="presence"),
    path("fill/<str:period>/<slug:kind>/<str:code>/give-up/", saving.give_up, name="give_up"),
    path("files/<int:number>/", evidence.download, name="file"),
    path("files/<int:number>/remove/", evidence.remove, name="file_remove"),
    path("files/of/<int:number>/upload/", evidence.upload, name="file_upload"),
    path("files/of/<int:number>/reuse/", evidence.reuse, name="file_reuse"),
    path("review/", review.review_queue, name="queue"),
    path("review/start/", review.start, name="start"),
    path("review/remind/", review.chase_now, name="chase_now"),
    path("review/bulk/", bulk.bulk, name="bulk"),
    path("review/bulk/approve/", bulk.approve, name="bulk_approve"),
    path("review/undo/", bulk.undo, name="undo"),
    path("review/<str:period>/<slug:kind>/<str:code>/", review.review, name="review"),
    path("review/<str:period>/<slug:kind>/<str:code>/<slug:agency>/", review.review, name="review"),
    path("matters/", list_pages.matter_list, name="matters"),
    path("matters/export.xlsx", list_pages.export, name="matters_export"),
    path("matters/new/", forms.new_matter, name="new_matter"),
    path("matters/files/<int:number>/", detail.file, name="matter_file"),
    path("matters/drafts/<str:place>/save/", drafts.save, name="draft_save"),
    path("matters/drafts/<str:place>/give-up/", drafts.give_up, name="draft_give_up"),
    path("matters/<int:number>/", detail.old_report, name="old_report"),
    path("matters/<str:code>/", detail.matter, name="matter"),
    path("matters/<str:code>/assess/", forms.assess, name="matter_assess"),
    path("matters/<str:code>/instruct/", forms.instruct, name="matter_instruct"),
    path("matters/<str:code>/instruct/<int:number>/", forms.correct, name="matter_correct"),
    path("matters/<str:code>/closing/", detail.settle_closing, name="matter_closing"),
    path("risks/", list_pages.ledger, name="ledger"),
    path("risks/export/", list_pages.ledger_export, name="ledger_export"),
    path("risks/new/", detail.old_new_risk, name="old_new_risk"),
    path("risks/<int:number>/change/", detail.old_risk, name="old_risk"),
    path("risks/<int:number>/", detail.old_risk, name="old_risk"),
    path("fill/<str:period>/<slug:kind>/<str:code>/correct/", fill.correct, name="correct"),
    path("fill/<str:period>/<slug:kind>/<str:code>/drop/", fill.drop, name="drop"),
    # Must be the last address below fill/: it would match the pages above it, too.
    path("fill/<str:period>/<slug:kind>/<str:code>/", fill.fill, name="fill"),
]
