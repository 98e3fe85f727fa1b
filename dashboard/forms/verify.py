from django import forms

from records.rules import as_code


class VerifyForm(forms.Form):
    """A check code or a number; from a QR code both, which then have to belong together."""

    code = forms.CharField(
        label="校验码或编号",
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
        help_text="印在报送件上方和末页，如 7C1E 40B9 D2A6，或 2026Q3-JTJ-01-2",
        error_messages={"required": "填写校验码或编号"},
    )
    number = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    @property
    def asked(self) -> tuple[str, str]:
        """The check code as stored, empty where a number was typed; the number."""
        typed = self.cleaned_data["code"].strip()
        code = as_code(typed)
        return code, self.cleaned_data["number"] if code else typed.upper()
