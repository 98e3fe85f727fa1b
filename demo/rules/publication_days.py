"""When values of the demonstration set are published, and which are known on a day."""

import datetime

from common.quarters import Period

ANNUAL_DAYS, QUARTER_DAYS, AGAIN_DAYS = 110, 20, 40
"""Days after the end of the year or quarter, and between one version and the next."""
FINAL_REASON = "下一年数据发布时核实为最终数"


def came_on(*, period: Period, version: int, reason: str) -> datetime.date:
    """The day of a version: 2025年 on 20 April, 第三季度 on 20 October; finals a year later."""
    if reason == FINAL_REASON:
        return came_on(period=Period(period.year + 1), version=1, reason="")
    days = (QUARTER_DAYS if period.quarter else ANNUAL_DAYS) + (version - 1) * AGAIN_DAYS
    return period.end + datetime.timedelta(days=days)


def newest_year(day: datetime.date) -> int:
    """The last year whose values have come by a day."""
    last = Period(day.year - 1)
    return last.year if came_on(period=last, version=1, reason="") <= day else last.year - 1
