"""含待审核: what waits for review, for the bureau's reviewers only, and never kept."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.choices import Role
from pages.links import keeping, kept
from plan.models import DataState
from reporting.choices import ObligationState
from reporting.models import Obligation, Submission, SubmittedItem
from targets.models import Observation, Settlement
from targets.rules import Actual, Goal, Grade, Terms, judge
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.pages import statements, text, words

D = Decimal
BASIS = "basis=submitted"


def terms(*actuals):
    goal = Goal(2025, value=D(75))
    return Terms(kind="at_least", unit="%", goals=(goal,), actuals=actuals, basis="口径甲")


class TestRules:
    """Pure: a value that waits takes the place of its year's and settles nothing."""

    approved = Actual(2025, D(70), Grade.FINAL)

    def waiting(self, value, **facts):
        return Actual(2025, D(value), Grade.FINAL, is_unreviewed=True, **facts)

    def test_it_takes_the_place_of_the_value_in_force(self):
        found = terms(self.approved).with_unreviewed([self.waiting(80)])
        assert [actual.value for actual in found.actuals] == [80]
        assert found.has_unreviewed

    def test_the_same_again_changes_nothing(self):
        known = terms(self.approved)
        assert known.with_unreviewed([self.waiting(70)]) is known

    def test_it_never_settles(self):
        found = judge(terms().with_unreviewed([self.waiting(80)]), 2025, today_year=2026)
        assert found.is_provisional
        assert found.label == "数据待核定（初步达标，含待审核）"

    def test_the_own_basis_is_the_same_by_name_and_unnamed(self):
        found = terms(self.approved).with_unreviewed([self.waiting(80, basis="口径甲")])
        assert len(found.actuals) == 1

    def test_another_basis_stands_beside(self):
        found = terms(self.approved).with_unreviewed([self.waiting(80, basis="口径乙")])
        assert len(found.actuals) == 2
        assert judge(found, 2025, today_year=2026).actual == self.approved


def hand_in(target, texts, *, state=ObligationState.SUBMITTED, number=1):
    item = ObligationFactory(
        target=target, agency=target.lead, state=state, submitted_at=timezone.now()
    )
    sent = Submission.objects.create(
        number=f"2026Q3-{number}-{target.code}", period=item.period, agency=item.agency,
        agency_name=item.agency.name, prepared_by="张三", preparer_id=1,
        submitted_at=timezone.now(),
    )  # fmt: skip
    SubmittedItem.objects.create(submission=sent, obligation=item, round=number, texts=texts)
    return item


TEXTS = {"availability": "new", "value": "79.9", "value_period": "2025", "grade": "department"}


@pytest.fixture
def target():
    target = TargetFactory(code="T18", name="纯电动公交车比例", is_headline=True)
    MilestoneFactory(target=target)
    MilestoneFactory(target=target, year=2030, value=D(90))
    for year, value in ((2022, 60), (2023, 64), (2024, 68)):
        ObservationFactory(target=target, year=year, value=D(value))
    ObservationFactory(target=target, value=D("70.0"))
    DataState.touch()
    return target


@pytest.fixture
def waiting(target):
    return hand_in(target, TEXTS)


