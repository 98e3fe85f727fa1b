"""A real Celery worker sends reminders; killed in the middle it loses and doubles none."""

import os
import signal
import sys
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from embedded.processes import start, tail, wait_until
from kaifu_carbon.celery import app
from reporting import jobs
from reporting.choices import Tier
from reporting.models import CalendarDay, Reminder
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.servers import ROOT, url_of_test_database

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
AGENCIES = 12
SECONDS = 60
GIVEN_OUT_AGAIN = 5  # about what a worker takes to start: it must look again later
QUEUE = "killed"  # which no other worker of the run listens to
QUEUES = ("celery", QUEUE)


@pytest.fixture
def due():
    """Agencies whose item is due today, which is made a working day whatever its weekday.

    Other tests may have left jobs to nobody: a queue is empty first.
    """
    with app.connection_for_write() as link:
        link.default_channel.client.delete(*QUEUES, "unacked", "unacked_index")
    today = timezone.localdate()
    CalendarDay.objects.create(day=today, kind="workday")
    period = PeriodFactory(opens_on=today, due_on=today)
    return [ObligationFactory(kind="task", period=period).agency for _ in range(AGENCIES)]


@contextmanager
def worker(log):
    """A worker that takes over what another has left for a while."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "kaifu_carbon",
        "worker",
        "-c",
        "2",
        "-Q",
        QUEUE,
    ]
    options = ["--loglevel", "INFO", "--without-mingle", "--without-gossip"]
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database(),
        "KAIFU_JOB_SECONDS": str(GIVEN_OUT_AGAIN),
    }
    process = start([*command, *options], log=log, env=environment, cwd=ROOT)
    try:
        assert wait_until(lambda: bool(app.control.ping(timeout=0.3)), seconds=SECONDS), tail(log)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def ledger_locked():
    """Nobody writes the ledger inside: the last thing that a job does before it commits."""
    session = psycopg2.connect(url_of_test_database())
    session.cursor().execute("LOCK TABLE audit_auditevent IN SHARE ROW EXCLUSIVE MODE")
    try:
        yield
    finally:
        session.close()


def waits_for_the_ledger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO \"audit_auditevent\"%'"
        )
        return cursor.fetchone()[0] > 0


def reminded():
    return sorted(Reminder.objects.filter(tier=Tier.DUE).values_list("agency", flat=True))


def noted():
    return AuditEvent.objects.filter(action="提醒").count()


def test_each_agency_once_however_often_the_job_runs(due, celery_worker_process):
    for _ in range(5):
        jobs.every_morning.delay()
    expected = sorted(agency.pk for agency in due)
    assert wait_until(lambda: reminded() == expected, seconds=SECONDS)
    jobs.send_mail.delay()
    jobs.sweep.delay()
    assert wait_until(nothing_left, seconds=SECONDS)
    assert (reminded(), noted()) == (expected, AGENCIES)


def nothing_left():
    """Nothing in the queue and nothing taken from it that is not done."""
    with app.connection_for_write() as link:
        client = link.default_channel.client
        return sum(map(client.llen, QUEUES)) + client.hlen("unacked") == 0


def test_killed_in_the_middle_it_comes_back_and_doubles_nothing(due, tmp_path):
    with ledger_locked():
        with worker(tmp_path / "first.log"):
            jobs.every_morning.apply_async(queue=QUEUE)
            assert wait_until(waits_for_the_ledger, seconds=SECONDS), tail(tmp_path / "first.log")
        assert not nothing_left()
    assert wait_until(lambda: not waits_for_the_ledger(), seconds=SECONDS)
    assert (reminded(), noted()) == ([], 0)

    log = tmp_path / "second.log"
    with worker(log):
        expected = sorted(agency.pk for agency in due)
        assert wait_until(lambda: reminded() == expected, seconds=SECONDS), tail(log, 30)
        jobs.every_morning.apply_async(queue=QUEUE)
        assert wait_until(nothing_left, seconds=SECONDS), tail(log, 30)
    assert (reminded(), noted()) == (expected, AGENCIES)


def test_a_killed_child_of_the_worker_is_replaced_and_the_job_done_again(due, tmp_path):
    log = tmp_path / "worker.log"
    with worker(log) as process:
        with ledger_locked():
            jobs.every_morning.apply_async(queue=QUEUE)
            assert wait_until(waits_for_the_ledger, seconds=SECONDS), tail(log)
            for pid in children(process.pid):
                os.kill(pid, signal.SIGKILL)
        expected = sorted(agency.pk for agency in due)
        assert wait_until(lambda: reminded() == expected, seconds=SECONDS), tail(log, 30)
        assert wait_until(nothing_left, seconds=SECONDS), tail(log, 30)
    assert (reminded(), noted()) == (expected, AGENCIES)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as listed:  # noqa: PTH123 - a file of the kernel
        return [int(child) for child in listed.read().split()]
