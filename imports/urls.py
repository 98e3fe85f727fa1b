from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.run_list, name="list"),
    path("<int:number>/", views.run, name="run"),
]
