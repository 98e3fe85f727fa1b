"""The refusals of the policies, and their sentences."""

from django.core.exceptions import ValidationError


class ConflictError(Exception):
    """The action is not possible at present; the message says why and what to do."""


REFUSALS = (ConflictError, ValidationError)


def words_of(refusal: Exception) -> str:
    """The sentence of a refusal."""
    if isinstance(refusal, ValidationError):
        return "；".join(refusal.messages)
    return str(refusal)
