"""What becomes of risks and 重大问题 when they are one ledger, and what past days say of them.

One database, taken back, filled with rows of each kind and brought forward.
"""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from agencies.choices import Role
from audit.models import AuditEvent
from plan.models import Document
from reporting.choices import MatterKind, MatterState
from reporting.matters.selectors.asof import matters_asof
from reporting.matters.selectors.matters import by_old_code
from reporting.matters.selectors.on_days import matters_on_days
from reporting.models import Matter, MatterNote
from setup.models import AgencyChange
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db
BEFORE = [("reporting", "0006_value_year")]
LEAVES = {
    "risk": ("R", 11), "controlled": ("R", 12), "closed": ("R", 13), "of_report": ("R", 14),
    "second": ("R", 15), "waiting": ("W", 21), "answered": ("W", 22), "taken": ("W", 23),
}  # fmt: skip


def at(day, hour=1):
    return datetime.datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00")


@pytest.fixture(scope="module", autouse=True)
def migrated(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            old = migrate(BEFORE)
            fill(old)
            count_on(old)
            migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
            yield
        finally:
            migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
            call_command("flush", interactive=False, verbosity=0)


def migrate(where):
    executor = MigrationExecutor(connection)
    executor.migrate(where)
    return executor.loader.project_state(where).apps


def count_on(old):
    """Let new rows follow the given numbers, as they do where each row took its own."""
    models = [old.get_model("reporting", name) for name in ("Matter", "Risk")]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def fill(old):
    """Five risks and three 重大问题, with the events that the services of the time left."""
    bureau = AgencyFactory(code="fgj", name="区发展和改革局", short_name="区发改局",
                           is_coordinator=True)  # fmt: skip
    body = AgencyFactory(code="zjj", name="区住房和城乡建设局", short_name="区住建局")
    other = AgencyFactory(code="jtj", name="区交通运输局", short_name="区交通局")
    project, target = ProjectFactory(number=9), TargetFactory(code="X01")
    matter, risk = (old.get_model("reporting", name) for name in ("Matter", "Risk"))
    for pk, state, answer, day in (
        (21, "reported", "", None), (22, "answered", "已协调", "2026-09-20"),
        (23, "accepted", "已列入重点风险台账", "2026-09-10"),
    ):  # fmt: skip
        matter.objects.create(
            pk=pk, agency_id=body.pk, agency_name="区建设局", title=f"问题{pk}", text=f"情况{pk}",
            wish="请协调", target_id=target.pk, state=state, reported_by="张三", answer=answer,
            answered_by="赵六" if answer else "", answered_at=day and at(day),
        )  # fmt: skip
    matter.objects.update(reported_at=at("2026-09-01"))
    for pk, state, note, of in (
        (11, "open", "", None), (12, "controlled", "", None), (13, "closed", "已落实", None),
        (14, "open", "", 23), (15, "open", "", 23),
    ):  # fmt: skip
        risk.objects.create(
            pk=pk, title=f"风险{pk}", text="" if of else f"表现{pk}", level="high",
            agency_id=body.pk, measures="调度", due_on=datetime.date(2026, 12, 31), state=state,
            closing_note=note, matter_id=of, project_id=project.pk, recorded_by="赵六",
        )  # fmt: skip
        day = "2026-09-10" if of else "2026-09-05"
        risk.objects.filter(pk=pk).update(recorded_at=at(day))
    event("R13", "2026-10-20", ("状态", "未化解", "已销号"), ("化解情况", "", "已落实"))
    event("R12", "2026-10-01", ("状态", "未化解", "已控制"), ("等级", "低", "高"))
    event("R11", "2026-10-10", ("责任单位", other.name, body.name), ("风险", "停工", "风险11"))
    merger = {"links": {"reporting.risk.agency": [11, 14], "reporting.matter.agency": [21]}}
    AgencyChange.objects.create(
        kind="merge", agency=other, into=body, day=datetime.date(2026, 10, 10), before=merger,
        accounts="move",
        document=Document.objects.create(title="通知", number="开编委〔2026〕12号"),
    )  # fmt: skip
    assert bureau.is_coordinator


def event(code, day, *changes):
    with time_machine.travel(at(day), tick=False):
        AuditEvent.objects.create(
            action="修改", object_type="风险", object_code=code, way="web", actor_name="赵六",
            changes=[list(change) for change in changes],
        )  # fmt: skip


def matter(name):
    letter, number = LEAVES[name]
    return by_old_code(letter=letter, number=number)


@pytest.mark.parametrize(
    ("name", "state", "in_ledger"),
    [
        ("risk", MatterState.ASSESSED, True),
        ("controlled", MatterState.IN_HAND, True),
        ("closed", MatterState.CLOSED, True),
        ("of_report", MatterState.ASSESSED, True),
        ("second", MatterState.ASSESSED, True),
        ("waiting", MatterState.RAISED, False),
        ("answered", MatterState.CLOSED, False),
        ("taken", MatterState.ASSESSED, True),
    ],
)
def test_each_row_becomes_a_matter(name, state, in_ledger):
    found = matter(name)
    assert (found.state, found.in_ledger) == (state, in_ledger)


def test_a_risk_joins_the_report_that_it_came_from():
    joined = matter("of_report")
    assert joined == matter("taken") != matter("second")
    assert joined.old_codes == ("R14", "W23")
    assert (joined.title, joined.text, joined.kind) == ("风险14", "情况23", MatterKind.URGE)
    assert (joined.agency_name, joined.handler.short_name) == ("区建设局", "区住建局")
    assert Matter.objects.count() == 7


def test_numbers_follow_the_days():
    codes = [matter(name).code for name in LEAVES]
    assert sorted(set(codes)) == [f"2026-0{number}" for number in range(1, 8)]
    assert {matter("waiting").code, matter("answered").code, matter("taken").code} == {
        "2026-01", "2026-02", "2026-03",
    }  # fmt: skip


def test_steps_that_were_known_are_notes():
    notes = MatterNote.objects.filter(matter=matter("taken")).order_by("at", "pk")
    assert [(note.step, note.text, note.by_name) for note in notes] == [
        ("raise", "情况23", "张三"),
        ("assess", "列入重点风险台账", "赵六"),
        ("answer", "已列入重点风险台账", "赵六"),
    ]
    closed = matter("closed")
    assert (closed.closing_note, closed.closed_by, closed.closed_at) == (
        "已落实", "赵六", at("2026-10-20"),
    )  # fmt: skip


def test_a_merger_knows_the_matters_that_it_moved():
    links = AgencyChange.objects.get().before["links"]
    moved = [matter("risk").pk, matter("of_report").pk]
    assert links == {"reporting.matter.handler": moved, "reporting.matter.agency": [21]}


def test_old_events_are_read_from_the_matter(client):
    client.force_login(UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory()))
    page = document(client.get(matter("closed").get_absolute_url()))
    (link,) = (link for link in page.every("a") if link.text == "R13的留痕")
    found = document(client.get(link["href"])).one("main").text
    assert "未化解" in found
    assert "已落实" in found


