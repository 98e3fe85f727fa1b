"""Tags of a form that keep its content when the session has ended.

Built in: `csrf_token` is Django's with the signed name of the form's user beside it, so that any
form that is sent without a session can be given back to that user.
"""

from typing import Any

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.models import User
from reporting.models import Obligation
from reporting.typed.services import parking

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Any) -> SafeString:
    """Django's hidden input, and the one that names the user of the form."""
    own = SafeString(CsrfTokenNode().render(context))
    request = getattr(context, "request", None)  # the tag of a whole form has no variable of it
    user = getattr(request, "user", None)
    return own + _hidden(_of_page(request, user)) if isinstance(user, User) else own


@register.simple_tag(takes_context=True)
def held_token(context: dict[str, Any]) -> str:
    """The signed name of the page's user, for what its scripts send."""
    return _of_page(context["request"], context["request"].user)


@register.simple_tag(takes_context=True)
def held_for(context: dict[str, Any], obligation: Obligation) -> SafeString:
    """The hidden input that names user and obligation of the form, signed."""
    user = context["request"].user
    if not isinstance(user, User):
        return SafeString("")
    return _hidden(parking.token(user=user, place=obligation.pk))


@register.simple_tag(takes_context=True)
def held_draft(context: dict[str, Any], place: str) -> SafeString:
    """The hidden input of a form that has a draft: its user and its place, signed."""
    return _hidden(parking.token(user=context["request"].user, place=place))


def _of_page(request: Any, user: User) -> str:
    """Signed once for all forms of a page."""
    if not hasattr(request, "held_for"):
        request.held_for = parking.token(user=user)
    return str(request.held_for)


def _hidden(token: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', parking.FIELD, token)
