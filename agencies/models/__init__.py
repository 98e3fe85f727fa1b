from agencies.models.agencies import (
    SLUG,
    Agency,
    AgencyAlias,
    AgencyQuerySet,
    GroupMember,
    called,
    called_as,
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
    "called",
    "called_as",
]
