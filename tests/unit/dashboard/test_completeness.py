"""How complete the reports are: counts by agency, quarters in time, the page and its freshness."""

import datetime
from random import Random

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.completeness import (
    CompletenessRow,
    bar_of,
    completeness,
    total_of,
    words_of,
)
from plan.models import DataState
from reporting.chasing.selectors.chased_obligations import chased_obligations
from reporting.choices import ObligationState, PeriodState
from reporting.models import Obligation
from reporting.periods.rules.punctuality import Punctuality, punctuality, quarter_was_on_time
from reporting.periods.selectors.completeness import AgencyStand, Stand, stands
from reporting.periods.selectors.opened_periods import opened_periods
from tasks.selectors import TaskFilters, heat_map, status_counts
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import MilestoneFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import text

pytestmark = pytest.mark.django_db

Q3 = Period(2026, 3)
State = ObligationState


@pytest.fixture
def period():
    return PeriodFactory(due_on=timezone.localdate() + datetime.timedelta(days=5))


@pytest.fixture
def late_period():
    """A quarter whose due day has passed."""
    due = datetime.date(2026, 8, 27)
    opened_on = datetime.date(2026, 8, 1)
    return PeriodFactory(quarter=2, opens_on=opened_on, due_on=due, state=PeriodState.CLOSED)


@pytest.fixture
def agency():
    return AgencyFactory(code="jtj", name="区交通运输局", short_name="区交通局")


def reader(client, *roles):
    body = AgencyFactory(code="fgj") if Role.REVIEWER in roles else None
    client.force_login(UserFactory(roles=list(roles) or [Role.LEADER], agency=body))
    return client


def moment(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 30)))


def stand_of(code, period=Q3):
    return next(row for row in stands(periods=[period]) if row.code == code).quarters[period]


class TestCounts:
    def test_every_owed_item_stands_in_one_column(self, period, agency):
        for state in State:
            ObligationFactory(period=period, agency=agency, state=state, returns=0)
        ObligationFactory(period=period, agency=agency, state=State.RETURNED, returns=1)
        ObligationFactory(period=period, agency=agency, state=State.DRAFT, returns=2)
        found = stand_of("jtj")
        assert found.owed == found.approved + found.waiting + found.returned + found.missing == 9
        assert (found.approved, found.waiting, found.returned, found.missing) == (1, 2, 2, 4)
        assert (found.handed_in, found.returns) == (3, 3)

    def test_what_is_corrected_still_counts_as_approved(self, period, agency):
        ObligationFactory(
            period=period, agency=agency, state=State.DRAFT, correction_reason="统计局核实"
        )
        assert (stand_of("jtj").approved, stand_of("jtj").missing) == (1, 0)

    def test_what_is_no_longer_owed_is_left_out(self, period, agency):
        ObligationFactory(period=period, agency=agency, dropped_on=datetime.date(2026, 11, 1))
        assert stands(periods=[Q3]) == ()

    def test_a_quarter_that_was_only_planned_has_no_counts(self, agency):
        ObligationFactory(period=PeriodFactory(state=PeriodState.PLANNED), agency=agency)
        assert stands(periods=[Q3]) == ()
        assert opened_periods(last=Q3).periods == {}

    def test_the_database_counts_as_the_rules_do(self, late_period, period):
        """Generated items: states, returns, extensions and days of handing in, all mixed."""
        dice = Random(7)  # noqa: S311
        back = PeriodFactory(quarter=1, is_backfill=True)
        body = AgencyFactory()
        for _ in range(90):
            of = dice.choice([late_period, period, back])
            due = datetime.date(2026, 8, 27)
            ObligationFactory(
                period=of,
                agency=body,
                state=dice.choice(list(State)),
                returns=dice.choice([0, 0, 1]),
                correction_reason=dice.choice(["", "", "核实"]),
                due_on=dice.choice([None, None, due + datetime.timedelta(days=3)]),
                first_submitted_at=dice.choice(
                    [None, moment(due), moment(due + datetime.timedelta(days=dice.choice([1, 4])))]
                ),
            )
        today = timezone.localdate()
        for of in (late_period, period, back):
            of.refresh_from_db()
            rows, found = chased_obligations(periods=[of]), stand_of(body.code, of.period)
            assert found.punctuality == punctuality((row.handed for row in rows), today)
            assert found.missing == sum(row.is_missing for row in rows)
            assert found.returned == sum(row.is_unanswered for row in rows)
            assert found.waiting == sum(row.is_waiting for row in rows)


