"""The values of kinds and answers as the rules and the database use them."""

from enum import StrEnum


class Kind(StrEnum):
    """What an agency owes in a period."""

    TARGET = "target"
    TASK = "task"
    CONTRIBUTION = "contribution"
    PROJECT = "project"


class Availability(StrEnum):
    """Whether a target has a new value in a quarter."""

    NEW = "new"
    ANNUAL = "annual"
    AWAITED = "awaited"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return _AVAILABILITIES[self]


class Attainment(StrEnum):
    """How far a target without a number has come, in its agency's view."""

    REALISED = "realised"
    LARGELY = "largely"
    PARTLY = "partly"
    NOT_YET = "not_yet"

    @property
    def label(self) -> str:
        return _ATTAINMENTS[self]


_AVAILABILITIES = {
    Availability.NEW: "有新数据",
    Availability.ANNUAL: "年度指标，本季度没有",
    Availability.AWAITED: "尚未取得",
    Availability.NOT_APPLICABLE: "不适用（如当期无新建）",
}
_ATTAINMENTS = {
    Attainment.REALISED: "已实现",
    Attainment.LARGELY: "基本实现",
    Attainment.PARTLY: "部分实现",
    Attainment.NOT_YET: "未实现",
}
