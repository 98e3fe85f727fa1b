"""The fourth quarter of a stock where the annual value is missing: said, proposed, confirmed."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from agencies.choices import Role
from records.asof import AsOf
from targets import rules, selectors, services
from targets.choices import Comparison, DataGrade, ProposalKind
from targets.models import Observation, Proposal, Target
from tests.factories.agencies import UserFactory
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db
SAID = "2025年目标50%以上，数据缺失（2025年四季度末41.0%，低于目标），请确认为年度值。"


@pytest.fixture(autouse=True)
def today(clock):
    clock.move_to(datetime.date(2026, 11, 30))


@pytest.fixture
def stock():
    found = TargetFactory(code="T26", q4_is_year_end=True)
    MilestoneFactory(target=found, value=Decimal(50))
    return found


@pytest.fixture
def quarter(stock):
    facts = {"value": Decimal(41), "source": "创建台账", "numerator": 41, "denominator": 100}
    return ObservationFactory(target=stock, year=2025, quarter=4, **facts)


def reviewer(name):
    return UserFactory(name=name, roles=[Role.REVIEWER])


def proposed(quarter, by=None, **more):
    facts = {"target": quarter.target, "year": quarter.year, "value": quarter.value} | more
    return services.propose_year_end(by=by or reviewer("李敏"), **facts)


def judged():
    return selectors.judged_targets()[0]


class TestIsSaid:
    def test_in_the_sentence_of_the_missing_year(self, quarter):
        assert judged().settled_sentence == SAID
        detail = selectors.target_detail(code="T26")
        assert detail.judged.settled_sentence == SAID
        assert detail.settlement.waiting == SAID.partition("，")[2]
        assert judged().settled.verdict == rules.Verdict.MISSING, "it settles nothing by itself"

    @pytest.mark.parametrize(
        ("comparison", "value", "side"),
        [
            (Comparison.AT_LEAST, "49.99", "末49.99%，低于目标"),
            (Comparison.AT_LEAST, "50", "末50.0%，达到目标"),
            (Comparison.AT_MOST, "50.01", "末50.01%，高于目标"),
            (Comparison.AT_MOST, "50", "末50.0%，达到目标"),
            (Comparison.BELOW, "50", "末50.0%，未达到目标"),
        ],
    )
    def test_on_which_side_of_the_goal(self, stock, quarter, comparison, value, side):
        stock.milestones.update(comparison=comparison)
        Observation.objects.update(value=Decimal(value))
        assert side in judged().settled_sentence

    @pytest.mark.parametrize("known", [False, None])
    def test_not_of_a_flow_nor_of_what_is_not_asked_yet(self, stock, quarter, known):
        Target.objects.update(q4_is_year_end=known)
        assert judged().settled_sentence == "2025年目标50%以上，还没有2025年的年度值。"
        assert not selectors.target_detail(code="T26").settlement.row.year_end_offer

    @pytest.mark.parametrize(
        "facts",
        [{"quarter": 3}, {"year": 2024}, {"basis_id": "另一口径"}, {"is_current": False}],
    )
    def test_only_the_fourth_quarter_in_force_of_the_year(self, stock, quarter, facts):
        AccountingBasisFactory(name="另一口径")
        Observation.objects.update(**facts)
        assert "还没有2025年的年度值" in judged().settled_sentence
        assert "还没有2025年的年度值" in selectors.target_detail(code="T26").judged.settled_sentence

    def test_an_annual_value_goes_before_it(self, stock, quarter):
        ObservationFactory(target=stock, value=Decimal(42))
        assert "实际42.0%" in judged().settled_sentence

    def test_as_it_was_known_on_a_past_day(self, stock, quarter, clock):
        before = AsOf(datetime.date(2026, 11, 29))
        (then,) = selectors.judged_targets(asof=before)
        assert "还没有2025年的年度值" in then.settled_sentence
        assert not selectors.target_detail(code="T26", asof=before).settlement.row.year_end_offer


class TestIsConfirmed:
    def test_by_a_second_person_with_grade_and_source(self, stock, quarter):
        row = proposed(quarter)
        assert row.words == ("2025年四季度末41.0%，低于目标：部门统计，创建台账；此前没有年度值")
        assert not stock.observations.filter(quarter=None)
        services.confirm(keys=[row.pk], by=reviewer("赵六"))
        found = stock.observations.get(quarter=None)
        assert (found.year, found.value, found.grade) == (2025, 41, DataGrade.DEPARTMENT)
        assert (found.source, found.numerator, found.denominator) == ("创建台账", 41, 100)
        assert found.note == "2025年第四季度末值作为年度值，李敏提出，赵六确认"
        assert (found.recorded_by, judged().settled.verdict) == ("赵六", rules.Verdict.MISSED)

    def test_who_proposed_it_does_not_confirm(self, quarter):
        by = reviewer("李敏")
        row = proposed(quarter, by)
        with pytest.raises(PermissionDenied, match="另一位审核员"):
            services.confirm(keys=[row.pk], by=by)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.REVIEWER])
    def test_reviewers_propose(self, quarter, role):
        with pytest.raises(PermissionDenied):
            proposed(quarter, UserFactory(roles=[role]))

    def test_the_last_annual_value_stands_beside_it(self, stock, quarter):
        ObservationFactory(target=stock, year=2024, value=Decimal("38.5"))
        row = proposed(quarter)
        assert row.words.endswith("；上一个年度值2024年38.5%")

    def test_another_value_than_the_one_seen_is_not_proposed(self, quarter):
        with pytest.raises(ValidationError, match="T26的四季度末值刚刚变了"):
            proposed(quarter, value=Decimal("41.5"))

    def test_a_flow_is_not_proposed(self, quarter):
        Target.objects.update(q4_is_year_end=False)
        with pytest.raises(ValidationError, match="四季度末值刚刚变了"):
            proposed(quarter)

    def test_nor_beside_an_annual_value(self, stock, quarter):
        ObservationFactory(target=stock)
        with pytest.raises(ValidationError, match="T26已有2025年的年度值，不用四季度末值"):
            proposed(quarter)

    @pytest.mark.parametrize("change", ["corrected", "annual"])
    def test_what_changed_since_is_not_confirmed(self, stock, quarter, change):
        row = proposed(quarter)
        if change == "corrected":
            Observation.objects.update(is_current=False)
        else:
            ObservationFactory(target=stock)
        with pytest.raises(ValidationError, match=r"四季度末值在提出以后变了|已有2025年的年度值"):
            services.confirm(keys=[row.pk], by=reviewer("赵六"))

    def test_the_page_of_what_waits_shows_that_the_quarter_changed(self, quarter):
        proposed(quarter)
        by = reviewer("赵六")
        (group,) = selectors.waiting_groups(reader=by)
        assert [row.is_changed for row in group.rows] == [False]
        Observation.objects.update(is_current=False)
        (group,) = selectors.waiting_groups(reader=by)
        assert [row.is_changed for row in group.rows] == [True]

    def test_after_an_annual_value_was_taken_back(self, stock, quarter):
        by = reviewer("赵六")
        services.retract_observations(
            rows=[ObservationFactory(target=stock)], by=by, reason="误填为年度值"
        )
        row = proposed(quarter)
        services.confirm(keys=[row.pk], by=by)
        assert stock.observations.get(quarter=None, is_current=True).version == 2


class TestPages:
    @pytest.mark.parametrize("page", ["/targets/T26/", "/dashboard/2025/"])
    def test_one_click_proposes_what_is_shown(self, client, stock, quarter, page):
        client.force_login(reviewer("李敏"))
        text = client.get(page).content.decode()
        assert "2025年四季度末41.0%，低于目标" in text
        assert 'name="offer" value="2025 41"' in text
        address = reverse("targets:year_end", args=["T26"])
        answer = client.post(address, {"offer": "2025 41", "back": page}, follow=True)
        assert answer.redirect_chain == [(page, 302)]
        assert "已提出T26的四季度末值作为2025年年度值" in answer.content.decode()
        assert 'name="offer"' not in answer.content.decode(), "it waits for the second person"
        assert Proposal.objects.get().kind == ProposalKind.YEAR_END

    @pytest.mark.parametrize("offer", ["", "2025", "2025 x", "25 41", "2025 41.5"])
    def test_what_was_not_shown_is_not_proposed(self, client, quarter, offer):
        client.force_login(reviewer("李敏"))
        client.post(reverse("targets:year_end", args=["T26"]), {"offer": offer})
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize("page", ["/targets/T26/", "/dashboard/2025/"])
    def test_others_are_told_and_have_no_button(self, client, quarter, page):
        client.force_login(UserFactory(roles=[Role.LEADER]))
        text = client.get(page).content.decode()
        assert "2025年四季度末41.0%" in text
        assert ("待确认年度值" in text) is (page == "/dashboard/2025/")
        assert 'name="offer"' not in text
