"""Many editors at once, a worker killed in the middle: what was acknowledged is there."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from audit.models import AuditEvent
from reporting.models import Obligation
from reporting.rules.fields import TARGET, TASK
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory
from tests.fault.saving_scene import Editor, at_once, editors, environment
from tests.site import web_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web():
    with web_server(environment()) as (address, process):
        yield address, process


def workers(process):
    """The processes that answer, below the one that started them."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def consistent(obligation):
    """Row, versions of fields and ledger tell the same story."""
    obligation.refresh_from_db()
    events = AuditEvent.objects.filter(object_code=obligation.code, action="填写").order_by("pk")
    told = {}
    for event in events:
        told |= {label: new for label, _, new in event.changes}
    labels = {one.name: one.label for one in (*TARGET, *TASK)}
    assert told == {labels.get(name, name): text for name, text in obligation.texts.items()}
    assert obligation.version == events.count()
    assert all(entry["v"] <= obligation.version for entry in obligation.content.values())
    return obligation


def test_24_editors_of_different_fields_are_all_kept(web):
    obligation = ObligationFactory(kind="task")
    people = editors(UserFactory.create_batch(24, agency=obligation.agency), web[0])
    form = obligation.get_absolute_url()
    names = [one.name for one in TASK] + [f"why_W{number}" for number in range(1, 16)]
    answers = at_once(
        [
            lambda person=person, name=name: person.save(form, **{name: (f"{name}的内容", 0)})
            for person, name in zip(people, names, strict=True)
        ]
    )
    assert [answer.is_kept for answer in answers] == [True] * 24
    obligation.refresh_from_db()
    assert obligation.texts == {name: f"{name}的内容" for name in names}
    assert obligation.version == 24
    assert AuditEvent.objects.filter(object_code=obligation.code).count() == 24


def test_of_24_editors_of_one_field_one_is_kept_and_23_are_told_both_texts(web):
    obligation = ObligationFactory()
    people = editors(UserFactory.create_batch(24, agency=obligation.agency), web[0])
    form = obligation.get_absolute_url()
    answers = at_once(
        [
            lambda person=person, number=number: person.save(form, note=(f"第{number}人写的", 0))
            for number, person in enumerate(people)
        ]
    )
    kept = [answer for answer in answers if answer.is_kept]
    assert [answer.status for answer in answers] == [200] * 24
    assert len(kept) == 1
    obligation.refresh_from_db()
    assert obligation.texts == kept[0].sent
    for number, answer in enumerate(answers):
        for conflict in answer.said["conflicts"]:
            assert conflict["mine"] == f"第{number}人写的"
            assert conflict["theirs"] == obligation.texts["note"]
    consistent(obligation)


def test_a_worker_killed_in_the_middle_of_saves_loses_nothing_that_was_acknowledged(web):
    address, process = web
    obligation = ObligationFactory(kind="task")
    names = [one.name for one in TASK if one.type == "long"]
    people = editors(UserFactory.create_batch(len(names), agency=obligation.agency), address)
    form = obligation.get_absolute_url()
    over = threading.Event()

    def write(person, name):
        """One save after the other, as the script does: the same words again until an answer."""
        base, count, text = 0, 0, ""
        while not over.is_set():
            count += 1
            text = f"{name}第{count}次"
            answer = person.save(form, **{name: (text, base)})
            while answer.status == 0:
                time.sleep(0.05)
                answer = person.save(form, **{name: (text, base)})
            assert answer.is_kept, answer
            base = answer.said["fields"][name]["v"]
        return name, text

    def kill():
        for _ in range(8):
            time.sleep(0.4)
            pids = workers(process)
            if pids:
                os.kill(random.choice(pids), signal.SIGKILL)  # noqa: S311
        over.set()

    killer = threading.Thread(target=kill)
    killer.start()
    acknowledged = dict(
        at_once([lambda p=p, n=n: write(p, n) for p, n in zip(people, names, strict=True)])
    )
    killer.join()
    assert consistent(obligation).texts == acknowledged
    assert obligation.version >= 8


def test_40_agencies_with_two_editors_each_lose_nothing_and_see_no_error(web):
    """A short one; the full minute is python -m tests.benchmarks.deadline."""
    obligations = ObligationFactory.create_batch(40)
    seconds = time.monotonic() + 6
    crew = [
        (obligation.get_absolute_url(), name, Editor.of(user, web[0]))
        for obligation in obligations
        for name, user in zip(
            ("note", "source"), UserFactory.create_batch(2, agency=obligation.agency), strict=True
        )
    ]

    def write(form, name, person):
        base, text, count = 0, "", 0
        while time.monotonic() < seconds:
            count += 1
            text = f"第{count}次"
            answer = person.save(form, **{name: (text, base)})
            assert answer.is_kept, answer
            base = answer.said["fields"][name]["v"]
        return (form, name), (text, count)

    done = dict(at_once([lambda one=one: write(*one) for one in crew]))
    for obligation in Obligation.objects.with_subjects():
        form = obligation.get_absolute_url()
        texts = {name: done[form, name][0] for name in ("note", "source")}
        assert obligation.texts == texts
        assert obligation.version == sum(done[form, name][1] for name in texts)
    assert AuditEvent.objects.count() == sum(count for _, count in done.values())
