"""Facts as JSON beside a row: as Django's own function gives them."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from common.database.json_rows import JSONRow
from targets.models import Observation, Target
from tests.factories.targets import ObservationFactory

pytestmark = pytest.mark.django_db


def facts(kind):
    inner = kind(code="code", baseline_year="baseline_year")
    return kind(
        value=Cast("value", CharField()),
        year="year",
        quarter="quarter",
        at="recorded_at",
        is_demo="is_demo",
        said=Value("它说“100%”，'是'"),
        known=Exists(Observation.objects.filter(pk=OuterRef("pk"))),
        target=Subquery(Target.objects.filter(pk=OuterRef("target")).values(json=inner)),
    )


def test_it_gives_what_jsonobject_gives():
    made = ObservationFactory(value=Decimal("18.8"), year=2024, quarter=None)
    one, other = (
        Target.objects.annotate(
            rows=ArraySubquery(
                Observation.objects.filter(target=OuterRef("pk")).values(json=facts(kind))
            )
        ).get()
        for kind in (JSONRow, JSONObject)
    )
    assert one.rows == other.rows
    (row,) = one.rows
    assert (row["value"], row["quarter"], row["said"]) == ("18.8000", None, "它说“100%”，'是'")
    assert row["target"]["code"] == made.target.code
    assert datetime.datetime.fromisoformat(row["at"]) == made.recorded_at


def test_a_key_is_a_name():
    with pytest.raises(ValueError, match="names"):
        JSONRow(**{"a', 1, 'b": "year"})