class TestQuarters:
    @pytest.mark.parametrize(
        ("on_time", "late", "owed", "answer"),
        [(3, 0, 3, True), (2, 0, 3, None), (2, 1, 3, False), (0, 1, 3, False), (0, 0, 0, None)],
    )
    def test_one_late_item_breaks_a_quarter(self, on_time, late, owed, answer):
        assert quarter_was_on_time(Punctuality(on_time, late), owed) is answer

    def test_only_quarters_that_can_be_judged_count(self):
        made = (Punctuality(2, 0), Punctuality(1, 1), Punctuality(1, 0))
        kept, broken, running = (Stand(2, punctuality=found) for found in made)
        quarters = dict(zip(Q3.back(3), (kept, broken, running), strict=True))
        assert AgencyStand("jtj", "", "", 1, quarters).on_time_words == "1/2季"
        assert AgencyStand("jtj", "", "", 1, {Q3: running}).on_time_words == ""

    def test_the_day_it_was_due_is_in_time_and_the_next_is_not(self, late_period, agency):
        due = late_period.due_on
        item = ObligationFactory(
            period=late_period, agency=agency, state=State.APPROVED, first_submitted_at=moment(due)
        )
        second = late_period.period
        assert stand_of("jtj", second).was_on_time is True
        item.first_submitted_at = moment(due + datetime.timedelta(days=1))
        item.save()
        assert stand_of("jtj", second).was_on_time is False
        item.due_on = due + datetime.timedelta(days=1)
        item.save()
        assert stand_of("jtj", second).was_on_time is True


class TestRows:
    def test_overdue_come_first_then_what_is_left_then_the_plan(self, late_period):
        counts = {"keen": (State.APPROVED, 1), "some": (State.EMPTY, 1), "much": (State.EMPTY, 2)}
        for position, (code, (state, times)) in enumerate(counts.items()):
            body = AgencyFactory(code=code, position=position)
            for _ in range(times):
                ObligationFactory(period=late_period, agency=body, state=state)
        extended = AgencyFactory(code="extended", position=0)
        ObligationFactory.create_batch(
            3, period=late_period, agency=extended, due_on=datetime.date(2099, 1, 1)
        )
        found = completeness(period=late_period.period)
        assert [row.agency.code for row in found.rows] == ["much", "some", "extended", "keen"]
        assert [row.now.overdue for row in found.rows] == [2, 1, 0, 0]
        assert found.finding == "报送：应报7项，缺报3项，待报3项"
        assert found.sentence == (
            "2026年第二季度4个单位应报7项：通过1项、缺报3项、待报3项；3个单位还没有报齐，1个单位已报齐。"
        )

    def test_the_total_is_the_sum_of_the_rows_and_the_bar_of_its_words(self):
        one = Stand(5, 1, 1, 1, 2, 1, 3, punctuality=Punctuality(2, 1))
        two = Stand(2, 2, punctuality=Punctuality(2))
        total = total_of([one, two])
        assert total == Stand(7, 3, 1, 1, 2, 1, 3, punctuality=Punctuality(4, 1))
        assert [part.amount for part in bar_of(total)] == [3, 1, 1]
        assert words_of(total) == "通过3项、待审1项、退回1项、缺报1项、待报1项"
        row = CompletenessRow(AgencyStand("a", "a", "a", 1, {}), one)
        assert row.words.endswith("、缺报1项、待报1项")
        assert sum(count for _, count in row.counts) == one.owed

    def test_everything_reported_and_returned_are_said(self, period, agency):
        item = ObligationFactory(period=period, agency=agency, state=State.SUBMITTED)
        assert completeness(period=Q3).finding == "报送：应报1项，已全部报到"
        Obligation.objects.filter(pk=item.pk).update(state=State.RETURNED, returns=1)
        assert completeness(period=Q3).finding == "报送：应报1项，退回未改1项"


