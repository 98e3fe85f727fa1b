from django.db.models import TextChoices


class CategoryScope(TextChoices):
    TASKS = "tasks", "重点任务"
    PROJECTS = "projects", "重点项目"


class ClausePart(TextChoices):
    BODY = "body", "正文"
    ANNEX1 = "annex1", "附件1"
    ANNEX2 = "annex2", "附件2"


class Share(TextChoices):
    """What an agency has to do with a target, task or project."""

    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "责任"
    CONVENOR = "convenor", "汇总"
    OWNER = "owner", "项目单位"
    REPORTER = "reporter", "填报责任"
