"""Two administrators never work on one run without knowing of each other."""

from collections.abc import Collection

from django.core.exceptions import ValidationError

from imports.choices import ImportState
from imports.models import ImportRun

STALE = "另一位管理员刚刚改过这次导入，下面是最新内容，请核对后再提交。"


class StaleRunError(ValidationError):
    """The page that was sent is older than the run."""


def locked(
    *,
    run: ImportRun,
    version: int | None,
    states: Collection[str] = (ImportState.CHECKING,),
) -> ImportRun:
    """The run with its row locked; `version` is that of the page that was sent.

    Raises StaleRunError where the run has moved on, ValidationError where its state forbids.
    """
    fresh = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.state not in states:
        raise ValidationError(f"这次导入的状态是“{fresh.get_state_display()}”，不能这样操作。")
    if version is not None and fresh.version != version:
        raise StaleRunError(STALE)
    return fresh
