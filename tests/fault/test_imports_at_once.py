"""Two confirmations at once, an import beside an edit, an error half-way: all or nothing."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from agencies.models import Agency
from audit.models import AuditEvent
from imports.choices import ImportState
from imports.models import ImportRun
from imports.services import confirming, undoing
from imports.services.direct_import import import_file
from plan.models import Goal
from targets.models import Target
from tasks.models import Task
from tests.factories.agencies import AdministratorFactory
from tests.workflow import annexes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ready(client):
    """Annex 1, ready to be confirmed."""
    client.force_login(AdministratorFactory())
    annexes.upload(client, annexes.ANNEX1)
    annexes.name_convenors(client, "later")
    annexes.take_agencies(client)
    return annexes.latest()


def at_once(*acts):
    """Run these at the same moment, each in its own connection; returns what they raised."""
    start, raised = Barrier(len(acts)), []

    def run(act):
        start.wait()
        try:
            act()
        except ValidationError as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_two_confirmations_at_once_one_is_refused(ready):
    (error,) = at_once(*[lambda: confirming.confirm(run=ready, by=None)] * 2)
    assert "已导入" in error.message
    assert Task.objects.count() == 32
    assert AuditEvent.objects.filter(action="导入").count() == 1


def test_two_imports_of_one_file_at_once_do_not_double_anything():
    data = annexes.ANNEX2.read_bytes()

    def act():
        import_file(data=data, filename="附件2.xlsx", create_agencies=True)

    (error,) = at_once(act, act)
    assert "刚刚被别人改过" in error.message or "完全一致" in error.message
    assert ImportRun.objects.count() == 1


def test_of_two_undos_at_once_one_is_refused(ready):
    confirming.confirm(run=ready, by=None)
    (error,) = at_once(*[lambda: undoing.undo(run=ready, by=None)] * 2)
    assert "已撤销" in error.message
    assert not Task.objects.exists()


def test_an_error_half_way_leaves_nothing_behind(ready):
    """The ledger is gone when the import wants to write it, after everything else."""
    events = AuditEvent.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent RENAME TO audit_auditevent_away")
    try:
        with pytest.raises(DatabaseError):
            confirming.confirm(run=ready, by=None)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditevent_away RENAME TO audit_auditevent")
    assert not any(model.objects.exists() for model in (Task, Goal, Target, Agency))
    assert AuditEvent.objects.count() == events
    ready.refresh_from_db()
    assert ready.state == ImportState.CHECKING
    confirming.confirm(run=ready, by=None)
    assert Task.objects.count() == 32
