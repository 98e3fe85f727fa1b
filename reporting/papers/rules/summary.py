"""The sentences below the head of a sheet: what it holds, what it replaces. Pure."""

from collections.abc import Iterable, Sequence

from reporting.papers.rules.contents import KINDS, PrintedRow

_NAMED = 6


def counted(rows: Sequence[PrintedRow]) -> str:
    """本件报送13项：指标4项、牵头任务4项、配合事项5项；没有项目。"""
    counts = {label: sum(row.kind == kind for row in rows) for kind, label in KINDS.items()}
    held = "、".join(f"{label}{count}项" for label, count in counts.items() if count)
    missing = "、".join(label for label, count in counts.items() if not count)
    return f"本件报送{len(rows)}项：{held}{f'；没有{missing}' if missing else ''}。"


def edition(version: int, before: int, day: str, count: int, why: str) -> str:
    """本件为第2版，11月27日的第1版（8项）作废：T18已撤回。"""
    return f"本件为第{version}版，{day}的第{before}版（{count}项）{why}。"


def gone(withdrawn: Iterable[str], handed_in_again: Iterable[str]) -> str:
    """Why a version no longer holds: 作废：T18已撤回，5-1另行报送."""
    parts = ((_named(withdrawn), "已撤回"), (_named(handed_in_again), "已重新报送"))
    said = "，".join(f"{codes}{what}" for codes, what in parts if codes)
    return f"作废：{said}" if said else "作废"


def taken_over(codes: Iterable[str], number: str) -> str:
    """其中T18是重新报送，代替2026Q3-JTJ-01-1中的同一项。"""
    return f"其中{_named(codes)}是重新报送，代替{number}中的同一项。"


def gathered(hand_ins: Sequence[str]) -> str:
    """本件汇总本季度2次报送：…"""
    return f"本件汇总本季度{len(hand_ins)}次报送的最新内容：{'；'.join(hand_ins)}。"


def _named(codes: Iterable[str]) -> str:
    found = list(codes)
    more = f"等{len(found)}项" if len(found) > _NAMED else ""
    return "、".join(found[:_NAMED]) + more
