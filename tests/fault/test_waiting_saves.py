"""A lock held on an item: who saves is told within seconds, and nobody else waits."""

import time

import psycopg2
import pytest

from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory
from tests.fault.saving_scene import at_once, editors, environment
from tests.servers import url_of_test_database
from tests.site import web_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_server]


def timed(act):
    """What an act gives, and after how many seconds."""
    start = time.monotonic()
    return act(), time.monotonic() - start


def test_waiting_saves_are_told_and_stop_nobody():
    obligation = ObligationFactory(kind="task")
    form = obligation.get_absolute_url()
    holder = psycopg2.connect(url_of_test_database())
    with web_server(environment()) as (address, _):
        people = editors(UserFactory.create_batch(4, agency=obligation.agency), address)
        with holder, holder.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM reporting_obligation WHERE id = %s FOR UPDATE", [obligation.pk]
            )
            waiting = [
                lambda person=person: timed(lambda: person.save(form, narrative=("进展", 0)))
                for person in people[:3]
            ]
            reading = [lambda: timed(lambda: people[3].ask("GET", "/help/"))]
            *saves, (read, seconds) = at_once([*waiting, *reading])
        assert read[0] == 200
        assert seconds < 3
        for answer, waited in saves:
            assert (answer.status, answer.said["code"]) == (503, "busy")
            assert "稍等几秒再试" in answer.said["message"]
            assert 2.5 < waited < 8
        assert people[0].save(form, narrative=("进展", 0)).is_kept
    holder.close()
