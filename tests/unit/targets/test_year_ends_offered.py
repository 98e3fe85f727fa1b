"""Which values of the demonstration are offered as those of a year's end."""

import pytest

from targets.selectors import settled_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_stocks_and_no_flow():
    """Cases q4-1 and q4-2: T26 has 41.0 %, T15 94.6 % at the end of 2025."""
    rows = {row.judged.target.code: row for row in settled_year(year=2025).rows}
    offers = {code: row.year_end_offer for code, row in rows.items() if row.year_end_offer}
    assert (offers["T26"], offers["T15"]) == ("2025 41", "2025 94.6")
    assert "数据缺失（2025年四季度末41.0%，低于目标），请确认为年度值" in rows["T26"].sentence
    assert not offers.keys() & {"T07", "T12", "T13", "T17"}
