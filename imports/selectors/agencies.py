"""Spellings that no agency is known by: what was decided about them, what may be proposed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from agencies.choices import COMPANY_KINDS, GROUP_KINDS, AgencyKind
from common.name_matching import Suggestion, name_key
from imports.selectors.plan_registers import KnownAgencies

SAME, NEW, NOT_AN_AGENCY = "same", "new", "none"
_ALIKE = 85
_KINDS = (
    (re.compile(r"^各?.*街道$|^各镇街"), AgencyKind.STREETS),
    (re.compile(r"社区|^各?村"), AgencyKind.COMMUNITIES),
    (re.compile(r"^各|相关(?:部门|单位)|有关(?:部门|单位)"), AgencyKind.OFFICES),
    (re.compile(r"公司|集团|企业|厂$"), AgencyKind.COMPANY),
    (re.compile(r"管理委员会|管委会|经济开发区|园区$"), AgencyKind.PARK),
    (re.compile(r"街道办事处$|街道$"), AgencyKind.STREET),
    (re.compile(r"分局$|大队$|支队$"), AgencyKind.CITY_BRANCH),
    (re.compile(r"^[区县]委"), AgencyKind.PARTY_OFFICE),
    (re.compile(r"^市"), AgencyKind.CITY_INSTITUTION),
    (re.compile(r"中心$|所$|站$|院$"), AgencyKind.DISTRICT_INSTITUTION),
)
_SHORTER = (
    ("发展和改革", "发改"),
    ("工业和信息化", "工信"),
    ("住房和城乡建设", "住建"),
    ("城市管理和综合执法", "城管"),
    ("城市管理", "城管"),
    ("市场监督管理", "市场监管"),
    ("人力资源和社会保障", "人社"),
    ("文化旅游体育", "文旅体"),
    ("卫生健康", "卫健"),
    ("科学技术", "科技"),
    ("自然资源和规划", "资规"),
    ("交通运输", "交通"),
    ("生态环境", "生态环境"),
    ("管理委员会", "管委会"),
    ("股份有限公司", ""),
    ("有限责任公司", ""),
    ("有限公司", ""),
)


@dataclass(frozen=True)
class NewAgency:
    """An agency that an import is to add."""

    name: str
    short_name: str
    code: str
    kind: str


@dataclass(frozen=True)
class AgencyDecisions:
    """The register of agencies together with the answers given about unknown spellings.

    An answer is {"do": "same", "agency": name or spelling}, {"do": "new", "name", "short_name",
    "code", "kind"} or {"do": "none"} where the words are no agency.
    """

    known: KnownAgencies
    answers: Mapping[str, Mapping[str, str]]

    def name_of(self, spelling: str) -> str | None:
        """The agency of a spelling, existing or to be added; None if none is decided."""
        seen: set[str] = set()
        while spelling not in seen:
            seen.add(spelling)
            if canonical := self.known.names.canonical(spelling):
                return canonical
            answer = self.answers.get(spelling, {})
            if answer.get("do") == NEW:
                return answer["name"]
            if answer.get("do") != SAME:
                return self._among_new(spelling)
            spelling = answer["agency"]
        return None

    def _among_new(self, spelling: str) -> str | None:
        return next((new.name for new in self.new if new.name == spelling), None)

    def is_settled(self, spelling: str) -> bool:
        """Whether it is known, decided, or decided to be no agency."""
        dropped = self.answers.get(spelling, {}).get("do") == NOT_AN_AGENCY
        return dropped or self.name_of(spelling) is not None

    def names_of(self, spellings: Iterable[str]) -> tuple[str, ...]:
        """The agencies of a list, each once, in order; what is decided to be none is left out."""
        found = dict.fromkeys(
            self.name_of(spelling) or spelling
            for spelling in spellings
            if self.answers.get(spelling, {}).get("do") != NOT_AN_AGENCY
        )
        return tuple(found)

    @cached_property
    def new(self) -> tuple[NewAgency, ...]:
        """What the answers add to the register, each name once."""
        found = {
            answer["name"]: NewAgency(
                answer["name"], answer["short_name"], answer["code"], answer["kind"]
            )
            for answer in self.answers.values()
            if answer.get("do") == NEW and self.known.names.canonical(answer["name"]) is None
        }
        return tuple(found.values())

    def aliases(self, spellings: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Spellings to be remembered with their agency, so that nobody is asked again."""
        found: dict[str, tuple[str, str]] = {}
        for spelling in spellings:
            name = None if self.known.names.canonical(spelling) else self.name_of(spelling)
            if name and name_key(name) != name_key(spelling):
                found[name_key(spelling)] = (spelling, name)
        return tuple(found.values())

    def kind_of(self, name: str) -> str | None:
        """Kind of an agency of the register or of the answers."""
        if name in self.known.by_name:
            return self.known.by_name[name].kind
        return next((new.kind for new in self.new if new.name == name), None)

    def can_report(self, name: str) -> bool:
        """Whether a body can hold accounts: neither a group nor a company."""
        kind = self.kind_of(name)
        return kind is not None and kind not in GROUP_KINDS and kind not in COMPANY_KINDS


def alike(spelling: str, others: Iterable[str]) -> tuple[Suggestion, ...]:
    """Other unknown spellings that probably mean the same body, best first."""
    scores = (
        Suggestion(other, round(fuzz.ratio(name_key(spelling), name_key(other))))
        for other in others
        if other != spelling
    )
    return tuple(sorted((s for s in scores if s.score >= _ALIKE), key=lambda s: -s.score))


def propose(spelling: str, taken: Iterable[str]) -> NewAgency:
    """Kind, short name and address code for a body that is to be added."""
    kind = guess_kind(spelling)
    short = spelling
    for long, abbreviation in _SHORTER:
        short = short.replace(long, abbreviation)
    short = (short or spelling)[:30]
    return NewAgency(spelling[:80], short, guess_code(short, kind, taken), kind)


def guess_kind(name: str) -> str:
    """The kind of body by the words of its name; the administrator corrects it."""
    return next((kind for words, kind in _KINDS if words.search(name)), AgencyKind.DISTRICT_BUREAU)


def guess_code(short_name: str, kind: str, taken: Iterable[str]) -> str:
    """Initials of the short name as an address, as in jtj for 区交通局, with a number if taken."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a second to read

    words = re.sub(r"[^\u4e00-\u9fff]", "", short_name)
    if kind != AgencyKind.PARTY_OFFICE:
        words = re.sub(r"^[区县市](?=..)", "", words)
    initials = "".join(lazy_pinyin(words, style=Style.FIRST_LETTER))[:24]
    code = base = re.sub(r"[^a-z]", "", initials.lower()) or "dw"
    used, number = frozenset(taken), 1
    while code in used:
        number += 1
        code = f"{base}{number}"
    return code
