"""The demonstration set over the plan as published: all its states, and out without a trace."""

import datetime
import io
import itertools
from decimal import Decimal

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import transaction

from agencies.choices import Role
from agencies.models import Agency
from audit.models import AuditEvent
from common.quarters import Period
from demo import services
from plan.models import DataState, Document
from projects import selectors as projects
from projects.choices import ProjectStatus
from projects.models import Project, ProjectProgress
from records.asof import AsOf
from reporting.handover.services import Choice, hand_over
from reporting.home.selectors.agency_home import agency_home
from reporting.matters.services import matters
from reporting.models import Handover, Matter, Obligation
from targets import rules
from targets.choices import DataGrade
from targets.models import Milestone, Observation, Settlement, Target
from targets.selectors import judged_targets, settled_year
from targets.services import recognise, settle
from tasks import selectors as tasks
from tasks.choices import TaskStatus
from tasks.models import TaskContribution, TaskProgress
from tests.clock import CLOCK
from tests.factories.agencies import UserFactory
from tests.factories.targets import ObservationFactory

D = Decimal
TODAY = datetime.date(2026, 11, 22)
REPORTED = (Observation, TaskProgress, TaskContribution, ProjectProgress)
KEEPS_COUNT = {"plan.datastate", "audit.auditevent"}


