"""What is refused, and the sentence that says why."""

from django.core.exceptions import ValidationError


class ConflictError(Exception):
    """What is asked for does not go at present; the message says why and what to do."""


REFUSALS = (ConflictError, ValidationError)


def words_of(refusal: Exception) -> str:
    """The sentence of a refusal."""
    if isinstance(refusal, ValidationError):
        return "；".join(refusal.messages)
    return str(refusal)
