"""The stamp and the one sentence of a number, and what is to be done with it."""

from decimal import Decimal

import pytest

from targets.rules import Grade, RateRow
from targets.rules.words.provenance import (
    ProvenanceFacts,
    Stamp,
    added_up,
    next_steps,
    quoting_advice,
    stamp_of,
)


@pytest.mark.parametrize(
    ("grade", "is_settled", "stamp"),
    [
        (Grade.FINAL, True, Stamp.SETTLED),
        (Grade.FINAL, False, Stamp.REVIEWED),
        (Grade.DEPARTMENT, False, Stamp.REVIEWED),
        (Grade.PRELIMINARY, False, Stamp.PRELIMINARY),
        (Grade.ESTIMATE, False, Stamp.ESTIMATE),
    ],
)
def test_the_stamp_says_how_far_a_number_may_be_quoted(grade, is_settled, stamp):
    assert stamp_of(grade, is_settled=is_settled) == stamp


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (ProvenanceFacts(Stamp.SETTLED), "从方案原文到判定都有记录，没有更正过"),
        (ProvenanceFacts(Stamp.SETTLED, corrections=2), "从方案原文到判定都有记录，更正过2次"),
        (
            ProvenanceFacts(Stamp.SETTLED, lacking=("佐证材料",)),
            "已审核，已判定，没有更正过；缺佐证材料",
        ),
        (
            ProvenanceFacts(Stamp.REVIEWED, is_quarter=True, year=2025, used="77.10%"),
            "已审核。季度值不作判定，2025年结论用的是77.10%",
        ),
        (ProvenanceFacts(Stamp.REVIEWED, is_quarter=True), "已审核。季度值不作判定"),
        (
            ProvenanceFacts(Stamp.PRELIMINARY, why_not="最终核实后才判定"),
            "初步核算，可能修订，最终核实后才判定",
        ),
        (ProvenanceFacts(Stamp.WAITING), "已报送，还没有审核"),
        (ProvenanceFacts(Stamp.GONE), "已撤销，没有现行数值"),
        (
            ProvenanceFacts(Stamp.REVIEWED, outdated="判定后改了，须重新判定"),
            "判定后改了，须重新判定",
        ),
    ],
)
def test_the_sentence(standing, sentence):
    assert quoting_advice(standing) == sentence


def test_what_is_to_be_done():
    reviewed = ProvenanceFacts(Stamp.REVIEWED)
    known = {"is_due": True, "is_asked": False, "takes_two": True}
    assert len(next_steps(reviewed, **known)) == 2
    assert len(next_steps(reviewed, **known | {"takes_two": False})) == 1
    asked = next_steps(ProvenanceFacts(Stamp.REVIEWED, outdated="x"), **known | {"is_asked": True})
    assert asked == ("另一位审核员确认或退回重新判定",)
    done = {"is_due": False, "is_asked": False, "takes_two": True}
    assert next_steps(ProvenanceFacts(Stamp.SETTLED), **done) == ()
    assert next_steps(ProvenanceFacts(Stamp.WAITING), **done) == ("区发改局审核；通过后进入看板",)
    assert next_steps(ProvenanceFacts(Stamp.PRELIMINARY), **done)[-1] == "审核通过后判定"


def row(year, cumulative, derived, first=None):
    return RateRow(first or year, year, Decimal(cumulative), Decimal(derived))


def test_rates_are_added_as_they_are_printed():
    rates = (row(2021, "2.92", "2.9200"), row(2022, "6.05", "3.2241"))
    assert added_up(rates) == "逐年相加得6.14，多0.09，不能用"
    assert added_up(rates[:1]) == ""
    assert added_up((row(2022, "6.05", "3.07", first=2021), row(2023, "9.21", "3.36"))) == ""
