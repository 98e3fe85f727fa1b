"""A sheet for the stamp as it is shown and printed: what was issued, and whether it holds."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import reverse

from agencies.models import User
from common.formats import zh_datetime
from records.choices import CodeState
from records.models import IssuedCode
from reporting.models import Paper
from reporting.papers.rules.contents import Contents, Hand, read
from reporting.policies import check_can_read_paper

_REFUSED: Mapping[str, str] = {
    CodeState.WITHDRAWN: "已撤回，不得盖章",
    CodeState.REPLACED: "已被{}代替，不得盖章",
}


@dataclass(frozen=True)
class PaperPage:
    """One version of a sheet."""

    paper: Paper

    @cached_property
    def contents(self) -> Contents:
        return read(self.paper.content)

    @property
    def issued(self) -> IssuedCode:
        return self.paper.issued

    @property
    def back(self) -> str:
        """The receipt; of a whole quarter the page on which it is filled in."""
        period = self.paper.period.code
        if self.paper.submission is None:
            return reverse("reporting:home", query={"period": period})
        return reverse("reporting:receipt", args=[period, self.paper.submission.full_number])

    @property
    def refused(self) -> str:
        """Why it must not be stamped; empty where it may."""
        newer = self.issued.replaced_by
        return _REFUSED.get(self.issued.state, "").format(newer.number if newer else "")

    @property
    def handed_in(self) -> str:
        return _said(self.contents.handed_in)

    @property
    def prepared(self) -> list[tuple[str, str]]:
        """Name, moment and phone of each preparer."""
        return [(hand.name, _deed(hand, "报送")) for hand in self.contents.prepared]

    @property
    def signed(self) -> list[tuple[str, str]]:
        return [(hand.name, _deed(hand, "审核")) for hand in self.contents.signed]

    @property
    def running_line(self) -> str:
        """What stands at the foot of each page."""
        found = self.contents
        return f"{found.agency}　{found.period}　编号 {found.number}　校验码 {self.issued.spelled}"


def paper_page(*, reader: User, period: str, number: str) -> PaperPage | None:
    """The sheet of a number: 2026Q3-JTJ-02-2, or its newest version without the last part.

    Raises PermissionDenied for another agency's, except for reviewers.
    """
    base, _, version = number.rpartition("-")
    asked = Q(number=number)
    if version.isdecimal() and len(version) <= 4:
        asked |= Q(number=base, version=int(version))
    rows = Paper.objects.filter(asked).select_related(
        "agency", "period", "submission", "issued__replaced_by"
    )
    found = rows.order_by("-version").first()
    if found is None or found.period.code != period:
        return None
    check_can_read_paper(paper=found, by=reader)
    return PaperPage(found)


def _said(moment: str) -> str:
    return zh_datetime(datetime.datetime.fromisoformat(moment)) if moment else ""


def _deed(hand: Hand, deed: str) -> str:
    at = f"{_said(hand.at)} {deed}" if hand.at else ""
    return "，".join(part for part in (at, hand.phone) if part)
