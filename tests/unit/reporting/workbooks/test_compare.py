"""Three-way comparison of a cell, and how office programs may rewrite it without changing it."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.filling.services import entries
from reporting.rules.enumerations import Kind
from reporting.rules.fields import FORMS, field
from reporting.workbooks.rules.cell_readings import (
    LONGEST,
    cleaned,
    reading,
    text_of,
    without_result,
)
from reporting.workbooks.rules.compare import Outcome, compare
from tests.unit.reporting.checked import Q3

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
ANY_FIELD = st.sampled_from([(kind, one) for kind in FORMS for one in FORMS[kind]])
BUSY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""A busy machine is no fault of the rules."""
VALUE, DUE = field(Kind.TARGET, "value"), field(Kind.TASK, "next_due")
STATUS, NARRATIVE = field(Kind.TASK, "status"), field(Kind.TASK, "narrative")


def read_as(one, text, kind=Kind.TASK):
    return reading(field=one, kind=kind, text=text, now=Q3)


def outcome(downloaded, now, file, one=VALUE, kind=Kind.TARGET, *, is_locked=False, stored=None):
    stored = downloaded if stored is None else stored
    sides = {"shown": downloaded, "stored": stored, "now": now, "file": file}
    return compare(
        **{side: read_as(one, text, kind) for side, text in sides.items()}, is_locked=is_locked
    )


@pytest.mark.parametrize(
    ("downloaded", "now", "file", "expected"),
    [
        ("", "", "", Outcome.SAME),
        ("78.6", "78.6", "78.60", Outcome.SAME),
        ("", "", "100", Outcome.NEW),
        ("97", "97", "97.2", Outcome.CHANGED),
        ("97", "97", "", Outcome.CHANGED),
        ("97", "98", "99", Outcome.CONFLICT),
        ("97", "98", "", Outcome.CONFLICT),
        ("97", "98", "97.0", Outcome.SAME),  # edited on the page alone
        ("97", "98", "98.0", Outcome.SAME),  # both wrote the same
        ("", "98", "", Outcome.SAME),
        ("", "98", "99", Outcome.CONFLICT),
        ("97", "", "98", Outcome.CONFLICT),
        ("97", "97", "差不多", Outcome.UNREADABLE),
        ("97", "98", "差不多", Outcome.CONFLICT),  # to be written over nothing unseen
        ("差不多", "差不多", "差不多", Outcome.SAME),
        ("97", "差不多", "差不多", Outcome.SAME),
        ("97", "97", "#DIV/0!", Outcome.UNREADABLE),
        ("97", "97", "#N/A", Outcome.UNREADABLE),
        ("", "", "—", Outcome.SAME),
    ],
)
def test_a_cell_has_the_outcome_of_its_three_sides(downloaded, now, file, expected):
    assert outcome(downloaded, now, file) == expected


def test_a_locked_cell_is_told_from_its_download_alone():
    assert outcome("77.9", "77.9", "78", is_locked=True) == Outcome.LOCKED
    assert outcome("77.9", "78", "78", is_locked=True) == Outcome.LOCKED
    assert outcome("77.9", "78", "77.90", is_locked=True) == Outcome.SAME


def test_a_choice_is_one_by_its_code_or_its_label():
    assert outcome("on_track", "on_track", "正常推进", STATUS, Kind.TASK) == Outcome.SAME
    assert outcome("", "", "基本正常", STATUS, Kind.TASK) == Outcome.UNREADABLE
    assert read_as(STATUS, "正常推进").stored == "on_track"


@BUSY
@given(ANY_FIELD, TEXT, TEXT)
def test_what_is_not_edited_changes_nothing(one, downloaded, now):
    kind, known = one
    assert outcome(downloaded, now, downloaded, known, kind) == Outcome.SAME


@BUSY
@given(ANY_FIELD, TEXT, TEXT)
def test_what_both_sides_agree_on_is_no_conflict(one, downloaded, both):
    kind, known = one
    assert outcome(downloaded, both, both, known, kind) == Outcome.SAME


@BUSY
@given(ANY_FIELD, TEXT, TEXT)
def test_once_written_the_same_file_changes_nothing(one, downloaded, file):
    kind, known = one
    written = read_as(known, file, kind)
    if not written.problem:
        assert outcome(downloaded, written.stored, file, known, kind) == Outcome.SAME


@BUSY
@given(TEXT.filter(lambda text: "_x000" not in text), st.sampled_from(["\r\n", "_x000D_\n", "\r"]))
def test_ends_of_lines_and_trailing_blanks_are_no_change(text, end):
    rewritten = end.join(line + "  " for line in text.split("\n"))
    assert outcome(text, text, rewritten, NARRATIVE, Kind.TASK) == Outcome.SAME
    assert cleaned(rewritten) == cleaned(text)


@BUSY
@given(st.decimals(-(10**6), 10**6, places=4))
def test_a_number_is_the_same_as_a_number_and_as_a_text(value):
    typed = f"{value:f}"
    as_number = text_of(float(value), VALUE)
    assert read_as(VALUE, as_number, Kind.TARGET).meaning == (
        read_as(VALUE, typed, Kind.TARGET).meaning
    )


@BUSY
@given(st.dates(datetime.date(1991, 1, 1), datetime.date(2099, 12, 31)))
def test_a_month_is_the_same_as_a_date_a_serial_and_a_text(day):
    serial = (day - datetime.date(1899, 12, 30)).days
    forms = [day, float(serial), f"{day:%Y年%m月}", f"{day:%Y/%m/%d}"]
    meanings = {read_as(DUE, text_of(value, DUE)).meaning for value in forms}
    assert meanings == {f"{day:%Y-%m}"}


def test_binary_artefacts_of_a_formula_are_not_shown():
    assert text_of(0.1 + 0.2, VALUE) == "0.3"
    assert Decimal(text_of(3412.0, VALUE)) == 3412


def test_a_formula_without_its_result_cannot_be_read():
    empty = read_as(VALUE, "", Kind.TARGET)
    compared = compare(shown=empty, stored=empty, now=empty, file=without_result())
    assert compared == Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("now", "file", "expected"),
    [
        ("", "充电设施名录", Outcome.SAME),  # the proposal as it stood
        ("", "", Outcome.SAME),
        ("", "供电公司台账", Outcome.NEW),
        ("名录（9月）", "供电公司台账", Outcome.CONFLICT),
        ("名录（9月）", "充电设施名录", Outcome.SAME),
    ],
)
def test_a_proposal_in_the_file_is_not_taken_for_what_was_stored(now, file, expected):
    source = field(Kind.TARGET, "source")
    assert outcome("充电设施名录", now, file, source, stored="") == expected


def test_a_text_that_could_not_be_stored_cannot_be_read():
    assert LONGEST == entries.LONGEST
    assert outcome("", "", "长" * (LONGEST + 1), NARRATIVE, Kind.TASK) == Outcome.UNREADABLE