def test_old_codes_are_found(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    for code in ("R14", "w23", matter("taken").code):
        answer = client.get("/find/", {"code": code}, follow=True)
        assert answer.redirect_chain[-1][0] == matter("taken").get_absolute_url(), code


def lines(moment):
    found = matters_asof(moment=at(moment))
    return [
        (line.name, line.about, line.title, line.said, line.grade, line.source, line.due_on)
        for line in sorted(found, key=lambda line: line.name)
    ]


DUE = datetime.date(2026, 12, 31)
# As the two ledgers said it: reporting.selectors.risks_then and concerns before there were matters.
THEN = {
    "2026-09-01": [],
    "2026-09-02": [
        ("W21", "X01", "问题21", "待处理", "协调", "重大问题，区住建局", None),
        ("W22", "X01", "问题22", "待处理", "协调", "重大问题，区住建局", None),
        ("W23", "X01", "问题23", "待处理", "协调", "重大问题，区住建局", None),
    ],
    "2026-09-30": [
        ("R11", "P9", "停工", "未化解", "高风险", "重点风险台账，区交通运输局", DUE),
        ("R12", "P9", "风险12", "未化解", "低风险", "重点风险台账，区住建局", DUE),
        ("R13", "P9", "风险13", "未化解", "高风险", "重点风险台账，区住建局", DUE),
        ("R14", "P9", "风险14", "未化解", "高风险", "重点风险台账，区住建局", DUE),
        ("R15", "P9", "风险15", "未化解", "高风险", "重点风险台账，区住建局", DUE),
        ("W21", "X01", "问题21", "待处理", "协调", "重大问题，区住建局", None),
        ("W22", "X01", "问题22", "已答复", "协调", "重大问题，区住建局", None),
    ],
    "2026-11-01": [
        ("R11", "P9", "风险11", "未化解", "高风险", "重点风险台账，区住建局", DUE),
        ("R12", "P9", "风险12", "已控制", "高风险", "重点风险台账，区住建局", DUE),
        ("R13", "P9", "风险13", "已销号", "高风险", "重点风险台账，区住建局", DUE),
        ("R14", "P9", "风险14", "未化解", "高风险", "重点风险台账，区住建局", DUE),
        ("R15", "P9", "风险15", "未化解", "高风险", "重点风险台账，区住建局", DUE),
        ("W21", "X01", "问题21", "待处理", "协调", "重大问题，区住建局", None),
        ("W22", "X01", "问题22", "已答复", "协调", "重大问题，区住建局", None),
    ],
}


@pytest.mark.parametrize("day", THEN)
def test_past_days_say_what_they_said(day):
    assert lines(day) == THEN[day]


def test_readers_see_what_they_saw():
    people = {
        "own": UserFactory(roles=[Role.REPORTER], agency=matter("waiting").agency),
        "other": UserFactory(roles=[Role.REPORTER], agency=AgencyFactory()),
        "reviewer": UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory()),
    }
    for name, person in people.items():
        (found,) = matters_on_days(moments=[at("2026-11-01")], reader=person)
        reports = [line.name for line in found if not line.is_in_ledger]
        assert reports == ([] if name == "other" else ["W21", "W22"]), name
        assert len(found) - len(reports) == 5


