"""Statements that nothing changed, as agencies and 与上季度相比 write them. Pure."""

NO_PROGRESS = "没有新进展"
"""Begins the progress of a task that stood still; the reason follows."""
NO_NEWS = "没有新情况"
"""The contribution of an agency for which last quarter's text still holds."""
_BETWEEN = " \t\n：:，,。；;、"


def no_progress(reason: str) -> str:
    """The progress of a task that stood still: 没有新进展：四季度集中建设."""
    return f"{NO_PROGRESS}：{reason}" if reason else NO_PROGRESS


def standstill_reason(narrative: str) -> str | None:
    """Why a task stood still, empty where not said; None where its text reports progress."""
    text = narrative.strip().removeprefix("本季度")
    return text.removeprefix(NO_PROGRESS).strip(_BETWEEN) if text.startswith(NO_PROGRESS) else None
