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
    path("assigned/", views.assigned, name="assigned"),
    path("assigned/<int:number>/", views.assign, name="assign"),
]
