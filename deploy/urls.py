from django.urls import path

from deploy import views

urlpatterns = [path("seen/<token>/", views.seen, name="seen")]
