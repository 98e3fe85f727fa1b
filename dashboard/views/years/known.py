from django.http import Http404

from targets.rules import MilestoneYears


def check_known(years: MilestoneYears, year: int) -> None:
    """Raise Http404 for what is no milestone year; before a plan is loaded any may be asked for."""
    if years.years and year not in years:
        raise Http404(f"{year}年不是方案的目标年")
