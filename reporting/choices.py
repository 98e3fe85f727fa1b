from django.db.models import TextChoices

from reporting.rules import enumerations as words


class ObligationKind(TextChoices):
    """What an agency owes in a period. A contribution is the short part of a responsible agency."""

    TARGET = words.Kind.TARGET, "指标"
    TASK = words.Kind.TASK, "牵头任务"
    CONTRIBUTION = words.Kind.CONTRIBUTION, "配合事项"
    PROJECT = words.Kind.PROJECT, "项目"


class ObligationState(TextChoices):
    """The state of an obligation; its transitions are the table in reporting/workflow.py."""

    EMPTY = "empty", "未开始"
    DRAFT = "draft", "草稿"
    SIGNING = "signing", "待单位审核"
    SUBMITTED = "submitted", "已提交"
    REVIEWING = "reviewing", "审核中"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"


UNSENT = (ObligationState.EMPTY, ObligationState.DRAFT, ObligationState.SIGNING)
"""未报: not with the bureau, and not returned by it; what waits for the own signer, too."""
AT_AGENCY = (*UNSENT, ObligationState.RETURNED)
"""With the agency, not with the bureau."""
WAITING = (ObligationState.SUBMITTED, ObligationState.REVIEWING)
"""待审: with the bureau, undecided."""
HANDED_IN = (*WAITING, ObligationState.APPROVED)
"""已报送: the bureau has it. Each number that a page calls 已报送 counts these."""
WITH_REPORTER = (ObligationState.RETURNED, ObligationState.DRAFT, ObligationState.EMPTY)
"""A reporter has to write; the most urgent state first."""
OFF_REPORTER = (ObligationState.SIGNING, *HANDED_IN)
"""Waiting for somebody other than the reporter, or finished."""
BEGUN = (ObligationState.DRAFT, ObligationState.RETURNED)
"""Has content that can be submitted."""
FRESH = (ObligationState.EMPTY, ObligationState.DRAFT)
"""Seen by nobody but the reporter."""


class PeriodState(TextChoices):
    PLANNED = "planned", "未开放"
    OPEN = "open", "开放"
    CLOSED = "closed", "已关闭"


class Availability(TextChoices):
    """Whether a target has a new value in a quarter."""

    NEW = words.Availability.NEW, words.Availability.NEW.label
    ANNUAL = words.Availability.ANNUAL, words.Availability.ANNUAL.label
    AWAITED = words.Availability.AWAITED, words.Availability.AWAITED.label
    NOT_APPLICABLE = words.Availability.NOT_APPLICABLE, words.Availability.NOT_APPLICABLE.label


class Attainment(TextChoices):
    """How far a target without a number has come, in its agency's view."""

    REALISED = words.Attainment.REALISED, words.Attainment.REALISED.label
    LARGELY = words.Attainment.LARGELY, words.Attainment.LARGELY.label
    PARTLY = words.Attainment.PARTLY, words.Attainment.PARTLY.label
    NOT_YET = words.Attainment.NOT_YET, words.Attainment.NOT_YET.label


class DecisionKind(TextChoices):
    APPROVED = "approved", "通过"
    RETURNED = "returned", "退回"
    SENT_BACK = "sent_back", "单位退回"
    UNDONE = "undone", "撤销通过"


class RequestKind(TextChoices):
    EXTENSION = "extension", "延期申请"
    UNLOCK = "unlock", "解锁申请"


class RequestState(TextChoices):
    PENDING = "pending", "待决定"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"


class Tier(TextChoices):
    """Before and on the due date, three after it, to reviewers, by hand, at a handover."""

    AHEAD = "ahead", "到期提醒"
    DUE = "due", "当日催报"
    BLUE = "blue", "蓝色催报"
    ORANGE = "orange", "橙色催报"
    RED = "red", "红色催报"
    RETURNED = "returned_unanswered", "退回未改"
    REVIEW = "review", "审核提醒"
    HAND = "hand", "人工提醒"
    HANDOVER = "handover", "交接"


class RiskLevel(TextChoices):
    HIGH = "high", "高"
    MIDDLE = "middle", "中"
    LOW = "low", "低"


class MatterKind(TextChoices):
    """What is asked for: the first two need a leader's instruction, the bureau decides others."""

    COORDINATE = "coordinate", "协调"
    APPOINT = "appoint", "指定"
    ADJUST = "adjust", "调整"
    URGE = "urge", "督促"


FOR_LEADERS = (MatterKind.COORDINATE, MatterKind.APPOINT)


class MatterState(TextChoices):
    """The state of a matter; its transitions are MATTER_TRANSITIONS in reporting/workflow.py."""

    RAISED = "raised", "已提出"
    ASSESSED = "assessed", "已研判"
    INSTRUCTED = "instructed", "已批示"
    IN_HAND = "in_hand", "办理中"
    CLOSED = "closed", "已销号"


UNDECIDED = (MatterState.RAISED, MatterState.ASSESSED)
"""Nobody has been assigned to carry it out yet."""
CARRIED_OUT = (MatterState.INSTRUCTED, MatterState.IN_HAND)
OPEN_MATTERS = (*UNDECIDED, *CARRIED_OUT)


class MatterStep(TextChoices):
    """A step of a matter; each leaves a note."""

    RAISE = "raise", "提出"
    ASSESS = "assess", "研判"
    DECLINE = "decline", "退回研判"
    INSTRUCT = "instruct", "登记批示"
    CORRECT = "correct", "更正批示"
    TAKE_UP = "take_up", "交办"
    ANSWER = "answer", "答复"
    REPORT_BACK = "report_back", "反馈"
    EXTEND = "extend", "延期"
    PROPOSE_CLOSING = "propose_closing", "提出销号"
    WITHDRAW_CLOSING = "withdraw_closing", "撤回销号"
    REFUSE_CLOSING = "refuse_closing", "不同意销号"
    CLOSE = "close", "确认销号"
    REOPEN = "reopen", "重新办理"


class DayKind(TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class UploadState(TextChoices):
    """The state of an uploaded workbook. Nothing is written before somebody presses the button."""

    READING = "reading", "读取中"
    REFUSED = "refused", "不能用"
    CHECKING = "checking", "核对中"
    WRITTEN = "written", "已写入"
    GIVEN_UP = "given_up", "已取消"
