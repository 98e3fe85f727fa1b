from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from common.error_pages import find

urlpatterns = [
    path("", include("agencies.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("targets/", include("targets.urls")),
    path("tasks/", include("tasks.urls")),
    path("projects/", include("projects.urls")),
    path("plan/manage/", include("setup.urls")),
    path("plan/", include("plan.urls")),
    path("history/", include("audit.urls")),
    path("manage/import/", include("imports.urls")),
    path("find/", find, name="find"),
    path("admin/", admin.site.urls),
]

handler500 = "common.error_pages.server_error"

if settings.DEBUG:
    from common.gallery import gallery

    urlpatterns.append(path("gallery/", gallery))
