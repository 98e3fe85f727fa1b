from agencies.models.agencies import (
    SLUG,
    Agency,
    AgencyAlias,
    AgencyQuerySet,
    GroupMember,
    name_on_day,
    with_former_names,
)
from agencies.models.sign_ins import EntryCode, FormerPassword, SignInFailure
from agencies.models.users import User, UserManager

__all__ = [
    "SLUG",
    "Agency",
    "AgencyAlias",
    "AgencyQuerySet",
    "EntryCode",
    "FormerPassword",
    "GroupMember",
    "SignInFailure",
    "User",
    "UserManager",
    "name_on_day",
    "with_former_names",
]
