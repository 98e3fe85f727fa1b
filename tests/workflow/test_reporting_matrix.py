"""Roles × steps × states: each cell at the service and by direct POST to every address.

What is expected follows from the table in reporting/workflow.py and from the conditions that are
written down here once more: own agency or another, two people, who has a signer.
"""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from agencies.choices import Role
from reporting.choices import ObligationState, PeriodState
from reporting.models import Obligation
from reporting.policies import ConflictError
from reporting.workflow import TRANSITIONS, Party, Step, transition
from tests.factories.agencies import UserFactory
from tests.factories.cast import ANONYMOUS, NAMES, make_cast
from tests.factories.reporting import ObligationFactory
from tests.workflow.reporting_scene import (
    SERVICES,
    addresses,
    item_in,
    post,
    prepared,
    state_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]
DONE, FORBIDDEN, CONFLICT = "done", "forbidden", "conflict"
PEOPLE = [name for name in NAMES if name != ANONYMOUS]
PARTIES = {
    "张三": {Party.REPORTER},
    "李四": {Party.REPORTER},
    "钱审核": {Party.SIGNER},
    "王五": set(),  # another agency's reporter
    "赵六": {Party.REVIEWER},
    "孙领导": set(),
    "管理员": set(),
}
"""What each of the cast is to an item of 张三's agency."""
WAYS = {Step.EDIT: 3, Step.APPROVE: 2}
"""How many addresses take a step; the others one."""


@pytest.fixture
def cast():
    return make_cast()


def expected(step, state, name):
    """What the table says of a person."""
    found = transition(step, state)
    by = found.by if found else {party for item in TRANSITIONS if item.step == step
                                 for party in item.by}  # fmt: skip
    if not by & PARTIES[name]:
        return FORBIDDEN
    return DONE if found else CONFLICT


def arranged(cast, step, state):
    """An item for the step; only who has no signer hands in directly."""
    if step == Step.SUBMIT:
        cast["钱审核"].is_active = False
        cast["钱审核"].save()
    return prepared(item_in(state, cast), step)


def taken(step, row, by):
    """What comes of a step at the service."""
    try:
        with transaction.atomic():
            SERVICES[step](row, by)
    except PermissionDenied:
        return FORBIDDEN
    except ConflictError:
        return CONFLICT
    return DONE


def test_the_matrix_is_whole(cast):
    row = item_in(ObligationState.APPROVED, cast)
    assert set(SERVICES) == set(Step)
    assert {step: len(addresses(step, row)) for step in Step} == {
        step: WAYS.get(step, 1) for step in Step
    }
    assert set(PARTIES) == set(PEOPLE)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("step", Step)
def test_services(cast, step, name):
    for state in ObligationState:
        row = arranged(cast, step, state)
        before, want = state_of(row), expected(step, state, name)
        if (step, state) == (Step.BEGIN_REVIEW, ObligationState.REVIEWING) and want == CONFLICT:
            want = DONE  # begun is begun: nothing happens
        assert taken(step, row, cast[name]) == want, (state, name)
        found = transition(step, state)
        after = state_of(row)
        if want == DONE and found:
            assert after.split()[0] == found.target, state
        else:
            assert after == before, state


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("step", Step)
def test_direct_posts(client, cast, step, name):
    for state in ObligationState:
        for place in range(WAYS.get(step, 1)):
            row = arranged(cast, step, state)
            address, sent = addresses(step, row)[place]
            client.force_login(cast[name])
            before, want = state_of(row), expected(step, state, name)
            status, after = post(client, address, sent), state_of(row)
            where = (address, state, name, status)
            assert status < 500, where
            found = transition(step, state)
            if want == DONE:
                assert after.split()[0] == found.target, where
            else:
                assert after == before, where
            if want == FORBIDDEN:
                assert status == (403 if cast[name].is_active else 302), where


@pytest.mark.parametrize("step", Step)
def test_nobody_acts_without_signing_in(client, cast, step):
    for state in ObligationState:
        row = arranged(cast, step, state)
        for address, sent in addresses(step, row):
            before = state_of(row)
            assert post(client, address, sent) in {302, 401}, address
            assert state_of(row) == before, address


@pytest.mark.parametrize("step", [Step.BEGIN_REVIEW, Step.RETURN, Step.APPROVE, Step.UNDO_APPROVAL])
@pytest.mark.parametrize("entered", [True, False])
def test_the_bureau_does_not_decide_on_what_it_entered_or_signed(client, cast, step, entered):
    """Four eyes: another reviewer of the bureau decides."""
    cast["赵六"].roles = [Role.REPORTER, Role.SIGNER, Role.REVIEWER]
    cast["赵六"].save()
    cast["周七"] = UserFactory(name="周七", agency=cast["赵六"].agency, roles=[Role.REVIEWER])
    clerk = UserFactory(name="吴八", agency=cast["赵六"].agency)
    cast["吴八"] = clerk
    for source in (item.source for item in TRANSITIONS if item.step == step):
        row = item_in(source, cast, who="赵六" if entered else "吴八")
        if not entered:
            Obligation.objects.filter(pk=row.pk).update(signer_id=cast["赵六"].pk)
        before = state_of(row)
        assert taken(step, row, cast["赵六"]) == FORBIDDEN
        client.force_login(cast["赵六"])
        for address, sent in addresses(step, row):
            post(client, address, sent)
            assert state_of(row) == before, address
        assert taken(step, row, cast["周七"]) == DONE