@pytest.fixture
def reviewer(client):
    client.force_login(UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory()))
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("of_2026q3")
class TestPages:
    PAGES = ("/dashboard/", "/dashboard/2030/", "/targets/", "/targets/T18/")

    @pytest.mark.parametrize("address", PAGES)
    def test_a_reviewer_sees_it_hollow_and_named(self, reviewer, waiting, address):
        assert "79.9" not in words(text(reviewer.get(address)))
        shown = text(reviewer.get(f"{address}?{BASIS}"))
        assert "口径：含待审核" in shown
        assert "79.9" in words(shown)
        assert "#i-green-hollow" in shown or "green-hollow" in shown
        assert words(shown).count("含待审核") >= 2

    @pytest.mark.parametrize("address", PAGES)
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.REVIEWER])
    def test_others_get_the_approved_with_a_notice(self, client, waiting, address, role):
        client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
        answer = client.get(f"{address}?{BASIS}")
        assert answer.status_code == 200
        assert "只供区发改局审核员查看" in text(answer)
        assert "79.9" not in text(answer)
        assert 'name="basis"' not in text(client.get("/dashboard/"))

    @pytest.mark.usefixtures("of_2026q3")
    @pytest.mark.parametrize(
        ("address", "shown"),
        [("/targets/T18/figure.json", "79.9"), ("/dashboard/paths.json", "还差10.1")],
    )
    def test_figures_that_come_by_themselves_are_no_way_round(
        self, client, waiting, address, shown
    ):
        found = []
        for role in (Role.REVIEWER, Role.LEADER, Role.REPORTER):
            client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
            found.append(shown in text(client.get(f"{address}?{BASIS}")))
        assert found == [True, False, False]

    def test_it_is_offered_to_reviewers(self, reviewer, target):
        assert 'name="basis"' in text(reviewer.get("/dashboard/"))

    @pytest.mark.parametrize("address", ["/dashboard/", "/targets/", "/targets/T18/"])
    def test_nothing_of_it_is_kept(self, reviewer, waiting, client, address):
        before = words(text(reviewer.get(address)))
        answer = reviewer.get(f"{address}?{BASIS}")
        assert "ETag" not in answer
        assert answer["Cache-Control"] == "private, no-store"
        client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
        assert "79.9" not in text(client.get(address))
        assert "70.0" in before

    def test_an_approval_or_a_return_shows_at_once(self, reviewer, waiting):
        assert "79.9" in text(reviewer.get(f"/dashboard/?{BASIS}"))
        Obligation.objects.update(state=ObligationState.RETURNED)
        assert "79.9" not in text(reviewer.get(f"/dashboard/?{BASIS}"))

    def test_nothing_is_stored(self, reviewer, waiting):
        before = (Observation.objects.count(), Settlement.objects.count())
        for address in self.PAGES:
            reviewer.get(f"{address}?{BASIS}")
        assert (Observation.objects.count(), Settlement.objects.count()) == before

    def test_print_workbooks_and_settling_stay_approved(self, reviewer, waiting):
        assert "79.9" not in text(reviewer.get(f"/dashboard/print/?{BASIS}"))
        assert "79.9" not in text(reviewer.get(f"/dashboard/2025/?{BASIS}"))
        shown = text(reviewer.get(f"/dashboard/?{BASIS}"))
        for address in ("/dashboard/print/", "/targets/export.xlsx"):
            assert f'{address}?{BASIS}"' not in shown

    def test_links_to_a_year_keep_it_only_where_it_is_known(self, clock):
        links = ["/dashboard/2025/?group=met", "/dashboard/2030/"]
        with keeping("basis", "submitted"):
            assert [kept(link) for link in links] == [links[0], f"{links[1]}?{BASIS}"]
            clock.move_to(datetime.date(2031, 1, 1))
            assert [kept(link) for link in links] == links

    def test_a_past_day_has_none(self, reviewer, waiting):
        shown = text(reviewer.get(f"/dashboard/?{BASIS}&asof=2026-06-30"))
        assert "过去的日期只有已审核的数据" in shown
        assert "79.9" not in shown

    def test_links_keep_it_so_that_numbers_agree(self, reviewer, waiting):
        page = document(reviewer.get(f"/dashboard/?{BASIS}"))
        links = [link["href"] for link in page.one("table.score").every("a")]
        ahead = [link for link in links if link.startswith("/dashboard/2030/")]
        assert ahead
        assert all(link.endswith(f"&{BASIS}") for link in ahead)

    @pytest.mark.usefixtures("of_2026q3")
    def test_a_settled_verdict_stands(self, reviewer, target):
        from targets import services
        from targets.services import Pick

        milestone = target.milestones.get(year=2025)
        value = target.observations.get(year=2025)
        by = UserFactory(roles=[Role.REVIEWER], agency=AgencyFactory())
        services.settle_many(picks=[Pick(milestone.pk, value.pk, 2025, proposed_by="李敏")], by=by)
        hand_in(target, TEXTS)
        row = reviewer.get(f"/targets/?{BASIS}").context["form"].rows[0]
        assert row.settled.label == "未达标"
        assert row.light_words == "三级，含待审核"

    @pytest.mark.parametrize(
        "change",
        [
            {"value_period": "2026Q3"}, {"value": "约八成"}, {"value": ""},
            {"availability": "awaited"},
        ],
    )  # fmt: skip
    def test_what_is_no_annual_value_is_left_out(self, reviewer, target, change):
        hand_in(target, TEXTS | change)
        row = reviewer.get(f"/targets/?{BASIS}").context["form"].rows[0]
        assert not row.terms.has_unreviewed

    def test_a_quarterly_value_is_named_and_judges_nothing(self, reviewer, target):
        hand_in(target, TEXTS | {"value_period": "2026Q2"})
        page = reviewer.get(f"/targets/T18/?{BASIS}")
        assert "待审核：2026年第二季度79.9%，审核前不作判定依据" in text(page)
        assert (
            page.context["detail"].judged.light
            == reviewer.get("/targets/T18/").context["detail"].judged.light
        )
        assert "2026年第二季度 79.9%（含待审核）" in str(page.context["chart"].document)
        assert "2026年第二季度79.9%" in text(reviewer.get(f"/dashboard/?{BASIS}"))

    @pytest.mark.parametrize("address", PAGES)
    def test_few_statements_whatever_waits(self, reviewer, waiting, address):
        address = f"{address}?{BASIS}"
        few = len(statements(reviewer, address))
        assert few <= 8
        for _ in range(3):
            more = TargetFactory()
            MilestoneFactory(target=more)
            hand_in(more, TEXTS)
        assert len(statements(reviewer, address)) == few
