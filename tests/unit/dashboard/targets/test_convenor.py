"""A target that the plan gives no lead: the bureau names who reports it."""

import pytest

from agencies.choices import Role
from audit.models import AuditEvent
from tests.factories.agencies import AgencyFactory, GroupFactory, UserFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    return TargetFactory(code="T21", lead=None)


@pytest.fixture
def reviewer(client):
    client.force_login(UserFactory(roles=[Role.REVIEWER]))


def test_the_named_agency_reports_it_from_now_on(client, target, reviewer):
    agency = AgencyFactory(name="区城市管理和综合执法局")
    assert "指定汇总单位" in client.get("/targets/T21/").content.decode()
    answer = client.post("/targets/T21/convenor/", {"convenor": agency.pk, "reason": "局务会议定"})
    assert answer.headers["Location"] == "/targets/T21/"
    target.refresh_from_db()
    assert target.reporting_agency == agency
    assert AuditEvent.objects.get(object_code="T21").reason == "局务会议定"


def test_a_group_is_no_choice(client, target, reviewer):
    page = client.post("/targets/T21/convenor/", {"convenor": GroupFactory().pk})
    assert "错误：" in page.content.decode()
    target.refresh_from_db()
    assert target.convenor is None


def test_a_target_with_a_lead_has_no_such_page(client, reviewer):
    TargetFactory(code="T18")
    assert client.get("/targets/T18/convenor/").status_code == 404
    assert "指定汇总单位" not in client.get("/targets/T18/").content.decode()


def test_agencies_do_not_name_themselves(client, target):
    client.force_login(UserFactory(roles=[Role.REPORTER]))
    assert client.post("/targets/T21/convenor/", {}).status_code == 403
