from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from agencies.policies import Action, View, can, requires
from agencies.urls import account_pages
from audit import views as audit_views
from common.error_pages import find
from dashboard.views import agencies, changes, provenance, subjects
from dashboard.views.tasks import task_lists
from projects import urls as projects
from targets import urls as targets
from tasks import urls as tasks

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

# One namespace of two apps: an agency's page shows targets, tasks and projects.
agency_pages = ([*agencies.urlpatterns, *account_pages], "agencies")
# The same of tasks and projects: their pages show risks and evidence of the reporting room.
task_pages = (
    [*task_lists, *tasks.urlpatterns, *subjects.task_pages],
    tasks.app_name,
)
# A value of a target leads to what reporting knows of it.
target_pages = ([*targets.urlpatterns, *provenance.value_pages], targets.app_name)
project_pages = ([*projects.urlpatterns, *subjects.project_pages], projects.app_name)

urlpatterns = [
    path("", include("agencies.urls")),
    path("", include(agency_pages)),
    path("dashboard/", include("dashboard.urls")),
    path("changes/", include((changes.urlpatterns, "changes"))),
    path("", include(target_pages)),
    path("tasks/", include(task_pages)),
    path("projects/", include(project_pages)),
    path("", include("reporting.urls")),
    path("plan/manage/", include("setup.urls")),
    path("plan/", include("plan.urls")),
    path("history/", include(ledger)),
    path("manage/import/", include("imports.urls")),
    path("", include("deploy.urls")),
    path("find/", find, name="find"),
    path("admin/", admin.site.urls),
]

handler400 = "common.error_pages.bad_request"
handler500 = "common.error_pages.server_error"

if settings.DEBUG:
    from common.gallery import gallery

    urlpatterns.append(path("gallery/", gallery))
