"""What a service refuses, shown where the reader acted."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest


@contextmanager
def refusal_as_message(request: HttpRequest) -> Iterator[None]:
    """Inside, what a service refuses becomes a message on the next page."""
    try:
        yield
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))


@contextmanager
def refusal_on_form(form: BaseForm) -> Iterator[None]:
    """Inside, a service's sentences go to the fields of the same name, others above the form."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            form.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
