from django.urls import path

from agencies.urls import account_pages
from dashboard.views import agencies

app_name = "agencies"
urlpatterns = [
    path("agencies/", agencies.agency_list, name="list"),
    path("agencies/<slug:code>/", agencies.agency_detail, name="detail"),
    path("my/agency/", agencies.own, name="own"),
    *account_pages,
]
