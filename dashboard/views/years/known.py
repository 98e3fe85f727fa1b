from django.http import Http404

from targets.rules import MilestoneYears


def check_known(years: MilestoneYears, year: int) -> None:
    """Raise Http404 unless it is a milestone year; any year passes before a plan is loaded."""
    if years.years and year not in years:
        raise Http404(f"{year}年不是方案的目标年")
