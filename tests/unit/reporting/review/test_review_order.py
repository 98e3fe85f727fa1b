"""The order in which the bureau looks: worked through pair by pair."""

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reporting.review.rules.risk_order import ReviewRisk, rank

EARLY = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
LATE = datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC)

IN_ORDER = (
    ReviewRisk(codes=("W4",), returns=2),
    ReviewRisk(codes=("W8",), returns=1),
    ReviewRisk(codes=("W4",), is_correction=True),
    ReviewRisk(codes=("W8", "W1")),
    ReviewRisk(codes=("W4",), is_red=True),
    ReviewRisk(codes=("W2",), is_overdue=True),
    ReviewRisk(codes=("W2", "W8")),
    ReviewRisk(codes=("W6",), waits_since=EARLY),
    ReviewRisk(codes=("W6",), waits_since=LATE),
    ReviewRisk(returns=1),
    ReviewRisk(is_correction=True),
    ReviewRisk(is_red=True),
    ReviewRisk(is_overdue=True, waits_since=LATE),
    ReviewRisk(waits_since=EARLY),
    ReviewRisk(waits_since=LATE),
    ReviewRisk(),
)


def test_each_goes_before_the_next():
    for first, second in pairwise(IN_ORDER):
        assert rank(first) < rank(second), (first, second)


def test_only_what_says_nothing_to_look_at_is_clean():
    clean = [risk for risk in IN_ORDER if risk.is_clean]
    assert clean == [risk for risk in IN_ORDER if not (risk.codes or risk.returns
                                                       or risk.is_correction)]  # fmt: skip


@given(st.lists(st.sampled_from(["W1", "W2", "W3", "W4", "W8"]), max_size=3), st.integers(0, 3))
def test_what_may_be_approved_together_never_stands_above_a_doubt(codes, returns):
    risk = ReviewRisk(codes=tuple(codes), returns=returns)
    if codes:
        assert rank(risk) < rank(ReviewRisk(is_red=True, is_overdue=True))
    assert risk.is_clean == (not codes and not returns)
