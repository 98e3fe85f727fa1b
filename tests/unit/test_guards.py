"""The guards of every test refuse what they are there for."""

import pytest
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template

from agencies.models import Agency
from audit import services as audit
from common.quarters import Period
from tests import guards
from tests.factories.agencies import AgencyFactory


def guarded(write):
    def answer(_request):
        write()
        return HttpResponse()

    return guards.GetWritesNothing(answer)


WRITES = pytest.mark.parametrize(
    "write",
    [
        lambda: AgencyFactory(),
        lambda: Agency.objects.update(name="甲局"),
        lambda: Agency.objects.all().delete(),
        lambda: Agency.objects.bulk_create([AgencyFactory.build()]),
    ],
    ids=["insert", "update", "delete", "many"],
)


@WRITES
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_request_that_reads_writes_nothing(rf, method, write):
    AgencyFactory()
    with pytest.raises(guards.WriteByGetError):
        guarded(write)(getattr(rf, method)("/"))


@WRITES
@pytest.mark.django_db
def test_a_form_may_write(rf, write):
    assert guarded(write)(rf.post("/")).status_code == 200


@pytest.mark.django_db
def test_reading_may_be_noted_in_the_ledger_and_lock_rows(rf):
    agency = AgencyFactory()

    def read():
        Agency.objects.select_for_update().get(pk=agency.pk)
        audit.record(audit.Entry("导出", "单位", agency.code), by=None)

    assert guarded(read)(rf.get("/")).status_code == 200


def test_what_a_page_shows_has_to_be_there():
    with pytest.raises(guards.UnknownVariableError, match=r"components/empty.html, line 2: title"):
        get_template("components/empty.html").render({"text": "没有数据"})


def test_a_parameter_may_be_left_open_where_the_template_asks_first():
    page = get_template("components/empty.html").render({"title": "空", "text": "没有数据"})
    assert "没有数据" in page
    assert "href" not in page


def test_a_parameter_may_be_left_open_where_a_default_is_said():
    field = {"name": "note", "label": "备注"}
    assert "备注" in get_template("reporting/filling/_field.html").render({"field": field})


def test_a_record_is_not_asked_for_a_field_that_it_does_not_have():
    """Not by {% if %} and {% for %} either, which would take it for no."""
    with pytest.raises(
        guards.UnknownVariableError, match=r"components/field.html, .* Period.is_hidden"
    ):
        get_template("components/field.html").render({"field": Period(2026, 3)})


def test_templates_of_libraries_count_on_the_empty_text():
    template = engines["django"].from_string(
        "{{ missing|default:'—' }}{% if missing %}1{% endif %}"
    )
    assert template.render({}) == "—"
