"""Forms with a draft, and fields that several of them have."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from agencies.models import Agency
from common.fields import DayField
from reporting.models import Draft
from reporting.rules.matter_fields import LABELS

_PAIR = ("handler", "due_on")
"""Handler and due date share a line."""


class DraftedField(forms.BoundField):
    """A field of a form with a draft, for the template."""

    form: "Drafted"

    @property
    def version(self) -> int | None:
        """The version of its text in the draft; None for files."""
        return self.form.versions[self.name]

    @property
    def begins_pair(self) -> bool:
        return self._is_paired and self.name == _PAIR[0]

    @property
    def ends_pair(self) -> bool:
        return self._is_paired and self.name == _PAIR[1]

    @property
    def _is_paired(self) -> bool:
        return {*_PAIR} <= {*self.form.fields}


class Drafted(forms.BaseForm):
    """A form that starts with the draft of its place; each field carries its text's version.

    Services name errors by `text` and `files`; the form's fields are `said_in` and `attached`.
    """

    bound_field_class = DraftedField
    said_in: ClassVar[str] = "text"
    versions: Mapping[str, int | None]

    def __init__(self, *args: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        content = draft.content if draft else {}
        texts = {name: kept["text"] for name, kept in content.items()}
        kwargs["initial"] = {**(kwargs.get("initial") or {}), **texts}
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
        self.number(draft)

    def number(self, draft: Draft | None) -> None:
        """Set each field's version from the draft; files have none."""
        content = draft.content if draft else {}
        self.versions = {
            name: None if isinstance(field, FilesField) else content.get(name, {}).get("v", 0)
            for name, field in self.fields.items()
        }

    def refuse(self, error: ValidationError) -> None:
        """Show a service's refusal, at its field where it has one."""
        found = error.message_dict if hasattr(error, "error_dict") else {}
        ours = {"text": self.said_in, "files": "attached"}
        named = {ours.get(name, name): said for name, said in found.items()}
        known = named and set(named) <= set(self.fields)
        self.add_error(None, named if known else error.messages)  # type: ignore[arg-type]


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=_Several(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Sequence["UploadedFile[Any]"]:  # type: ignore[override]
        given = data if isinstance(data, list | tuple) else [data]
        return [one for one in given if super(FilesField, self).clean(one, initial)]


def handler_field(**kwargs: Any) -> "forms.ModelChoiceField[Agency]":
    """A body that a matter can be assigned to."""
    return forms.ModelChoiceField(
        Agency.objects.able_to_report().in_plan_order(), empty_label="待指定", **kwargs
    )


def due_field(**kwargs: Any) -> DayField:
    return DayField(required=False, **kwargs)


def words_field(*, rows: int = 2, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea({"rows": rows}), **kwargs)
