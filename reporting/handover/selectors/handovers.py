"""Handovers that were done: the list, one of them, its sheet."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from agencies.models import User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.formats import zh_day
from reporting.choices import WAITING
from reporting.handover.rules import draft_words
from reporting.models import HandedDraft, HandedItem, Handover
from reporting.policies import check_can_read_handover, readable_handovers
from reporting.rules.matter_fields import LABELS

MOST = 50


@dataclass(frozen=True)
class HandoverPage:
    """One handover with its items and drafts, as its reader may see them."""

    handover: Handover
    reader: User
    items: tuple[HandedItem, ...]
    drafts: tuple[HandedDraft, ...]

    @property
    def is_receiver(self) -> bool:
        return self.reader.pk == self.handover.receiver_id

    @property
    def draft_rows(self) -> tuple["DraftRow", ...]:
        return tuple(DraftRow(draft, self.is_receiver) for draft in self.drafts)

    @property
    def due_words(self) -> str:
        """The first deadline of what was still with the agency: 11月27日."""
        days = [item.due_on for item in self.items if item.state not in WAITING]
        return zh_day(min(days)) if days else ""

    @property
    def own_items(self) -> tuple[HandedItem, ...]:
        """Items that the receiver has typed in, too: they cannot be signed by the receiver."""
        pk = self.handover.receiver_id
        return tuple(item for item in self.items if pk in item.obligation.editors)


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list; only its receiver reads the text that was kept apart."""

    draft: HandedDraft
    is_receiver: bool

    @property
    def words(self) -> str:
        return draft_words(self.draft.place)

    @property
    def is_apart(self) -> bool:
        return bool(self.draft.kept)

    @property
    def texts(self) -> Mapping[str, str]:
        """Label of a field → text; empty for everybody but the receiver."""
        if not self.is_receiver:
            return {}
        return {LABELS.get(name, name): text for name, text in self.draft.kept.items() if text}


def _last_handed() -> Subquery:
    rows = HandedItem.objects.filter(obligation=OuterRef("pk")).order_by("-handover__at", "-pk")
    names = {"giver": "handover__giver_name", "receiver": "handover__receiver_name"}
    return Subquery(rows.values(json=JSONRow(**names, at="handover__at"))[:1])


def _handed_words(found: Mapping[str, str] | None) -> str:
    if not found:
        return ""
    day = timezone.localtime(datetime.datetime.fromisoformat(found["at"]))
    return f"由{found['giver']}交接给{found['receiver']}，{day:%m-%d}"


HANDED_WORDS = Annotation("handed_words", _last_handed, _handed_words)
"""Beside an obligation: 由王芳交接给刘强，11-30; empty where it never changed hands."""


def handovers(*, reader: User) -> QuerySet[Handover]:
    """The newest that the reader may read, with the number of items and drafts."""
    found = Handover.objects.filter(readable_handovers(by=reader)).select_related("agency")
    counts = {
        "item_count": Count("items", distinct=True),
        "draft_count": Count("drafts", distinct=True),
    }
    return found.annotate(**counts).order_by("-at", "-pk")[:MOST]


def handover_page(*, reader: User, number: int) -> HandoverPage | None:
    """One handover; None for an unknown number. Raises PermissionDenied."""
    found = Handover.objects.select_related("agency", "receiver", "giver").filter(pk=number).first()
    if found is None:
        return None
    check_can_read_handover(handover=found, by=reader)
    paths = ("period", "agency", "target", "task", "project")
    items = found.items.select_related(*(f"obligation__{path}" for path in paths))
    return HandoverPage(found, reader, tuple(items), tuple(found.drafts.all()))
