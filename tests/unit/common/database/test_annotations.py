"""A column beside a row: it is read where the query asked for it, and nowhere else."""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat

from agencies.models import Agency
from common.database.annotations import Annotation, NotAnnotatedError, hand_on
from tests.factories.agencies import AgencyFactory

pytestmark = pytest.mark.django_db

LENGTH = Annotation("digits", lambda: Value("12"), int)
CALLED = Annotation("called_so", lambda sign: Concat(F("short_name"), Value(sign)), str)


def test_what_was_asked_for_is_read_in_its_type():
    AgencyFactory(short_name="区统计局")
    row = Agency.objects.annotate(**LENGTH.column(), **CALLED.column("！")).get()
    assert (LENGTH.of(row), CALLED.of(row)) == (12, "区统计局！")
    assert row.called_so == "区统计局！"


def test_what_was_not_asked_for_is_refused():
    row = AgencyFactory()
    assert not LENGTH.is_beside(row)
    with pytest.raises(NotAnnotatedError, match="Agency was read without “digits”"):
        LENGTH.of(row)


def test_it_is_handed_on():
    row = AgencyFactory()
    hand_on((LENGTH,), source=Agency.objects.annotate(**LENGTH.column()).get(), to=row)
    assert LENGTH.of(row) == 12
