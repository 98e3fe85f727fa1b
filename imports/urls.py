from django.urls import path

from imports.views import runs

app_name = "imports"
urlpatterns = [
    path("", runs.run_list, name="list"),
    path("<int:number>/", runs.run, name="run"),
    path("<int:number>/abandon/", runs.abandon, name="abandon"),
    path("<int:number>/undo/", runs.undo, name="undo"),
    path("<int:number>/file/", runs.file, name="file"),
]
