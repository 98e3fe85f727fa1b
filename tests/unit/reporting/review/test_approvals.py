"""The submission and evidence behind a value in force."""

from decimal import Decimal

import pytest

from agencies.choices import Role
from reporting.choices import ObligationKind
from reporting.filling.services import corrections
from reporting.models import Evidence, StoredFile
from reporting.review.selectors.approvals import approved_submissions as submissions_behind
from reporting.review.services import reviews
from targets.models import Observation
from tests.factories.agencies import UserFactory
from tests.factories.reporting import filled
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import (
    REASONS,
    fresh,
    hand_in,
    handed_in,
    make_agency,
    make_bureau,
)

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def people():
    return make_bureau() | {"张三": make_agency()}


@pytest.fixture
def value(people):
    """A value as approved with one file; then the file is locked."""
    obligation = handed_in(people["张三"], ObligationKind.TARGET)
    file = StoredFile.objects.create(sha256="0" * 64, size=1)
    Evidence.objects.create(
        obligation=obligation, file=file, name="台账.xlsx", uploaded_by="张三", is_locked=True
    )
    reviews.begin(pk=obligation.pk, by=people["赵六"])
    reviews.approve(rounds={obligation.pk: 1}, by=people["赵六"])
    return Observation.objects.get(target=obligation.target)


def found(value, reader):
    return submissions_behind(observations={value.pk}, reader=reader).get(value.pk)


def test_those_concerned_open_it_and_others_read_of_it(people, value):
    for name in ("张三", "赵六"):
        known = found(value, people[name])
        assert known.may_read
        assert [name for _, name in known.files] == ["台账.xlsx"]
    stranger = found(value, UserFactory(roles=[Role.LEADER], agency=None))
    assert not stranger.may_read
    assert "2026年第三季度" in stranger.words
    assert stranger.words.endswith("报送")


def test_in_one_statement_and_nothing_for_other_values(people, value, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert submissions_behind(observations={value.pk + 1}, reader=people["赵六"]) == {}


class TestWhatTheFormDoesNotAskFor:
    """An approval replaces a value that came by import with its published rate and its fraction."""

    @pytest.fixture
    def target(self):
        target = TargetFactory(kind="reduction", pace="geometric", frequency="annual")
        known = {"value": 15, "annual_rate": D("3.2"), "numerator": 3, "denominator": 20}
        ObservationFactory(target=target, year=2025, **known)
        return target

    @pytest.fixture
    def approved(self, people, target):
        def approve(obligation=None, **texts):
            texts = {
                "availability": "new", "value": "15", "value_period": "2025", "grade": "final",
                "source": "统计公报", **texts,
            }  # fmt: skip
            by = people["张三"]
            if obligation:
                corrections.correct(pk=obligation.pk, reason="公报订正了数值", by=by)
                obligation = hand_in(filled(fresh(obligation), REASONS | texts, by=by), by)
            else:
                obligation = handed_in(by, ObligationKind.TARGET, target=target, **texts)
            reviews.begin(pk=obligation.pk, by=people["赵六"])
            reviews.approve(rounds={obligation.pk: obligation.rounds.count()}, by=people["赵六"])
            self.obligation = fresh(obligation)
            found = Observation.objects.get(target=target, is_current=True)
            return found.annual_rate, found.numerator, found.denominator

        return approve

    def test_stays_where_the_value_stays(self, approved):
        assert approved() == (D("3.2"), 3, 20)

    def test_a_fraction_goes_with_its_value(self, approved):
        assert approved(value="15.6") == (D("3.2"), None, None)

    def test_a_rate_that_was_typed_holds(self, approved):
        assert approved(annual_rate="3.3") == (D("3.3"), 3, 20)

    def test_a_rate_goes_with_the_field_that_gave_it(self, approved):
        assert approved(annual_rate="3.3") == (D("3.3"), 3, 20)
        assert approved(self.obligation, annual_rate="", note="公报没有公布") == (None, 3, 20)
        assert approved(self.obligation, annual_rate="", note="再次更正") == (None, 3, 20)

    def test_an_empty_field_that_gave_none_says_nothing(self, approved):
        assert approved(annual_rate="") == (D("3.2"), 3, 20)
        assert approved(self.obligation, annual_rate="", note="更正") == (D("3.2"), 3, 20)
