from django.urls import include, path

from agencies import views

pages = (
    [
        path("agencies/", views.agency_list, name="list"),
        path("agencies/<slug:code>/", views.agency_detail, name="detail"),
        path("my/", views.own, name="own"),
        path("manage/users/", views.user_list, name="users"),
    ],
    "agencies",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password"),
    path("help/", views.help_page, name="help"),
    path("", include(pages)),
]
