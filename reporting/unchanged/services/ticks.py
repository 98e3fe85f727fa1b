"""Ticks of 与上季度相比: set, taken back, with one common reason. All at once, all or nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from audit import services as audit
from common.web.input_cleaning import fitting
from reporting.choices import FRESH
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import CommonReason, Evidence, Obligation, ReportingPeriod, UnchangedTick
from reporting.periods.selectors.thresholds import thresholds
from reporting.rules.fields import FORMS, VALUE_PERIOD
from reporting.unchanged import rules
from reporting.unchanged.rules import Tick
from reporting.unchanged.selectors.offers import OfferedObligation, offers_by_key

ACTION, TAKEN_BACK, REASON = "与上季度相比", "取消与上季度相比", "共同原因"
LONGEST_REASON = 500
Texts = Mapping[int, Mapping[str, str]]
Offered = Mapping[int, OfferedObligation]


@transaction.atomic
def tick(*, pks: Collection[int], by: User, reason: str | None = None) -> int:
    """Record that obligations are unchanged; returns how many. One that is ticked stays so.

    `reason` stands in for the common one, and has to be long enough where one is needed. Raises
    ValidationError where one cannot be unchanged, PermissionDenied and ConflictError by the
    policies.
    """
    return _set(pks, by, _unchanged, reason=reason)


@transaction.atomic
def await_values(*, pks: Collection[int], by: User) -> int:
    """Record 尚未取得 for targets without a value last quarter; returns how many."""
    return _set(pks, by, _awaited, is_awaited=True)


@transaction.atomic
def untick(*, pks: Collection[int], by: User) -> int:
    """Restore what stood before the ticks that obligations still hold; returns how many."""
    offered = _offered(pks)
    ticked = _ticks(offered)
    if not ticked:
        return 0
    _write(offered, {found.obligation_id: found.before for found in ticked}, by, TAKEN_BACK)
    files = [pk for found in ticked for pk in found.evidence]
    if files:
        kept = Evidence.objects.filter(pk__in=files, is_locked=False, removed_at=None)
        kept.update(removed_at=timezone.now())
    UnchangedTick.objects.filter(pk__in=[found.pk for found in ticked]).delete()
    return len(ticked)


@transaction.atomic
def share_reason(*, pks: Collection[int], shares: bool, by: User) -> None:
    """Have ticked obligations take the common reason, or keep the present one as their own."""
    offered = _offered(pks)
    ticked = _ticks(offered)
    for found in ticked:
        found.shares_reason = shares
    UnchangedTick.objects.bulk_update(ticked, ["shares_reason"])
    if shares and ticked:
        common = _common(offered)
        _write(offered, {found.obligation_id: _told(found, common) for found in ticked}, by, REASON)


@transaction.atomic
def give_reason(
    *, agency: Agency, period: ReportingPeriod, edit: FieldEdit, by: User
) -> CommonReason | None:
    """Store the common reason and write it into every obligation that shares it.

    None where another person changed it since the version that the editor had: nothing is written.
    """
    text = fitting(edit.text.replace("\r\n", "\n"), label="共同原因", most=LONGEST_REASON)
    pks = Obligation.objects.owed().filter(agency=agency, period=period).exclude(tick=None)
    offered = _offered(pks.filter(state__in=FRESH).values_list("pk", flat=True))
    kept, _ = CommonReason.objects.select_for_update().get_or_create(agency=agency, period=period)
    if kept.version > edit.base and kept.text != text:
        return None
    sharing = [
        found
        for found in _ticks(offered)
        if found.shares_reason
        and rules.shares(found.reasons, offered[found.obligation_id].obligation.texts, kept.text)
    ]
    if kept.text != text:
        kept.text, kept.version, kept.edited_by = text, kept.version + 1, by.display_name
        kept.save()
    _write(offered, {found.obligation_id: _told(found, text) for found in sharing}, by, REASON)
    return kept


@transaction.atomic
def give_up(*, agency: Agency, period: ReportingPeriod, text: str, by: User) -> None:
    """Keep in the ledger a common reason that its editor gave up for another's."""
    change = (REASON, text[:LONGEST_REASON], "")
    entry = audit.Entry("放弃的文字", "填报期", period.code, agency.name, changes=(change,))
    audit.record(entry, by=by)