@pytest.fixture(scope="module")
def published(django_db_setup, django_db_blocker):
    """The plan as published, loaded on a day of the set; each test runs in a savepoint inside."""
    with CLOCK.kept(), django_db_blocker.unblock(), transaction.atomic():
        CLOCK.move_to(TODAY)
        call_command("load_plan", verbosity=0, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(published, db):
    assert services.load() == 627


@pytest.fixture(scope="class")
def shown(published, django_db_blocker):
    """The demonstration set, loaded once for the tests of a class that only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert services.load() == 627
        yield
        transaction.set_rollback(True)


def tables():
    """Every row of the application's tables, as text."""
    return {
        model._meta.label: serializers.serialize("json", model._base_manager.order_by("pk"))
        for model in apps.get_models()
        if model._meta.label_lower not in KEEPS_COUNT
    }


class TestLoading:
    def test_marks_every_row_and_the_whole_system(self, loaded):
        for model in REPORTED:
            assert model.objects.exists()
            assert not model.objects.filter(is_demo=False).exists()
        assert DataState.current().has_demo
        event = AuditEvent.objects.first()
        assert (event.action, event.object_name) == ("载入演示数据", "627行")

    def test_a_second_time_changes_nothing(self, loaded, django_assert_max_num_queries):
        before, version = tables(), DataState.current().version
        with django_assert_max_num_queries(3):
            assert services.load() == 0
        assert (tables(), DataState.current().version) == (before, version)

    def test_needs_few_statements(self, published, db, django_assert_max_num_queries):
        with django_assert_max_num_queries(126):
            services.load()


class TestRemoving:
    def test_leaves_every_table_as_it_was(self, published, db):
        before = tables()
        services.load()
        assert tables() != before
        assert services.remove() == 627
        assert tables() == before
        assert not DataState.current().has_demo

    def test_what_was_registered_of_its_reports_goes_with_them(self, loaded):
        fgj = Agency.objects.get(code="fgj")
        reviewer = UserFactory(roles=[Role.REVIEWER], agency=fgj)
        report = Obligation.objects.filter(period__is_demo=True).first()
        made, own = (Matter(title="停工", obligation=of) for of in (report, None))
        for matter in (made, own):
            matters.register(matter=matter, by=reviewer)
        services.remove()
        assert list(Matter.objects.all()) == [own]

    def test_what_was_handed_over_of_it_goes_with_it(self, loaded):
        report = Obligation.objects.filter(period__is_demo=True, state="submitted").first()
        wang, liu, chen = (
            UserFactory(agency=report.agency, roles=[role], name=name)
            for name, role in (
                ("王芳", Role.REPORTER),
                ("刘强", Role.REPORTER),
                ("陈磊", Role.SIGNER),
            )
        )
        Obligation.objects.filter(pk=report.pk).update(editors=[wang.pk])
        hand_over(
            agency=report.agency, giver=wang, receiver=liu, choice=Choice([report.pk]),
            reason="调离", by=chen,
        )  # fmt: skip
        services.remove()
        assert not Handover.objects.exists()
        assert not Obligation.objects.exists()

    def test_keeps_what_was_entered_meanwhile(self, loaded):
        target = Target.objects.get(code="T20")
        entered = ObservationFactory(target=target)
        services.remove()
        assert list(Observation.objects.all()) == [entered]

    def test_a_verdict_that_was_entered_stays_with_its_document(self, loaded):
        first = Settlement.objects.get(observation=None)
        again = recognise(
            milestone=first.milestone, verdict="achieved", document=first.document,
            note="复核后已经全部电动化", reason="复核", by=UserFactory(roles=[Role.REVIEWER]),
            proposed_by="李敏",
        )  # fmt: skip
        services.remove()
        assert list(Settlement.objects.all()) == [again]
        assert Document.objects.filter(pk=again.document_id).exists()

    def test_a_verdict_of_a_demonstration_value_goes_with_it(self, loaded):
        milestone = Milestone.objects.get(target__code="T13", year=2025)
        value = Observation.objects.get(target__code="T13", year=2025, quarter=None)
        by = UserFactory(roles=[Role.REVIEWER])
        settle(milestone=milestone, observation=value, by=by, proposed_by="李敏")
        services.remove()
        assert not Settlement.objects.exists()


@pytest.mark.usefixtures("shown", "db")
class TestWhatItShows:
    def test_every_verdict_and_every_light(self):
        rows = judged_targets()
        by_verdict = {
            verdict: [row.target.code for row in found]
            for verdict, found in itertools.groupby(
                sorted(rows, key=lambda row: row.settled.verdict), lambda row: row.settled.verdict
            )
        }
        assert by_verdict == {
            "achieved": ["T04", "T05", "T10", "T13", "T17", "T18"],
            "missed": ["T11", "T21"],
            "fell_short": ["T20"],
            "provisional": ["T01", "T03", "T24", "T25"],
            "basis_changed": ["T19"],
            "pending": ["T02", "T08"],
            "missing": ["T07", "T12", "T15", "T26"],
            "not_applicable": ["T06", "T09", "T14", "T16", "T22", "T23"],
        }
        met = {row.target.code: row.settled.met for row in rows}
        assert [met[code] for code in ("T01", "T03", "T24", "T25")] == [True, False, True, True]
        assert {row.light.level for row in rows} == {"green", "orange", "red", "grey"}

    def test_verdicts_that_were_settled(self):
        found = {
            row.judged.target.code: row.state
            for row in settled_year(year=2025).rows
            if row.settlement is not None
        }
        stands, outdated = rules.Settled.STANDS, rules.Settled.OUTDATED
        assert found == {
            **dict.fromkeys(("T04", "T05", "T11", "T18", "T20", "T21"), stands), "T10": outdated,
        }  # fmt: skip
        assert all(row.is_demo and row.recorded_by for row in Settlement.objects.all())
        recognised = Settlement.objects.get(observation=None)
        assert (recognised.target.code, recognised.document.number) == ("T20", "演示〔2026〕1号")

    def test_the_sample_of_the_dashboard(self):
        found = {
            (code, grade): value
            for code, value, grade in Observation.objects.filter(
                year=2025, quarter=None, is_current=True
            ).values_list("target__code", "value", "grade")
        }
        for key, value in {
            ("T01", "preliminary"): "15.6",
            ("T03", "preliminary"): "19.2",
            ("T04", "final"): "15.38",
            ("T05", "final"): "52.3",
            ("T11", "department"): "1.30",
            ("T21", "department"): "29.8",
        }.items():
            assert found[key] == D(value)
        annual = Observation.objects.filter(quarter=None, is_current=True)
        assert annual.filter(target__code="T06").count() == 7
        assert annual.filter(target__code="T21").count() == 3
        assert Observation.objects.get(target__code="T18", year=2026, quarter=2).value == D("77.9")

    def test_the_home_of_the_transport_bureau_shows_every_station(self):
        reader = UserFactory(agency=Agency.objects.get(code="jtj"))
        page = agency_home(reader=reader)
        assert [(one.place, one.count) for one in page.chain] == [
            ("mine", 9), ("signer", 1), ("bureau", 2), ("bureau", 1),
        ]  # fmt: skip
        first = page.mine[0]
        assert (first.code, first.opinion) == (
            "9-2", "演示审核员：“请写明投放的车辆数和时间。”",
        )  # fmt: skip
        days = {row.code: row.deadline_words for row in page.mine}
        assert days["T19"] == "12月5日，已延期"
        words = {(line.word, line.text.partition(" ")[0]) for line in page.news}
        assert {("退回", "9-2"), ("通过", "5-4"), ("延期", "T19")} <= words

    def test_the_plan_itself_gets_no_baseline(self):
        assert Target.objects.get(code="T03").baseline_value is None
        assert Observation.objects.get(target__code="T03", year=2020).value == D("16.8")

    def test_every_grade_basis_and_correction(self):
        rows = Observation.objects.all()
        assert {row.grade for row in rows} == set(DataGrade.values)
        assert rows.filter(not_applicable=True).exists()
        assert rows.exclude(basis=None).exists()
        for model in REPORTED:
            corrected = model.objects.filter(version=2)
            assert corrected.exists()
            assert all(row.reason for row in corrected)

    def test_every_state_of_tasks(self):
        assert set(TaskProgress.objects.values_list("status", flat=True)) == set(TaskStatus.values)
        counts = tasks.status_counts(period=Period(2026, 3))
        assert (counts.on_course, counts.missing) == (21, 7)
        heat = tasks.heat_map(Period(2026, 3).back(9))
        texts = {cell.summary.text for row in heat.rows for cell in row.cells}
        assert {"缺报1", "缺报2"} <= texts
        levels = {cell.summary.level for row in heat.rows for cell in row.cells}
        assert levels == {"green", "orange", "red", "grey"}

    def test_every_state_of_projects(self):
        statuses = set(ProjectProgress.objects.values_list("status", flat=True))
        assert statuses == set(ProjectStatus.values)
        overview = projects.projects_overview()
        assert (overview.completed, overview.overdue, overview.total) == (11, 7, 20)
        assert overview.sums.sentence == "合计 915,822 万元（19个项目，P15未列投资）"
        late = {row.project.code: row.overdue for row in overview.rows if row.overdue}
        assert late == {
            "P2": 23, "P9": 23, "P14": 23, "P16": 23, "P12": 11, "P13": 11, "P18": 11,
        }  # fmt: skip
        assert next(row for row in overview.rows if row.project.code == "P9").completion == 71

    def test_cumulative_investment_never_falls_and_stays_within_the_total(self):
        for project in Project.objects.all():
            rows = project.progress.filter(is_current=True).order_by("year", "quarter")
            amounts = [row.invested_wan for row in rows if row.invested_wan is not None]
            assert amounts == sorted(amounts), project
            assert not amounts or amounts[-1] <= project.total_investment_wan, project

    def test_a_past_day_knows_what_had_come_by_then(self):
        def known(day):
            rows = judged_targets(asof=AsOf(datetime.date.fromisoformat(day)))
            return {row.target.code: row.latest_year for row in rows}

        assert known("2021-03-31")["T03"] is None
        assert known("2026-03-31")["T03"] == 2024
        assert known("2026-04-30")["T03"] == 2025
        now = {row.target.code: row.latest for row in judged_targets()}
        then = judged_targets(asof=AsOf(TODAY))
        assert {row.target.code: row.latest for row in then} == now


class TestCommands:
    def test_production_refuses(self, published, db, settings):
        settings.LOADS_DEMO = False
        with pytest.raises(CommandError, match="演示数据只在试用系统中载入"):
            call_command("load_demo")
        assert not Observation.objects.exists()

    def test_in_and_out_again(self, published, db, settings, capsys):
        settings.LOADS_DEMO = True
        call_command("load_demo")
        call_command("load_demo")
        call_command("remove_demo")
        assert capsys.readouterr().out.splitlines() == [
            "演示数据：新增627行",
            "演示数据：已有，未改动",
            "演示数据：已删除627行",
        ]


def test_pages_charts_and_workbooks_are_marked(loaded, client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    for address in ("/targets/", "/tasks/", "/projects/", "/agencies/", "/dashboard/"):
        assert "<b>演示数据</b>" in client.get(address).content.decode(), address
    for address in ("/projects/", "/projects/P9/", "/targets/T03/"):
        page = client.get(address).content.decode()
        assert page.count('data-mark="演示数据"') == page.count("<figure") > 0, address
    services.remove()
    for address in ("/targets/", "/tasks/", "/projects/", "/agencies/", "/dashboard/"):
        assert "演示数据" not in client.get(address).content.decode(), address
