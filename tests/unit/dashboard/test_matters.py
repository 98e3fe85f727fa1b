"""Pages of one task and one project: risks and evidence behind them, for whom they are."""

import datetime

import pytest

from agencies.choices import Role
from projects.models import Project
from reporting.choices import MatterState, ObligationKind, RiskLevel
from reporting.matters.selectors.subject_records import subject_records
from reporting.models import Evidence, StoredFile
from reporting.policies import check_can_read, readable
from tasks.models import Task
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import ClosedRiskFactory, RiskFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskContributionFactory, TaskFactory, TaskProgressFactory
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return AgencyFactory(code="jtj", name="区交通运输局", short_name="区交通局")


@pytest.fixture
def task(lead):
    return TaskFactory(code="995-1", lead=lead)


@pytest.fixture
def supporter():
    return AgencyFactory(code="zjj", short_name="区住建局")


@pytest.fixture
def files(task, lead, supporter):
    """An approved file of the lead and one of a supporter; one that is not approved yet."""
    own = ObligationFactory(kind=ObligationKind.TASK, agency=lead, task=task)
    shared = ObligationFactory(kind=ObligationKind.CONTRIBUTION, agency=supporter, task=task)
    attach(own, name="台账.xlsx")
    attach(own, name="草稿.xlsx", is_locked=False)
    attach(shared, name="验收.pdf")
    return own, shared


def attach(item, *, name, is_locked=True):
    """The row of a file; its content is nothing to these pages."""
    file, _ = StoredFile.objects.get_or_create(sha256=f"{item.pk:064}", defaults={"size": 1})
    if not is_locked:
        file = StoredFile.objects.create(sha256=f"{item.pk:063}x", size=1)
    return Evidence.objects.create(
        obligation=item, file=file, name=name, uploaded_by="张三", is_locked=is_locked
    )


def risk(task, **more):
    values = {"title": "用地手续未办结", "level": RiskLevel.HIGH} | more
    return RiskFactory(task=task, agency=task.lead, **values)


def person(*roles, agency=None):
    return UserFactory(roles=list(roles), agency=agency)


def names(found):
    return [file.name for file in found.files]


class TestEvidence:
    def test_the_lead_reads_its_own_and_its_supporters_files(self, task, files, lead):
        found = subject_records(of=Task, code=task.code, reader=person(Role.REPORTER, agency=lead))
        assert (names(found), found.hidden) == (["台账.xlsx", "验收.pdf"], 0)
        assert [file.is_contribution for file in found.files] == [False, True]

    def test_a_supporter_reads_only_its_own(self, task, files, supporter):
        found = subject_records(
            of=Task, code=task.code, reader=person(Role.SIGNER, agency=supporter)
        )
        assert (names(found), found.hidden) == (["验收.pdf"], 1)

    def test_the_bureau_reads_all(self, task, files):
        found = subject_records(
            of=Task, code=task.code, reader=person(Role.REVIEWER, agency=AgencyFactory())
        )
        assert (len(found.files), found.hidden) == (2, 0)

    @pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
    def test_others_are_told_how_many_there_are(self, client, task, files, role):
        client.force_login(person(role))
        page = text(client.get("/tasks/995-1/"))
        assert "2份由填报单位和区发改局查看" in page
        assert "台账.xlsx" not in page

    def test_the_filter_says_the_same_as_the_policy(self, files, lead, supporter):
        """For each person and each item: what the list shows is what may be opened."""
        bodies = (lead, supporter, AgencyFactory())
        people = [person(role, agency=body) for body in bodies for role in (
            Role.REPORTER, Role.SIGNER, Role.REVIEWER,
        )] + [person(Role.LEADER), person(Role.ADMINISTRATOR)]  # fmt: skip
        for one in people:
            for item in files:
                try:
                    check_can_read(obligation=item, by=one)
                except PermissionError:
                    raise
                except Exception:
                    may = False
                else:
                    may = True
                shown = type(item).objects.filter(readable(by=one), pk=item.pk).exists()
                assert shown is may, (one.roles, one.agency, item)


class TestRisks:
    def test_open_ones_come_first_with_the_problems_of_reports(self, client, task):
        ClosedRiskFactory(task=task, agency=task.lead, title="已经销号的")
        risk(task, due_on=datetime.date(2026, 12, 31))
        TaskProgressFactory(task=task, quarter=2, problems="缺资金")
        TaskProgressFactory(task=task, quarter=3, problems="缺施工队")
        client.force_login(person(Role.LEADER))
        page = text(client.get("/tasks/995-1/"))
        assert "问题台账：未销号2项" in page
        places = [page.index(f">{word}") for word in ("用地手续未办结", "已经销号的")]
        assert places == sorted(places)
        assert page.index(">缺施工队<") < page.index(">缺资金<")
        assert "不再提出" in page
        assert "2026年12月31日前" in page

    def test_a_change_of_the_ledger_shows_at_once(self, client, task):
        made = risk(task)
        client.force_login(person(Role.LEADER))
        client.get("/tasks/995-1/")
        etag = client.get("/tasks/995-1/")["ETag"]
        again = client.get("/tasks/995-1/", headers={"If-None-Match": etag})
        assert again.status_code == 304
        made.state, made.closing_note = MatterState.CLOSED, "已办结"
        made.closed_at = made.reported_at
        made.save()
        again = client.get("/tasks/995-1/", headers={"If-None-Match": etag})
        assert "没有未销号的问题" in text(again)

    def test_a_project_has_its_own(self, client):
        project = ProjectFactory(number=901)
        ProjectProgressFactory(project=project, problems="资金未到位")
        RiskFactory(project=project, title="停工风险", level=RiskLevel.LOW)
        client.force_login(person(Role.LEADER))
        page = text(client.get("/projects/P901/"))
        assert "问题台账：未销号2项" in page
        assert "停工风险" in page
        found = subject_records(of=Project, code="P901", reader=person(Role.LEADER))
        assert (found.open_matters, found.files, found.hidden) == (1, (), 0)

    def test_what_is_unknown_has_nothing_behind(self, client):
        assert subject_records(of=Task, code="0-0", reader=person(Role.LEADER)).matters == ()
        client.force_login(person(Role.LEADER))
        assert client.get("/tasks/0-0/").status_code == 404
        assert client.get("/projects/P0/").status_code == 404


def test_a_stale_narrative_is_said_on_the_page(client, task):
    for quarter in (2, 3):
        TaskProgressFactory(task=task, quarter=quarter, narrative="按计划推进")
    client.force_login(person(Role.LEADER))
    assert "连续2次填报没有改动" in text(client.get("/tasks/995-1/"))


@pytest.mark.parametrize("many", [1, 10])
def test_statements_do_not_grow(client, task, lead, django_assert_max_num_queries, many):
    project = ProjectFactory(number=901, reporting_agency=lead)
    for number in range(many):
        period = PeriodFactory(year=2000 + number, quarter=3)
        item = ObligationFactory(period=period, kind=ObligationKind.TASK, agency=lead, task=task)
        attach(item, name="台账.xlsx")
        risk(task)
        task.shares.create(agency=AgencyFactory(), position=number)
        task.targets.add(TargetFactory())
        project.targets.add(TargetFactory())
        TaskProgressFactory(task=task, year=2000 + number)
        TaskContributionFactory(task=task, year=2000 + number)
        ProjectProgressFactory(project=project, year=2000 + number)
    client.force_login(person(Role.REPORTER, agency=lead))
    for address in ("/tasks/995-1/", "/projects/P901/"):
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200
    assert Evidence.objects.count() == many
