from django.urls import path

from agencies.views import accounts, home, sign_in

# Below the names "agencies:", beside the pages of agencies (dashboard.urls.agencies).
account_pages = [
    path("manage/users/", accounts.account_list, name="users"),
    path("manage/users/new/", accounts.new_account, name="new_user"),
    path("manage/users/<slug:username>/", accounts.edit_account, name="user"),
    path("manage/users/<slug:username>/active/", accounts.set_active, name="user_active"),
    path("manage/users/<slug:username>/password/", accounts.reset_password, name="user_password"),
    path("manage/users/<slug:username>/let-in/", accounts.let_in, name="user_let_in"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", sign_in.sign_in, name="login"),
    path("session/", sign_in.session, name="session"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("password/", sign_in.change_password, name="password"),
    path("notice/read/", home.read_notice, name="notice_read"),
]
