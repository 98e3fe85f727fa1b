"""The form of a handover; what is ticked stands in the page's tables."""

from typing import Any

from django import forms

from agencies.models import User
from common.fields import typed_field
from reporting.handover.selectors.holdings import Holder


class HandoverForm(forms.Form):
    """Who takes over and why. Roles and accounts are an administrator's part."""

    receiver = forms.ChoiceField(label="接收人", error_messages={"required": "选择接收人"})
    reason = forms.CharField(
        label="交接原因",
        max_length=100,
        help_text="如：调离、休假、分工调整；记入交接单和留痕",
        error_messages={"required": "写明交接原因"},
    )
    gives_signing = forms.BooleanField(label="单位审核人的职责一并交给接收人", required=False)
    closes_account = forms.BooleanField(label="交接后停用交出人的账号", required=False)

    def __init__(
        self, *args: Any, holder: Holder, people: list[User], keeps_accounts: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(one.pk): one for one in people if one.pk != holder.account.pk}
        names = [(pk, f"{user}，{user.role_labels}") for pk, user in self._people.items()]
        choices = [("", "选择"), *names]
        typed_field(self, "receiver", forms.ChoiceField).choices = choices
        if not (keeps_accounts and holder.signs):
            del self.fields["gives_signing"]
        if not (keeps_accounts and holder.account.is_active):
            del self.fields["closes_account"]

    @property
    def has_people(self) -> bool:
        """Whether there is a colleague who can take over."""
        return bool(self._people)

    @property
    def chosen(self) -> User:
        return self._people[self.cleaned_data["receiver"]]

    @property
    def of_accounts(self) -> dict[str, bool]:
        """What is to become of role and account."""
        given = self.cleaned_data
        return {name: given.get(name, False) for name in ("gives_signing", "closes_account")}
