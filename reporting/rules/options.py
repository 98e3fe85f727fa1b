"""The choices of the forms, code → label: as in the classes that the fields name. Pure."""

from collections.abc import Mapping

OPTIONS: Mapping[str, Mapping[str, str]] = {
    "Availability": {
        "new": "有新数据",
        "annual": "年度指标，本季度没有",
        "awaited": "尚未取得",
        "not_applicable": "不适用（如当期无新建）",
    },
    "Attainment": {
        "realised": "已实现",
        "largely": "基本实现",
        "partly": "部分实现",
        "not_yet": "未实现",
    },
    "DataGrade": {
        "estimate": "测算",
        "department": "部门统计",
        "preliminary": "初步核算",
        "final": "最终核实",
    },
    "TaskStatus": {
        "done": "已完成",
        "on_track": "正常推进",
        "lagging": "进展滞后",
        "stalled": "严重滞后或停滞",
        "not_started": "未启动",
    },
    "ProjectStatus": {
        "not_started": "未开工",
        "under_way": "在建",
        "completed": "已竣工",
        "suspended": "停工",
        "cancelled": "取消或调整",
    },
}


def label(kind: str, code: str) -> str:
    """The label of a choice: ("TaskStatus", "done") → 已完成; the code itself where unknown."""
    return OPTIONS[kind].get(code, code)
