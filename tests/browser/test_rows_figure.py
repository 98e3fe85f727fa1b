"""The figure of the overview lies over its rows: the server's picture and plotly's own drawing."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# How far the middle of each bar of 7 pixels lies from the middle of its row.
OFFSETS = """(bars) => {
  const rows = [...document.querySelectorAll("#rows .board tbody tr:not(.group)")].map((row) => {
    const { top, height } = row.getBoundingClientRect();
    return top + height / 2;
  });
  const middles = [...document.querySelectorAll(bars)].map((bar) => {
    const { top, height } = bar.getBoundingClientRect();
    return { height, middle: top + height / 2 };
  });
  return middles
    .filter(({ height }) => Math.abs(height - 7) < 0.3)
    .map(({ middle }) => Math.min(...rows.map((row) => Math.abs(middle - row - 6.5))));
}"""


def test_bars_lie_in_their_rows_before_and_after_plotly(site, page, sign_in):
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, "ld", "/dashboard/")
    drawn = page.evaluate(OFFSETS, "#rows .chart-picture rect")
    assert len(drawn) >= 20
    assert max(drawn) <= 0.1
    page.locator("#rows").scroll_into_view_if_needed()
    expect(page.locator("#rows.is-live")).to_be_attached()
    live = page.evaluate(OFFSETS, "#rows .chart-live .bars .point path")
    assert len(live) == len(drawn)
    assert max(live) <= 0.1
