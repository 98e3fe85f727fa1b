"""The score: targets counted by where they stand in the settled year and in the year ahead."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.rules.overview.phrases import Phrase
from targets.rules import Judgement, Level, Nature, Outlook, Prospect, Verdict

Address = Callable[[int, str], str]
"""The list of a year's targets in a group."""


class SettledGroup(StrEnum):
    """How a milestone that was due stands."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    NONE = "none"

    @property
    def label(self) -> str:
        return _SETTLED[self]


class AheadGroup(StrEnum):
    """How the goal of a year ahead stands; `KEPT` has none of its own but an earlier one to keep.

    The first four are those of the settled year, in the same order.
    """

    LIKELY = "likely"
    UNLIKELY = "unlikely"
    OPEN = "open"
    NONE = "none"
    KEPT = "kept"

    @property
    def label(self) -> str:
        return _AHEAD[self]


_SETTLED = {
    SettledGroup.MET: "达标",
    SettledGroup.MISSED: "未达标",
    SettledGroup.OPEN: "待定",
    SettledGroup.NONE: "无数据",
}
_AHEAD = {
    AheadGroup.LIKELY: "预计可达",
    AheadGroup.UNLIKELY: "难以达到",
    AheadGroup.OPEN: "待定",
    AheadGroup.NONE: "无数据",
    AheadGroup.KEPT: "须保持此前目标",
}
_VERDICTS = {
    Verdict.ACHIEVED: SettledGroup.MET,
    Verdict.MISSED: SettledGroup.MISSED,
    Verdict.FELL_SHORT: SettledGroup.MISSED,
    Verdict.MISSING: SettledGroup.NONE,
    Verdict.NOT_APPLICABLE: SettledGroup.NONE,
}
_PROSPECTS = {
    Prospect.LIKELY: AheadGroup.LIKELY,
    Prospect.UNLIKELY: AheadGroup.UNLIKELY,
    Prospect.TOO_LITTLE: AheadGroup.NONE,
}
_UNITS = {
    SettledGroup.MET: ("g", "g h"),
    SettledGroup.MISSED: ("r", "o"),
    AheadGroup.LIKELY: ("k", "k h"),
    AheadGroup.UNLIKELY: ("b", "ff"),
}
_PLAIN_UNITS = {"open": "q", "none": "x"}


def settled_group(found: Judgement, *, has_values: bool = True) -> SettledGroup | None:
    """In which group a milestone is counted; None for a target without one.

    Of a plan of which no target has a value nothing is open.
    """
    if found.goal is None or found.verdict == Verdict.AHEAD:
        return None
    if not has_values:
        return SettledGroup.NONE
    return _VERDICTS.get(found.verdict, SettledGroup.OPEN)


def has_own_goal(found: Outlook) -> bool:
    """Whether the year ahead asks for something itself, beyond what has to be kept anyway."""
    is_standing = found.goal is not None and found.goal.nature == Nature.STANDING
    return found.goal is not None and not found.is_floor and not is_standing


def ahead_group(found: Outlook, *, has_values: bool = True) -> AheadGroup | None:
    """The same of the year ahead. A peak is recognised afterwards, so it is open until then."""
    if found.goal is None:
        return None
    if not has_own_goal(found):
        return AheadGroup.KEPT
    if not has_values:
        return AheadGroup.NONE
    if found.peak is not None:
        return AheadGroup.NONE if found.peak.level == Level.GREY else AheadGroup.OPEN
    return _PROSPECTS.get(found.prospect, AheadGroup.OPEN)


@dataclass(frozen=True)
class ScoredTarget:
    """One target of the score; `is_ready` waits to be settled, `is_early` rests on early figures"""

    group: SettledGroup | AheadGroup
    is_striven: bool = False
    is_ready: bool = False
    is_early: bool = False

    @property
    def css(self) -> str:
        """A small shape, hollow for what is only striven for."""
        plain, hollow = _UNITS.get(self.group, (_PLAIN_UNITS.get(self.group, ""),) * 2)
        return hollow if self.is_striven else plain


@dataclass(frozen=True)
class ScoreCell:
    """A number with its list; none where there is nothing to count."""

    label: str
    count: int | None
    note: str
    url: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class ScoreLine:
    """A year; `more` says what is not counted in it."""

    year: int
    note: str
    cells: tuple[ScoreCell, ...]
    more: Phrase | None = None


def settled_line(
    year: int, units: Sequence[ScoredTarget], address: Address, *, more: Phrase | None = None
) -> ScoreLine:
    """2025年20项有目标: 达标, 未达标, 待定, 无数据; `more` is how the year after it went."""
    cells = tuple(_cell(year, group, group.label, units, address) for group in SettledGroup)
    return ScoreLine(year, f"{len(units)}项有目标", cells, more)


def progress_words(year: int, *, met: int, behind: int) -> str:
    """2026年达到进度要求15项，未达到5项: of a year between the milestones."""
    if not met + behind:
        return f"{year}年还没有可比的年度值"
    return f"{year}年达到进度要求{met}项，未达到{behind}项"


def ahead_line(
    year: int, units: Sequence[ScoredTarget], address: Address, *, earlier: int | None
) -> ScoreLine:
    """2030年12项，按现趋势; beside them how many have to keep the level of the year before."""
    own = [unit for unit in units if unit.group != AheadGroup.KEPT]
    pairs = zip(AheadGroup, SettledGroup, strict=False)
    cells = tuple(_cell(year, group, column.label, own, address) for group, column in pairs)
    is_known = any(unit.group not in {AheadGroup.OPEN, AheadGroup.NONE} for unit in own)
    kept = len(units) - len(own)
    level = f"{earlier}年" if earlier else "此前"
    more = Phrase(f"另有{kept}项须保持{level}水平", address(year, AheadGroup.KEPT))
    note = f"{len(own)}项，按现趋势" if is_known else f"{len(own)}项有目标"
    return ScoreLine(year, note, cells, more if kept else None)


def _cell(
    year: int,
    group: SettledGroup | AheadGroup,
    label: str,
    units: Iterable[ScoredTarget],
    address: Address,
) -> ScoreCell:
    found = [unit for unit in units if unit.group == group]
    if not found:
        return ScoreCell(label, None, "", "", ())
    css = tuple(sorted((unit.css for unit in found), key=lambda one: (len(one), one == "o")))
    return ScoreCell(label, len(found), _note(group, found), address(year, group), css)


def _note(group: SettledGroup | AheadGroup, units: Sequence[ScoredTarget]) -> str:
    """含待判定2, 含力争1, 初步4; of the year ahead what the trend says."""
    if group in {AheadGroup.LIKELY, AheadGroup.UNLIKELY}:
        return group.label
    counts = Counter(
        {
            "力争": sum(unit.is_striven for unit in units if group == SettledGroup.MISSED),
            "待判定": sum(unit.is_ready for unit in units),
        }
    )
    if said := "、".join(f"{word}{count}" for word, count in counts.items() if count):
        return f"含{said}"
    early = sum(unit.is_early for unit in units)
    return f"初步{early}" if early else ""
