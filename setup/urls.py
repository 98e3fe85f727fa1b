from django.urls import path

from setup import views

app_name = "setup"
urlpatterns = [
    path("", views.checklist, name="checklist"),
    path("load/<str:what>/", views.load, name="load"),
    path("text/", views.text, name="text"),
    path("baselines/", views.baselines, name="baselines"),
    path("links/", views.links, name="links"),
    path("links/<str:code>/", views.link_by_hand, name="link_by_hand"),
    path("bases/", views.bases, name="bases"),
    path("bases/add/", views.basis, name="basis_add"),
    path("bases/<int:number>/", views.basis, name="basis"),
    path("bases/<int:number>/merge/", views.basis_merge, name="basis_merge"),
    path("bases/<int:number>/split/", views.basis_split, name="basis_split"),
    path("bases/undo/<int:number>/", views.basis_undo, name="basis_undo"),
    path("bases/of/<str:code>/", views.basis_of_target, name="basis_of_target"),
    path("agencies/", views.agency_changes, name="agency_changes"),
    path("agencies/<int:number>/back/", views.agency_change_back, name="agency_change_back"),
    path("agencies/<slug:code>/<str:kind>/", views.agency_change, name="agency_change"),
    path("assigned/", views.assigned, name="assigned"),
    path("assigned/<int:number>/", views.assign, name="assign"),
]