@pytest.mark.usefixtures("of_2026q3")
class TestPage:
    def test_a_reviewer_is_led_to_the_lists_behind(self, client, period, agency):
        ObligationFactory(period=period, agency=agency)
        ObligationFactory(period=period, agency=agency, state=State.SUBMITTED)
        page = text(reader(client, Role.REVIEWER).get("/dashboard/reporting/?period=2026Q3"))
        assert "报送：应报2项，待报1项" in page
        assert "/review/?period=2026Q3&amp;agency=jtj&amp;state=missing" in page
        assert '/review/?period=2026Q3&amp;agency=jtj"' in page
        assert "/review/2026Q3/remind/" in page

    def test_others_are_led_to_the_agency_and_not_to_the_review(self, client, period, agency):
        ObligationFactory(period=period, agency=agency)
        page = text(reader(client).get("/dashboard/reporting/?period=2026Q3"))
        assert "/agencies/jtj/#reports" in page
        assert "/review/" not in page

    def test_a_quarter_that_is_not_open_says_so(self, client):
        assert "本期未开放" in text(reader(client).get("/dashboard/reporting/?period=2026Q3"))
        PeriodFactory()
        assert "本期没有应报事项" in text(client.get("/dashboard/reporting/?period=2026Q3"))

    @pytest.mark.parametrize("many", [1, 10])
    def test_statements_do_not_grow(self, client, period, django_assert_max_num_queries, many):
        for quarter in (1, 2, 3):
            of = PeriodFactory(quarter=quarter)
            for _ in range(4 * many):
                ObligationFactory(period=of)
        reader(client)
        with django_assert_max_num_queries(6):
            client.get("/dashboard/reporting/?period=2026Q3")


@pytest.mark.usefixtures("of_2026q3")
class TestOverview:
    @pytest.fixture
    def overview(self, client, period, agency):
        """The overview of a plan with one item owed, as a reader keeps it."""
        MilestoneFactory()
        item = ObligationFactory(period=period, agency=agency)
        reader(client)
        client.get("/dashboard/?period=2026Q3")  # sets the cookie that the mark holds too
        first = client.get("/dashboard/?period=2026Q3")
        assert "1项已报送0项" in text(first)
        return client, item, first["ETag"]

    def ask(self, client, etag):
        return client.get("/dashboard/?period=2026Q3", headers={"If-None-Match": etag})

    def test_is_kept_while_nothing_changes(self, overview):
        client, _, etag = overview
        assert self.ask(client, etag).status_code == 304

    @pytest.mark.parametrize(
        "change",
        [
            {"state": State.SUBMITTED},
            {"returns": 1},
            {"due_on": datetime.date(2099, 1, 1)},
            {"first_submitted_at": timezone.now()},
            {"correction_reason": "核实"},
            {"dropped_on": datetime.date(2026, 11, 1)},
        ],
    )
    def test_is_shown_anew_when_a_report_changes(self, overview, change):
        """The version of the plan's data stays as it is then."""
        client, item, etag = overview
        Obligation.objects.filter(pk=item.pk).update(**change)
        assert self.ask(client, etag).status_code == 200

    def test_shows_what_was_handed_in_at_once(self, overview):
        client, item, etag = overview
        Obligation.objects.filter(pk=item.pk).update(state=State.SUBMITTED)
        assert "1项已报送1项" in text(self.ask(client, etag))

    def test_the_state_of_the_data_is_the_one_that_stands_alone(self):
        DataState.touch(has_demo=True)
        alone, beside = DataState.current(), opened_periods(last=Q3).state
        for name in ("pk", "version", "has_demo", "changed_at"):
            assert getattr(beside, name) == getattr(alone, name)

    def test_without_a_plan_there_is_no_state(self):
        assert opened_periods(last=Q3).state.version == 0

    @pytest.mark.parametrize("many", [1, 10])
    def test_the_first_view_costs_eight_statements(
        self, client, period, django_assert_max_num_queries, many
    ):
        for _ in range(many):
            MilestoneFactory()
            TaskProgressFactory()
            ProjectProgressFactory(project=ProjectFactory())
            for quarter in (1, 2, 3):
                ObligationFactory(period=PeriodFactory(quarter=quarter))
        reader(client)
        with django_assert_max_num_queries(8):
            client.get("/dashboard/?period=2026Q3")

    def test_an_opened_quarter_is_open_in_the_heat_map(self, client):
        MilestoneFactory()
        TaskFactory()
        reader(client)
        assert "还没有任务进展" in text(client.get("/dashboard/?period=2026Q3"))
        PeriodFactory()
        page = text(client.get("/dashboard/?period=2026Q3"))
        assert "待报1" in page
        assert "未开放" in page


@pytest.mark.usefixtures("demonstration")
def test_a_cell_of_the_heat_map_has_the_numbers_of_its_list():
    for row in heat_map(Q3.back(8)).rows:
        for cell in row.cells:
            filters = TaskFilters(category=str(row.category.number))
            found = status_counts(period=cell.period, filters=filters)
            summary = cell.summary
            assert (found.total, found.on_course, found.missing) == (
                summary.total,
                summary.on_course,
                summary.missing,
            ), (row, cell.period)
