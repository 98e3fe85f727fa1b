from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from agencies.policies import Action, View, can, requires
from audit import views as audit_views
from dashboard.views.find import find

# Objects of the reporting room whose events hold what agencies typed.
TYPED = frozenset({"应报事项", "报送", "重大问题", "事项", "批示", "延期和解锁", "提醒"})


# The ledger stands below accounts and knows no roles: who may read what of it is said here.
def _reader(view: View) -> View:
    @requires(Action.READ_HISTORY)
    @wraps(view)
    def reading(request: HttpRequest) -> HttpResponseBase:
        return view(request, sealed=() if can(request.user, Action.READ_OWN) else TYPED)

    return reading


ledger = (
    [
        path("", _reader(audit_views.history), name="history"),
        path("export/", _reader(audit_views.export), name="export"),
    ],
    "audit",
)

urlpatterns = [
    path("", include("agencies.urls")),
    path("", include("dashboard.urls.agencies")),
    path("dashboard/", include("dashboard.urls.dashboard")),
    path("changes/", include("dashboard.urls.changes")),
    path("", include("dashboard.urls.targets")),
    path("tasks/", include("dashboard.urls.tasks")),
    path("projects/", include("dashboard.urls.projects")),
    path("", include("reporting.urls")),
    path("plan/manage/", include("setup.urls")),
    path("plan/", include("plan.urls")),
    path("history/", include(ledger)),
    path("manage/import/", include("imports.urls")),
    path("", include("deploy.urls")),
    path("find/", find, name="find"),
    path("admin/", admin.site.urls),
]

handler400 = "common.web.error_pages.bad_request"
handler500 = "common.web.error_pages.server_error"

if settings.DEBUG:
    from dashboard.gallery.views import gallery

    urlpatterns.append(path("gallery/", gallery))
