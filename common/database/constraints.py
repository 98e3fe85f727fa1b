"""What a constraint of the database refuses, in the words of the model."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model


@contextmanager
def explained(model: type[Model]) -> Iterator[None]:
    """Inside, the sentence of a violated constraint is raised as ValidationError.

    One write instead of a query for each constraint beforehand, and no race between the two.
    Goes inside the atomic block: the block has to be left by the exception.
    """
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == name:
                raise ValidationError(str(constraint.get_violation_error_message())) from error
        raise
