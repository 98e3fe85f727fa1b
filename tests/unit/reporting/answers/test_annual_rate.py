"""The year's own rate beside a cumulative reduction: asked, doubted, told and reviewed."""

from decimal import Decimal

import pytest

from reporting.answers.selectors.answer_words import submitted_words
from reporting.choices import ObligationKind
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.filling.form import returned
from tests.unit.reporting.reviewed import handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db

YEAR = {"availability": "new", "value_period": "2022", "grade": "final", "source": "统计公报"}


@pytest.fixture
def zhang(client):
    zhang = make_agency()
    client.force_login(zhang)
    return zhang


def target_of(**changed):
    known = {"kind": "reduction", "pace": "geometric", "frequency": "annual", "decimals": 2}
    target = TargetFactory(baseline_year=2020, **(known | changed))
    MilestoneFactory(target=target, value=Decimal(15))
    return target


@pytest.mark.parametrize(
    ("changed", "texts", "is_asked"),
    [
        ({}, {}, True),
        ({"frequency": "quarterly"}, {}, False),
        ({"kind": "at_least", "pace": "linear"}, {}, False),
        ({"kind": "at_least", "pace": "linear"}, {"annual_rate": "3"}, True),
    ],
    ids=["a cumulative reduction", "a quarter", "a share", "what is typed already"],
)
def test_it_is_asked_where_it_has_sense(client, zhang, changed, texts, is_asked):
    obligation = ObligationFactory(agency=zhang.agency, target=target_of(**changed))
    filled(obligation, texts, by=zhang)
    page = client.get(obligation.get_absolute_url())
    assert ('name="annual_rate"' in page.content.decode()) == is_asked


def test_the_form_chains_it_with_the_years_before(client, zhang, django_assert_max_num_queries):
    obligation = ObligationFactory(agency=zhang.agency, target=target_of())
    ObservationFactory(target=obligation.target, year=2021, value=3, annual_rate=3)
    filled(obligation, YEAR | {"value": "6", "annual_rate": "3"}, by=zhang)
    client.get(obligation.get_absolute_url())
    with django_assert_max_num_queries(8):
        page = client.get(obligation.get_absolute_url()).context["page"]
    (doubt,) = page.fields["annual_rate"].doubts
    assert "连乘为5.91%" in doubt.finding.message
    assert "逐年相加" in doubt.finding.message


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("3.50", "5.90%（最终核实，2022年，当年降低率3.5%）"),
        ("-1.25%", "5.90%（最终核实，2022年，当年降低率-1.25%）"),
        ("约3", "5.90%（最终核实，2022年，当年降低率“约3”）"),
        ("", "5.90%（最终核实，2022年）"),
    ],
)
def test_check_signer_and_receipt_tell_it(zhang, rate, words):
    obligation = ObligationFactory(agency=zhang.agency, target=target_of())
    texts = YEAR | {"value": "5.9", "annual_rate": rate}
    assert submitted_words(obligation=obligation, texts=texts).whole.replace("−", "-") == words


@pytest.mark.parametrize("is_reduction", [True, False])
def test_a_reviewer_comments_on_what_the_form_asks(client, zhang, is_reduction):
    changed = {} if is_reduction else {"kind": "at_least", "pace": "linear"}
    texts = YEAR | {"value": "5.9"}
    obligation = handed_in(zhang, ObligationKind.TARGET, target=target_of(**changed), **texts)
    client.force_login(make_bureau()["赵六"])
    page = client.get(obligation.get_absolute_url().replace("/fill/", "/review/")).context[
        "current"
    ]
    names = {row.name for row in page.unfilled}
    assert ("annual_rate" in names) == is_reduction
    assert not names & {"attainment", "corrects_earlier"}
    assert {"basis", "note"} <= names


def test_a_comment_at_a_field_that_is_not_shown_has_a_place(client, zhang):
    obligation = ObligationFactory(agency=zhang.agency, target=target_of(frequency="quarterly"))
    returned(obligation, field="annual_rate")
    assert "核实数值" in client.get(obligation.get_absolute_url()).content.decode()
