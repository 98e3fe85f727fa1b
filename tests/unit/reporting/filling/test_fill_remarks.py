"""Replies to remarks, and what is on record, in the form of an item."""

from decimal import Decimal

import pytest

from tests.documents import document
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import ObservationFactory
from tests.unit.reporting.filling.form import entered, post, returned, text_of

pytestmark = pytest.mark.django_db


def test_comments_stand_at_their_fields_and_are_answered(client, target, zhang):
    comment = returned(target)
    text = text_of(client.get(target.get_absolute_url()))
    assert "数值与台账不一致" in text
    assert "核实数值" in text
    problems = client.get(f"{target.get_absolute_url()}?check=1").context["page"].problems
    assert (f"id_reply_{comment.pk}", "数值", "答复审核意见：核实数值") in problems
    post(client, target, value="78.2", **{f"reply_{comment.pk}": "已改"})
    comment.refresh_from_db()
    target.refresh_from_db()
    assert (comment.answer, target.texts["value"]) == ("已改", "78.2")
    page = document(client.get(target.get_absolute_url()))
    assert page.one(f"textarea#id_reply_{comment.pk}").text == "已改"


def test_a_comment_at_the_evidence_is_answered_there(client, target, zhang):
    comment = returned(target, field="evidence")
    assert client.get(target.get_absolute_url()).context["page"].evidence_comments
    post(client, target, **{f"reply_{comment.pk}": "已补充台账"})
    comment.refresh_from_db()
    assert comment.answer == "已补充台账"


def test_a_suggested_value_is_taken_over(client, target, zhang):
    comment = returned(target, suggested="78.6")
    post(client, target, value="87.6", accept=str(comment.pk))
    comment.refresh_from_db()
    target.refresh_from_db()
    assert comment.is_accepted
    assert target.texts["value"] == "78.6"


def test_the_newest_value_of_another_frequency_stands_where_there_is_no_quarter(client):
    obligation = ObligationFactory(target__frequency="quarterly", target__code="T19")
    ObservationFactory(target=obligation.target, year=2025, quarter=None, value=Decimal("93.5"))
    entered(client, obligation)
    lines = client.get(obligation.get_absolute_url()).context["reference"].lines
    assert [(line.label, line.value) for line in lines][:2] == [
        ("最近 2025", "93.5"),
        ("本季度", "未填"),
    ]


def test_a_value_that_is_on_record_is_not_hidden_by_the_form(client, target, zhang):
    ObservationFactory(target=target.target, year=2026, quarter=3, value=Decimal("78.1"))
    lines = client.get(target.get_absolute_url()).context["reference"].lines
    assert (lines[0].label, lines[0].value) == ("已有 2026Q3", "78.1")
