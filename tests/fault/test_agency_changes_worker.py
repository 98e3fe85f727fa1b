"""A real Celery worker carries out a change of an agency whose day has come, once."""

import datetime

import pytest
from django.utils import timezone

from agencies.models import Agency
from audit.models import AuditEvent
from embedded.processes import wait_until
from setup.jobs import change_agencies
from setup.models import AgencyChange
from setup.services import record
from tests.factories.agencies import AgencyFactory

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_a_coming_renaming(celery_worker_process):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    change = AgencyChange(
        agency=AgencyFactory(code="kjj"), kind="rename", day=tomorrow, name="区科技创新局",
        short_name="区科创局",
    )  # fmt: skip
    record(change=change, number="开编委〔2026〕12号", title="关于机构调整的通知", by=None)
    AgencyChange.objects.update(day=timezone.localdate())
    for _ in range(3):
        change_agencies.delay()
    assert wait_until(lambda: Agency.objects.filter(name="区科技创新局").exists(), seconds=60)
    assert wait_until(lambda: not AgencyChange.objects.planned().exists(), seconds=60)
    assert AuditEvent.objects.filter(object_code="kjj", action="修改").count() == 1
