"""Which rows the overview shows: all of a plan like the district's, the worst of a larger one."""

import pytest

from common.quarters import Period
from dashboard.selectors.overview.rows import OverviewRow, RowGroup, RowGroupKind
from dashboard.selectors.overview.shown_rows import SHOWN, WHOLE, shown_groups, shown_rows
from tests.unit.targets.judged import judged

ROW = OverviewRow(judged(), Period(2026, 3).end)


def group(count, kind=RowGroupKind.OPEN):
    return RowGroup(kind, (ROW,) * count)


@pytest.mark.parametrize("counts", [(6, 20), (6, WHOLE - 6)])
def test_a_plan_of_this_size_is_shown_whole(counts):
    groups = shown_groups([group(count) for count in counts])
    assert [len(one.rows) for one in groups] == list(counts)
    assert not [one for one in groups if "列前" in one.note]


def test_of_a_larger_one_each_group_shows_its_worst_and_says_so():
    groups = [group(6), group(WHOLE)]
    first, second = shown_groups(groups)
    assert (len(first.rows), len(second.rows)) == (6, SHOWN)
    assert "列前" not in first.note
    assert second.note.startswith(f"{WHOLE}项")
    assert second.note.endswith(f"列前{SHOWN}项")
    assert [one.rows for one in shown_rows(groups)] == [first.rows, second.rows]


def test_a_phone_folds_what_needs_nobody_now():
    folded = {kind for kind in RowGroupKind if shown_groups([group(1, kind)])[0].is_folded}
    assert folded == {RowGroupKind.OPEN, RowGroupKind.MET}
