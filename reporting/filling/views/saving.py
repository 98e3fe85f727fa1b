"""Endpoints for the script of a form: saving field by field, presence, conflicts.

Every response is JSON, refusals too: `code` is for the script, `message` for the reader.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agencies.models import User
from agencies.policies import Action, SignedInRequest, requires
from agencies.sessions import SessionStore
from common.web.input_cleaning import key_of
from common.web.script_requests import passive, refusal
from reporting.answers.selectors.addresses import candidates_at, obligation_key
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.filling.selectors.derived_numbers import derived_numbers
from reporting.filling.selectors.presence import changed_since, moment, others_words
from reporting.filling.services import entries, presence
from reporting.filling.services.entries import (
    FieldConflict,
    FieldEdit,
    UnsavedField,
    typed_edits,
)
from reporting.models import Obligation
from reporting.policies import ConflictError, check_can_read

View = Callable[..., HttpResponseBase]
SEVERAL_YEARS = "这个指标本期要报几个年度的数据，从“本季度待填”打开要填的那个年度"


class _OtherPersonError(PermissionDenied):
    """The page was opened by another account than the one that is signed in now."""


def answers_json(view: View) -> View:
    """Turn the refusals of a view into JSON, whatever raises them."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ConflictError as error:
            return refusal("conflict", str(error), 409)
        except _OtherPersonError as error:
            return refusal("other_person", str(error), 403)
        except PermissionDenied as error:
            return refusal("forbidden", str(error) or "您的账号不能填写这一项", 403)
        except ValidationError as error:
            return refusal("unknown", "；".join(error.messages), 422)
        except Obligation.MultipleObjectsReturned:
            return refusal("gone", SEVERAL_YEARS, 404)
        except Obligation.DoesNotExist:
            return refusal("gone", "没有这个填报事项，刷新页面再试", 404)

    return answering


@answers_json
@require_http_methods(["GET", "POST"])
@requires(Action.READ_OWN)
def save(request: SignedInRequest, period: str, kind: str, code: str) -> HttpResponse:
    """Save one or several fields of an obligation: name=text&v_name=base.

    A GET returns the current doubts. The script asks once nothing is left to save, because reading
    the history costs more than a save.
    """
    if request.method == "GET":
        key = obligation_key(period=period, kind=kind, code=code, reader=request.user)
        return JsonResponse(_looked_at(key, request.user))
    check_same_person(request)
    edits = typed_edits(data=request.POST)
    obligations = candidates_at(period=period, kind=kind, code=code, reader=request.user)
    saved = entries.save_at(obligations=obligations, edits=edits, by=request.user)
    obligation = saved.obligation
    return saved_answer(
        edits=edits,
        content=obligation.content,
        version=obligation.version,
        conflicts=saved.conflicts,
        unsaved=saved.unsaved,
        state=obligation.state,
    )


@answers_json
@require_POST
@requires(Action.READ_OWN)
def give_up(request: SignedInRequest, period: str, kind: str, code: str) -> HttpResponse:
    """Keep in the ledger the text that its editor did not choose."""
    check_same_person(request)
    key = obligation_key(period=period, kind=kind, code=code, reader=request.user)
    name, text = request.POST.get("field", ""), request.POST.get("text", "")
    entries.give_up(pk=key, name=name, text=text, by=request.user)
    return JsonResponse({})


@passive
@answers_json
@require_POST
@requires(Action.READ_OWN)
def here(request: SignedInRequest, period: str, kind: str, code: str) -> HttpResponse:
    """Record presence; return who else is there and what they changed since a version."""
    check_same_person(request)
    key = obligation_key(period=period, kind=kind, code=code, reader=request.user)
    obligation = Obligation.objects.with_subjects().get(pk=key)
    presence.touch(obligation=obligation, by=request.user)
    since = key_of(request.POST.get("since", "")) or 0
    changed = changed_since(obligation=obligation, version=since)
    left = request.session.seconds_left if isinstance(request.session, SessionStore) else 0
    return JsonResponse(
        {
            "present": others_words(obligation=obligation, reader=request.user),
            "version": obligation.version,
            "changed": [asdict(one) for one in changed],
            "left": left,
        }
    )


def check_same_person(request: SignedInRequest) -> None:
    """Refuse a page that was opened by another account than the one signed in now."""
    sent = request.POST.get("user", "")
    if sent and sent != str(request.user.pk):
        raise _OtherPersonError(
            f"这个页面由另一个账号打开，现在登录的是{request.user.display_name}"
        )


def saved_answer(
    *,
    edits: Mapping[str, FieldEdit],
    content: Mapping[str, Mapping[str, Any]],
    version: int,
    conflicts: Collection[FieldConflict],
    unsaved: Collection[UnsavedField],
    **more: str,
) -> JsonResponse:
    """The answer to a save of fields, for the script.

    Versions only of the fields sent: the page may show older texts of others. A field that could
    not be stored has a message and a code.
    """
    left = {one.field for one in conflicts} | {one.field for one in unsaved}
    kept = edits.keys() - left
    said = {
        **({"code": "unsaved"} if unsaved else {}),
        "unsaved": [asdict(one) for one in unsaved],
        "version": version,
        "saved_at": f"{timezone.localtime():%H:%M:%S}",
        "fields": {name: {"v": content.get(name, {}).get("v", edits[name].base)} for name in kept},
        "conflicts": [conflict_of(one) for one in conflicts],
        **more,
    }
    return JsonResponse(said, status=422 if unsaved else 200)


def _looked_at(key: int, reader: User) -> dict[str, Any]:
    obligation = Obligation.objects.with_subjects().get(pk=key)
    check_can_read(obligation=obligation, by=reader)
    found = checked_by_key(obligations=[obligation])[obligation.pk]
    return {"findings": findings_of(found), "live": asdict(derived_numbers(checked=found))}


def conflict_of(one: FieldConflict) -> dict[str, Any]:
    return {
        "field": one.field,
        "label": one.label,
        "mine": one.mine,
        "theirs": one.theirs,
        "by": one.by,
        "at": moment(iso=one.at),
        "v": one.version,
    }


def findings_of(found: CheckedObligation) -> list[dict[str, Any]]:
    """What stands at the fields while they are filled in."""
    return [
        {
            "code": one.code,
            "level": one.level,
            "field": one.field,
            "message": one.message,
            "remedy": one.remedy,
            "needs_reason": one in found.open_doubts,
            "reason": "" if one.is_error else found.reason(one),
            "reason_v": found.obligation.content.get(one.reason_field, {}).get("v", 0),
        }
        for one in found.early
    ]
