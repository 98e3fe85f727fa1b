"""Transfers open obligations to the agency that takes over, and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Agency, User
from agencies.policies import check_can_manage
from audit import services as audit
from reporting.answers.selectors.transfers import open_obligations, plan_transfer
from reporting.answers.services.steps import move
from reporting.choices import WITH_REPORTER, ObligationKind
from reporting.models import Evidence, Obligation, TimeRequest
from reporting.rules.fields import field
from reporting.workflow import Step

_JOINED = ("content", "version", "state", "editors", "dropped_on", "dropped_because")


@dataclass(frozen=True)
class _Merge:
    """An obligation merged into the successor's obligation for the same subject."""

    obligation: Obligation
    there: Obligation
    lost: tuple[audit.Change, ...]
    before: dict[str, Any]


@transaction.atomic
def transfer(*, agency: Agency, into: Agency, by: User | None) -> dict[str, Any]:
    """Transfer open obligations, with their texts, to the successor; returns what it did.

    Where both agencies typed into one field of the same obligation, the successor's text stays and
    the other goes to the ledger.
    """
    check_can_manage(by)
    # Lock before planning: nobody may write or submit while obligations change their agency.
    list(Obligation.objects.select_for_update().filter(agency__in=(agency, into)).order_by("pk"))
    found = plan_transfer(obligations=open_obligations(agency=agency), into=into)
    moved = [obligation.pk for obligation in found.moved]
    Obligation.objects.filter(pk__in=moved).update(agency=into, version=F("version") + 1)
    asked = TimeRequest.objects.filter(obligation__in=moved, state="pending")
    requests = list(asked.values_list("pk", flat=True))
    TimeRequest.objects.filter(pk__in=requests).update(agency=into)
    joined = [_merge(own, there, into) for own, there in found.joined]
    both = [obligation for join in joined for obligation in (join.obligation, join.there)]
    Obligation.objects.bulk_update(both, _JOINED)
    _record("移交", found.moved, agency, into, by)
    _keep_contributions(agency, into, by)
    for join in joined:
        _record("移交", [join.obligation], agency, into, by, join.lost)
    return {"moved": moved, "requests": requests, "joined": [join.before for join in joined]}


@transaction.atomic
def transfer_back(*, agency: Agency, into: Agency, done: dict[str, Any], by: User | None) -> None:
    """Undo `transfer`. The caller has checked that nobody has written since."""
    check_can_manage(by)
    moved = Obligation.objects.filter(pk__in=done["moved"])
    moved.update(agency=agency, version=F("version") + 1)
    TimeRequest.objects.filter(pk__in=done["requests"]).update(agency=agency)
    obligations = Obligation.objects.in_bulk([pk for one in done["joined"] for pk in one["items"]])
    for one in done["joined"]:
        own, there = (obligations[pk] for pk in one["items"])
        own.dropped_on, own.dropped_because = None, ""
        there.content, there.state = one["content"], one["state"]
        there.dropped_on, there.dropped_because = one["dropped_on"], one["dropped_because"]
        there.version += 1
        Evidence.objects.filter(pk__in=one["evidence"]).update(obligation=own)
    Obligation.objects.bulk_update(obligations.values(), _JOINED)
    back = [obligations[one["items"][0]] for one in done["joined"]]
    _record("收回", [*moved.with_subjects(), *back], into, agency, by)


def _merge(obligation: Obligation, there: Obligation, into: Agency) -> _Merge:
    """Fill in the fields that the successor has not typed; its own texts stay."""
    files = there.evidence.filter(removed_at=None).values("file")
    kept = obligation.evidence.filter(removed_at=None, is_locked=False).exclude(file__in=files)
    before = {
        "items": [obligation.pk, there.pk],
        "content": there.content,
        "state": there.state,
        "dropped_on": there.dropped_on and there.dropped_on.isoformat(),
        "dropped_because": there.dropped_because,
        "evidence": list(kept.values_list("pk", flat=True)),
    }
    takes = there.state in WITH_REPORTER
    free = {name for name in obligation.content if takes and not there.texts.get(name)}
    lost = tuple(
        (_label(obligation, name), entry["text"], there.texts.get(name, ""))
        for name, entry in obligation.content.items()
        if name not in free and entry["text"] not in {"", there.texts.get(name)}
    )
    if takes:
        Evidence.objects.filter(pk__in=before["evidence"]).update(obligation=there)
    if any(obligation.texts[name] for name in free):
        move(obligation=there, step=Step.EDIT)
    there.version += 1
    # The merged version: forms that are open at the successor get a conflict.
    taken = {name: obligation.content[name] | {"v": there.version} for name in free}
    there.content = there.content | taken
    there.editors = list({*there.editors, *obligation.editors} if taken else there.editors)
    there.dropped_on, there.dropped_because = None, ""
    obligation.dropped_on = timezone.localdate()
    obligation.dropped_because = f"并入{into}，由其一并填报"
    return _Merge(obligation, there, lost, before)


def _keep_contributions(agency: Agency, into: Agency, by: User | None) -> None:
    """Drop contributions of the agency that now leads the task; their texts go to the ledger."""
    led = Q(task__lead=into) | Q(task__convenor=into)
    own = Obligation.objects.owed().filter(led, agency__in=(agency, into), state__in=WITH_REPORTER)
    for obligation in own.filter(kind=ObligationKind.CONTRIBUTION).with_subjects():
        said = tuple(
            (_label(obligation, name), text, "") for name, text in obligation.texts.items() if text
        )
        if said:
            entry = audit.Entry(
                "并入牵头任务", "应报事项", obligation.code, obligation.name, changes=said
            )
            audit.record(entry, by=by)


def _label(obligation: Obligation, name: str) -> str:
    found = field(obligation.kind, name)
    return found.label if found else name


def _record(
    action: str, obligations: Iterable[Obligation], old: Agency, new: Agency, by: User | None,
    said: tuple[audit.Change, ...] = (),
) -> None:  # fmt: skip
    changes = (("单位", old.name, new.name), *said)
    entries = (
        audit.Entry(action, "应报事项", obligation.code, obligation.name, changes=changes)
        for obligation in obligations
    )
    audit.record_all(entries, by=by)
