"""Forms whose texts are kept while they are typed, and what several of them ask for."""

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
"""Who carries it out and until when stand in one line."""


class DraftedField(forms.BoundField):
    """A field of a drafted form, as a template shows it."""

    form: "Drafted"

    @property
    def version(self) -> int | None:
        """That of its text in the draft; None of files, which have none."""
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
    """Begins with the draft of its place; each field carries the version of its text.

    `said_in` is the field that a service calls the text; it calls `attached` the files.
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
        """Give each field the version of its text in the draft; files have none."""
        content = draft.content if draft else {}
        self.versions = {
            name: None if isinstance(field, FilesField) else content.get(name, {}).get("v", 0)
            for name, field in self.fields.items()
        }

    def refuse(self, error: ValidationError) -> None:
        """Show what the service says, at the field where there is one."""
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
    """A body that a matter can be given to."""
    return forms.ModelChoiceField(
        Agency.objects.able_to_report().in_plan_order(), empty_label="待指定", **kwargs
    )


def due_field(**kwargs: Any) -> DayField:
    return DayField(required=False, **kwargs)


def words_field(*, rows: int = 2, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea({"rows": rows}), **kwargs)
