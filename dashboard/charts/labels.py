"""Labels above a row, placed so that none overlaps another or, if possible, today's line."""

from dataclasses import dataclass, field

from dashboard.charts.canvas import RowCanvas

GAP = 4.0
"""Pixels between two words."""
Span = tuple[float, float]


@dataclass
class Labels:
    """What stands on the line already, in pixels."""

    sheet: RowCanvas
    y: float
    taken: list[Span] = field(default_factory=list)

    def goal(self, px: float, words: str) -> None:
        """Centred over its tick: it is written first and never moves."""
        half = self.sheet.width(words) / 2
        self.taken.append((px - half, px + half))
        self.sheet.write(px, self.y + self.sheet.size.label, words, side="center")

    def first(self, words: str) -> None:
        """Where the axis begins."""
        self._write(self.sheet.size.left, words, is_strong=False)

    def at(self, px: float, words: str, *, is_strong: bool = False, is_ahead: bool = False) -> None:
        """Left of a place, else right of it; what is ahead right of it first."""
        width = self.sheet.width(words)
        before, after = self._before(px, width), self._after(px, width)
        wanted = [after, before] if is_ahead else [before, after]
        fits = [start for start in wanted if self._is_free(start, width)]
        clear = [start for start in fits if not self._crosses_today(start, width)]
        start = next(iter(clear or fits or wanted))
        self._write(start, words, is_strong=is_strong)

    def outlook(self, low: float, high: float, words: str, track: float) -> None:
        """Over its interval, or right of it on the line of the bar where others stand there."""
        width, size = self.sheet.width(words), self.sheet.size
        end = size.left + size.span - 0.6 * size.font
        start = min((low + high - width) / 2, end - width)
        if self._is_free(start, width) and not self._crosses_today(start, width):
            self._write(start, words, is_strong=False)
        elif high + GAP + width <= end:
            self.sheet.write(high + GAP, track, words)

    def _before(self, px: float, width: float) -> float:
        """Where it would begin if it ended at a place, or before what stands there."""
        end = px - 1
        for start, last in sorted(self.taken, reverse=True):
            if end - width < last + GAP and end > start - GAP:
                end = start - GAP
        return end - width

    def _after(self, px: float, width: float) -> float:
        """Where it would begin right of a place, or after what stands there."""
        start = px + GAP
        axis = self.sheet.axis
        today = axis.px(axis.today)
        if start < today < start + width:
            start = today + 2
        for first, last in sorted(self.taken):
            if start < last + GAP and start + width > first - GAP:
                start = last + GAP
        return start

    def _is_free(self, start: float, width: float) -> bool:
        size = self.sheet.size
        inside = start >= 0 and start + width <= size.left + size.span + size.right
        return inside and all(
            start + width + GAP <= first + 0.01 or start >= last + GAP - 0.01
            for first, last in self.taken
        )

    def _crosses_today(self, start: float, width: float) -> bool:
        axis = self.sheet.axis
        return start - 1 < axis.px(axis.today) < start + width + 1

    def _write(self, start: float, words: str, *, is_strong: bool) -> None:
        self.taken.append((start, start + self.sheet.width(words)))
        self.sheet.write(start, self.y + self.sheet.size.label, words, is_strong=is_strong)
