"""Parked forms: sent after their session had ended, or left at signing out, sealed until their
user signs in again.

A form carries a signed token that names its user, and its obligation or draft where it has one. It
replaces the CSRF check, which cannot be passed any more: a parked form changes nothing until
exactly that user, signed in by a request that passed the check, gets it back. What has an
obligation or a draft is saved there; any other text is written back into its page, where its user
sends it again.
"""

import base64
import datetime
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import User
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldConflict, FieldEdit, typed_edits
from reporting.models import Obligation, ParkedForm
from reporting.policies import ConflictError
from reporting.typed.services import drafts

FIELD = "held_for"
"""The name of the hidden input with the token."""

KEPT = datetime.timedelta(minutes=30)
_TOKEN_AGE = datetime.timedelta(hours=16)
_MOST_FORMS, _MOST_BYTES = 20, 300_000
_SHOWN = 40
_SALT = "reporting.parking"
_KEY_OR_CODE = re.compile(r"[\w@:/?=&%+-]*", re.ASCII)
"""What hidden inputs hold. A form without anything else has nothing that somebody wrote."""

Place = int | str | None
Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class TypedForm:
    """A form as sent: its page, its address, the texts of each field, its name on the page."""

    page: str
    action: str
    texts: Texts
    item: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """The texts that somebody may have written, without keys and codes."""
        found = (text for texts in self.texts.values() for text in texts)
        return tuple(text for text in found if not _KEY_OR_CODE.fullmatch(text))

    @property
    def edits(self) -> dict[str, FieldEdit]:
        return typed_edits(data={name: texts[-1] for name, texts in self.texts.items() if texts})


@dataclass(frozen=True)
class ParkedTexts:
    """A parked form and what it belongs to; `place` is None where only its page knows it."""

    key: str
    form: TypedForm
    place: Obligation | str | None
    at: datetime.datetime

    @property
    def until(self) -> datetime.datetime:
        return timezone.localtime(self.at + KEPT)


@dataclass(frozen=True)
class WaitingForm:
    """A parked form by the time it came and the beginning of what it holds."""

    key: str
    at: datetime.datetime
    words: str


@dataclass(frozen=True)
class RestoredForm:
    """Result of restoring a form: where its texts are now, conflicts, or why it was refused."""

    url: str
    conflicts: tuple[FieldConflict, ...] = ()
    refusal: str = ""
    waits: bool = field(default=False, kw_only=True)
    """Whether the texts are still to be written into their page."""

    @property
    def is_done(self) -> bool:
        return not (self.conflicts or self.refusal or self.waits)


def token(*, user: User, place: Place = None) -> str:
    """The signed name of a form's user and obligation or draft, valid for a working day."""
    return signing.dumps([user.pk, place], salt=_SALT)


def park(*, token: str, form: TypedForm) -> str:
    """Park a form for the user of its token. Returns its key, or "" where nothing can be kept."""
    try:
        user, place = signing.loads(token, salt=_SALT, max_age=_TOKEN_AGE)
    except signing.BadSignature:
        return ""
    has_texts = form.written if place is None else form.edits
    content = json.dumps({"place": place, "form": asdict(form)})
    if not has_texts or len(content) > _MOST_BYTES or not User.objects.filter(pk=user).exists():
        return ""
    key = secrets.token_urlsafe(32)
    sealed = _box().encrypt(content.encode())
    with transaction.atomic():
        ParkedForm.objects.create(
            token=key, user_id=user, path=form.page[:300], sealed=sealed, parked_at=timezone.now()
        )
        kept = ParkedForm.objects.filter(user=user).order_by("-parked_at").values("pk")
        ParkedForm.objects.filter(user=user).exclude(pk__in=kept[:_MOST_FORMS]).delete()
    return key


