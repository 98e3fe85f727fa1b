"""What a sentence of the overall goals promises: one proposal for each target in it.

Source: 方案 二 and annex 1, part one. Words of the sentences decide the kind of the promise:
以上 and 达 include the number, 左右 asks for a band, 市下达 waits for a number of the city.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from targets.rules import Comparison, GoalState, Kind

_SEPARATORS = re.compile(r"[，,；;。]|、(?=[^、，；。]*\d)")
_YEAR = re.compile(r"(?:到|至|截至)?(20\d\d)年(?:底|末)?(之前|前|以前)?")
_LEADING_YEAR = re.compile(r"^(?:到|至|截至)?20\d\d年(?:底|末)?(?:之前|前|以前)?(?:，|,)?")
_BASE = re.compile(r"(?:较|比|与|以)(20\d\d)年(?:相比)?")
_PROMISE = re.compile(
    r"(?P<subject>.+?)"
    r"(?P<verb>(?:累计|持续|力争|争取|稳步|逐步|均|年均)*"
    r"(?:下降|降低|减少|削减|提高|提升|增加|增长|稳定|保持|控制|达|实现|完成|为|突破|"
    r"不?低于|不?高于|不?少于|不?超过))"
    r"(?:到|至|在|约|为)*"
    r"(?P<number>\d+(?:\.\d+)?)"
    r"(?P<unit>[^\d，、]{0,12}?)"
    r"(?P<after>及?以上|及?以下|以内|之内|左右|上下)?$"
)
_CITY = re.compile(r"(?:完成|达到|控制在)(?:省|市)(?:级|里)?下达")
_REDUCED = re.compile(r"下降|降低|减少|削减")
_FRONT = re.compile(r"^(?:力争|争取|确保|努力|要|将|使|全区|我区|区内|的)+")
_COMPARISONS = (
    (re.compile(r"左右|上下"), Kind.ABOUT, Comparison.ABOUT),
    (re.compile(r"不高于|不超过|控制|以下|以内|之内"), Kind.AT_MOST, Comparison.AT_MOST),
    (re.compile(r"(?<!不)低于|(?<!不)少于"), Kind.BELOW, Comparison.BELOW),
    (_REDUCED, Kind.REDUCTION, Comparison.AT_LEAST),
)
_PEAK = re.compile(r"(?:基本|实现|力争|如期)*达峰")
_STRIVEN = re.compile(r"力争|争取")
_FORM = str.maketrans({"％": "%", "．": ".", "₂": "2"})
_NAME_NOISE = re.compile(
    r"\(.*?\)|累计|(?:较|比)?20\d\d年|(?:下降|降低)(?:率|幅度|比例)?|[的、，]|总目标|占比|比例|比重|率$"
)
_SAME_AS = (("co2", "二氧化碳"), ("国内生产总值", "gdp"), ("地区生产总值", "gdp"))


@dataclass(frozen=True)
class PromisedTarget:
    """One target that a sentence promises. `value` is None if it is pending or an event."""

    name: str
    kind: str
    comparison: str
    value: Decimal | None
    unit: str
    year: int | None
    base_year: int | None
    state: GoalState
    striven: bool
    text: str

    @property
    def key(self) -> str:
        """What two proposals of one target have in common."""
        return target_key(self.name)


def split_statement(statement: str, title: str = "") -> tuple[PromisedTarget, ...]:
    """The targets of one sentence; the year comes from the sentence, else from the title."""
    text = unicodedata.normalize("NFKC", statement).translate(_FORM)
    year = _year_of(text) or _year_of(unicodedata.normalize("NFKC", title))
    found = []
    for piece in _SEPARATORS.split(text):
        own_year = _year_of(_BASE.sub("", piece))
        proposal = _proposal(_LEADING_YEAR.sub("", piece.strip()), own_year or year)
        if proposal is not None:
            found.append(proposal)
    return tuple(found)


def _year_of(text: str) -> int | None:
    match = _YEAR.search(_BASE.sub("", text))
    return int(match[1]) if match else None


def _proposal(piece: str, year: int | None) -> PromisedTarget | None:
    base = _BASE.search(piece)
    plain = _BASE.sub("", piece)
    proposal = PromisedTarget(
        name="",
        kind="",
        comparison="",
        value=None,
        unit="",
        year=year,
        base_year=int(base[1]) if base else None,
        state=GoalState.SET,
        striven=bool(_STRIVEN.search(piece)),
        text=piece,
    )
    if match := _PEAK.search(plain):
        name = f"{_FRONT.sub('', plain[: match.start()])}达峰"
        return replace(proposal, name=name, kind=Kind.PEAK_BY, comparison=Comparison.BY_YEAR)
    if match := _CITY.search(plain):
        name = _FRONT.sub("", plain[: match.start()])
        return replace(proposal, name=name, kind=Kind.ASSIGNED, state=GoalState.PENDING, unit="%")
    return _with_number(proposal, plain)


def _with_number(proposal: PromisedTarget, text: str) -> PromisedTarget | None:
    match = _PROMISE.match(text)
    if match is None:
        return None
    words = match["verb"] + (match["after"] or "")
    kind, comparison = next(
        ((kind, comparison) for said, kind, comparison in _COMPARISONS if said.search(words)),
        (Kind.AT_LEAST, Comparison.AT_LEAST),
    )
    return replace(
        proposal,
        name=_FRONT.sub("", match["subject"]),
        kind=kind,
        comparison=comparison,
        value=Decimal(match["number"]),
        unit=match["unit"],
    )


def target_key(name: str) -> str:
    """The form in which the name in a sentence and the name of a target are equal."""
    key = unicodedata.normalize("NFKC", name).translate(_FORM).casefold()
    for one, other in _SAME_AS:
        key = key.replace(one, other)
    return _NAME_NOISE.sub("", key).strip()


def match_target(proposal: PromisedTarget, names: Mapping[str, str]) -> str | None:
    """Code of the target of which a sentence speaks; `names` maps code → name."""
    keys = {code: target_key(name) for code, name in names.items()}
    exact = [code for code, key in keys.items() if key == proposal.key]
    return exact[0] if len(exact) == 1 else None


def kind_of(proposals: Iterable[PromisedTarget]) -> str:
    """Kind of a target with several years: a number says more than a pending one."""
    kinds = [proposal.kind for proposal in proposals]
    return next((kind for kind in kinds if kind != Kind.ASSIGNED), kinds[0])
