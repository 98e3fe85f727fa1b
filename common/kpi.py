from dataclasses import dataclass

from common.static_figures.small import Sparkline


@dataclass(frozen=True)
class Kpi:
    """One figure of the KPI row, as components/kpi.html draws it; texts are ready to print."""

    code: str
    name: str
    url: str
    value: str
    unit: str
    when: str
    level: str
    word: str
    verdict: str
    hollow: bool = False
    spark: Sparkline | None = None
    why: str = ""
    source_url: str = ""
    """Where the value comes from."""
    says: str = ""
