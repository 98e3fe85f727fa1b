"""Addresses of the reporting room; the parts of an item's address are period, kind and code."""

from django.urls import URLPattern, path

from reporting.views import evidence, parked, saving

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    path("fill/parked/<str:key>/", parked.parked, name="parked"),
    path("fill/<str:period>/<slug:kind>/<str:code>/save/", saving.save, name="save"),
    path("fill/<str:period>/<slug:kind>/<str:code>/presence/", saving.here, name="presence"),
    path("fill/<str:period>/<slug:kind>/<str:code>/give-up/", saving.give_up, name="give_up"),
    path("files/<int:number>/", evidence.download, name="file"),
    path("files/<int:number>/remove/", evidence.remove, name="file_remove"),
    path("files/of/<int:number>/upload/", evidence.upload, name="file_upload"),
    path("files/of/<int:number>/reuse/", evidence.reuse, name="file_reuse"),
]
