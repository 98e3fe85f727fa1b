"""No input of anybody is answered with an error of ours.

Every GET and every POST of every role. KAIFU_FUZZ_REQUESTS says how many requests (10,000 in the
long run), KAIFU_FUZZ_SEED which; both are printed.
"""

import os
import sys

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from agencies.choices import Role
from tests.factories.agencies import UserFactory
from tests.fuzz.fuzzing import Target, requests, targets_of
from tests.workflow.test_permissions import addresses

REQUESTS = int(os.environ.get("KAIFU_FUZZ_REQUESTS", "280"))
SEED = int(os.environ.get("KAIFU_FUZZ_SEED", "20261130"))
ANYBODY = ""
ROLES = (ANYBODY, *Role.values)
STARTS = ("/", "/login/", "/my/", "/review/", "/manage/periods/", "/manage/users/", "/history/",
          "/plan/manage/", "/admin/", "/dashboard/", "/dashboard/2025/", "/targets/", "/tasks/",
          "/projects/", "/risks/", "/matters/", "/manage/rules/", "/manage/import/")  # fmt: skip
DEPTH = 60

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]


@pytest.fixture
def clients(demonstration):
    """A browser of every role in which an account of the demonstration is signed in."""
    found = {role: Client() for role in ROLES}
    for role in Role.values:
        user = get_user_model().objects.filter(roles__contains=[role], is_active=True).first()
        if user is None:
            user = UserFactory(roles=[role])
        found[role].force_login(user)
    return found


@pytest.fixture
def targets(clients):
    """Role → what its pages lead to, a few steps far."""
    return {role: list(_walked(client)) for role, client in clients.items()}


def _walked(client):
    waiting, seen = [Target(path) for path in STARTS], set()
    while waiting and len(seen) < DEPTH:
        target = waiting.pop(0)
        kind = target.path.partition("?")[0].rstrip("0123456789/")
        if (
            target in seen
            or kind.startswith("/static")
            or (target.method == "get" and kind in seen)
        ):
            continue
        seen |= {target, kind}
        yield target
        if target.method == "get" and not target.fields:
            answer = client.get(target.path)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                waiting += targets_of(answer.content.decode(), target.path)


def test_no_input_is_answered_with_an_error(clients, targets):
    sys.stdout.write(f"KAIFU_FUZZ_REQUESTS={REQUESTS} KAIFU_FUZZ_SEED={SEED}\n")
    routes = sorted({f"/{route}" for _, route, _ in addresses() if "(?P" not in route})

    @seed(SEED)
    @settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(st.data())
    def one(data):
        role = data.draw(st.sampled_from(ROLES))
        request = data.draw(requests(role, targets[role], routes))
        note(str(request))
        with transaction.atomic():
            answer = request.sent(clients[role])
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{answer.status_code}: {request}"

    one()
