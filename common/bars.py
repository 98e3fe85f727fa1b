"""A bar of one line. Its colours come from the stylesheet by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plotly_svg.figure import px

BAR_KINDS = frozenset({"actual", "wait", "back"})


@dataclass(frozen=True)
class BarPart:
    """One piece of a stacked bar; `kind` is one of BAR_KINDS."""

    amount: Decimal | int
    kind: str = "actual"

    def __post_init__(self) -> None:
        if self.kind not in BAR_KINDS:
            raise ValueError(f"unknown kind of bar: {self.kind}")


def bar(parts: Sequence[BarPart], total: Decimal | int, label: str) -> SafeString:
    """Pieces side by side as shares of the total; what is left over stays pale.

    What was sent back is half as high: in grey its colour is that of what was approved.
    """
    pieces, start = [], Decimal(0)
    for part in parts:
        share = min(Decimal(part.amount) * 100 / total, 100 - start) if total else Decimal(0)
        if share > 0:
            top, height = (2, 4) if part.kind == "back" else (0, 8)
            pieces.append((part.kind, px(float(start)), px(float(share)), top, height))
            start += share
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="back" width="100" height="8"/>{}</svg>',
        label,
        format_html_join("", '<rect class="p-{}" x="{}" width="{}" y="{}" height="{}"/>', pieces),
    )
