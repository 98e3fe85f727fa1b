"""Parked forms: sent after their session had ended, sealed until their user signs in again.

A form carries a signed token that names its user and its obligation or draft. It replaces the CSRF
check, which cannot be passed any more: a parked form changes nothing until exactly that user,
signed in by a request that passed the check, gets it back.
"""

import base64
import datetime
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import User
from reporting.filling.services import drafts, entries
from reporting.filling.services.entries import FieldConflict, FieldEdit
from reporting.models import Obligation, ParkedForm
from reporting.policies import ConflictError

FIELD = "held_for"
"""The name of the hidden input with the token."""

KEPT = datetime.timedelta(minutes=30)
_TOKEN_AGE = datetime.timedelta(hours=16)
_MOST_FORMS, _MOST_BYTES = 20, 300_000
_SALT = "reporting.parking"


@dataclass(frozen=True)
class RestoredForm:
    """Result of restoring a form: where its texts are now, conflicts, or why it was refused."""

    url: str
    conflicts: tuple[FieldConflict, ...] = ()
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        return not (self.conflicts or self.refusal)


def token(*, obligation: Obligation, user: User) -> str:
    """The signed name of a form's user and obligation, valid for a working day."""
    return signing.dumps([user.pk, obligation.pk], salt=_SALT)


def draft_token(*, place: str, user: User) -> str:
    """The token of a form that has a draft instead of an obligation."""
    return signing.dumps([user.pk, place], salt=_SALT)


def park(*, token: str, edits: Mapping[str, FieldEdit], path: str) -> str:
    """Park a form for the user of its token. Returns its key, or "" where nothing can be kept."""
    try:
        user, place = signing.loads(token, salt=_SALT, max_age=_TOKEN_AGE)
    except signing.BadSignature:
        return ""
    content = json.dumps([place, {name: [edit.text, edit.base] for name, edit in edits.items()}])
    if not edits or len(content) > _MOST_BYTES or not User.objects.filter(pk=user).exists():
        return ""
    key = secrets.token_urlsafe(32)
    sealed = _box().encrypt(content.encode())
    with transaction.atomic():
        ParkedForm.objects.create(
            token=key, user_id=user, path=path[:300], sealed=sealed, parked_at=timezone.now()
        )
        kept = ParkedForm.objects.filter(user=user).order_by("-parked_at").values("pk")
        ParkedForm.objects.filter(user=user).exclude(pk__in=kept[:_MOST_FORMS]).delete()
    return key


@transaction.atomic
def restore(*, key: str, by: User) -> RestoredForm | None:
    """Save this person's parked form, as if it had come in time; None where there is none.

    A form that cannot be saved now stays parked until it expires.
    """
    row = _parked(key, by)
    if row is None:
        return None
    found = _opened(row)
    if found is None:
        row.delete()
        return None
    place, edits = found
    if isinstance(place, str):
        drafts.save(place=place, edits=edits, by=by, wins=True)
        row.delete()
        return RestoredForm(row.path)
    restored = _into_obligation(place, edits, by)
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
    if again is None or again.refusal or known is None or isinstance(known[0], str):
        return again
    for one in again.conflicts:
        if takes_mine:
            edit = {one.field: FieldEdit(one.mine, one.version)}
            entries.save(pk=known[0].pk, edits=edit, by=by, action="恢复填写")
        else:
            entries.give_up(pk=known[0].pk, name=one.field, text=one.mine, by=by)
    ParkedForm.objects.filter(token=key, user=by).delete()
    return RestoredForm(again.url)


def parked_texts(*, key: str, by: User) -> tuple[Obligation | str, Mapping[str, FieldEdit]] | None:
    """This person's parked texts, with their obligation or draft's place; None without any."""
    row = _parked(key, by)
    found = _opened(row) if row else None
    if found is None:
        return None
    place, edits = found
    if isinstance(place, str):
        return place, edits
    return Obligation.objects.with_subjects().get(pk=place), edits


def sweep() -> int:
    """Delete expired forms; returns how many."""
    return ParkedForm.objects.filter(parked_at__lt=timezone.now() - KEPT).delete()[0]


def _parked(key: str, by: User) -> ParkedForm | None:
    since = timezone.now() - KEPT
    return ParkedForm.objects.filter(token=key, user=by, parked_at__gte=since).first()


def _opened(row: ParkedForm) -> tuple[int | str, dict[str, FieldEdit]] | None:
    try:
        place, fields = json.loads(_box().decrypt(bytes(row.sealed)))
    except InvalidToken:  # the secret key has changed
        return None
    return place, {name: FieldEdit(text, base) for name, (text, base) in fields.items()}


def _box() -> Fernet:
    """Encryption with a key of its own, derived from the installation's secret."""
    secret = salted_hmac(_SALT, "seal", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(secret))
