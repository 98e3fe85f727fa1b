from django.urls import include, path

from agencies.views import accounts, agencies, home, sign_in

pages = (
    [
        path("agencies/", agencies.agency_list, name="list"),
        path("agencies/<slug:code>/", agencies.agency_detail, name="detail"),
        path("my/", agencies.own, name="own"),
        path("manage/users/", accounts.account_list, name="users"),
        path("manage/users/new/", accounts.new_account, name="new_user"),
        path("manage/users/<slug:username>/", accounts.edit_account, name="user"),
        path("manage/users/<slug:username>/active/", accounts.set_active, name="user_active"),
        path(
            "manage/users/<slug:username>/password/", accounts.reset_password, name="user_password"
        ),
    ],
    "agencies",
)

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", sign_in.sign_in, name="login"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("password/", sign_in.change_password, name="password"),
    path("help/", home.help_page, name="help"),
    path("", include(pages)),
]