def test_it_can_be_taken_back_and_brought_forward_again():
    events = list(AuditEvent.objects.order_by("pk").values())
    old = migrate(BEFORE)
    risks = old.get_model("reporting", "Risk").objects.order_by("pk")
    assert [(row.pk, row.title, row.text, row.state, row.matter_id) for row in risks] == [
        (11, "风险11", "表现11", "open", None),
        (12, "风险12", "表现12", "controlled", None),
        (13, "风险13", "表现13", "closed", None),
        (14, "风险14", "", "open", 23),
        (15, "风险15", "", "open", 23),
    ]
    links = AgencyChange.objects.get().before["links"]
    assert links == {"reporting.risk.agency": [11, 14], "reporting.matter.agency": [21]}
    assert {row.recorded_at for row in risks} == {at("2026-09-05"), at("2026-09-10")}
    reports = old.get_model("reporting", "Matter").objects.order_by("pk")
    assert [(row.pk, row.title, row.text, row.state, row.answer) for row in reports] == [
        (21, "问题21", "情况21", "reported", ""),
        (22, "问题22", "情况22", "answered", "已协调"),
        (23, "问题23", "情况23", "accepted", "已列入重点风险台账"),
    ]
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert list(AuditEvent.objects.order_by("pk").values()) == events
    for day, said in THEN.items():
        assert lines(day) == said
