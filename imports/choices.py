from django.db.models import TextChoices


class AnnexTable(TextChoices):
    TASKS = "tasks", "附件1 重点事项清单"
    PROJECTS = "projects", "附件2 重点项目清单"


class ImportState(TextChoices):
    """Uploaded → read and checked, nothing changed yet → confirmed → possibly undone."""

    READING = "reading", "读取中"
    FAILED = "failed", "读取失败"
    CHECKING = "checking", "核对中"
    CONFIRMED = "confirmed", "已导入"
    UNDONE = "undone", "已撤销"
    ABANDONED = "abandoned", "已放弃"


OPEN = (ImportState.READING, ImportState.CHECKING)
"""Nothing of it is in the plan yet, and it may still be."""


class WizardStep(TextChoices):
    """The steps of the import wizard, in order."""

    UPLOAD = "upload", "上传"
    HEADER = "header", "认表头"
    PROBLEMS = "problems", "逐格问题"
    AGENCIES = "agencies", "单位匹配"
    DIFFERENCES = "differences", "差异预览"
    CONFIRM = "confirm", "确认"

    @property
    def is_upload(self) -> bool:
        return self == WizardStep.UPLOAD

    @property
    def is_confirm(self) -> bool:
        return self == WizardStep.CONFIRM
