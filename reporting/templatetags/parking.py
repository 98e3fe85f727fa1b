"""What a form needs so that nothing typed is lost when the session has ended."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.models import User
from reporting.models import Obligation
from reporting.services import parking

register = template.Library()


@register.simple_tag(takes_context=True)
def held_for(context: dict[str, Any], obligation: Obligation) -> SafeString:
    """The hidden input that names user and item of the form, signed."""
    user = context["request"].user
    if not isinstance(user, User):
        return SafeString("")
    token = parking.token(obligation=obligation, user=user)
    return format_html('<input type="hidden" name="{}" value="{}">', parking.FIELD, token)
