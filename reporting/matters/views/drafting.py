"""Submitting a form that has a draft: the draft is kept until it was sent."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from agencies.policies import SignedInRequest
from reporting.filling.services.entries import typed_edits
from reporting.matters.forms.drafted import Drafted
from reporting.matters.selectors.detail_page import draft_of
from reporting.models import Matter
from reporting.policies import ConflictError
from reporting.typed.services import drafts

Form = TypeVar("Form", bound=Drafted)


def sent(
    request: SignedInRequest, place: str, form: Form, act: Callable[[Form], Matter], done: str
) -> HttpResponse | None:
    """Submit the form: redirect to the matter; None where the form has to be shown again.

    A refused form stays a draft, so that closing the page loses nothing.
    """
    if request.method != "POST":
        return None
    if form.is_valid():
        try:
            matter = act(form)
        except ValidationError as refusal:
            form.refuse(refusal)
        except ConflictError as refusal:
            form.add_error(None, str(refusal))
        else:
            drafts.drop(place=place, by=request.user)
            messages.success(request, done)
            return redirect(matter)
    edits = typed_edits(data=request.POST)
    drafts.save(place=place, edits=edits, by=request.user, wins=True)
    form.number(draft_of(place=place, reader=request.user))
    return None
