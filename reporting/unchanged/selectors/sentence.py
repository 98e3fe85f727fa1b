"""The sentence above 与上季度相比: what is settled, what is not and why, may it be handed in."""

from collections.abc import Iterator
from dataclasses import dataclass

from reporting.unchanged.selectors.page import UnchangedPage
from reporting.unchanged.selectors.rows import UnchangedRow

_MOST = 4
"""So many obligations are named; of more, their number."""


@dataclass(frozen=True)
class SentencePiece:
    """A stretch of the sentence: plain, bold, or with a link to a row."""

    text: str
    is_bold: bool = False
    url: str = ""


def sentence(page: UnchangedPage) -> tuple[SentencePiece, ...]:
    """The sentence in pieces."""
    return tuple(_pieces(page))


def _pieces(page: UnchangedPage) -> Iterator[SentencePiece]:
    if not page.mine:
        yield SentencePiece(f"{len(page.rows)}项都已经交出，在“本季度待填”里看进展。")
    elif not page.decided:
        yield from _untouched(page)
    elif page.undecided:
        yield from _begun(page)
    else:
        yield from _complete(page)


def _untouched(page: UnchangedPage) -> Iterator[SentencePiece]:
    if page.for_all:
        yield SentencePiece("没有变化的，")
        yield _count(len(page.for_all))
        yield SentencePiece("可以一次勾选")
    if page.stopped:
        yield SentencePiece("；" if page.for_all else "")
        yield from _stopped(page)
    if page.reason_count:
        yield SentencePiece("。勾选后有")
        yield _count(page.reason_count)
        yield SentencePiece("要写原因，可以共用一个")
    yield SentencePiece("。")


def _begun(page: UnchangedPage) -> Iterator[SentencePiece]:
    yield SentencePiece("已定")
    yield _count(len(page.decided))
    if page.ticked and page.filled_count:
        yield SentencePiece(f"：没有变化{len(page.ticked)}项，填了新内容{page.filled_count}项")
    yield SentencePiece("。还有")
    yield _count(len(page.undecided))
    yield SentencePiece("没有定")
    if page.stopped:
        yield SentencePiece("，其中")
        yield from _stopped(page)
    yield SentencePiece("。")


def _complete(page: UnchangedPage) -> Iterator[SentencePiece]:
    yield SentencePiece(f"{len(page.decided)}项都已经定了：没有变化")
    yield _count(len(page.ticked))
    if page.awaited:
        yield SentencePiece("，尚未取得")
        yield _count(len(page.awaited))
        yield SentencePiece(f"（{'、'.join(row.code for row in page.awaited)}）")
    if page.filled_count:
        yield SentencePiece("，填了新内容")
        yield _count(page.filled_count)
    yield SentencePiece("。没有错误，可以报送。" if page.can_send else "。")


def _stopped(page: UnchangedPage) -> Iterator[SentencePiece]:
    """T19 上季度没有数值，要单独填; T15、T19要单独填，原因写在该行."""
    for place, row in enumerate(page.stopped[:_MOST]):
        if place:
            yield SentencePiece("、")
        yield _link(row)
    if len(page.stopped) > 1:
        more = f"等{len(page.stopped)}项" if len(page.stopped) > _MOST else ""
        yield SentencePiece(f"{more}不能勾，原因写在该行")
    else:
        yield SentencePiece(f" {page.stopped[0].hint}")


def _count(number: int) -> SentencePiece:
    return SentencePiece(f"{number}项", is_bold=True)


def _link(row: UnchangedRow) -> SentencePiece:
    return SentencePiece(row.code, url=f"#row-{row.offered.address}")