@transaction.atomic
def restore(*, key: str, by: User) -> RestoredForm | None:
    """Save this person's parked form, as if it had come in time; None where there is none.

    A form that cannot be saved now, or only by its page, stays parked until it expires.
    """
    row = _parked(key, by)
    if row is None:
        return None
    found = _opened(row)
    if found is None:
        row.delete()
        return None
    place, form = found
    if place is None:
        return RestoredForm(reverse("reporting:parked", args=[key]), waits=True)
    if isinstance(place, str):
        drafts.save(place=place, edits=form.edits, by=by, wins=True)
        row.delete()
        return RestoredForm(row.path)
    restored = _into_obligation(place, form.edits, by)
    if restored.is_done:
        row.delete()
    return restored


def _into_obligation(pk: int, edits: Mapping[str, FieldEdit], by: User) -> RestoredForm:
    url = Obligation.objects.with_subjects().get(pk=pk).get_absolute_url()
    try:
        # A savepoint: a refusal must leave the transaction usable, the form stays parked.
        with transaction.atomic():
            saved = entries.save(pk=pk, edits=edits, by=by, action="恢复填写")
    except (ConflictError, PermissionDenied) as refusal:
        return RestoredForm(url, refusal=str(refusal))
    except ValidationError as refusal:
        return RestoredForm(url, refusal="；".join(refusal.messages))
    unsaved = "；".join(f"{one.label}{one.message}" for one in saved.unsaved)
    return RestoredForm(url, saved.conflicts, unsaved)


@transaction.atomic
def settle(*, key: str, takes_mine: bool, by: User) -> RestoredForm | None:
    """Resolve the conflicts of a parked form: overwrite with its texts, or give them up."""
    known = parked_texts(key=key, by=by)
    again = restore(key=key, by=by)
    if again is None or again.refusal or known is None or not isinstance(known.place, Obligation):
        return again
    for one in again.conflicts:
        if takes_mine:
            edit = {one.field: FieldEdit(one.mine, one.version)}
            entries.save(pk=known.place.pk, edits=edit, by=by, action="恢复填写")
        else:
            entries.give_up(pk=known.place.pk, name=one.field, text=one.mine, by=by)
    drop(key=key, by=by)
    return RestoredForm(again.url)


def drop(*, key: str, by: User) -> None:
    """Delete this person's parked form: its page has sent it, or nobody wants it."""
    ParkedForm.objects.filter(token=key, user=by).delete()


def parked_texts(*, key: str, by: User) -> ParkedTexts | None:
    """This person's parked texts, with their obligation or draft's place; None without any."""
    row = _parked(key, by)
    found = _opened(row) if row else None
    if row is None or found is None:
        return None
    place, form = found
    if isinstance(place, int):
        obligation = Obligation.objects.with_subjects().get(pk=place)
        return ParkedTexts(key, form, obligation, row.parked_at)
    return ParkedTexts(key, form, place, row.parked_at)


def waiting(*, by: User) -> list[WaitingForm]:
    """This person's parked forms that have not expired, the newest first."""
    since = timezone.now() - KEPT
    rows = ParkedForm.objects.filter(user=by, parked_at__gte=since).order_by("-parked_at")
    found = ((row, _opened(row)) for row in rows)
    return [
        WaitingForm(
            row.token, row.parked_at, "；".join(opened[1].written)[:_SHOWN] or "只有选择的内容"
        )
        for row, opened in found
        if opened
    ]


def sweep() -> int:
    """Delete expired forms; returns how many."""
    return ParkedForm.objects.filter(parked_at__lt=timezone.now() - KEPT).delete()[0]


def _parked(key: str, by: User) -> ParkedForm | None:
    since = timezone.now() - KEPT
    return ParkedForm.objects.filter(token=key, user=by, parked_at__gte=since).first()


def _opened(row: ParkedForm) -> tuple[Place, TypedForm] | None:
    """None where the secret key has changed, or an earlier version of the programme parked it."""
    try:
        content = json.loads(_box().decrypt(bytes(row.sealed)))
        return content["place"], TypedForm(**content["form"])
    except (InvalidToken, KeyError, TypeError):
        return None


def _box() -> Fernet:
    """Encryption with a key of its own, derived from the installation's secret."""
    secret = salted_hmac(_SALT, "seal", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(secret))