def test_a_preparer_who_signs_too_does_not_sign_their_own(client, cast):
    cast["张三"].roles = [Role.REPORTER, Role.SIGNER]
    cast["张三"].save()
    row = item_in(ObligationState.SIGNING, cast)
    before = state_of(row)
    assert taken(Step.SIGN, row, cast["张三"]) == FORBIDDEN
    client.force_login(cast["张三"])
    assert post(client, *addresses(Step.SIGN, row)[0]) == 403
    assert state_of(row) == before


def test_who_has_a_signer_does_not_pass_by(client, cast):
    row = item_in(ObligationState.DRAFT, cast)
    assert taken(Step.SUBMIT, row, cast["张三"]) == FORBIDDEN
    client.force_login(cast["张三"])
    post(client, *addresses(Step.SUBMIT, row)[0])
    assert state_of(row).startswith(ObligationState.SIGNING)


def test_who_has_no_signer_does_not_wait_for_one(cast):
    cast["钱审核"].is_active = False
    cast["钱审核"].save()
    row = item_in(ObligationState.DRAFT, cast)
    assert taken(Step.HAND_OVER, row, cast["张三"]) == CONFLICT


@pytest.mark.parametrize("period", [PeriodState.PLANNED, PeriodState.CLOSED])
@pytest.mark.parametrize(
    ("step", "state", "name"),
    [
        (Step.EDIT, ObligationState.EMPTY, "张三"),
        (Step.EDIT, ObligationState.DRAFT, "张三"),
        (Step.HAND_OVER, ObligationState.DRAFT, "张三"),
        (Step.SUBMIT, ObligationState.DRAFT, "张三"),
        (Step.SIGN, ObligationState.SIGNING, "钱审核"),
        (Step.WITHDRAW, ObligationState.SIGNING, "张三"),
        (Step.WITHDRAW, ObligationState.SUBMITTED, "张三"),
    ],
)
def test_a_period_that_is_not_open_stops_the_agency(client, cast, step, state, name, period):
    row = arranged(cast, step, state)
    row.period.state = period
    row.period.save()
    before = state_of(row)
    assert taken(step, row, cast[name]) == CONFLICT
    client.force_login(cast[name])
    for address, sent in addresses(step, row):
        assert post(client, address, sent) < 500
        assert state_of(row) == before


@pytest.mark.parametrize("step", [Step.DROP_CORRECTION])
@pytest.mark.parametrize("state", [ObligationState.DRAFT, ObligationState.RETURNED])
def test_only_a_correction_is_given_up(cast, step, state):
    assert taken(step, item_in(state, cast), cast["张三"]) == CONFLICT


@pytest.mark.parametrize("state", ObligationState)
def test_another_agency_does_not_read_by_guessing(client, cast, state):
    row = item_in(state, cast)
    number = f"N{row.pk}-1"
    client.force_login(cast["王五"])
    paths = [row.get_absolute_url(), f"/fill/2026Q3/receipt/{number}/",
             f"/fill/2026Q3/receipt/{number}/sheet/"]  # fmt: skip
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {403, 404}, path
        assert row.texts.get("note", "年度统计") not in answer.content.decode()
    for path in ("/my/", "/my/signing/", "/fill/2026Q3/check/", "/fill/2026Q3/grid/"):
        assert row.name not in client.get(path).content.decode(), path


def test_own_keys_do_not_open_the_way_for_foreign_ones(client, cast):
    """All or nothing: one item of another agency among one's own stops the whole."""
    foreign = item_in(ObligationState.DRAFT, cast)
    own = item_in(ObligationState.DRAFT, cast, who="王五")
    client.force_login(cast["王五"])
    sent = {"items": [own.pk, foreign.pk], "phone": "1", "confirmed": "1"}
    assert post(client, "/fill/2026Q3/check/", sent) == 403
    cells = {f"{part}note-{row.pk}": "核对" if not part else "9"
             for row in (own, foreign) for part in ("", "v_")}  # fmt: skip
    assert post(client, "/fill/2026Q3/grid/apply/", cells) == 403
    assert {state_of(row).split()[0] for row in (own, foreign)} == {"draft"}
    assert "核对" not in state_of(own) + state_of(foreign)


def test_the_contribution_of_an_agency_is_not_written_by_the_lead(client, cast):
    """The lead reads what others share in, under its own address there is nothing."""
    row = ObligationFactory(agency=cast["王五"].agency, kind="contribution")
    row.task.lead = cast["张三"].agency
    row.task.save()
    assert taken(Step.EDIT, row, cast["张三"]) == FORBIDDEN
    client.force_login(cast["张三"])
    assert post(client, row.get_absolute_url(), {"text": "x", "v_text": "0"}) == 404
    assert state_of(row).strip() == "empty"
