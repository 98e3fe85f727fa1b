"""The filters of the list of targets."""

import pytest
from django.http import QueryDict

from targets.forms import TargetFilter
from tests.unit.targets.judged import agency, category, judged

ROWS = [
    judged("T01", values=[(2025, "21")], target={"lead": agency("fgj", "区发改局")}),
    judged("T02", values=[(2025, "10")], target={"category": category(5, name="交通")}),
    judged("T03", target={"category": category(5, "projects", "生活"), "commitment": "striven"}),
    judged("T04", values=[(2025, "19")], target={"kind": "reduction"}),
]


def chosen(query):
    return [row.target.code for row in TargetFilter(QueryDict(query), ROWS).chosen()]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["T01", "T02", "T03", "T04"]),
        ("verdict=achieved", ["T01"]),
        ("verdict=missed", ["T02", "T04"]),
        ("verdict=missing", ["T03"]),
        ("level=grey", ["T03"]),
        ("lead=fgj", ["T01"]),
        ("kind=reduction", ["T04"]),
        ("commitment=striven", ["T03"]),
        ("category=00", ["T01", "T04"]),
        ("category=05", ["T02"]),
        ("category=p05", ["T03"]),
        ("sort=worst", ["T02", "T04", "T01", "T03"]),
        ("verdict=missed&category=05", ["T02"]),
        ("verdict=missed&category=p05", []),
        ("verdict=purple&category=77", ["T01", "T02", "T03", "T04"]),
        ("verdict=missed&lead=nobody", ["T02", "T04"]),
    ],
)
def test_is_narrowed_and_sorted(query, codes):
    assert chosen(query) == codes


def test_fields_and_agencies_are_those_of_the_rows():
    fields = TargetFilter(QueryDict(""), ROWS).fields
    assert [value for value, _ in fields["category"].choices] == ["", "00", "05", "p05"]
    assert fields["lead"].choices == [("", "全部"), ("fgj", "区发改局")]


def test_of_nothing_all_filters_offer_all():
    assert TargetFilter(QueryDict("verdict=missed"), []).chosen() == []
