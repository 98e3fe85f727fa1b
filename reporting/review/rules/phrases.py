"""Frequent comments of reviewers who return an obligation. Pure."""

PHRASES: tuple[str, ...] = (
    "与上季度差异较大，核实数据或说明原因",
    "补充佐证材料",
    "进展写得太笼统，写明做了什么、到什么程度",
    "补充下一步措施和完成时限",
    "数据来源或口径不清，写明出处",
    "文字与上季度雷同，写本季度的新进展",
)
