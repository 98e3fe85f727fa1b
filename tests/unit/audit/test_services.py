"""The ledger: what a save leaves in it, and that it only grows."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from agencies.models import Agency
from audit import origin, services
from audit.models import AuditEvent, Way
from tests.factories.agencies import AgencyFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_save_records_old_and_new_in_the_words_of_the_field():
    user = UserFactory(name="张三", agency=AgencyFactory(name="区交通运输局"))
    agency = AgencyFactory(name="区商务局", code="swj", kind_confirmed=False, note="")
    agency.kind_confirmed = True
    agency.note = "核对过"
    with origin.acting(address="10.1.2.3", way=Way.WEB):
        services.save(agency, by=user, reason="机构改革")
    event = AuditEvent.objects.get()
    assert event.changes == [["类别已核实", "否", "是"], ["备注", "", "核对过"]]
    assert (event.actor_name, event.agency_name) == ("张三", "区交通运输局")
    assert (event.address, event.way, event.reason) == ("10.1.2.3", Way.WEB, "机构改革")
    assert (event.action, event.object_type, event.object_code) == ("修改", "单位", "swj")


def test_a_save_without_change_writes_nothing():
    agency = AgencyFactory()
    assert services.save(agency, by=None) is None
    assert not AuditEvent.objects.exists()


def test_what_the_model_refuses_leaves_no_event():
    agency = AgencyFactory(name="区商务局")
    agency.name = ""
    with pytest.raises(ValidationError):
        services.save(agency, by=None)
    assert not AuditEvent.objects.exists()
    assert Agency.objects.get().name == "区商务局"


def test_roles_are_recorded_by_their_labels():
    user = UserFactory(roles=["reporter"])
    user.roles = ["reporter", "reviewer"]
    services.save(user, by=None)
    assert AuditEvent.objects.get().changes == [["角色", "填报员", "填报员、审核员"]]


def test_passwords_never_reach_the_ledger():
    user = UserFactory()
    user.set_password("Geheim-2026")
    user.name = "李四"
    services.save(user, by=None)
    assert [label for label, *_ in AuditEvent.objects.get().changes] == ["姓名"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor_name = 'x'",
        "DELETE FROM audit_auditevent",
    ],
)
def test_the_database_refuses_to_change_the_ledger(statement):
    services.record(services.Entry("登录", "账号", "x"), by=None)
    with pytest.raises(DatabaseError, match="留痕只能追加"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditEvent.objects.count() == 1


def test_an_event_outlives_its_account():
    user = UserFactory(name="张三")
    services.record(services.Entry("登录", "账号", user.username), by=user)
    user.delete()
    assert AuditEvent.objects.get().actor_name == "张三"
