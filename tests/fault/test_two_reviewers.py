"""Two reviewers at one item, and a server that dies while it approves."""

import os
import re
import signal
import time
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from audit.models import AuditEvent
from plan.models import DataState
from reporting.choices import DecisionKind, ObligationKind, ObligationState
from reporting.models import Decision
from reporting.policies import ConflictError
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from targets.models import Observation
from tasks.models import TaskContribution
from tests.documents import parsed
from tests.fault.saving_scene import Editor, at_once, editors, environment
from tests.site import web_server
from tests.unit.reporting.reviewed import fresh, hand_in, handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = "现在是“已(通过|退回)”，不能(通过|退回修改)；刷新页面看最新情况"
DECIDING = (DecisionKind.APPROVED, DecisionKind.RETURNED)


@pytest.fixture
def bureau():
    DataState.current()
    return make_bureau()


@pytest.fixture
def zhang():
    return make_agency()


@pytest.fixture
def web():
    with web_server(environment()) as (address, process):
        yield address, process


def together(*acts):
    """Do these at the same moment, each in its own connection; what they raised."""
    start, raised = Barrier(len(acts)), []

    def run(act):
        start.wait()
        try:
            act()
        except (ConflictError, ValidationError) as error:
            raised.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def path(obligation):
    parts = [*obligation.address, *([obligation.agency.code] if obligation.is_contribution else [])]
    return f"/review/{'/'.join(parts)}/"


def post(editor, address, **data):
    """Status and page, as a browser without a script would get them."""
    return editor.ask("POST", address, urlencode(data, doseq=True))


def consistent(obligation):
    """State, decisions, records in force and the ledger tell one story."""
    obligation = fresh(obligation)
    standing = obligation.decisions.filter(undone_at=None, kind__in=DECIDING)
    rows = TaskContribution.objects.filter(
        task=obligation.task, agency=obligation.agency, is_current=True
    )
    approvals = AuditEvent.objects.filter(object_code=obligation.code, action="通过")
    records = AuditEvent.objects.filter(action="录入", object_type="配合情况",
                                        object_code__contains=obligation.task.code)  # fmt: skip
    is_approved = obligation.state == ObligationState.APPROVED
    assert rows.count() == int(is_approved)
    assert standing.count() == int(obligation.state not in {"submitted", "reviewing"})
    assert approvals.count() == int(is_approved)
    assert records.count() == int(is_approved)
    return obligation


@pytest.mark.parametrize("other", ["approve", "return"])
def test_of_two_decisions_at_one_moment_one_stands_and_one_is_told(bureau, zhang, other):
    for _ in range(5):
        obligation = handed_in(zhang)

        def second(obligation=obligation):
            if other == "approve":
                reviews.approve(rounds={obligation.pk: 1}, by=bureau["周七"])
            else:
                reviews.give_back(pk=obligation.pk, round=1, comment="核实", by=bureau["周七"])

        (sentence,) = together(
            lambda obligation=obligation: reviews.approve(
                rounds={obligation.pk: 1}, by=bureau["赵六"]
            ),
            second,
        )
        assert re.search(
            r"现在是“已(通过|退回)”，不能(通过|退回修改)；刷新页面看最新情况", sentence
        )
        consistent(obligation)
        assert Decision.objects.filter(obligation=obligation).count() == 1


def test_two_batches_that_share_an_item_do_not_both_go_and_do_not_lock_each_other(bureau, zhang):
    obligations = [handed_in(zhang) for _ in range(8)]
    first = {obligation.pk: 1 for obligation in obligations[:5]}
    second = {obligation.pk: 1 for obligation in reversed(obligations[3:])}
    (sentence,) = together(
        lambda: reviews.approve(rounds=first, by=bureau["赵六"], batch=True),
        lambda: reviews.approve(rounds=second, by=bureau["周七"], batch=True),
    )
    assert "已通过" in sentence
    assert Decision.objects.count() == 5
    for obligation in obligations:
        consistent(obligation)


def test_a_withdrawal_and_a_decision_at_one_moment_do_not_both_happen(bureau, zhang):
    for _ in range(5):
        obligation = handed_in(zhang)
        raised = together(
            lambda obligation=obligation: submissions.withdraw(pks=[obligation.pk], by=zhang),
            lambda obligation=obligation: reviews.approve(
                rounds={obligation.pk: 1}, by=bureau["赵六"]
            ),
        )
        assert len(raised) == 1
        assert fresh(obligation).state in {ObligationState.DRAFT, ObligationState.APPROVED}


