from django.urls import path

from dashboard.views import tasks

app_name = "tasks"
urlpatterns = [
    path("", tasks.task_list, name="list"),
    path("export.xlsx", tasks.export, name="export"),
    path("<str:code>/export.xlsx", tasks.data, name="data"),
    path("<str:code>/convenor/", tasks.convenor, name="convenor"),
    path("<str:code>/", tasks.task_detail, name="detail"),
]
