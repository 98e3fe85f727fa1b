"""The form of an item is read by as many statements, however much lies beside it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import services as audit
from reporting.choices import DecisionKind, ObligationKind
from reporting.models import Decision, FieldComment
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.tasks import TaskContributionFactory

pytestmark = pytest.mark.django_db


def many(obligation):
    """Ten times as much beside the item."""
    for number in range(20):
        ObligationFactory(agency=obligation.agency, kind=ObligationKind.values[number % 4])
        period = PeriodFactory(year=2024 - number // 4, quarter=number % 4 + 1, state="closed")
        ObligationFactory(agency=obligation.agency, period=period)
        FieldComment.objects.create(
            decision=Decision.objects.create(
                obligation=obligation, kind=DecisionKind.RETURNED, comment="核实", by_name="李敏",
                by_id=1, decided_at=timezone.now(),
            ),
            field="note", text="核实",
        )  # fmt: skip
        audit.record(audit.Entry("填写", "应报事项", obligation.code, obligation.name), by=None)
        if obligation.kind == "task":
            box = ObligationFactory(kind="contribution", task=obligation.task)
            TaskContributionFactory(task=obligation.task, agency=box.agency, quarter=2)


@pytest.mark.parametrize("kind", ObligationKind.values)
def test_reading_takes_as_many_statements_at_ten_times_the_rows(client, kind):
    obligation = ObligationFactory(kind=kind)
    client.force_login(UserFactory(agency=obligation.agency))
    client.get(obligation.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(obligation.get_absolute_url())
    many(obligation)
    with CaptureQueriesContext(connection) as rows:
        assert client.get(obligation.get_absolute_url()).status_code == 200
    assert len(rows) == len(few) <= 8, [q["sql"][:90] for q in rows.captured_queries]
