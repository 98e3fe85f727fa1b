from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from dashboard.views.find import find
from dashboard.views.help import help_page
from dashboard.views.paper.verify import verify

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
    path("history/", include("dashboard.urls.audit")),
    path("manage/import/", include("imports.urls")),
    path("", include("deploy.urls")),
    path("find/", find, name="find"),
    path("help/", help_page, name="help"),
    path("verify/", verify, name="verify"),
    path("admin/", admin.site.urls),
]

handler400 = "common.web.error_pages.bad_request"
handler500 = "common.web.error_pages.server_error"

if settings.DEBUG:
    from dashboard.gallery.views import gallery

    urlpatterns.append(path("gallery/", gallery))
