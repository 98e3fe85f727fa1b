"""What is approved is kept in versions: the same for values, progress and contributions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

import projects.services as projects
import targets.services as targets
import tasks.services as tasks
from agencies.choices import Role
from agencies.models import Agency
from audit.models import AuditEvent
from plan.models import DataState
from projects.choices import ProjectStatus
from targets.choices import DataGrade
from tasks.choices import TaskStatus
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskContributionFactory, TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Kind:
    """How the tests make and write one kind; `words` are three different things to say."""

    build: Callable[..., Any]
    record: Callable[..., Any]
    retract: Callable[..., Any]
    owner: str
    make_owner: Callable[[], Any]
    said: str
    words: tuple[Any, ...]

    def say(self, owner, place, **fields):
        about = {self.owner: owner, self.said: self.words[place]}
        return self.build(**{**about, "year": 2026, "quarter": 3, **fields})


def contribution(**fields):
    """Always by the first agency: one and the same says different things."""
    return TaskContributionFactory.build(agency=Agency.objects.first() or AgencyFactory(), **fields)


def record_values(*, rows, by):
    return targets.record_observations(observations=rows, by=by)


KINDS = {
    "value": Kind(
        ObservationFactory.build, record_values, targets.retract_observations, "target",
        TargetFactory, "value", (Decimal(70), Decimal(71), Decimal(72)),
    ),
    "task": Kind(
        TaskProgressFactory.build, tasks.record_progress_many, tasks.retract_progress, "task",
        TaskFactory, "narrative", ("第一种", "第二种", "第三种"),
    ),
    "contribution": Kind(
        contribution, tasks.record_contributions, tasks.retract_contributions, "task",
        TaskFactory, "text", ("第一种", "第二种", "第三种"),
    ),
    "project": Kind(
        ProjectProgressFactory.build, projects.record_progress_many, projects.retract_progress,
        "project", ProjectFactory, "works_note", ("一层", "二层", "三层"),
    ),
}  # fmt: skip


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.fixture
def owner(kind):
    return kind.make_owner()


@pytest.fixture
def reviewer():
    return UserFactory(name="赵六", roles=[Role.REVIEWER])


def facts():
    return DataState.current().version, AuditEvent.objects.count()


def versions(row):
    """Number, words and standing of all versions, the oldest first."""
    rows = type(row).objects.order_by("version")
    return [(one.version, one.is_current, one.standing) for one in rows]


def test_the_same_is_recorded_once(kind, owner, reviewer):
    [row] = kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    assert (row.version, row.is_current, row.recorded_by) == (1, True, "赵六")
    event = AuditEvent.objects.get()
    assert (event.action, event.object_code, event.actor_name) == ("录入", row.code, "赵六")
    before = facts()
    assert kind.record(rows=[kind.say(owner, 0)], by=reviewer) == []
    assert facts() == before


def test_a_correction_is_a_new_version_with_a_reason(kind, owner, reviewer):
    kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    before = facts()
    with pytest.raises(ValidationError, match="更正要写明原因") as refused:
        kind.record(rows=[kind.say(owner, 1)], by=reviewer)
    assert list(refused.value.message_dict) == ["reason"]
    assert facts() == before
    [row] = kind.record(rows=[kind.say(owner, 1, reason="核实")], by=reviewer)
    assert versions(row) == [(1, False, "已被取代"), (2, True, "")]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.reason) == ("更正", "核实")
    label, old, new = event.changes[0]
    assert (old, new) == (str(kind.words[0]), str(kind.words[1])), label
    assert {change[0] for change in event.changes[1:]} == {"版本", "更正原因"}


def test_what_is_retracted_stays_and_the_one_before_holds_again(kind, owner, reviewer):
    kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    [second] = kind.record(rows=[kind.say(owner, 1, reason="核实")], by=reviewer)
    version = DataState.current().version
    [back] = kind.retract(rows=[second], by=reviewer, reason="点错了")
    assert (back.version, getattr(back, kind.said)) == (1, kind.words[0])
    assert versions(second) == [(1, True, ""), (2, False, "已撤销")]
    assert DataState.current().version == version + 1
    events = AuditEvent.objects.order_by("-pk")[:2]
    assert [(e.action, e.reason, e.changes) for e in events] == [
        ("恢复", "点错了", [["现行", "否", "是"]]),
        ("撤销", "点错了", [["现行", "是", "否"]]),
    ]


def test_numbers_go_on_and_a_retracted_version_never_comes_back(kind, owner, reviewer):
    kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    for place in (1, 2):
        [row] = kind.record(rows=[kind.say(owner, place, reason="核实")], by=reviewer)
        [back] = kind.retract(rows=[row], by=reviewer, reason="撤销")
        assert back.version == 1
    assert versions(row) == [(1, True, ""), (2, False, "已撤销"), (3, False, "已撤销")]


def test_after_the_only_version_was_retracted_the_next_one_is_the_second(kind, owner, reviewer):
    [row] = kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    assert kind.retract(rows=[row], by=reviewer, reason="点错了") == []
    assert versions(row) == [(1, False, "已撤销")]
    [again] = kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    assert (again.version, again.reason) == (2, "第1版已撤销")
    assert AuditEvent.objects.latest("pk").action == "录入"


def test_what_is_not_in_force_cannot_be_retracted(kind, owner, reviewer):
    [first] = kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    [second] = kind.record(rows=[kind.say(owner, 1, reason="核实")], by=reviewer)
    before = facts()
    with pytest.raises(ValidationError, match="第1版不是现行版本，不能撤销"):
        kind.retract(rows=[second, first], by=reviewer, reason="点错了")
    with pytest.raises(ValidationError, match="撤销要写明原因"):
        kind.retract(rows=[second], by=reviewer, reason=" ")
    assert kind.retract(rows=[], by=reviewer, reason="点错了") == []
    kind.retract(rows=[second], by=reviewer, reason="点错了")
    with pytest.raises(ValidationError, match="第2版不是现行版本"):
        kind.retract(rows=[second], by=reviewer, reason="点错了")
    assert AuditEvent.objects.count() == before[1] + 2


def test_quarters_and_what_they_are_about_stand_apart(kind, owner, reviewer):
    about = [(owner, 3), (owner, 2), (kind.make_owner(), 3)]
    rows = [kind.say(one, 0, quarter=quarter) for one, quarter in about]
    assert len(kind.record(rows=rows, by=reviewer)) == 3
    kind.retract(rows=rows[:1], by=reviewer, reason="点错了")
    assert type(rows[0]).objects.filter(is_current=True).count() == 2


def test_a_batch_is_all_or_nothing(kind, owner, reviewer):
    bad = kind.say(owner, 0, quarter=5)
    with pytest.raises(ValidationError, match="季度只能是1至4"):
        kind.record(rows=[kind.say(owner, 0), bad], by=reviewer)
    with pytest.raises(ValidationError, match="在同一批里出现了不止一次"):
        kind.record(rows=[kind.say(owner, 0), kind.say(owner, 0)], by=reviewer)
    assert not type(bad).objects.exists()
    assert kind.record(rows=[], by=reviewer) == []


def test_the_future_and_the_retired_are_refused(kind, owner, reviewer):
    with pytest.raises(ValidationError, match="2199年第三季度还没有开始，不能登记"):
        kind.record(rows=[kind.say(owner, 0, year=2199)], by=reviewer)
    owner.retired_on = "2026-10-01"
    owner.save()
    with pytest.raises(ValidationError, match=f"{owner.code}已停用，不再登记"):
        kind.record(rows=[kind.say(owner, 0)], by=reviewer)


def test_only_reviewers_and_administrators_record(kind, owner, reviewer):
    [row] = kind.record(rows=[kind.say(owner, 0)], by=AdministratorFactory())
    for role in (Role.REPORTER, Role.SIGNER, Role.LEADER):
        person = UserFactory(roles=[role])
        with pytest.raises(PermissionDenied, match="由区发改局审核员或管理员录入"):
            kind.record(rows=[kind.say(owner, 1, reason="核实")], by=person)
        with pytest.raises(PermissionDenied, match="由区发改局审核员或管理员录入"):
            kind.retract(rows=[row], by=person, reason="点错了")
    assert versions(row) == [(1, True, "")]


def test_a_refusal_leaves_the_transaction_of_the_caller_usable(kind, owner, reviewer):
    with transaction.atomic():
        with pytest.raises(ValidationError):
            kind.record(rows=[kind.say(owner, 0), kind.say(owner, 0)], by=reviewer)
        kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    assert type(kind.say(owner, 0)).objects.count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow_with_the_rows(kind, reviewer, count, django_assert_num_queries):
    """Locked, read, written, noted, touched: five for what is new, six for corrections.

    Before a value is taken back it is asked whether a settlement rests on it.
    """
    owners = [kind.make_owner() for _ in range(count)]
    DataState.touch()
    rows = [kind.say(owner, 0) for owner in owners]
    with django_assert_num_queries(5):
        kind.record(rows=rows, by=reviewer)
    corrected = [kind.say(owner, 1, reason="核实") for owner in owners]
    with django_assert_num_queries(6):
        kind.record(rows=corrected, by=reviewer)
    with django_assert_num_queries(7 if kind is KINDS["value"] else 6):
        kind.retract(rows=corrected, by=reviewer, reason="点错了")


def test_agencies_of_contributions_are_read_at_once(reviewer, django_assert_num_queries):
    DataState.touch()
    task = TaskFactory()
    rows = [TaskContributionFactory.build(task=task, agency=None) for _ in range(10)]
    for row in rows:
        row.agency_id = AgencyFactory().pk
    with django_assert_num_queries(6):
        tasks.record_contributions(rows=rows, by=reviewer)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"status": "fine"}, "status", "fine"),
        ({"narrative": ""}, "narrative", "不能为空"),
        ({"next_due": "年底"}, "next_due", "完成时限写成年和月，如 2026-12"),
        ({"next_due": "2026-13"}, "next_due", "完成时限写成年和月，如 2026-12"),
        ({"quantity_value": Decimal(3)}, "quantity_name", "有量化数值的，写明是什么的数值"),
        ({"coordination": "长" * 201}, "coordination", "200"),
    ],
)
def test_impossible_progress_of_a_task_gets_a_sentence(reviewer, fields, field, sentence):
    row = TaskProgressFactory.build(task=TaskFactory(), **fields)
    with pytest.raises(ValidationError, match=sentence) as refused:
        tasks.record_progress_many(rows=[row], by=reviewer)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"invested_wan": Decimal(-1)}, "invested_wan", "累计投资不能为负"),
        ({"works_percent": Decimal(101)}, "works_percent", "形象进度须在0至100之间"),
        ({"expected_on": "明年"}, "expected_on", "预计竣工写成年和月，如 2026-12"),
        (
            {"started_on": "2026-03", "completed_on": "2025-12"},
            "completed_on",
            "实际竣工不能早于实际开工",
        ),
    ],
)
def test_impossible_progress_of_a_project_gets_a_sentence(reviewer, fields, field, sentence):
    row = ProjectProgressFactory.build(project=ProjectFactory(), **fields)
    with pytest.raises(ValidationError, match=sentence) as refused:
        projects.record_progress_many(rows=[row], by=reviewer)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("fields", [{"text": ""}, {"nothing": True}])
def test_a_contribution_is_a_text_or_nothing(reviewer, fields):
    row = TaskContributionFactory.build(task=TaskFactory(), agency=AgencyFactory(), **fields)
    with pytest.raises(ValidationError, match="要么写明配合情况，要么注明本季度无配合事项"):
        tasks.record_contributions(rows=[row], by=reviewer)


def test_one_alone_is_recorded_too(reviewer):
    task, project = TaskFactory(), ProjectFactory()
    progress = TaskProgressFactory.build(task=task, status=TaskStatus.DONE)
    assert tasks.record_progress_many(rows=[progress], by=reviewer)[0].pk
    same = TaskProgressFactory.build(task=task, status=TaskStatus.DONE)
    assert tasks.record_progress_many(rows=[same], by=reviewer) == []
    report = ProjectProgressFactory.build(project=project, status=ProjectStatus.SUSPENDED)
    assert projects.record_progress_many(rows=[report], by=reviewer)[0].pk
    value = ObservationFactory.build(target=TargetFactory(), grade=DataGrade.FINAL)
    assert targets.record_observations(observations=[value], by=reviewer)[0].pk


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_at_the_same_moment_make_two_versions(kind):
    """The second waits for the first, then sees what it wrote."""
    owner, reviewer = kind.make_owner(), UserFactory(roles=[Role.REVIEWER])
    kind.record(rows=[kind.say(owner, 0)], by=reviewer)
    rows = [kind.say(owner, place, reason="核实") for place in (1, 2)]
    ready = Barrier(2)

    def correct(row):
        ready.wait()
        try:
            kind.record(rows=[row], by=reviewer)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(correct, rows))
    assert versions(rows[0]) == [(1, False, "已被取代"), (2, False, "已被取代"), (3, True, "")]
