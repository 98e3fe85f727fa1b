"""One obligation has one day: of its return, else of its extension, else of its period."""

import datetime

import pytest

from reporting.rules.due_days import binding_day, report_day

day = datetime.date
PERIOD, RETURN, EXTENSION = day(2026, 12, 7), day(2026, 12, 3), day(2026, 12, 15)


@pytest.mark.parametrize(
    ("answer", "extended", "correction", "binding"),
    [
        (None, None, False, PERIOD),
        (None, EXTENSION, False, EXTENSION),
        (RETURN, None, False, RETURN),
        (RETURN, EXTENSION, False, RETURN),  # the extension was for the first report
        (day(2026, 12, 20), None, False, day(2026, 12, 20)),
        (None, day(2026, 12, 1), False, PERIOD),  # the period was prolonged beyond the extension
        (None, None, True, None),
        (None, EXTENSION, True, None),
        (RETURN, None, True, RETURN),
    ],
)
def test_the_day_that_binds(answer, extended, correction, binding):
    found = binding_day(
        answer_due=answer, is_correction=correction, extended=extended, period_due=PERIOD
    )
    assert found == binding


def test_the_day_of_the_first_report_is_not_moved_by_a_return():
    assert report_day(extended=None, period_due=PERIOD) == PERIOD
    assert report_day(extended=EXTENSION, period_due=PERIOD) == EXTENSION
