from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from agencies.models import User


class AgencyBackend(BaseBackend):
    """Sign-in by account and password; the signed-in user comes with the agency in one query."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> User | None:
        if not username or password is None:
            return None
        user = User.objects.select_related("agency").filter(username=username).first()
        if user is None:
            User().set_password(password)  # the same time is spent for an unknown account
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("agency").filter(pk=user_id, is_active=True).first()
