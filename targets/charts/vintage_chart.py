"""The chart of a year's successive values: preliminary, verified, revised, retracted (C9)."""

from django.urls import reverse
from django.utils import timezone

from common.charts import Chart, ChartTable
from common.formats import number, signed
from targets import rules
from targets.charts.vintage_drawing import RETRACTED, draw_vintages
from targets.charts.vintages import Vintages, vintages_of
from targets.models import Observation
from targets.selectors import TargetDetail

YEARS_SHOWN = 6
HEADING = "数值修订"
HEAD = (
    "年份", "次序", "数值", "比上一次", "数据状态", "入库日期", "是否现行", "来源", "说明",
)  # fmt: skip
MARKS = "圆点为核算值，菱形为部门统计或测算；空心为尚未核定。"
RETRACTED_MARK = f"空心叉为{RETRACTED}的版本，其间的台阶为当时的现行值。"


def vintage_chart(detail: TargetDetail) -> Chart | None:
    """The steps from the first value of a year to the one in force; None if none changed."""
    found = vintages_of(detail)
    if not found:
        return None
    shown = found[-YEARS_SHOWN:]
    code, unit = detail.target.code, rules.unit_of(detail.terms)
    title = f"{HEADING}：{_finding(detail.terms, found)}"
    cut = f"图中为最近{YEARS_SHOWN}组，全部见数据表。" if len(found) > YEARS_SHOWN else ""
    gone = RETRACTED_MARK if any(vintages.retracted for vintages in shown) else ""
    return Chart(
        id=f"vintages-{code}",
        title=title,
        subtitle=f"同一年的数值先后怎样公布，横轴为入库日期{f'，{unit}' if unit else ''}。"
        "纵轴未从0开始",
        alt=f"{detail.target.name}：{title}",
        figure=draw_vintages(detail.terms, shown, wide=True),
        narrow=draw_vintages(detail.terms, shown, wide=False),
        table=ChartTable(HEAD, _rows(detail.terms, found), (0, 1, 4, 5, 6, 7, 8)),
        json_url=reverse("targets:vintages", args=[code]),
        note=f"{cut}{MARKS}{gone}",
        demo=detail.has_demo,
    )


def _finding(terms: rules.Terms, found: tuple[Vintages, ...]) -> str:
    others = len(found) - 1
    tail = f"；另有{others}个年份的数值也有先后版本" if others else ""
    return _story(terms, found[-1]) + tail


def _story(terms: rules.Terms, newest: Vintages) -> str:
    """How the value of one year came to what it is."""
    standing, gone = newest.standing, newest.retracted
    if not standing:
        return f"{newest.label}的{len(gone)}版数值都{RETRACTED}"
    first, last = standing[0], standing[-1]
    if first is last:
        move = "仍为" if gone[-1].version > last.version else "改为"
        taken = f"{newest.label}的{_named(terms, newest, gone[-1])}{RETRACTED}"
        return f"{taken}，{move}{_named(terms, newest, last)}"
    said = f"{newest.label}由{_named(terms, newest, first)}改为{_named(terms, newest, last)}"
    if first.value == last.value:
        said = f"{newest.label}由{_named(terms, newest, first)}转为{_word(last)}，数值未变"
    return said + (f"，{len(gone)}版{RETRACTED}" if gone else "")


def _named(terms: rules.Terms, newest: Vintages, row: Observation) -> str:
    assert row.value is not None  # noqa: S101 - only rows with a number are told of
    value = f"{number(newest.shown(terms, row.value))}{rules.unit_of(terms)}"
    return f"{value}（{_word(row)}）"


def _word(row: Observation) -> str:
    return rules.Grade(row.grade).label


def _rows(terms: rules.Terms, found: tuple[Vintages, ...]) -> tuple[tuple[str, ...], ...]:
    """Every version, the newest year first, within it as they came."""
    return tuple(
        (
            vintages.label,
            f"第{row.version}版",
            number(vintages.shown(terms, row.value)) if row.value is not None else "—",
            _change(terms, vintages, row),
            _word(row),
            timezone.localdate(row.recorded_at).isoformat(),
            _now(row),
            row.source,
            row.reason or "首次入库",
        )
        for vintages in reversed(found)
        for row in vintages.rows
    )


def _change(terms: rules.Terms, vintages: Vintages, row: Observation) -> str:
    """By how much it differs from what was in force when it came."""
    before = vintages.before(row)
    if before is None or before.value is None or row.value is None:
        return "—"
    return signed(vintages.shown(terms, row.value) - vintages.shown(terms, before.value))


def _now(row: Observation) -> str:
    """现行, 已被取代, 2026-03-05已撤销."""
    if row.retracted_at:
        return f"{timezone.localdate(row.retracted_at).isoformat()}{RETRACTED}"
    return row.standing or "现行"