def test_a_decision_does_not_fall_on_a_round_that_came_meanwhile(bureau, zhang):
    """The reviewer waits for the row while the agency takes it back and hands it in again."""
    obligation = handed_in(zhang)

    def again():
        submissions.withdraw(pks=[obligation.pk], by=zhang)
        hand_in(obligation, zhang)

    raised = together(again, lambda: reviews.approve(rounds={obligation.pk: 1}, by=bureau["赵六"]))
    decided = Decision.objects.filter(obligation=obligation)
    assert len(raised) == 1
    assert not decided.filter(item__round=2).exists()


def test_two_undos_at_one_moment_take_back_once(bureau, zhang):
    obligation = handed_in(zhang, ObligationKind.TARGET)
    (decision,) = reviews.approve(rounds={obligation.pk: 1}, by=bureau["赵六"])
    (sentence,) = together(*[lambda: reviews.undo(decisions=[decision.pk], by=bureau["赵六"])] * 2)
    assert "已经撤销" in sentence
    assert not Observation.objects.filter(is_current=True).exists()
    assert AuditEvent.objects.filter(action="撤销通过").count() == 1


def test_two_reviewers_at_the_server_get_one_decision_and_one_clear_page(web, bureau, zhang):
    zhao, zhou = editors([bureau["赵六"], bureau["周七"]], web[0])
    for _ in range(5):
        obligation = handed_in(zhang)
        data = {"item": obligation.pk, "round": 1}
        answers = at_once(
            [
                lambda data=data, obligation=obligation: post(
                    zhao, path(obligation), do="next", **data
                ),
                lambda data=data, obligation=obligation: post(
                    zhou, path(obligation), do="return", comment="数据偏大，核实", **data
                ),
            ]
        )
        assert sorted(status for status, _ in answers) == [302, 409]
        page = next(body for status, body in answers if status == 409).decode()
        assert re.search(TOLD, parsed(page).one("h2#problem").text)
        if answers[1][0] == 409:
            assert "您填写的意见：数据偏大，核实" in page
        consistent(obligation)


def workers(process):
    """The processes that answer, below the one that started them."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def kill_while_it_waits(process, act):
    """Do this at a server whose last write has to wait, and kill the server's workers meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE audit_auditevent IN SHARE ROW EXCLUSIVE MODE")
        thread = Thread(target=act)
        thread.start()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                break
            time.sleep(0.02)
        else:
            raise TimeoutError("nothing waits for the ledger")
        for pid in workers(process):
            os.kill(pid, signal.SIGKILL)
    thread.join()


def test_a_server_killed_while_it_approves_leaves_nothing_of_it(web, bureau, zhang):
    (zhao,) = editors([bureau["赵六"]], web[0])
    obligations = [handed_in(zhang) for _ in range(6)]
    picks = [f"{obligation.pk}:1" for obligation in obligations]
    answers = []
    kill_while_it_waits(
        web[1], lambda: answers.append(post(zhao, "/review/bulk/approve/", pick=picks)[0])
    )
    assert answers == [0]
    assert {consistent(obligation).state for obligation in obligations} == {
        ObligationState.SUBMITTED
    }
    wait_for_an_answer(zhao)
    assert post(zhao, "/review/bulk/approve/", pick=picks)[0] == 302
    assert {consistent(obligation).state for obligation in obligations} == {
        ObligationState.APPROVED
    }


def test_a_server_killed_while_it_takes_back_leaves_the_approval(web, bureau, zhang):
    (zhao,) = editors([bureau["赵六"]], web[0])
    obligation = handed_in(zhang)
    (decision,) = reviews.approve(rounds={obligation.pk: 1}, by=bureau["赵六"])
    kill_while_it_waits(web[1], lambda: post(zhao, "/review/undo/", decision=decision.pk))
    assert consistent(obligation).state == ObligationState.APPROVED
    wait_for_an_answer(zhao)
    assert post(zhao, "/review/undo/", decision=decision.pk)[0] == 302
    assert fresh(obligation).state == ObligationState.REVIEWING


def wait_for_an_answer(editor: Editor) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if editor.ask("GET", "/review/")[0] == 200:
            return
        time.sleep(0.1)
    raise TimeoutError("the server does not come back")
