"""The preview and the writing take as many statements, however many cells the file has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.unit.reporting.workbooks.uploaded import downloaded, edited, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]
KINDS = ("target", "task", "contribution", "project")


def counted(client, items):
    """Statements of upload, preview and writing for an agency with so many items of each kind."""
    agency, period = AgencyFactory(), PeriodFactory()
    rows = [
        ObligationFactory(agency=agency, period=period, kind=kind)
        for kind in KINDS
        for _ in range(items)
    ]
    user = UserFactory(agency=agency)
    client.force_login(user)
    values = {(row.subject_code, "value"): 50 for row in rows if row.kind == "target"}
    texts = {(row.subject_code, "narrative"): "进展" for row in rows if row.kind == "task"}
    data = edited(downloaded(user, period), values | texts)
    with CaptureQueriesContext(connection) as taking:
        upload = sent(client, period, data)
    with CaptureQueriesContext(connection) as looking:
        client.get(upload.get_absolute_url())
    with CaptureQueriesContext(connection) as writing:
        client.post(upload.get_absolute_url(), {})
    upload.refresh_from_db()
    assert upload.writes[0]["cells"] == 2 * items
    return [len(one) for one in (taking, looking, writing)]


def test_statements_do_not_grow_with_the_file(client):
    few = counted(client, 1)
    assert counted(client, 6) == few
    taking, looking, writing = few
    assert taking <= 14
    assert looking <= 10
    assert writing <= 30