def _set(
    pks: Collection[int],
    by: User,
    found: Callable[[OfferedObligation], Tick],
    *,
    is_awaited: bool = False,
    reason: str | None = None,
) -> int:
    offered = {pk: one for pk, one in _offered(pks).items() if not one.tick}
    if not offered:
        return 0
    ticks = {pk: found(one) for pk, one in offered.items()}
    common = _common(offered) if reason is None else _enough(reason, ticks, offered)
    texts = {pk: _texts(one, ticks[pk], common) for pk, one in offered.items()}
    before = {pk: _before(one.obligation, texts) for pk, one in offered.items()}
    files = _attach(offered, ticks, by)
    _write(offered, texts, by, ACTION)
    UnchangedTick.objects.bulk_create(
        (
            UnchangedTick(
                obligation_id=pk,
                is_awaited=is_awaited,
                before=before[pk],
                written={name: texts[pk][name] for name in texts[pk] if name not in one.reasons},
                reasons=list(one.reasons),
                evidence=files.get(pk, []),
            )
            for pk, one in ticks.items()
        ),
        update_conflicts=True,
        unique_fields=["obligation"],
        update_fields=[
            "is_awaited", "before", "written", "reasons", "shares_reason", "evidence",
        ],
    )  # fmt: skip
    return len(offered)


def _enough(reason: str, ticks: Mapping[int, Tick], offered: Offered) -> str:
    """The reason; raises ValidationError where a tick needs a longer one."""
    short = [pk for pk, one in ticks.items() if one.reasons and not offered[pk].accepts(reason)]
    if short:
        one = offered[short[0]]
        asked = f"要写一句共同的原因，至少{one.least}个字，如“年度统计，次年3月公布”"
        raise ValidationError(f"{one.obligation.subject_code}{asked}")
    return reason


def _unchanged(one: OfferedObligation) -> Tick:
    if not isinstance(one.offer, Tick):
        code = one.obligation.subject_code
        raise ValidationError(f"{code}要逐项填写，不能填“没有变化”：{one.offer.why}")
    return one.offer


def _awaited(one: OfferedObligation) -> Tick:
    if isinstance(one.offer, Tick) or not one.offer.lacks_value:
        raise ValidationError(f"{one.obligation.subject_code}要逐项填写，不能选“尚未取得”")
    return rules.awaited()


def _offered(pks: Iterable[int]) -> dict[int, OfferedObligation]:
    """The obligations, locked, with what a tick would record."""
    rows = entries.locked(pks=sorted(set(pks)))
    return offers_by_key(
        obligations=Obligation.objects.owed().filter(pk__in=[row.pk for row in rows]),
        limits=thresholds(),
    )


def _texts(one: OfferedObligation, tick: Tick, common: str) -> dict[str, str]:
    """All that the tick writes: its texts, its reason, nothing in the other fields of the form."""
    typed = one.obligation.content.keys() & {item.name for item in FORMS[one.obligation.kind]}
    if one.obligation.value_year:
        typed -= {VALUE_PERIOD}
    return {
        **dict.fromkeys(typed, ""),
        **tick.texts,
        **rules.reason_texts(tick.reasons, common),
    }


def _before(obligation: Obligation, texts: Texts) -> dict[str, str]:
    kept = obligation.texts
    return {name: kept.get(name, "") for name in texts[obligation.pk]}


def _told(tick: UnchangedTick, common: str) -> dict[str, str]:
    return rules.reason_texts(tick.reasons, common)


def _ticks(offered: Offered) -> list[UnchangedTick]:
    return [found for one in offered.values() if (found := one.tick)]


def _common(offered: Offered) -> str:
    one = next(iter(offered.values())).obligation
    of = CommonReason.objects.filter(agency=one.agency_id, period=one.period_id)
    return of.values_list("text", flat=True).first() or ""


def _write(offered: Offered, texts: Texts, by: User, action: str) -> None:
    """Write texts into obligations that are locked, on the version that they have."""
    edits = {
        pk: {name: FieldEdit(text, offered[pk].version_of(name)) for name, text in told.items()}
        for pk, told in texts.items()
    }
    entries.save_many(edits=edits, by=by, action=action)


def _attach(offered: Offered, ticks: Mapping[int, Tick], by: User) -> dict[int, list[int]]:
    """Attach last quarter's files to obligations that have none; obligation key → their keys."""
    rows = Evidence.objects.bulk_create(
        Evidence(
            obligation=one.obligation,
            file_id=file,
            name=name,
            uploaded_by=by.display_name,
            is_reused=True,
        )
        for pk, one in offered.items()
        if ticks[pk].takes_evidence and not one.checked.facts.evidence
        for file, name in one.lasting_evidence
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.obligation_id, []).append(row.pk)
    return found
