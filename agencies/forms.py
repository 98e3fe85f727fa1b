"""What people type on the pages of accounts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from agencies.choices import AccountState, Role
from agencies.models import Agency, User
from common.fields import LongSelect, typed_field

_PASSWORD = {"autocomplete": "current-password"}
_NEW_PASSWORD = {"autocomplete": "new-password"}


class SignInForm(forms.Form):
    username = forms.CharField(
        label="账号",
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
        error_messages={"required": "填写账号"},
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(_PASSWORD),
        error_messages={"required": "填写密码"},
    )
    code = forms.CharField(
        label="放行码",
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "none"}),
        help_text="由管理员给出，30分钟内有效，用一次",
    )
    is_public = forms.BooleanField(label="公用电脑（本机不留草稿和标记）", required=False)

    asks_code = False
    """Whether the page shows the field of the code: only to who has to wait."""

    def shown(self) -> list[forms.BoundField]:
        """The fields of the page."""
        return [field for field in self if self.asks_code or field.name != "code"]


class ChangePasswordForm(forms.Form):
    old = forms.CharField(
        label="现在的密码", strip=False, max_length=200, widget=forms.PasswordInput(_PASSWORD)
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(_NEW_PASSWORD),
        help_text=password_validators_help_text_html,
    )
    again = forms.CharField(
        label="再填一次", strip=False, max_length=200, widget=forms.PasswordInput(_NEW_PASSWORD)
    )

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("两次填写的新密码不一样")
        return again


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account as administrators edit it; its password and its closing have own buttons."""

    roles = forms.MultipleChoiceField(
        label="角色", choices=Role, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ["username", "name", "agency", "roles", "phone", "email"]
        help_texts = {
            "username": "小写字母、数字、下划线，以字母开头，如 jtj_a；建立后不能改",
            "agency": "填报员、单位审核人和审核员必须属于一个单位",
            "phone": "只填办公电话；停用账号时自动删除",
            "email": "收催报提醒用，可不填；停用账号时自动删除",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)  # noqa: S101 # tells mypy the kind
        agency.queryset = Agency.objects.able_to_report().in_plan_order()
        agency.empty_label = "（不属于任何单位）"
        if self.instance.pk:
            del self.fields["username"]

    def _post_clean(self) -> None:
        """Only fill the account: the service checks it, and asking twice costs statements."""
        self.instance = construct_instance(self, self.instance, self._meta.fields)

    def refuse(self, error: ValidationError) -> None:
        """Show what the service says, at the field where there is one."""
        fields = error.error_dict if hasattr(error, "error_dict") else {}
        known = fields and set(fields) <= set(self.fields)
        self.add_error(None, error if known else error.messages)


class AccountFilterForm(forms.Form):
    """Which accounts a list shows; every part is in the address."""

    q = forms.CharField(label="账号或姓名", required=False, max_length=30)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    agency = forms.ChoiceField(label="单位", required=False, widget=LongSelect)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *AccountState.choices]
    )

    def __init__(self, agencies: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed_field(self, "agency", forms.ChoiceField).choices = [("", "全部"), *agencies]
