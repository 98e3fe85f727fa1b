"""Sessions in the database that end after idling; the end slides at most once a minute."""

import datetime

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

_LAST_VISIT = "last_visit"
"""In the session: when the person had signed in before."""


def remember_last_visit(session: SessionBase, moment: datetime.datetime | None) -> None:
    """Keep when the person had signed in before: signing in overwrites it."""
    session[_LAST_VISIT] = moment.isoformat() if moment else ""


def last_visit(session: SessionBase) -> datetime.datetime | None:
    """When the person had signed in before this session; None at the first time."""
    said = session.get(_LAST_VISIT, "")
    return datetime.datetime.fromisoformat(said) if said else None


class SessionStore(db.SessionStore):
    """Remembers when the loaded row ends, so that a page does not have to write to know."""

    ends_at: datetime.datetime | None = None

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row: AbstractBaseSession | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends_at = row.expire_date if row else None
        return row

    def stay_awake(self) -> bool:
        """Move the end of an idle session on; one statement, and none within the same minute."""
        end = timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        slack = datetime.timedelta(seconds=min(60, self.idle_seconds // 10))
        if self.ends_at is None or end - self.ends_at < slack:
            return False
        self.model.objects.filter(pk=self.session_key).update(expire_date=end)
        self.ends_at = end
        return True

    @property
    def idle_seconds(self) -> int:
        """Seconds after which an idle session ends."""
        return int(settings.SESSION_COOKIE_AGE)

    @property
    def seconds_left(self) -> int:
        """How long the session lasts when nothing more is done."""
        if self.ends_at is None:
            return settings.SESSION_COOKIE_AGE
        return max(0, round((self.ends_at - timezone.now()).total_seconds()))
