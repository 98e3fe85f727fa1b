from django.urls import path

from dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("milestones.json", views.milestones, name="milestones"),
    path("ahead.json", views.ahead, name="ahead"),
]
