"""The fields of a matter's forms that are saved as a draft while they are typed."""

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "title": "事项",
    "text": "情况",
    "efforts": "已做的工作",
    "wish": "需要决定什么",
    "about": "涉及",
    "kind": "类别",
    "in_ledger": "列入风险台账",
    "level": "等级",
    "measures": "防范化解措施",
    "handler": "承办单位",
    "partners": "协办单位",
    "due_on": "期限",
    "keeper": "跟踪人",
    "opinion": "研判意见",
    "leader": "批示领导",
    "day": "批示日期",
    "words": "批示原文",
    "reason": "更正原因",
    "do": "记录",
    "note": "内容",
}
