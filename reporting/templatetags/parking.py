"""Tags of a form that keep its content when the session has ended."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.models import User
from reporting.filling.services import parking
from reporting.models import Obligation

register = template.Library()


@register.simple_tag(takes_context=True)
def held_for(context: dict[str, Any], obligation: Obligation) -> SafeString:
    """The hidden input that names user and obligation of the form, signed."""
    user = context["request"].user
    if not isinstance(user, User):
        return SafeString("")
    return _hidden(parking.token(obligation=obligation, user=user))


@register.simple_tag(takes_context=True)
def held_draft(context: dict[str, Any], place: str) -> SafeString:
    """The hidden input of a form that has a draft: its user and its place, signed."""
    return _hidden(parking.draft_token(place=place, user=context["request"].user))


def _hidden(token: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', parking.FIELD, token)
