"""What the log holds: one line of a refused access, no content of the database."""

import logging
import traceback

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.choices import Role
from agencies.models import User
from kaifu_carbon.logs import LineFormatter
from tests.factories.agencies import UserFactory

pytestmark = pytest.mark.django_db
DIGEST = "pbkdf2_sha256$1$salt$digest-of-a-password"


def lines(caplog):
    return [LineFormatter("%(levelname)s %(message)s").format(one) for one in caplog.records]


def test_a_refused_access_is_one_line(client, caplog):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    assert client.get("/manage/import/").status_code == 403
    (line,) = lines(caplog)
    assert line == "WARNING Forbidden (Permission denied): /manage/import/"


def test_a_request_with_a_wrong_host_is_one_line(client, caplog):
    assert client.get("/login/", headers={"host": "elsewhere.example"}).status_code == 400
    assert [line.count("\n") for line in lines(caplog)] == [0]


def logged(caplog, statement, *values):
    """What an error of the database leaves in the log."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except Exception:
        logging.getLogger("django.request").exception("Internal Server Error: /")
    return lines(caplog)[-1]


def test_an_error_of_the_database_shows_neither_row_nor_statement(caplog):
    user = UserFactory(username="jtj_a")
    User.objects.filter(pk=user.pk).update(password=DIGEST)
    line = logged(caplog, "UPDATE agencies_user SET name = NULL WHERE id = %s", user.pk)
    assert "NotNullViolation" in line
    assert line.count("Traceback") == 2
    assert "IntegrityError" in line.splitlines()[-1]
    for secret in (DIGEST, "DETAIL"):
        assert secret not in line
    line = logged(caplog, "SELECT nothing FROM agencies_user WHERE password = %s", DIGEST)
    assert "UndefinedColumn" in line
    assert DIGEST not in line


def test_nor_does_one_of_a_job(caplog):
    """Celery puts error and traceback into the message."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM agencies_user WHERE password = %s", [DIGEST])
    except Exception as error:
        message = "Task reporting.jobs.sweep raised unexpected: %r\n%s"
        logging.getLogger("celery").error(message, error, traceback.format_exc())
    (line,) = lines(caplog)
    assert "Task reporting.jobs.sweep raised unexpected: ProgrammingError('column" in line
    assert line.count("Traceback") == 2
    assert DIGEST not in line


def test_it_would_be_there_otherwise():
    """The test above says something only as long as the database tells the row."""
    user = UserFactory(username="jtj_a")
    with pytest.raises(IntegrityError, match=r"DETAIL: .*jtj_a"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(name=None)
