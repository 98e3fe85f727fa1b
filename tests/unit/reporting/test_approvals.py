"""The submission and evidence behind a value in force."""

import pytest

from agencies.choices import Role
from reporting.choices import ObligationKind
from reporting.models import Evidence, StoredFile
from reporting.selectors.approvals import handed_in as submissions_behind
from reporting.services import reviews
from targets.models import Observation
from tests.factories.agencies import UserFactory
from tests.unit.reporting.reviewed import handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_bureau() | {"张三": make_agency()}


@pytest.fixture
def value(people):
    """A value as approved with one file; then the file is locked."""
    item = handed_in(people["张三"], ObligationKind.TARGET)
    file = StoredFile.objects.create(sha256="0" * 64, size=1)
    Evidence.objects.create(
        obligation=item, file=file, name="台账.xlsx", uploaded_by="张三", is_locked=True
    )
    reviews.begin(pk=item.pk, by=people["赵六"])
    reviews.approve(rounds={item.pk: 1}, by=people["赵六"])
    return Observation.objects.get(target=item.target)


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
