"""What the bureau can change, and what it cannot."""

import re
from decimal import Decimal

import pytest

from reporting.periods.rules.thresholds import BY_CODE, THRESHOLDS, Thresholds


@pytest.mark.parametrize("item", THRESHOLDS, ids=lambda item: item.code)
def test_defaults_lie_within_the_limits_and_fit_the_records(item):
    assert item.problem(item.default) == ""
    assert item.problem(item.least) == ""
    assert item.problem(item.most) == ""
    assert item.problem(item.most + 1)
    assert item.problem(item.least - 1)
    assert item.label
    assert item.unit
    assert len(item.code) <= 30
    assert item.decimals <= 4


def test_codes_are_unique():
    assert len(BY_CODE) == len(THRESHOLDS)


def test_defaults_are_those_of_the_practice():
    defaults = Thresholds()
    expected = {
        "W1_MAD": 5,
        "W1_POINTS": 3,
        "W1_PERCENT": 30,
        "W5_INVESTED": 80,
        "W6_LIKENESS": 90,
        "W7_CHANGE": 2,
        "REASON_LENGTH": 10,
        "NARRATIVE_LEAST": 50,
        "NARRATIVE_MOST": 800,
        "EVIDENCE_MB": 20,
        "REMIND_FIRST": 7,
        "REMIND_SECOND": 1,
        "ORANGE_AFTER": 1,
        "RED_AFTER": 3,
        "REVIEW_DAYS": 3,
        "RETURNED_DAYS": 3,
        "RHYTHM_QUARTERS": 1,
    }
    assert {code: defaults[code] for code in expected} == expected


def test_what_is_set_prevails():
    numbers = Thresholds({"W6_LIKENESS": Decimal(80)}, off=frozenset({"W2"}))
    assert numbers["W6_LIKENESS"] == 80
    assert numbers.whole("W6_LIKENESS") == 80
    assert numbers["W7_CHANGE"] == 2
    assert numbers.is_off("W2")
    assert not numbers.is_off("W1")


def test_what_cannot_be_counts_as_not_set():
    numbers = Thresholds({"W6_LIKENESS": Decimal(101), "GONE": Decimal(1)})
    assert numbers["W6_LIKENESS"] == 90
    with pytest.raises(KeyError):
        numbers["GONE"]


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [
        ("W6_LIKENESS", "101", "填写50至100之间的数"),
        ("W6_LIKENESS", "90.55", "最多1位小数"),
        ("REASON_LENGTH", "10.5", "填写整数"),
        ("RHYTHM_QUARTERS", "3", "只能是1、2、4"),
        ("W7_CHANGE", "NaN", "填写数字"),
        ("W7_CHANGE", "Infinity", "填写数字"),
    ],
)
def test_problems_say_what_to_fill_in(code, value, sentence):
    item = BY_CODE[code]
    assert item.problem(Decimal(value)) == f"{item.label}：{sentence}"
    assert not re.search("请|无效|非法", sentence)
