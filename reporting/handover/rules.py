"""What a personal draft is called where its text is not shown."""

import re

_FORMS = (
    (re.compile(r"new"), "提出事项"),
    (re.compile(r"new-item-\d+"), "提出事项（由填报事项转来）"),
    (re.compile(r"step-(.+)"), "事项{} 办理记录"),
    (re.compile(r"assess-(.+)"), "事项{} 研判"),
    (re.compile(r"instruct-(.+)"), "事项{} 登记批示"),
    (re.compile(r"correct-(.+)-\d+"), "事项{} 更正批示"),
)


def draft_words(place: str) -> str:
    """The form of a draft by its place: 提出事项, 事项2026-07 研判."""
    for pattern, words in _FORMS:
        if match := pattern.fullmatch(place):
            return words.format(*match.groups())
    return f"表单{place}"
