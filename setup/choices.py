from django.db.models import TextChoices


class AgencyChangeKind(TextChoices):
    RENAME = "rename", "更名"
    MERGE = "merge", "合并"
    ABOLISH = "abolish", "撤销"


class AccountsGo(TextChoices):
    """What becomes of the accounts of an agency that is merged into another."""

    MOVE = "move", "转入承继单位"
    CLOSE = "close", "停用"
