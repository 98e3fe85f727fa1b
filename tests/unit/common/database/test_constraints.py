import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from common.database.constraints import explained
from plan.models import Category
from tests.factories.plan import CategoryFactory

pytestmark = pytest.mark.django_db


def test_the_sentence_of_the_constraint_is_raised():
    taken = CategoryFactory(number=5)
    with (
        pytest.raises(ValidationError, match="同一范围内序号不能重复"),
        transaction.atomic(),
        explained(Category),
    ):
        Category.objects.create(scope=taken.scope, number=5, name="另一类")


def test_what_has_no_sentence_stays_an_error():
    with pytest.raises(IntegrityError), transaction.atomic(), explained(Category):
        Category.objects.create(scope="tasks", number=None, name="无序号")
