"""What a tick would record for each obligation, asked of the same check as its submission."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quarters import Period
from reporting.answers.rules.wording import characters
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.history import EVIDENCE_COUNT, EarlierRecord
from reporting.choices import DecisionKind, ObligationKind, ObligationState
from reporting.models import Decision, Evidence, Obligation, SubmittedItem, UnchangedTick
from reporting.periods.rules.thresholds import Thresholds
from reporting.unchanged import rules
from reporting.unchanged.rules import Stop, Tick


@dataclass(frozen=True)
class OfferedObligation:
    """An obligation with its check, its last quarter and what a tick would record."""

    checked: CheckedObligation
    last: EarlierRecord | None
    offer: Tick | Stop
    least: int
    """How many characters a reason has at least."""

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @property
    def lasting_evidence(self) -> tuple[tuple[int, str], ...]:
        """Key and name of each approved file of last quarter."""
        return LAST_FILES.of(self.obligation)

    @property
    def tick(self) -> UnchangedTick | None:
        """The tick that the obligation still holds."""
        found = getattr(self.obligation, "tick", None)
        if not isinstance(found, UnchangedTick):
            return None
        holds = rules.stands(found.written, found.reasons, self.obligation.texts)
        return found if holds else None

    @property
    def address(self) -> str:
        """Its place on the page: kind and code, since an agency may lead and share in one task."""
        return f"{self.obligation.kind}-{self.obligation.subject_code}"

    def version_of(self, name: str) -> int:
        """The version of a field's last change."""
        return int(self.obligation.content.get(name, {}).get("v", 0))

    def accepts(self, reason: str) -> bool:
        """Whether a reason is long enough."""
        return characters(reason) >= self.least

    @property
    def is_filled(self) -> bool:
        """Whether something is typed that no tick has written."""
        return not self.tick and any(
            entry["text"].strip() for entry in self.obligation.content.values()
        )


def offers_by_key(
    *, obligations: QuerySet[Obligation], limits: Thresholds
) -> dict[int, OfferedObligation]:
    """Obligations by key with what a tick would record, in two statements whatever their number."""
    rows = obligations.select_related("tick").annotate(
        **LAST_SENT.column(), **LAST_FILES.column(), **_RETURNED.column()
    )
    found = checked_by_key(obligations=rows, limits=limits)
    offers = {pk: rules.offer(_standing(one, limits)) for pk, one in found.items()}
    probes = {
        pk: _probe(found[pk].obligation, one) for pk, one in offers.items() if isinstance(one, Tick)
    }
    judged = {one.judged.target.pk: one.judged for one in found.values() if one.judged}
    probed = checked_by_key(obligations=list(probes.values()), limits=limits, judged=judged)
    for pk, one in probed.items():
        offer = offers[pk]
        assert isinstance(offer, Tick)  # noqa: S101 - only ticks are probed
        offers[pk] = rules.accepted(offer, one.errors, one.open_doubts)
    least = limits.whole("REASON_LENGTH")
    return {
        pk: OfferedObligation(one, _last(one, limits), offers[pk], least)
        for pk, one in found.items()
    }


def _standing(checked: CheckedObligation, limits: Thresholds) -> rules.Standing:
    obligation, last = checked.obligation, _last(checked, limits)
    return rules.Standing(
        kind=obligation.kind,
        period=obligation.period.period,
        today=min(checked.facts.today, obligation.period.closes_on),
        facts=checked.facts,
        last=last.texts if last else None,
        sent=LAST_SENT.of(obligation),
        is_flow=bool(obligation.target and obligation.target.is_flow),
        bound=_bound(obligation),
    )


def _last(checked: CheckedObligation, limits: Thresholds) -> EarlierRecord | None:
    """The newest record of the reporting period before; an older one is not last quarter's."""
    known = checked.past.last
    back = limits.whole("RHYTHM_QUARTERS")
    first = _back(checked.obligation.period.period, back)
    if known is None or checked.obligation.kind == ObligationKind.PROJECT:
        return known  # what is finished stays so
    if known.period.quarter is None:
        return None
    return known if (known.period.year, known.period.quarter) >= first else None


def _back(period: Period, quarters: int) -> tuple[int, int]:
    place = period.year * 4 + (period.quarter or 4) - 1 - quarters
    return place // 4, place % 4 + 1


def _probe(obligation: Obligation, tick: Tick) -> Obligation:
    """The obligation as the tick would leave it, in memory."""
    made = copy.copy(obligation)
    made.content = {name: {"text": text} for name, text in rules.probe(tick).items()}
    files = EVIDENCE_COUNT.of(obligation)
    if tick.takes_evidence:
        files = max(files, len(LAST_FILES.of(obligation)))
    setattr(made, EVIDENCE_COUNT.name, files)
    return made


def _bound(obligation: Obligation) -> str:
    if obligation.is_correction:
        return "本项在更正，要逐项填写"
    if obligation.state != ObligationState.RETURNED:
        return ""
    by, comment = _RETURNED.of(obligation)
    return f"{by}退回：“{comment}”，要先答复" if comment else "本项被退回，要先答复"


def _earlier(path: str) -> Q:
    """Rows of the same agency and subject in an earlier period."""
    year, quarter = OuterRef("period__year"), OuterRef("period__quarter")
    before = Q(**{f"{path}period__year__lt": year}) | Q(
        **{f"{path}period__year": year, f"{path}period__quarter__lt": quarter}
    )
    same = Q(**{f"{path}agency": OuterRef("agency"), f"{path}kind": OuterRef("kind")})
    return before & same & Q(**{f"{path}target": OuterRef("target")})


def _last_sent() -> Subquery:
    rounds = SubmittedItem.objects.filter(
        _earlier("obligation__"),
        decisions__kind=DecisionKind.APPROVED,
        decisions__undone_at=None,
    ).order_by("-obligation__period__year", "-obligation__period__quarter", "-round")
    return Subquery(rounds.values("texts")[:1])


def _last_files() -> ArraySubquery:
    files = Evidence.objects.filter(_earlier("obligation__"), removed_at=None, is_locked=True)
    row = JSONRow(
        file="file_id",
        name="name",
        year="obligation__period__year",
        quarter="obligation__period__quarter",
    )
    return ArraySubquery(files.order_by("pk").values(json=row))


def _last_return() -> Subquery:
    kinds = (DecisionKind.RETURNED, DecisionKind.SENT_BACK)
    rows = Decision.objects.filter(obligation=OuterRef("pk"), kind__in=kinds, undone_at=None)
    return Subquery(
        rows.order_by("-decided_at").values(json=JSONRow(by="by_name", comment="comment"))[:1]
    )


def _read_files(found: Sequence[Mapping[str, Any]] | None) -> tuple[tuple[int, str], ...]:
    """Key and name of the files of the newest period that has some."""
    rows = found or ()
    newest = max(((row["year"], row["quarter"]) for row in rows), default=None)
    kept = {row["file"]: row["name"] for row in rows if (row["year"], row["quarter"]) == newest}
    return tuple(kept.items())


def _read_return(found: Mapping[str, str] | None) -> tuple[str, str]:
    return (found["by"], found["comment"]) if found else ("", "")


LAST_SENT = Annotation("last_sent", _last_sent, lambda texts: texts or {})
"""The texts of a target's form as they were approved last."""
LAST_FILES = Annotation("last_files", _last_files, _read_files)
_RETURNED = Annotation("last_return", _last_return, _read_return)
