"""The pages as the data stood at the end of a day."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.choices import Role
from plan.models import DataState
from reporting.choices import DecisionKind, ObligationKind
from reporting.models import Decision, Submission
from targets import services
from targets.models import JudgingRule, Milestone, Observation, Settlement
from targets.services import Pick
from tasks.models import TaskProgress
from tasks.rules.progress import WAITING
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.plan import DocumentFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import statements, text, words, workbook
from tests.unit.reporting.reviewed import handed_in, make_agency

pytestmark = pytest.mark.django_db

PAGES = (
    "/dashboard/", "/dashboard/2025/", "/dashboard/2030/", "/dashboard/print/", "/targets/",
    "/targets/T18/", "/tasks/", "/tasks/0-1/", "/projects/", "/projects/P16/",
)  # fmt: skip
DAY, BEFORE, LONG_AGO = "2026-06-30", "2026-05-31", "2021-01-01"


def noon(day):
    return timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T12:00"))


def came(row, day, **fields):
    """As if it had been recorded at noon of a day."""
    type(row)._base_manager.filter(pk=row.pk).update(recorded_at=noon(day), **fields)
    return row


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.fixture
def target():
    """75% by 2025; 70.0 was known on 15 April, 78.6 since 15 June, 80.2 since 15 September."""
    target = TargetFactory(code="T18", name="纯电动公交车比例", is_headline=True)
    MilestoneFactory(target=target)
    MilestoneFactory(target=target, year=2030, value=Decimal(90))
    for number, (value, day) in enumerate(
        [("70.0", "2026-04-15"), ("78.6", "2026-06-15"), ("80.2", "2026-09-15")], start=1
    ):
        row = ObservationFactory(
            target=target, version=number, value=Decimal(value), is_current=number == 3,
            reason="更正" if number > 1 else "",
        )  # fmt: skip
        came(row, day)
    return target


@pytest.fixture
def whole(target):
    """Something of everything, with a report that came and one that was corrected later."""
    task = TaskFactory(code="0-1")
    report = TaskProgressFactory(task=task, year=2026, quarter=1, status="lagging")
    came(report, "2026-04-20", is_current=False)
    new = TaskProgressFactory(
        task=task, year=2026, quarter=1, status="on_track", version=2, reason="更正"
    )
    came(new, "2026-07-20")
    project = ProjectFactory(code="P16", start_year=2023, end_year=2024)
    first = ProjectProgressFactory(project=project, year=2026, quarter=1, status="under_way")
    came(first, "2026-04-20")
    done = ProjectProgressFactory(project=project, year=2026, quarter=2, status="completed")
    came(done, "2026-07-20")
    DataState.touch()
    return target


def reviewing():
    return UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory())


def page(reader, address, day=DAY):
    joint = "&" if "?" in address else "?"
    return reader.get(f"{address}{joint}asof={day}")


class TestTargets:
    def test_the_list_shows_the_value_that_was_known(self, reader, target):
        shown = [
            words(text(page(reader, "/targets/", day)))
            for day in ("2026-04-14", BEFORE, DAY, "2026-10-01")
        ]
        assert ["78.6" in one for one in shown] == [False, False, True, False]
        assert ["70.0" in one for one in shown] == [False, True, False, False]
        assert "数据缺失" in shown[0]
        assert "未达标" in shown[1]
        assert "已达标" in shown[2]

    def test_the_page_shows_the_versions_as_they_stood(self, reader, target):
        detail = page(reader, "/targets/T18/").context["detail"]
        assert [(row.value, row.is_current) for row in detail.observations] == [
            (Decimal("70.0"), False), (Decimal("78.6"), True),
        ]  # fmt: skip
        assert "80.2" not in text(page(reader, "/targets/T18/"))

    def test_figure_and_workbook_are_of_the_same_day(self, reader, target):
        answer = page(reader, "/targets/T18/")
        for address in ("/targets/T18/data.xlsx", "/targets/export.xlsx"):
            assert reader.get(f"{address}?asof={DAY}").status_code == 200
        assert f"asof={DAY}" in text(answer)
        for figure in document(answer).every("[data-src]"):
            assert "80.2" not in text(reader.get(figure["data-src"]))

    def test_a_workbook_says_its_day(self, reader, whole):
        for address in (
            "/targets/export.xlsx", "/targets/T18/data.xlsx", "/tasks/export.xlsx",
            "/tasks/0-1/export.xlsx", "/projects/export.xlsx", "/projects/P16/export.xlsx",
            "/dashboard/2025/export.xlsx", "/dashboard/2030/export.xlsx",
        ):  # fmt: skip
            then, now = reader.get(f"{address}?asof={DAY}"), reader.get(address)
            assert "20260630" in then["Content-Disposition"], address
            assert "20260630" not in now["Content-Disposition"]
            assert "按2026年6月30日已掌握的数据" in workbook(then)[0][0]

    def test_a_value_taken_back_since_still_counts_then(self, reader, target):
        services.retract_observations(
            rows=[Observation.objects.get(is_current=True)], by=reviewing(), reason="错了"
        )
        assert "80.2" in words(text(page(reader, "/targets/", "2026-10-01")))
        assert "78.6" in words(text(reader.get("/targets/")))

    def test_a_goal_sent_down_later_was_not_known(self, reader, target):
        later = timezone.now() - datetime.timedelta(days=30)
        Milestone.objects.filter(target=target, year=2030).update(is_current=False)
        new = MilestoneFactory(
            target=target, year=2030, value=Decimal(95), version=2, document=DocumentFactory(),
            effective_from=datetime.date(2026, 1, 1),
        )  # fmt: skip
        Milestone.objects.filter(pk=new.pk).update(created_at=later)
        assert "≥95" in words(text(reader.get("/targets/")))
        then = words(text(page(reader, "/targets/")))
        assert "≥90" in then
        assert "≥95" not in then

    def test_a_goal_from_before_its_time_was_kept_counts_from_its_day(self, reader, target):
        Milestone.objects.filter(target=target, year=2030).update(is_current=False)
        new = MilestoneFactory(
            target=target, year=2030, value=Decimal(95), version=2, document=DocumentFactory(),
            effective_from=datetime.date(2026, 6, 1),
        )  # fmt: skip
        Milestone.objects.filter(pk=new.pk).update(created_at=None)
        found = [words(text(page(reader, "/targets/", day))) for day in (BEFORE, DAY)]
        assert ["≥95" in one for one in found] == [False, True]

    def test_the_rule_of_the_day_judges(self, reader, target):
        Observation.objects.filter(version=2).update(value=Decimal(70))
        JudgingRule.objects.create(
            version=2, valid_from=datetime.date(2026, 7, 1), near_percent=Decimal(2),
            tolerance_percent=Decimal(2), caps_striven=True, reason="收紧二级",
        )  # fmt: skip
        then, now = page(reader, "/targets/"), page(reader, "/targets/", "2026-07-01")
        levels = [answer.context["form"].rows[0].light.level for answer in (then, now)]
        assert levels == ["orange", "red"]
        assert "第1版" in text(then)
        assert "第2版" in text(now)

    def test_the_settlement_of_the_day_holds(self, reader, target):
        reviewer = reviewing()
        milestone = Milestone.objects.get(target=target, year=2025)
        current = Observation.objects.get(is_current=True)
        services.settle_many(
            picks=[Pick(milestone.pk, current.pk, 2025, proposed_by="李敏")], by=reviewer
        )
        came(Settlement.objects.get(), "2026-10-05")
        for day, settled in (("2026-10-04", False), ("2026-10-05", True)):
            row = page(reader, "/targets/", day).context["form"].rows[0]
            assert (row.standing is not None) is settled
            assert not row.is_outdated
        newer = ObservationFactory(
            target=target, version=4, value=Decimal(81), reason="更正", is_current=False
        )
        came(newer, "2026-10-20")
        row = page(reader, "/targets/", "2026-10-21").context["form"].rows[0]
        assert row.is_outdated
        assert not page(reader, "/targets/", "2026-10-19").context["form"].rows[0].is_outdated


class TestTasksAndProjects:
    def test_the_report_that_held_then(self, reader, whole):
        then, now = (page(reader, "/tasks/?period=2026Q1", day) for day in (DAY, "2026-08-01"))
        assert [one.context["rows"][0].light.word for one in (then, now)] == [
            "进展滞后", "正常推进",
        ]  # fmt: skip
        detail = page(reader, "/tasks/0-1/").context["detail"]
        assert [(row.version, row.is_current) for row in detail.versions] == [(1, True)]
        assert detail.period.code == "2026Q1"

    def test_the_heat_map_counts_the_same(self, reader, whole):
        for day, on_course in ((DAY, 0), ("2026-08-01", 1)):
            heat = page(reader, "/dashboard/?period=2026Q1", day).context["heat"]
            (cell,) = (row.cells[-1] for row in heat.rows)
            assert cell.summary.on_course == on_course

    def test_what_waited_then_waits(self, reader):
        waiting = handed_in(make_agency(), ObligationKind.TASK)
        Submission.objects.update(submitted_at=noon("2026-10-20"))
        Decision.objects.create(
            obligation=waiting, item=waiting.rounds.get(), kind=DecisionKind.RETURNED, by_id=1,
            comment="核实", decided_at=noon("2026-10-25"),
        )  # fmt: skip
        TargetFactory()
        DataState.touch()
        for day, count in (("2026-10-19", 0), ("2026-10-20", 1), ("2026-10-25", 0)):
            listed = page(reader, "/tasks/?period=2026Q3", day).context
            assert listed["counts"].by_status[WAITING] == count
            assert ["待审核" in row.light.word for row in listed["rows"]] == [bool(count)]
            heat = page(reader, "/dashboard/?period=2026Q3", day).context["heat"]
            assert [row.cells[-1].summary.waiting for row in heat.rows] == [count]
            detail = page(reader, waiting.task.get_absolute_url(), day).context["detail"]
            assert detail.is_waiting is bool(count)

    def test_delays_are_counted_to_the_day(self, reader, whole):
        then = page(reader, "/projects/P16/").context["row"]
        assert (then.status, then.overdue) == ("under_way", 18)
        assert page(reader, "/projects/P16/", "2026-08-01").context["row"].status == "completed"
        assert page(reader, "/projects/").context["overview"].completed == 0


class TestPages:
    @pytest.mark.parametrize("address", PAGES)
    def test_each_says_its_day_and_leads_back(self, reader, whole, address):
        shown = text(page(reader, address))
        if address == "/dashboard/print/":
            assert "数据截至2026年6月30日" in shown
            return
        assert "按2026年6月30日已掌握的数据显示（不含此后的审核结果）" in shown
        assert f'<a data-today href="{address}">回到今天</a>' in shown
        assert "已掌握的数据" not in text(reader.get(address))

    @pytest.mark.parametrize("address", PAGES)
    def test_before_anything_was_known_it_is_empty_and_stands(self, reader, whole, address):
        assert page(reader, address, LONG_AGO).status_code == 200

    @pytest.mark.parametrize("address", PAGES)
    def test_few_statements_whatever_the_rows(self, reader, whole, address):
        day = f"{address}?asof={DAY}"
        few = len(statements(reader, day))
        assert few <= 8
        for row in (TargetFactory(is_headline=True), TargetFactory(is_headline=True)):
            MilestoneFactory(target=row)
            came(ObservationFactory(target=row), "2026-06-01")
            came(TaskProgressFactory(year=2026, quarter=1), "2026-06-01")
            came(ProjectProgressFactory(year=2026, quarter=1), "2026-06-01")
        assert len(statements(reader, day)) == few

    @pytest.mark.parametrize(
        ("typed", "said"), [("2999-01-01", "还没有到"), ("abc", "读不出"), ("2026-13-01", "读不出")]
    )
    def test_another_day_than_can_be_shown_falls_back_to_today(self, reader, whole, typed, said):
        shown = text(page(reader, "/dashboard/", typed))
        assert said in shown
        assert "以下是今天的数据" in shown
        assert "80.2" in words(shown)

    def test_today_is_no_past_day(self, reader, whole):
        shown = text(page(reader, "/dashboard/", timezone.localdate().isoformat()))
        assert "已掌握的数据" not in shown

    @pytest.mark.parametrize("role", list(Role))
    def test_everybody_may(self, client, whole, role):
        client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
        assert "已掌握的数据" in text(page(client, "/dashboard/"))

    def test_settling_is_of_today(self, client, whole):
        client.force_login(make_cast()["赵六"])
        assert client.get("/dashboard/2025/").context["may_settle"]
        assert not page(client, "/dashboard/2025/").context["may_settle"]

    def test_how_agencies_reported_is_left_out(self, reader, whole):
        shown = text(page(reader, "/dashboard/"))
        assert "应报、已报送、按时和退回只有今天的" in shown
        assert "agencies_past" not in shown


class TestKept:
    def test_days_have_their_own_tags(self, reader, whole):
        tags = {page(reader, "/dashboard/", day)["ETag"] for day in (DAY, BEFORE)}
        tags.add(reader.get("/dashboard/")["ETag"])
        assert len(tags) == 3

    def test_an_unchanged_day_is_not_sent_again(self, reader, whole):
        page(reader, "/dashboard/")  # the first answer brings the cookie of the forms
        tag = page(reader, "/dashboard/")["ETag"]
        address = f"/dashboard/?asof={DAY}"
        assert reader.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304

    def test_a_past_day_never_serves_for_today(self, reader, whole):
        then = words(text(page(reader, "/dashboard/")))
        now = words(text(reader.get("/dashboard/")))
        again = words(text(page(reader, "/dashboard/")))
        assert "78.6" in then
        assert "80.2" in now
        assert "80.2" not in again


def facts(row):
    return row.target.code, row.settled.verdict, row.latest_text, row.light


def test_one_number_on_a_past_day(reader, whole):
    overview = page(reader, "/dashboard/").context
    listed = page(reader, "/targets/").context["form"].rows
    shown = [row.judged for group in overview["groups"] for row in group.rows]
    assert {facts(row) for row in shown} == {facts(row) for row in listed}
    met = overview["summary"].score[0].cells[0]
    assert (met.count, len(reader.get(f"{met.url}&asof={DAY}").context["page"].rows)) == (1, 1)
    sheet = page(reader, "/dashboard/print/").context["page"]
    assert {facts(row.judged) for row in sheet.overview.rows} == {facts(row) for row in listed}
    settled = page(reader, "/dashboard/2025/").context["page"]
    assert [row.actual for row in settled.rows] == ["78.6%"]
    ahead = page(reader, "/dashboard/2030/").context
    assert "78.6%" in words(text(page(reader, "/dashboard/2030/")))
    assert ahead["asked"].asof.day == datetime.date(2026, 6, 30)
    assert TaskProgress.objects.filter(is_current=True).count() == 1
