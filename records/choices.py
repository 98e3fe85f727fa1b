from django.db.models import TextChoices


class CodeState(TextChoices):
    """Whether an issued paper is still the newest of its kind."""

    VALID = "valid", "有效"
    REPLACED = "replaced", "已被替代"
    WITHDRAWN = "withdrawn", "已撤回"
