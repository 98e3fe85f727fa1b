"""Where the addresses of the two ledgers before there were matters lead."""

import pytest

from tests.factories.cast import make_cast
from tests.factories.matters import MatterFactory
from tests.unit.reporting.matters.test_matter_pages import reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


class TestOldAddresses:
    def test_the_codes_of_both_ledgers_lead_there(self, cast):
        row = MatterFactory(risk_number=3, report_number=5)
        client = reading(cast["赵六"])
        for old in ("/risks/3/", "/risks/3/change/", "/matters/5/"):
            answer = client.get(old)
            assert (answer.status_code, answer.headers["Location"]) == (301, row.get_absolute_url())
        assert client.get("/risks/4/").status_code == 404

    def test_the_form_of_a_new_risk_is_that_of_a_new_matter(self, cast):
        answer = reading(cast["赵六"]).get("/risks/new/")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/matters/new/")
